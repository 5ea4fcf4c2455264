package workbook

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// Strings come out as they were put in, from memory, from the file, and over the ends of pages.
func TestTable(t *testing.T) {
	for _, budget := range []int{1, 4 * pageBytes, 64 * pageBytes} {
		dir := t.TempDir()
		table := newTable(Options{Budget: budget, TempDir: dir})
		r := rand.New(rand.NewPCG(1, 2))
		var want []string
		for i := range 3000 {
			s := strings.Repeat(fmt.Sprint(i, "-"), r.IntN(100)*r.IntN(4))
			if i == 1500 {
				s = strings.Repeat("long", pageBytes)
			}
			want = append(want, s)
			if err := table.add([]byte(s)); err != nil {
				t.Fatal(err)
			}
		}
		for range 20_000 {
			n := r.IntN(len(want))
			got, err := table.at(n)
			if err != nil || string(got) != want[n] {
				t.Fatalf("budget %d, string %d: %d bytes, %v", budget, n, len(got), err)
			}
		}
		if err := table.close(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for code, want := range map[string]numberFormat{
		"General": plainNumber, "0.00": plainNumber, "@": plainNumber, "#,##0": plainNumber, "[Red]0.0": plainNumber, `"day" 0`: plainNumber, "0.0E+0": plainNumber,
		"0": plainNumber, "00": paddedNumber + 2, "0000000;@": paddedNumber + 7, "00-00": plainNumber, "000.0": plainNumber, strings.Repeat("0", 65): plainNumber,
		"[h]:mm:ss": plainNumber, "[ss]": plainNumber, `\d0`: plainNumber, "[": plainNumber, `"`: plainNumber, "": plainNumber, `0 \h`: plainNumber,
		"yyyy-mm-dd": dateNumber, "dd/mm/yy;@": dateNumber, "[$-407]d. mmmm yyyy": dateNumber, "mmm": dateNumber, "yyyy/mm/dd\\ hh:mm:ss": dateNumber, "[Blue]D.M.YY": dateNumber,
		"hh:mm": timeNumber, "h:mm AM/PM": timeNumber, "mm:ss.0": timeNumber,
	} {
		if got := formatOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestISO(t *testing.T) {
	for _, tt := range []struct {
		number string
		format numberFormat
		from   bool
		want   string
	}{
		{"1", dateNumber, false, "1900-01-01"},
		{"59", dateNumber, false, "1900-02-28"},
		{"61", dateNumber, false, "1900-03-01"},
		{"45000.0000001", dateNumber, false, "2023-03-15T00:00:00.009"},
		{"45000.999999999", dateNumber, false, "2023-03-16T00:00:00"},
		{"2958465.5", dateNumber, false, "9999-12-31T12:00:00"},
		{"1.25", timeNumber, true, "1904-01-02T06:00:00"},
		{"0", timeNumber, false, "00:00:00"},
		{"NaN", dateNumber, false, ""},
		{"-1", dateNumber, false, ""},
		{"x", dateNumber, false, ""},
		{"1", plainNumber, false, ""},
	} {
		if got, ok := iso(tt.number, tt.format, tt.from); got != tt.want || ok != (got != "") {
			t.Errorf("%s: %s, want %s", tt.number, got, tt.want)
		}
	}
}

// loosely writes cells and strings in a way that most programs do not, so that they are read as elements like any.
func loosely(part string) string {
	return strings.NewReplacer(`<c `, `<c  `, "<si><t>", "<si><t >").Replace(part)
}

// FuzzBook reads a stranger's parts: the same comes out whether the shared strings are in memory or in a file, and however cells are written.
func FuzzBook(f *testing.F) {
	p := plain(`<row r="1"><c r="A1" t="s"><v>2</v></c><c s="1"><v>45000.5</v></c></row><row><c t="inlineStr"><is><t>x</t></is></c><c t="b"><v>1</v></c></row>`)
	f.Add(p[sheetPart], p[sharedPart], p[stylesPart], p[bookPart])
	f.Add(`<a><sheetData><row r="2"><c t="s"><v>0</v></c></row></sheetData></a>`, `<sst><si><r><t>_x0041_</t></r></si></sst>`, `<s/>`, p[bookPart])
	f.Fuzz(func(t *testing.T, sheet, shared, styles, book string) {
		changed := p.with(sheetPart, sheet, sharedPart, shared, stylesPart, styles, bookPart, book)
		roomy, err := show(changed, 0, Options{})
		tight, err2 := show(changed, 0, Options{Budget: 1, TempDir: t.TempDir()})
		if roomy != tight || fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("%q, %v; with a file %q, %v", roomy, err, tight, err2)
		}
		loose, err3 := show(changed.with(sheetPart, loosely(sheet), sharedPart, loosely(shared)), 0, Options{})
		if roomy != loose || (err == nil) != (err3 == nil) {
			t.Fatalf("%q, %v; written in another way %q, %v", roomy, err, loose, err3)
		}
		if b, err := Open(changed, Options{}); err == nil && len(b.Sheets) > 0 {
			_, _ = b.Head(0, 50)
		}
	})
}

// third reads some of the columns, as a mapping does.
func third(p parts, o Options) error {
	book, err := Open(p, o)
	if err != nil {
		return err
	}
	err = book.Rows(0, func(r *Row) error {
		for _, c := range r.Cells {
			if c.Column%3 == 1 {
				if _, err := r.Text(c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return errors.Join(err, book.Close())
}

func BenchmarkRows(b *testing.B) {
	var rows, shared strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&rows, `<row r="%d" spans="1:8">`, i+1)
		for c := range 6 {
			fmt.Fprintf(&rows, `<c r="%c%d" s="0" t="s"><v>%d</v></c>`, 'A'+c, i+1, (i*6+c)%50_000)
		}
		fmt.Fprintf(&rows, `<c r="G%d" s="2"><v>45000.5</v></c><c r="H%d"><v>%d</v></c></row>`, i+1, i+1, i)
	}
	for i := range 50_000 {
		fmt.Fprintf(&shared, `<si><t>a value that is shared, number %d</t></si>`, i)
	}
	p := plain(rows.String()).with(sharedPart, "<sst>"+shared.String()+"</sst>")
	for name, budget := range map[string]int{"memory": 0, "file": 1} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(p[sheetPart]) + len(p[sharedPart])))
			b.ReportAllocs()
			for b.Loop() {
				if err := third(p, Options{Budget: budget, TempDir: b.TempDir()}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
