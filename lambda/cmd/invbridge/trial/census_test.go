package trial_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// largest is the size of a file that is still read: those beyond are about limits, not about meaning.
const largest = 8 << 20

// reasons are why entries of a file are displaced and it is right that they are. The file is kept by hand: what is displaced without a
// reason fails, and so does a reason for what is not.
const reasons = "testdata/displaced.tsv"

// No entry vanishes because another one has its key: each is kept, united with another one, or the same as another one. What is displaced
// all the same stands in a list with its reason.
func TestCensus(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	var total trial.Census
	files, got := 0, map[string]int{}
	all := census(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list, ok := censusOf(t, set, all[name])
		if !ok {
			continue
		}
		files++
		for _, c := range list {
			total.Entries += c.Entries
			total.Kept += c.Kept
			total.United += c.United
			total.Duplicates += c.Duplicates
			total.Displaced += c.Displaced
			if sum := c.Kept + c.United + c.Duplicates + c.Displaced; sum != c.Entries {
				t.Errorf("%s: of %d entries of %s %d are counted", name, c.Entries, c.Type, sum)
			}
			if f := c.Finding(); f != nil {
				got[name+"\t"+c.Type] = c.Displaced
				t.Logf("%s: %s", name, f.Text(""))
			}
		}
	}
	t.Logf("%d files: %d entries, %d kept, %d united, %d duplicates, %d displaced", files, total.Entries, total.Kept, total.United, total.Duplicates, total.Displaced)
	if files < 50 || total.Entries < 1000 {
		t.Errorf("only %d files with %d entries were read", files, total.Entries)
	}
	if diff := cmp.Diff(known(t), got); diff != "" {
		t.Errorf("displaced entries by file and type: known, with a reason in %s, and found:\n%s", reasons, diff)
	}
}

// known returns how many entries of which type are displaced in which file, as the list has it. Files that are not there are left out.
func known(t *testing.T) map[string]int {
	t.Helper()
	all := census(t)
	list := map[string]int{}
	for line := range strings.Lines(string(testfiles.Read(t, reasons))) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), "\t")
		var n int
		if len(cells) != 4 || cells[3] == "" {
			t.Errorf("%s: a line must have a file, a type, a number and a reason: %s", reasons, line)
			continue
		}
		if _, err := fmt.Sscan(cells[2], &n); err != nil {
			t.Errorf("%s: %s: %v", reasons, line, err)
		}
		if all[cells[0]] != "" {
			list[cells[0]+"\t"+cells[1]] = n
		}
	}
	return list
}

func censusOf(t *testing.T, set *mapping.Set, path string) ([]*trial.Census, bool) {
	t.Helper()
	source, err := document.File(path)
	if err != nil || source.Size > largest {
		return nil, false
	}
	list, err := trial.EqualKeys(t.Context(), set, intake.Document{Source: source, Delivery: choose.Origin{Local: true}})
	return list, err == nil // broken and unknown ones are the matter of other tests
}

// census returns the files of samples and cases, by name.
func census(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	add := func(name, folder string) {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				inside, _ := filepath.Rel(folder, path)
				files[name+"/"+filepath.ToSlash(inside)] = path
			}
			return err
		})
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"samples", "samples-2", "cases"} {
		folder, there := testfiles.Shared(t, name)
		if !there {
			t.Logf("NOT TESTED: there is no %s", name)
			continue
		}
		add(name, folder)
	}
	add("documents", testfiles.Path(t, "testevents", "documents"))
	add("read", testfiles.Path(t, "lambda", "mapping", "read", "testdata"))
	add("own", testfiles.Path(t, "lambda", "testfiles", "testdata", "samples"))
	if len(files) == 0 {
		t.Fatal("there is no file at all")
	}
	return files
}
