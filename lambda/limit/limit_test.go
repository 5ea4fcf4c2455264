package limit_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

func TestParse(t *testing.T) {
	l, err := limit.Parse([]string{"depth=7", "text=1000"})
	if err != nil || l.Depth != 7 || l.Text != 1000 || l.Name != 0 {
		t.Errorf("%+v, %v", l, err)
	}
	if l = l.OrDefaults(); l.Depth != 7 || l.Name != 4096 {
		t.Errorf("%+v", l)
	}
	for _, wrong := range []string{"", "depth", "depth=", "depth=0", "depth=-1", "depth=many", "secret=1"} {
		if _, err := limit.Parse([]string{wrong}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// TestEveryLimitIsSet: each has a place of its own.
func TestEveryLimitIsSet(t *testing.T) {
	seen := map[limit.Limits]bool{}
	for _, one := range limit.All() {
		l, err := limit.Parse([]string{string(one.Name) + "=12345"})
		if err != nil || seen[l] || l == (limit.Limits{}) {
			t.Errorf("%s: %+v, %v", one.Name, l, err)
		}
		seen[l] = true
		if want := fmt.Sprintf("limit %s, by default %d", one.Name, one.Default); !strings.Contains(one.Name.Setting(), want) {
			t.Errorf("%s: %s", one.Name, one.Name.Setting())
		}
	}
}

// TestLimitsInReadme keeps the table of limits in the README of the function current: go test ./lambda/limit -update.
func TestLimitsInReadme(t *testing.T) {
	var table strings.Builder
	table.WriteString("| limit | default | of |\n|---|--:|---|\n")
	for _, one := range limit.All() {
		fmt.Fprintf(&table, "| `%s` | %d | %s |\n", one.Name, one.Default, one.About)
	}
	path := filepath.Join(testfiles.Root(t), "lambda", "README.md")
	const begins, ends = "<!-- limits: made by make generate -->\n", "<!-- /limits -->\n"
	before, rest, _ := strings.Cut(string(testfiles.Read(t, path)), begins)
	_, behind, found := strings.Cut(rest, ends)
	if !found {
		t.Fatal("the README has no place for the limits")
	}
	testfiles.Golden(t, path, []byte(before+begins+table.String()+ends+behind))
}
