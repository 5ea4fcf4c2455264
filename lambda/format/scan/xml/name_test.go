package xml

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// TestNamesInAnyOrder finds names that come as last time, in another order, longer and shorter than expected, cut off, and after all were forgotten.
func TestNamesInAnyOrder(t *testing.T) {
	texts := []string{"a", "ab", "abc", "n:a", "é", "aé", "ab", "a", "abc"}
	for n := range 3 * maxNames {
		texts = append(texts, texts[n%9], fmt.Sprint("x", n%(2*maxNames)))
	}
	var l names
	for _, text := range texts {
		l.begin()
		for _, behind := range []string{">", "=", " ", "/>"} {
			name, end := l.at([]byte("<"+text+behind), 1)
			if name == nil || string(name.text) != text || end != 1+len(text) || string(name.local) != text[strings.Index(text, ":")+1:] {
				t.Fatalf("%q before %q: %v, %d", text, behind, name, end)
			}
		}
		for cut := range len(text) + 1 { // it may go on
			if name, _ := l.at([]byte("<"+text[:cut]), 1); name != nil {
				t.Fatalf("%q: %q", text[:cut], name.text)
			}
		}
		if len(l.byText) > maxNames+1 {
			t.Fatalf("%d names", len(l.byText))
		}
	}
}

// TestAnAttributeTwice finds it in the order of the tag before and in others, among few and among many.
func TestAnAttributeTwice(t *testing.T) {
	for _, many := range []int{0, 20, 1000} {
		var rest strings.Builder
		for n := range many {
			fmt.Fprintf(&rest, " m%d='1'", n)
		}
		for _, tag := range []string{`x="1" y="2" x="1"`, `x="1" x="1"`, `y="2" x="1" y="2"`, "y='1'\nx='2' y='3'", `x="1" z="1" y="2" x="3"`} {
			for _, before := range []string{"", `<b x="1" y="2"/>`, `<b y="2" x="1"/>`, `<b x="1" y="2"` + rest.String() + `/>`, `<b` + rest.String() + ` x="1"/>`} {
				err := Read(strings.NewReader("<a>"+before+"<b "+tag+rest.String()+"/></a>"), ignoring{}, scan.Limits{})
				if err == nil || !strings.Contains(err.Error(), "an attribute stands twice in a tag") {
					t.Errorf("%s, then %s with %d more: %v", before, tag, many, err)
				}
			}
		}
	}
}

// ignoring enters everything.
type ignoring struct{ scan.Passing }

func (ignoring) Open([]byte, scan.Kind, scan.Place) (scan.Action, error) { return scan.Enter, nil }

// TestNameBegins compares names of all lengths with texts that differ from them in one byte, go on behind them or end before.
func TestNameBegins(t *testing.T) {
	const all = "abcdefghijklmnopqrstuvwxyz"
	for size := 1; size < 20; size++ {
		n := newName([]byte(all[:size]))
		for end := range len(all) + 1 {
			for at := range end {
				text := []byte(all[:end])
				for _, c := range []byte{text[at], text[at] ^ 0x80, text[at] ^ 1, 0} {
					text[at] = c
					if got, want := n.begins(text), bytes.HasPrefix(text, n.text); got != want {
						t.Fatalf("%q begins with %q: %v", text, n.text, got)
					}
				}
			}
		}
	}
}
