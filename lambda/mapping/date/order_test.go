package date

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestOrderOf(t *testing.T) {
	for text, want := range map[string]Order{
		"Name,Seen\nweb-01,31/12/2025 10:00\n":                    DayFirst,
		"Name,Seen\nweb-01,12/31/2025\n":                          MonthFirst,
		"Name;Seen\nweb-01;1-2-2025\nweb-02;31-12-2025":           DayFirst,
		`{"seen":"12\/31\/2025 10:00:00 AM"}`:                     MonthFirst,
		"<seen>31/12/2025</seen>":                                 DayFirst,
		"31/12/2025":                                              DayFirst,
		"Seen\n1/2/25 10:00\n12/31/25 10:00\n":                    MonthFirst,
		"Seen\n01/02/2025\n12/12/2025\n":                          Unknown,
		"Seen\n31/12/2025\n12/31/2025\n":                          Unknown, // of both
		"Seen\n2025-12-31,2025/12/31,20251231\n":                  Unknown,
		"Seen\n31/12-2025,31-12-25,31/12/20251,32/01/2025,13//25": Unknown,
		"https://example.com/a/31/12/2025,v31/12/2025":            Unknown, // no value begins there
		"13-14-2025,31/12/2025/x,31/12/":                          Unknown,
		"":                                                        Unknown,
	} {
		if got := OrderOf([]byte(text)); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestPeekOrder(t *testing.T) {
	text := strings.Repeat("web-01,01/02/2025\n", 20_000) + "web-02,31/12/2025\n"
	r, order := PeekOrder(strings.NewReader(text))
	whole, err := io.ReadAll(r)
	if order != Unknown || err != nil || string(whole) != text {
		t.Errorf("%d, %d bytes of %d, %v", order, len(whole), len(text), err)
	}
}

// TestPeekOrderOfSome: what cannot be read on says so behind what could be.
func TestPeekOrderOfSome(t *testing.T) {
	r, order := PeekOrder(io.MultiReader(strings.NewReader("31/12/2025"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	whole, err := io.ReadAll(r)
	if order != DayFirst || !errors.Is(err, io.ErrUnexpectedEOF) || string(whole) != "31/12/2025" {
		t.Errorf("%d, %q, %v", order, whole, err)
	}
}

func TestSpreadsheet(t *testing.T) {
	r := Reader{Layouts: Spreadsheet(), Zone: time.UTC}
	for _, text := range []string{"1.2.2025", "01.02.2025 10:00", "1.2.2025 10:00:00", "1/2/2025", "1/2/2025 10:00", "1/2/2025 10:00:00 AM", "1/2/2025 10:00 AM", "01-02-2025", "01-02-2025 10:00:00", "2025/2/1", "2025/2/1 10:00", "2025-02-01 10:00 AM"} {
		if at, ok := r.ReadIn(DayFirst, text); !ok || at.Format(time.DateOnly) != "2025-02-01" {
			t.Errorf("%s: %s, %t", text, at, ok)
		}
	}
	if n := len(r.Layouts); n != 25 {
		t.Errorf("%d layouts", n)
	}
}

// TestSpreadsheetBeside: a document in another order than the one that a mapping says has dates that cannot be read, so that a note says so. As spreadsheets
// read by the document's order, 12/31/2025 was the last day of the year, and 03/04/2026 beside it the third of April without a word.
func TestSpreadsheetBeside(t *testing.T) {
	own, err := Parse("dd/MM/yyyy")
	if err != nil {
		t.Fatal(err)
	}
	r := Reader{Layouts: []Layout{own}, Else: SpreadsheetBeside([]Layout{own}), Zone: time.UTC}
	for text, want := range map[string]string{"03/04/2026": "2026-04-03", "12/31/2025": "", "31.12.2025": "2025-12-31", "12/31/2025 10:00": "2025-12-31", "12-31-2025": "2025-12-31"} {
		at, ok := r.ReadIn(MonthFirst, text)
		if ok != (want != "") || ok && at.Format(time.DateOnly) != want {
			t.Errorf("%s: %s, %t", text, at, ok)
		}
	}
}

// TestOpenLayout: a date of two numbers that may both be months is the document's to tell.
func TestOpenLayout(t *testing.T) {
	var layouts []Layout
	for _, text := range []string{"NN/NN/yyyy hh:mm a", "NN-NN-yyyy"} {
		l, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		layouts = append(layouts, l)
	}
	r := Reader{Layouts: layouts, Zone: time.UTC}
	for _, tt := range []struct {
		order      Order
		text, want string
		open       bool
	}{
		{DayFirst, "1/2/2025 3:04 PM", "2025-02-01T15:04:00Z", false},
		{MonthFirst, "1/2/2025 3:04 PM", "2025-01-02T15:04:00Z", false},
		{Unknown, "1/2/2025 3:04 PM", "", true},
		{Unknown, "31-12-2025", "2025-12-31T00:00:00Z", false},
		{Unknown, "12-31-2025", "2025-12-31T00:00:00Z", false},
		{DayFirst, "12-31-2025", "2025-12-31T00:00:00Z", false},
		{Unknown, "5-5-2025", "2025-05-05T00:00:00Z", false},
		{DayFirst, "31-02-2025", "", false},
		{DayFirst, "13-14-2025", "", false},
		{Unknown, "00-12-2025", "", false},
		{Unknown, "1-2", "", false},
	} {
		got := ""
		if at, ok := r.ReadIn(tt.order, tt.text); ok {
			got = Canonical(at)
		}
		if open := got == "" && r.IsOpen(tt.text); got != tt.want || open != tt.open {
			t.Errorf("%s in order %d: got %q, %t", tt.text, tt.order, got, open)
		}
	}
	for _, text := range []string{"NN/yyyy", "dd/MM", "dd/MM/yy yyyy", "dd/MM/yyyyyy", "NN/dd/yyyy", "NN/NN/MM/yyyy", "NNNNyyyy", "NN/NN", "NN/NN/NN/yyyy", "NN NN MMM yyyy", "NN/NN/yyyy hh:mm"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	day, _ := Parse("dd-MM-yyyy")
	if !Ambiguous(layouts[1], day) || Ambiguous(layouts[0], layouts[1]) {
		t.Error("what reads a string as two dates is not found")
	}
}
