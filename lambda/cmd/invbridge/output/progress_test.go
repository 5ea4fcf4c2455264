package output

import (
	"strings"
	"testing"
	"time"
)

func TestProgressDrawsBytesThenParts(t *testing.T) {
	var w strings.Builder
	p := newProgress(&w, "a\x1b[2Jb.csv", 4<<20)
	p.Step(2 << 20)
	if got := w.String(); !strings.Contains(got, `a\x1b[2Jb.csv`) || !strings.Contains(got, "50%") {
		t.Errorf("half read: %q", got)
	}
	w.Reset()
	p.Parts(0, 4)
	p.Node(7, 2)
	time.Sleep(120 * time.Millisecond) // it draws ten times a second at most
	p.Node(9, 2)
	if got := w.String(); !strings.Contains(got, "2 nodes, 9 calls, 2 throttled") {
		t.Errorf("a node is done: %q", got)
	}
	p.Step(3 << 20) // what is read late draws nothing any more
	p.End()
}

func TestNoProgressWithoutTerminal(t *testing.T) {
	p := NewProgress(&strings.Builder{}, "x", 1)
	if p != nil {
		t.Error("drawn where there is no terminal")
	}
	p.Step(1)
	p.Parts(1, 2)
	p.Node(1, 0)
	p.End()
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"web-1.corp.example": "web-1.corp.example", "Müller 日本": "Müller 日本", "\x1b[31mred": `\x1b[31mred`,
		"two\nlines": `two\nlines`, "\u202egnp.exe": `\u202egnp.exe`, "\u009bK": `\u009bK`,
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) is %q, want %q", text, got, want)
		}
	}
}
