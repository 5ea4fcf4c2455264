package scan_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
)

func TestCSV(t *testing.T) {
	tests := []struct {
		name, in string
		d        scan.Dialect
		want     string
	}{
		{"rows", "a,b\n1,2\n3,4", scan.Dialect{}, `{a=("1"} b=("2"} } {a=("3"} b=("4"} } `},
		{"header only", "a,b", scan.Dialect{}, ""},
		{"line ends", "a\r\n1\r2\n\n3", scan.Dialect{}, `{a=("1"} } {a=("2"} } {a=("3"} } `},
		{"quotes", "a,b\n\"1,\"\"x\"\"\r\n2\" , y \n", scan.Dialect{}, `{a=("1,\"x\"\n2"} b=(" y "} } `},
		{"bare quotes", "a,b\n5\" disk,x\"\"\n", scan.Dialect{}, `{a=("5\" disk"} b=("x\"\""} } `},
		{"formulas of a text", "=\"a\",b\n=\"0012\",\"=\"\"0013\"\"\"\n=\"x\"&\"y\",=\"\n=\"\",\"=A1\"\n", scan.Dialect{}, `{a=("0012"} b=("0013"} } {a=("=\"x\"&\"y\""} b=("=\""} } {a=(""} b=("=A1"} } `},
		{"short row", "a,b,c\n1\n", scan.Dialect{}, `{a=("1"} } `},
		{"blank last row", "a,b\n1,2\n ,", scan.Dialect{}, `{a=("1"} b=("2"} } `},
		{"long row", "a\n1,, \n", scan.Dialect{}, `{a=("1"} } `},
		{"blank rows", "\n , \na,b\n,\n1,2\n\n", scan.Dialect{}, `{a=("1"} b=("2"} } `},
		{"delimiter", "sep=;\na;b\n1;2,3\n", scan.Dialect{Delimiter: ';', HeaderRow: 1}, `{a=("1"} b=("2,3"} } `},
		{"tab", "a\tb\n\"1\"\t2\n", scan.Dialect{Delimiter: '\t'}, `{a=("1"} b=("2"} } `},
		{"preamble", "\"Report \"x\"\" of\n\nHost: y,\na,b\n1,2\n", scan.Dialect{HeaderRow: 2}, `{a=("1"} b=("2"} } `},
		{"same name twice", "a,a\n1,2\n", scan.Dialect{}, `{a=("1"} a 2=("2"} } `},
		{"column without a name", "a,,c\n1,2,3\n", scan.Dialect{}, `{a=("1"} c=("3"} } `},
		{"skip", "skip,a\n1,2\n", scan.Dialect{}, `{skip=- a=("2"} } `},
		{"byte order mark", "\xEF\xBB\xBF\"a\"\n1\n", scan.Dialect{}, `{a=("1"} } `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range readers(test.in) {
				var v recorder
				if err := csv.Read(r, &v, scan.Limits{}, test.d); err != nil {
					t.Fatal(err)
				}
				if got := v.b.String(); got != test.want || v.balanced() != nil {
					t.Errorf("got %s, want %s (%v)", got, test.want, v.balanced())
				}
			}
		})
	}
}

func TestCSVErrors(t *testing.T) {
	tests := []struct {
		in, want string
		kind     error
	}{
		{"", "the document ends before its header row", scan.ErrCut},
		{"a,b\n1,2\n\n3,\"x\ny\n", "line 4, column 3 (record 2): the quote opened here is not closed", scan.ErrCut},
		{"a,b\n1,2,3\n", "line 2, column 5 (record 1): a row has more cells than the header's 2", nil},
		{"a,b\n1,\"2\"x\n", "line 2, column 6 (record 1): text behind", nil},
		{"a,b\n1,2\n3", "line 3, column 2 (record 2): the document ends in a row of 1 cells, where the header has 2", scan.ErrCut},
		{"a\n1\x00\n", "a NUL byte", nil},
		{"a\n" + strings.Repeat("x", 70_000) + "\n", "a row is longer than 65536 bytes", scan.ErrLimit},
		{"a\n1\n\"" + strings.Repeat("x\n", 40_000), "line 3, column 1 (record 2): the quote opened here is not closed within", scan.ErrLimit},
		{strings.Repeat(",", 20_000), "a row has more than 16384 cells", scan.ErrLimit},
		{"a\n1\n2\n3\n4\n", "more than 3 rows", scan.ErrLimit},
		{"a\n" + strings.Repeat("x", 2000) + "\n", "a cell is longer than 1000 bytes", scan.ErrLimit},
		{strings.Repeat("x", 2000) + "\n", "a column's name is longer than 500 bytes", scan.ErrLimit},
	}
	for _, test := range tests {
		err := csv.Read(strings.NewReader(test.in), &recorder{}, scan.Limits{Record: 100, Records: 3, Text: 1000, Name: 500}, scan.Dialect{})
		if err == nil || !strings.Contains(err.Error(), test.want) || test.kind != nil && !errors.Is(err, test.kind) {
			t.Errorf("%.40q: got %v, want %s", test.in, err, test.want)
		}
	}
}

func TestRows(t *testing.T) {
	const head = "\xEF\xBB\xBFReport of\r\n\r\n\"a\",\"b\nc\"\n1,2\n3,"
	all := [][]string{{"Report of"}, {"a", "b\nc"}, {"1", "2"}, {"3", ""}}
	tests := []struct {
		complete bool
		most     int
		want     [][]string
	}{
		{true, 50, all}, {false, 50, all[:3]}, {true, 2, all[:2]},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, csv.Head([]byte(head), test.complete, scan.Dialect{Delimiter: ','}, test.most)); diff != "" {
			t.Errorf("complete %v, most %d: %s", test.complete, test.most, diff)
		}
	}
}
