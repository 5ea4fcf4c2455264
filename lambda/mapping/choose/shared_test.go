package choose_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// tied are the documents that two mappings recognise equally well, so that their content does not say which it is, with the reason.
var tied = map[string]string{}

// TestWhichMappingTakesWhat has for every file that is at hand the mapping that takes it by its content alone, and the others that recognise
// it by fewer conditions. A format that becomes known must claim no file of another, and no two may claim one equally well.
func TestWhichMappingTakesWhat(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	heads := set.Heads()
	all := make([]*choose.Candidate, len(heads))
	for i, h := range heads {
		all[i] = &h.Candidate
	}
	candidates := choose.NewCandidates(all)
	testfiles.Golden(t, filepath.Join("testdata", "own.txt"), matrix(t, candidates, testfiles.Root(t), testfiles.Documents(t)))
	if shared, ok := testfiles.Shared(t); ok {
		var files []string
		for _, folder := range []string{"samples", "samples-2", "cases"} {
			files = append(files, testfiles.Files(t, filepath.Join(shared, folder))...)
		}
		testfiles.Golden(t, filepath.Join("testdata", "shared.txt"), matrix(t, candidates, shared, files))
	}
}

// matrix has a line for each file: its path below root, the mapping that takes it, and those that fit less, each with the number of conditions.
func matrix(t *testing.T, candidates *choose.Candidates, root string, files []string) []byte {
	t.Helper()
	var lines []string
	for _, file := range files {
		name, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.ToSlash(name)
		fitting := fittingOf(t, candidates, testfiles.Read(t, file))
		if len(fitting) > 1 && fitting[0].Weight == fitting[1].Weight && tied[name] == "" {
			t.Errorf("%s: %s and %s recognise it equally well", name, fitting[0].Name, fitting[1].Name)
		}
		lines = append(lines, name+": "+listed(fitting)+"\n")
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}

func listed(fitting []choose.Fitting) string {
	if len(fitting) == 0 {
		return "none"
	}
	if len(fitting) == 1 {
		return fitting[0].Name
	}
	texts := make([]string, len(fitting))
	for i, f := range fitting {
		texts[i] = fmt.Sprintf("%s %d", f.Name, f.Weight)
	}
	return texts[0] + ", before " + strings.Join(texts[1:], ", ")
}

// fittingOf returns the mappings that recognise a document; none where it cannot be opened.
func fittingOf(t *testing.T, candidates *choose.Candidates, content []byte) []choose.Fitting {
	t.Helper()
	doc, err := document.Open(t.Context(), document.Inline("sample", content, time.Time{}), document.Limits{})
	if err != nil {
		return nil
	}
	defer func() { _ = doc.Close() }()
	head, complete, err := doc.Head(1 << 20)
	if err != nil && !errors.Is(err, document.ErrManyMembers) {
		return nil
	}
	var archive scan.Archive
	if err != nil {
		archive = doc.Archive()
	}
	fitting, err := candidates.Fitting(head, complete, archive)
	if err != nil {
		return nil
	}
	return fitting
}
