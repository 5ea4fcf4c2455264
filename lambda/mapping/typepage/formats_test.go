package typepage

import (
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const begins, ends = "<!-- formats: made by make generate -->\n", "<!-- /formats -->\n"

// TestFormatsInReadme keeps the table of formats in the README of built-in mappings current: go test ./lambda/mapping/typepage -update.
func TestFormatsInReadme(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	table, err := Formats(set)
	if err != nil {
		t.Fatal(err)
	}
	path := testfiles.Path(t, "lambda/mapping/builtin/README.md")
	before, rest, ok := strings.Cut(string(testfiles.Read(t, path)), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		t.Fatalf("builtin/README.md has no place for the table: %q and %q", begins, ends)
	}
	testfiles.Golden(t, path, []byte(before+begins+table+ends+after))
}

// TestFormatsSayWhatNamesTheMachine: in the table no cell is empty that each mapping has.
func TestFormatsSayWhatNamesTheMachine(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	table, err := Formats(set)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(table), "\n")[2:]
	if len(rows) != len(set.Names()) {
		t.Errorf("%d rows of %d mappings", len(rows), len(set.Names()))
	}
	for _, row := range rows {
		cells := strings.Split(strings.ReplaceAll(row, `\|`, ""), " | ")
		if len(cells) != 7 || cells[1] == "" || cells[3] == "" || cells[4] == "" {
			t.Errorf("a cell is missing: %s", row)
		}
	}
}
