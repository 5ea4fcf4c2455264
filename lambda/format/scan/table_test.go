package scan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
)

// tableRecorder also writes down what it is told of the table.
type tableRecorder struct{ recorder }

func (r *tableRecorder) Aside(why string) {
	word, _, _ := strings.Cut(why[strings.Index(why, " ")+1:], " ")
	fmt.Fprintf(&r.b, "%s:", word)
}

func (r *tableRecorder) Twice(name, as []byte) { fmt.Fprintf(&r.b, "twice %s: %s ", name, as) }

const (
	hosts  = "Name,Class,Serial,Tag,IP\napp-01,Server,,A1,10.0.0.1\n"
	second = "app-02,Server,,A2,10.0.0.2\n"
)

// TestTables reads what stands in tables besides their records. "has:" are sums, "is:" a title or the header of another table, "belongs:" a row
// of that, "stands:" what comes before a header that comes again.
func TestTables(t *testing.T) {
	const first = `{Name=("app-01"} Class=("Server"} Serial=(""} Tag=("A1"} IP=("10.0.0.1"} } `
	const next = `{Name=("app-02"} Class=("Server"} Serial=(""} Tag=("A2"} IP=("10.0.0.2"} } `
	for _, tt := range []struct{ name, in, want string }{
		{"the header again", hosts + hosts + second, first + first + next},
		{"behind a byte order mark", hosts + "\xEF\xBB\xBF\"Name\",Class,Serial,Tag,IP\n" + second, first + next},
		{"a row behind a byte order mark", hosts + "\xEF\xBB\xBF" + second, first + next},
		{"in another order", hosts + "IP,Name,Tag,Class,Serial\n10.0.0.2,app-02,A2,Server,\n", first + `{IP=("10.0.0.2"} Name=("app-02"} Tag=("A2"} Class=("Server"} Serial=(""} } `},
		{"with some of the columns", hosts + "Name,Tag,IP\napp-02,A2,10.0.0.2\n", first + `{Name=("app-02"} Tag=("A2"} IP=("10.0.0.2"} } `},
		{"with more columns", hosts + "Name,Class,Serial,Tag,IP,OS\n" + strings.TrimSpace(second) + ",Debian\n", first + strings.TrimSuffix(next, "} ") + `OS=("Debian"} } `},
		{"a name among values", hosts + "Name,Server,,A2,10.0.0.2\n", first + strings.Replace(next, "app-02", "Name", 1)},
		{"sums", hosts + "Total,,,2,\n" + second, first + "has:{} " + next},
		{"sums as texts of formulas", hosts + "=\"Total\",,,=\"2\",\n\"=\"\"Total\"\"\",,,2,\n" + second, first + "has:{} has:{} " + next},
		{"a blank row of formulas", hosts + "=\"\",\"=\"\"\"\"\",,,\n" + second, first + next},
		{"sums with a colon", hosts + "\nTotal: 2 records\n", first + "has:{} "},
		{"sums of somethings", hosts + "Total,2 servers,,300,\n", first + "has:{} "},
		{"a name like a sum", hosts + "Total,Server 2,,A2,10.0.0.2\n", first + strings.Replace(strings.Replace(next, "app-02", "Total", 1), "Server", "Server 2", 1)},
		{"sums of a machine's columns", hosts + ",Total hosts,,1'200,7 %\n", first + "has:{} "},
		{"a count without a line end", hosts + "2 rows", first + "has:{} "},
		{"a name like a sum", hosts + "total-02,Server,,A2,10.0.0.2\n", first + strings.Replace(next, "app-02", "total-02", 1)},
		{"a name of words like a sum", hosts + "Total Recall,Server,,A2,10.0.0.2\n", first + strings.Replace(next, "app-02", "Total Recall", 1)},
		{"an address behind a sum's word", hosts + "Sum,,,,10.0.0.2\n", first + `{Name=("Sum"} Class=(""} Serial=(""} Tag=(""} IP=("10.0.0.2"} } `},
		{"another table", hosts + ",,,,\nSoftware,Licences,Vendor\nOffice,20,X\napp-02,3,Y\n", first + "is:{} belongs:{} belongs:{} "},
		{"a title, and another table", hosts + "\nLicences\n\nSoftware,Licences,Vendor\nOffice,20,X\n", first + "is:{} is:{} belongs:{} "},
		{"another table, then the header again", hosts + "\nSoftware,Licences,Vendor\nOffice,20,X\n\n" + hosts, first + "is:{} belongs:{} " + first},
		{"rows go on behind words", hosts + "\nSoftware,Licences,Vendor\n" + second, first + "is:{} " + next},
		{"another table about the same", hosts + "\nName,Owner\napp-01,Bob\n", first + "is:{} belongs:{} "},
		{"a note", hosts + "\nReport of 2026-01-05\n", first + "is:{} "},
		{"groups between blank rows", hosts + "\n" + second, first + next},
		{"a record with few texts behind a blank row", hosts + "\nprinter,Server\n", first + `{Name=("printer"} Class=("Server"} } `},
		{"words without a blank row", hosts + "Software,Licences,Vendor,,\n", first + `{Name=("Software"} Class=("Licences"} Serial=("Vendor"} Tag=(""} IP=(""} } `},
		{"two columns of a name", "a,b,a\n1,2,3\n4,5,6\n", `{twice a: a 2 a=("1"} b=("2"} a 2=("3"} } {a=("4"} b=("5"} a 2=("6"} } `},
		{"columns of a name beside one with a number", "a,a,A-2,a,,\n1,2,3,4,5,\n", `{twice a: a 3 twice a: a 4 a=("1"} a 3=("2"} A-2=("3"} a 4=("4"} } `},
		{"no value", "a,b\n\\N,\"\\N\"\n", `{a=(""} b=("\\N"} } `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range readers(tt.in) {
				var v tableRecorder
				if err := csv.Read(r, &v, scan.Limits{}, scan.Dialect{}); err != nil {
					t.Fatal(err)
				}
				if got := v.b.String(); got != tt.want || v.balanced() != nil {
					t.Errorf("got  %s\nwant %s (%v)", got, tt.want, v.balanced())
				}
			}
		})
	}
}

