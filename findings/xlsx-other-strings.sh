#!/usr/bin/env bash
# Text of a workbook that two readers take otherwise than they should, or not at all:
# - A cell may hold its text itself (t="inlineStr", ECMA-376 part 1, 18.3.1.53 and 18.18.11). excelize v2.11.1's StreamWriter, which is meant for large files, writes all text
#   so, and openpyxl does. pylightxl 1.61 (Python) has no row of such a sheet, without an error: the register of machines is empty.
# - Japanese text often has its reading with it (phonetic runs, rPh, 18.4.6), which Excel adds as one types. xlsxreader v1.2.8 (Go) takes the reading for the
#   text: a machine that is called 東京サーバ1号 there is トウキョウ.
# openpyxl 3.1.5, python-calamine 0.9.1 and excelize read both. So count the rows after such a reader; a name that is not found at all may be a reading.
# Needs Go and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw PYTHONUTF8=1

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1 pylightxl==1.61
go mod init example >log 2>&1
go get github.com/xuri/excelize/v2@v2.11.1 github.com/thedatashed/xlsxreader@v1.2.8 >>log 2>&1

cat >main.go <<'EOF'
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/thedatashed/xlsxreader"
	"github.com/xuri/excelize/v2"
)

func write() error {
	book := excelize.NewFile()
	if err := errors.Join(book.SetCellValue("Sheet1", "A1", "東京サーバ1号"), book.SaveAs("reading.xlsx")); err != nil {
		return err
	}
	book = excelize.NewFile()
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	return errors.Join(stream.SetRow("A1", []any{"web-01"}), stream.Flush(), book.SaveAs("inline.xlsx"))
}

func main() {
	if len(os.Args) > 1 {
		if err := write(); err != nil {
			panic(err)
		}
		return
	}
	for _, name := range []string{"inline.xlsx", "reading.xlsx"} {
		book, err := excelize.OpenFile(name)
		if err != nil {
			panic(err)
		}
		rows, err := book.GetRows("Sheet1")
		fmt.Println(name, "excelize", rows, err)
		file, err := xlsxreader.OpenFile(name)
		if err != nil {
			panic(err)
		}
		for row := range file.ReadRows("Sheet1") {
			fmt.Println(name, "xlsxreader", row.Cells[0].Value, row.Error)
		}
	}
}
EOF
# The reading of the first two characters, as Excel writes it.
cat >reading.py <<'EOF'
import re, zipfile
with zipfile.ZipFile("reading.xlsx") as old, zipfile.ZipFile("new.xlsx", "w") as new:
    for name in old.namelist():
        text = old.read(name).decode()
        if name == "xl/sharedStrings.xml":
            text = text.replace("</si>", '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="0"/></si>')
        new.writestr(name, text)
EOF
cat >read.py <<'EOF'
import openpyxl, pylightxl, python_calamine
for name in "inline.xlsx", "reading.xlsx":
    print(name, "openpyxl", *openpyxl.load_workbook(name).active.iter_rows(values_only=True))
    print(name, "calamine", *python_calamine.CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python())
    print(name, "pylightxl", list(pylightxl.readxl(name).ws("Sheet1").rows))
EOF
go run . write
venv/bin/python reading.py
mv new.xlsx reading.xlsx
{ venv/bin/python read.py; go run .; } | tr -d '\r' | LC_ALL=C sort | tee seen
diff seen - <<'EOF'
inline.xlsx calamine ['web-01']
inline.xlsx excelize [[web-01]] <nil>
inline.xlsx openpyxl ('web-01',)
inline.xlsx pylightxl []
inline.xlsx xlsxreader web-01 <nil>
reading.xlsx calamine ['東京サーバ1号']
reading.xlsx excelize [[東京サーバ1号]] <nil>
reading.xlsx openpyxl ('東京サーバ1号',)
reading.xlsx pylightxl [['東京サーバ1号']]
reading.xlsx xlsxreader トウキョウ <nil>
EOF
