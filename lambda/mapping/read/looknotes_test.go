package read

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// lookNotes are the notes that the words `whole` and `scope` write about a document.
func lookNotes(t *testing.T, set *mapping.Set, content []byte) []string {
	t.Helper()
	in := Input{TempDir: t.TempDir(), Trace: &missed.Trace{}}
	choice, err := chosen(t, set, choose.Origin{Local: true}, content, &in)
	if err != nil {
		return nil // it is no document
	}
	for _, err := range Document(t.Context(), in, choice, Facts{Name: "sample"}).Records() {
		if err != nil {
			return nil
		}
	}
	var notes []string
	for _, f := range in.Trace.Findings(choice.Mapping) {
		if f.Kind == missed.Noted && (f.Word == "whole" || f.Word == "scope") {
			notes = append(notes, choice.Mapping.Name+" "+f.Word+": "+f.Why)
		}
	}
	return notes
}

// TestWholeAndScopeAskForWhatIsThere: what a document says of its pages and of what was looked at may be missing in every format. That is
// nothing to be noted.
func TestWholeAndScopeAskForWhatIsThere(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{testfiles.Path(t, "lambda/mapping/read/testdata"), testfiles.Path(t, "testevents/documents"), testfiles.Path(t, "lambda/testfiles/testdata")}
	for _, name := range []string{"samples", "samples-2", "cases"} {
		if folder, ok := testfiles.Shared(t, name); ok {
			roots = append(roots, folder)
		}
	}
	read := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".md") {
				return err
			}
			if info, err := d.Info(); err != nil || info.Size() > 4<<20 {
				return err
			}
			content, err := opened(t, path)
			if err != nil {
				return nil //nolint:nilerr // its compression is broken
			}
			read++
			for _, note := range lookNotes(t, set, content) {
				t.Errorf("%s: %s", strings.TrimPrefix(path, root+string(os.PathSeparator)), note)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 50 {
		t.Errorf("%d documents were read", read)
	}
}

// TestPagesOfNoSizeAreNone: an answer that was asked for all at once gives 0 as the size of a page.
func TestPagesOfNoSizeAreNone(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"netbox":    `{"count":3,"next":"https://n.example/api/dcim/devices/?limit=0","previous":null,"results":[{"id":1,"name":"web-01","device_type":{"model":"m"},"site":{"name":"s"}}]}`,
		"satellite": `{"total":1,"subtotal":1,"page":1,"per_page":0,"results":[{"errata_id":"RHSA-2026:1","title":"t","hosts_available_count":1,"type":"security","severity":"Low"}]}`,
		"none":      `{"count":1,"next":null,"previous":null,"results":[{"id":1,"name":"web-01","device_type":{"model":"m"},"site":{"name":"s"}}]}`,
	} {
		if notes := lookNotes(t, set, []byte(document)); len(notes) > 0 {
			t.Errorf("%s: %q", name, notes)
		}
	}
}
