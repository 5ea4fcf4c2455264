package read

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unsafe"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// TestMatchesAreRemembered: a match returns the same for strings that come again, those that never do, and for bytes that are used again.
func TestMatchesAreRemembered(t *testing.T) {
	families := &mapping.Value{Match: regexp.MustCompile(`^(\w+ \w+) checks of`)}
	hosts := &mapping.Value{Match: regexp.MustCompile(`@(\S+)`)}
	e := &evaluator{}
	buffer := make([]byte, 0, 256)
	remembered := ""
	for i := range 3000 {
		family := fmt.Sprintf("family no%d checks of it", i%7)
		host := fmt.Sprintf("somebody or other@host-%d.test.example", i)
		for _, tt := range []struct {
			v          *mapping.Value
			text, want string
		}{
			{families, family, fmt.Sprintf("family no%d", i%7)},
			{families, strings.ToUpper(family), ""},
			{hosts, host, fmt.Sprintf("host-%d.test.example", i)},
			{hosts, family, ""},
			{hosts, "a@b", "b"},
			{hosts, strings.Repeat("a", 200) + "@b", "b"},
		} {
			buffer = append(buffer[:0], tt.text...)
			got := e.group(tt.v, unsafe.String(unsafe.SliceData(buffer), len(buffer)))
			if got != tt.want {
				t.Fatalf("%q: %q, want %q", tt.text, got, tt.want)
			}
			if i == 0 && tt.want == "family no0" {
				remembered = e.group(tt.v, unsafe.String(unsafe.SliceData(buffer), len(buffer)))
			}
		}
	}
	if m := e.matches[families]; m.found < 5000 || len(m.groups) != 14 {
		t.Errorf("%d of %d found, %d remembered", m.found, m.asked, len(m.groups))
	}
	if m := e.matches[hosts]; len(m.groups) > maxMatches {
		t.Errorf("%d remembered", len(m.groups))
	}
	if remembered != "family no0" {
		t.Errorf("%q after its bytes were used again", remembered)
	}
}