// TestRowsCutOffInAsides: what may be half a record is no title.
func TestRowsCutOffInAsides(t *testing.T) {
	var v tableRecorder
	err := csv.Read(strings.NewReader(hosts+"\napp"), &v, scan.Limits{}, scan.Dialect{})
	if err == nil || !strings.Contains(err.Error(), "the document ends in a row of 1 cells") {
		t.Error(err)
	}
}

// TestLongTables: the first rows are looked at closely, and what is behind them is found all the same.
func TestLongTables(t *testing.T) {
	var in strings.Builder
	in.WriteString("Report of today\nName,IP\n")
	for i := range 200 {
		fmt.Fprintf(&in, "app-%d,10.0.0.%d\n", i, i)
	}
	in.WriteString("Report of today\nName,IP\napp-200,10.0.0.200\nTotal,201\n=\"Total\",=\"201\"\n")
	var v tableRecorder
	if err := csv.Read(strings.NewReader(in.String()), &v, scan.Limits{}, scan.Dialect{HeaderRow: 1}); err != nil {
		t.Fatal(err)
	}
	got := v.b.String()
	if n := strings.Count(got, "Name="); n != 201 || !strings.HasSuffix(got, `stands:{} {Name=("app-200"} IP=("10.0.0.200"} } has:{} has:{} `) {
		t.Errorf("%d rows, …%s", n, got[len(got)-120:])
	}
}

