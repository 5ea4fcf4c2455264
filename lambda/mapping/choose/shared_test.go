package choose_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestWhichMappingTakesWhat has the mapping of every file that is at hand, by its content alone. A format that becomes known must claim no
// file of another.
func TestWhichMappingTakesWhat(t *testing.T) {
	shared, ok := testfiles.Shared(t)
	if !ok {
		return // testfiles.TestShared says so
	}
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, folder := range []string{"samples", "samples-2", "cases"} {
		for _, file := range testfiles.Files(t, filepath.Join(shared, folder)) {
			name, err := filepath.Rel(shared, file)
			if err != nil {
				t.Fatal(err)
			}
			choice, err := chosen(t, set, choose.Origin{Local: true}, testfiles.Read(t, file))
			if err != nil {
				lines = append(lines, filepath.ToSlash(name)+": none\n")
				continue
			}
			lines = append(lines, fmt.Sprintf("%s: %s\n", filepath.ToSlash(name), choice.Mapping.Name))
		}
	}
	slices.Sort(lines)
	testfiles.Golden(t, filepath.Join("testdata", "shared.txt"), []byte(strings.Join(lines, "")))
}
