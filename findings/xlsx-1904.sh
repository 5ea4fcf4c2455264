#!/usr/bin/env bash
# A workbook may count its days from 1904 (date1904 of workbookPr, ECMA-376 part 1, 18.17.4.1), as those made by older Excel for Mac do, and all that were copied
# from one. openpyxl 3.1.5, python-calamine 0.9.1 and excelize v2.11.1 read 28 November 2026. SheetJS as npm has it (xlsx 0.18.5, cellDates), pylightxl 1.61 (Python)
# and xlsxreader v1.2.8 (Go) count from 1900 and read 27 November 2022, without an error. exceljs 4.4.0 and read-excel-file 9.3.17 do so where the file
# has date1904="true", which is as good as "1" and is what excelize writes.
# So a register of machines that went through one of these has all purchases and ends of warranty four years and a day early, each of them a
# date that nobody doubts. Needs Go, Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw TZ=UTC

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1 pylightxl==1.61
npm install --silent --no-audit --no-fund --cache npm exceljs@4.4.0 read-excel-file@9.3.17 xlsx@0.18.5 >log 2>&1 || { cat log; exit 1; }
go mod init example >log 2>&1
go get github.com/xuri/excelize/v2@v2.11.1 github.com/thedatashed/xlsxreader@v1.2.8 >>log 2>&1

cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/thedatashed/xlsxreader"
	"github.com/xuri/excelize/v2"
)

func write() error {
	book := excelize.NewFile()
	from1904 := true
	if err := book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
		return err
	}
	format := "yyyy-mm-dd"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	book.SetCellValue("Sheet1", "A1", "web-01")
	book.SetCellValue("Sheet1", "B1", time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC))
	book.SetCellStyle("Sheet1", "B1", "B1", style)
	return book.SaveAs("servers.xlsx")
}

func main() {
	if len(os.Args) > 1 {
		if err := write(); err != nil {
			panic(err)
		}
		return
	}
	book, err := excelize.OpenFile("servers.xlsx")
	if err != nil {
		panic(err)
	}
	rows, err := book.GetRows("Sheet1")
	fmt.Println("excelize", rows[0][1], err)
	file, err := xlsxreader.OpenFile("servers.xlsx")
	if err != nil {
		panic(err)
	}
	for row := range file.ReadRows("Sheet1") {
		fmt.Println("xlsxreader", row.Cells[1].Value, row.Error)
	}
}
EOF
cat >one.py <<'EOF'
import zipfile
with zipfile.ZipFile("servers.xlsx") as old, zipfile.ZipFile("one.xlsx", "w") as new:
    for name in old.namelist():
        new.writestr(name, old.read(name).replace(b'date1904="true"', b'date1904="1"'))
EOF
cat >read.py <<'EOF'
import openpyxl, pylightxl, python_calamine, re, zipfile
workbook, sheet = (zipfile.ZipFile("servers.xlsx").read(name).decode() for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"))
print("the file", *re.findall('date1904="[^"]*"', workbook), *re.findall('<v>([0-9]{2,})</v>', sheet))
print("openpyxl", openpyxl.load_workbook("servers.xlsx").active["B1"].value.date())
print("calamine", python_calamine.CalamineWorkbook.from_path("servers.xlsx").get_sheet_by_index(0).to_python()[0][1])
print("pylightxl", pylightxl.readxl("servers.xlsx").ws("Sheet1").address("B1"))
EOF
cat >read.js <<'EOF'
const day = (date) => date.toISOString().slice(0, 10)
async function main() {
  const book = new (require('exceljs').Workbook)()
  await book.xlsx.readFile('servers.xlsx')
  console.log('exceljs', day(book.worksheets[0].getCell('B1').value))
  const [sheet] = await require('read-excel-file/node').default('servers.xlsx')
  console.log('read-excel-file', day(sheet.data[0][1]))
  console.log('SheetJS', day(require('xlsx').readFile('servers.xlsx', { cellDates: true }).Sheets.Sheet1.B1.v))
}
main()
EOF
go run . write
venv/bin/python one.py
{
  for file in servers.xlsx one.xlsx; do
    [ "$file" = servers.xlsx ] || mv "$file" servers.xlsx
    venv/bin/python read.py
    go run .
    node read.js
  done
} | tr -d '\r' | tee seen
diff seen - <<'EOF'
the file date1904="true" 44892
openpyxl 2026-11-28
calamine 2026-11-28
pylightxl 2022/11/27
excelize 2026-11-28 <nil>
xlsxreader 2022-11-27 <nil>
exceljs 2022-11-27
read-excel-file 2022-11-27
SheetJS 2022-11-27
the file date1904="1" 44892
openpyxl 2026-11-28
calamine 2026-11-28
pylightxl 2022/11/27
excelize 2026-11-28 <nil>
xlsxreader 2022-11-27 <nil>
exceljs 2026-11-28
read-excel-file 2026-11-28
SheetJS 2022-11-27
EOF
