package typepage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestUniteIsExplained: a reader of a type learns what becomes of several values.
func TestUniteIsExplained(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.yaml")
	content := `version: 1
types:
  Custom:Rack:
    schemaVersion: "1.0"
    key: [Id]
    attributes:
      Id: {}
      Names: {unite: list}
      Height: {unite: highest}
      State: {unite: highest, map: {up: UP, "*": OTHER}}
      StateRank: {of: State, map: {UP: "0"}}
      Seen: {date: true, unite: newest}
      Owner: {unite: first}
      Zone: {}
`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := load.Options{}.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	rack, _ := set.Type("Custom:Rack")
	page, err := Page(set, rack)
	if err != nil {
		t.Fatal(err)
	}
	for attribute, want := range map[string]string{
		"Names": "of entries with an equal key all values", "Height": "of entries with an equal key the highest number", "State": "the one that is best by StateRank",
		"Seen": "of entries with an equal key the latest", "Owner": "the first in the type's order",
	} {
		if line := lineOf(page, attribute); !strings.Contains(line, want) {
			t.Errorf("%s: %s", attribute, line)
		}
	}
	for _, attribute := range []string{"Id", "StateRank", "Zone"} {
		if line := lineOf(page, attribute); line == "" || strings.Contains(line, "equal key") {
			t.Errorf("%s: %s", attribute, line)
		}
	}
}

func lineOf(page, attribute string) string {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| "+attribute+" |") {
			return line
		}
	}
	return ""
}
