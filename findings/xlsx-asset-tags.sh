#!/usr/bin/env bash
# An asset tag in a workbook is often a number with a format of zeros (0000000): whoever opens the file sees 0012345, and so says its export to CSV. The
# cell holds 12345 and a style. openpyxl 3.1.5, python-calamine 0.9.1, exceljs 4.4.0 and read-excel-file 9.3.17 hand over the number alone, calamine as a
# fraction; excelize v2.11.1 hands over what is shown, unless RawCellValue is set. What is shown has its price: of 1234 with the
# format #,##0 excelize makes "1,234", which is no number for others.
# So one register has two spellings of a tag, by the library that read it, and by whether it came as CSV. To match by tags, put the zeros of such a format
# in front and leave other formats alone, or keep tags as text where the workbook is made. Needs Go, Node and Python 3.
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
import openpyxl
book = openpyxl.Workbook()
book.active.title = "Servers"
book.active.append([12345, 1234, "0012345"])
book.active["A1"].number_format = "0000000"
book.active["B1"].number_format = "#,##0"
book.save("servers.xlsx")
EOF
cat >read.py <<'EOF'
import openpyxl, python_calamine
print("openpyxl", *next(openpyxl.load_workbook("servers.xlsx").active.iter_rows(values_only=True)))
print("calamine", *python_calamine.CalamineWorkbook.from_path("servers.xlsx").get_sheet_by_index(0).to_python()[0])
EOF
cat >read.js <<'EOF'
async function main() {
  const book = new (require('exceljs').Workbook)()
  await book.xlsx.readFile('servers.xlsx')
  const row = book.worksheets[0].getRow(1)
  console.log('exceljs', ...row.values.slice(1).map(String))
  console.log('exceljs, text', ...[1, 2, 3].map((column) => row.getCell(column).text))
  const [sheet] = await require('read-excel-file/node').default('servers.xlsx')
  console.log('read-excel-file', ...sheet.data[0].map(String))
}
main()
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

func main() {
	book, err := excelize.OpenFile("servers.xlsx")
	if err != nil {
		panic(err)
	}
	for i, name := range []string{"excelize", "excelize, raw"} {
		rows, err := book.GetRows("Servers", excelize.Options{RawCellValue: i == 1})
		if err != nil {
			panic(err)
		}
		fmt.Println(name, strings.Join(rows[0], " "))
	}
}
EOF
{ venv/bin/python write.py; venv/bin/python read.py; go run .; node read.js; } | tee seen
diff - seen <<'EOF'
openpyxl 12345 1234 0012345
calamine 12345.0 1234.0 0012345
excelize 0012345 1,234 0012345
excelize, raw 12345 1234 0012345
exceljs 12345 1234 0012345
exceljs, text 12345 1234 0012345
read-excel-file 12345 1234 0012345
EOF