// TestWrappedRows reads rows that are quoted as a whole.
func TestWrappedRows(t *testing.T) {
	const in = "\"Report,\"\"of today\"\"\"\n\"a,\"\"b c\"\",\"\"d\"\"\",,\n\"1,\"\"x, \"\"\"\"y\"\"\"\"\nz\"\",\"\"\"\"\"\n4\n"
	rows := csv.Head([]byte(in), true, scan.Dialect{Delimiter: ',', Wrapped: true}, 9)
	if diff := cmp.Diff([][]string{{"Report", "of today"}, {"a", "b c", "d"}, {"1", "x, \"y\"\nz", ""}, {"4"}}, rows); diff != "" {
		t.Error(diff)
	}
	d, columns := csv.FirstRow([]byte(in[len("\"Report,\"\"of today\"\"\"\n"):]), true)
	if columns != 3 && !d.Wrapped {
		t.Errorf("%+v, %d columns", d, columns)
	}
	for _, r := range readers(in) {
		var v tableRecorder
		if err := csv.Read(r, &v, scan.Limits{}, scan.Dialect{Wrapped: true, HeaderRow: 1}); err != nil {
			t.Fatal(err)
		}
		if got, want := v.b.String(), `{a=("1"} b c=("x, \"y\"\nz"} d=(""} } {a=("4"} } `; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for in, want := range map[string]string{
		"\"a,b\"\n\"1,\"\"2\"\n":    "line 2, column 1 (record 1): a quote is not closed inside the quotes of the whole row",
		"\"a,b\"\n\"1,2\n3,4\"\n":   "line 2, column 1 (record 1): there are several rows inside the quotes of one",
		"\"a,b\"\n\"1,2,3\"\n":      "a row has more cells than the header's 2",
		"\"a,b\"\n\"1,\"\"2\"\"x\"": "text behind a closing quote (a quote inside quotes is written twice), inside the quotes of the whole row",
	} {
		err := csv.Read(strings.NewReader(in), &tableRecorder{}, scan.Limits{}, scan.Dialect{Wrapped: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// TestBackslashes reads the form in which databases write tables.
func TestBackslashes(t *testing.T) {
	const in = "a\tb\tc\n\"1\" x\t\\N\tone\\ntwo\\\\ \\t\\q\n\\N\t\\N\t\\N\n2\tC:\\\\x\t\n"
	for head, want := range map[string]bool{
		"a\tb\n1\t\\N\n":           true,
		in:                         false, // its first cell may be quoted
		"a\tb\nC:\\N\t2\n":         false,
		"\"a\"\tb\n\\N\t2\n":       false,
		"a\tb\n\"1\"\t\\N\n":       false,
		"a,b\n\\N,2\n":             false,
		"a\tb\nC:\\new\t\\\\n\n\n": false,
	} {
		d, _ := csv.FirstRow([]byte(head), true)
		if d.Backslash != want {
			t.Errorf("%q: %+v", head, d)
		}
	}
	var v tableRecorder
	if err := csv.Read(strings.NewReader(in), &v, scan.Limits{}, scan.Dialect{Delimiter: '\t', Backslash: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := v.b.String(), `{a=("\"1\" x"} b=(""} c=("one\ntwo\\ \tq"} } {a=("2"} b=("C:\\x"} c=(""} } `; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRowsUnderLaterHeaders gives back rows under the file's first header.
func TestRowsUnderLaterHeaders(t *testing.T) {
	const in = "a,b,c,b\n1,2,3,4\nb,a,b,c\n2,1,4,3\nTotal,9\n"
	var got [][]string
	all := func(scan.Place) bool { return true }
	err := csv.Rows(strings.NewReader(in), scan.Limits{}, scan.Dialect{}, all, func(r csv.Row) error {
		got = append(got, r.Header, r.Cells)
		return nil
	})
	header := []string{"a", "b", "c", "b"}
	if diff := cmp.Diff([][]string{header, {"1", "2", "3", "4"}, header, {"1", "2", "3", "4"}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
