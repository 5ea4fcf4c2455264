#!/usr/bin/env bash
# A date in a workbook may stand in its cell as ISO 8601 text, with t="d" (ECMA-376 part 1, 18.18.11). openpyxl 3.1.5 writes such cells where it is told to
# (iso_dates=True), and so do programs that save as Strict Open XML. openpyxl, python-calamine 0.9.1, excelize v2.11.1 (Go) and read-excel-file 9.3.17
# (JavaScript) read them. exceljs 4.4.0 (JavaScript) takes the text for a number of days, and of 2026-11-28 the first digits alone: each
# date of the year 2026 is 18 July 1905, without an error.
# So an export that went through exceljs may have all dates of a year on one day of 1905: who compares times of discovery or purchase takes such
# a date for none, and whoever writes a workbook for others writes dates as numbers. Needs Go, Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
npm install --silent --no-audit --no-fund --cache npm exceljs@4.4.0 read-excel-file@9.3.17 >log 2>&1 || { cat log; exit 1; }
go mod init example >log 2>&1
go get github.com/xuri/excelize/v2@v2.11.1 >>log 2>&1

cat >write.py <<'EOF'
import datetime, openpyxl, re, zipfile
book = openpyxl.Workbook(iso_dates=True)
book.active.title = "Servers"
book.active.append(["web-01", datetime.date(2026, 11, 28)])
book.active.append(["web-02", datetime.date(2026, 1, 2)])
book.save("servers.xlsx")
print(*re.findall(r't="d"><v>[^<]*', zipfile.ZipFile("servers.xlsx").read("xl/worksheets/sheet1.xml").decode()))
EOF
cat >read.py <<'EOF'
import openpyxl, python_calamine
print("openpyxl", *(row[1] for row in openpyxl.load_workbook("servers.xlsx").active.iter_rows(values_only=True)))
print("calamine", *(row[1] for row in python_calamine.CalamineWorkbook.from_path("servers.xlsx").get_sheet_by_index(0).to_python()))
EOF
cat >read.js <<'EOF'
const day = (date) => date.toISOString().slice(0, 10)
async function main() {
  const book = new (require('exceljs').Workbook)()
  await book.xlsx.readFile('servers.xlsx')
  console.log('exceljs', ...book.worksheets[0].getColumn(2).values.filter(Boolean).map(day))
  const [sheet] = await require('read-excel-file/node').default('servers.xlsx')
  console.log('read-excel-file', ...sheet.data.map((row) => day(row[1])))
}
main()
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

func main() {
	book, err := excelize.OpenFile("servers.xlsx")
	if err != nil {
		panic(err)
	}
	rows, err := book.GetRows("Servers")
	fmt.Println("excelize", rows[0][1], rows[1][1], err)
}
EOF
{ venv/bin/python write.py; venv/bin/python read.py; go run .; node read.js; } | tee seen
diff - seen <<'EOF'
t="d"><v>2026-11-28 t="d"><v>2026-01-02
openpyxl 2026-11-28 2026-01-02
calamine 2026-11-28 2026-01-02
excelize 2026-11-28 2026-01-02 <nil>
exceljs 1905-07-18 1905-07-18
read-excel-file 2026-11-28 2026-01-02
EOF
