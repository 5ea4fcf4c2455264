package testfiles

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Folders with documents of ours, in the checkout: those that no event points at (cut off, in other encodings, in archives), those that
// events point at, and others that have goldens.
const (
	folder  = "lambda/testfiles/testdata"
	uploads = "testevents/documents/uploads"
	goldens = "lambda/mapping/read/testdata"
)

// sharedFolders are those of `shared` that hold samples and lists of what must come out of them. No two have a file of the same name.
func sharedFolders() []string { return []string{"samples", "samples-2"} }

// Sample is a document, and what must come out of it.
type Sample struct {
	Path     string         `json:"-"`
	Mapping  string         `json:"mapping"`
	Subjects int            `json:"subjects"`
	Entries  map[string]int `json:"entries"`
	Rejected int            `json:"rejected"` // entries
	Complete bool           `json:"complete"` // false: the document is cut off, or is no report
	Declared bool           `json:"declared"` // the document is so empty that its mapping must be named
	Shared   bool           `json:"-"`        // one of `shared`: where it has entries, those of other types may come out, too
}

// Samples returns the samples of which is known what must come out, by their names: our own and, where `shared` is there, its.
func Samples(t testing.TB) map[string]Sample {
	t.Helper()
	all := OwnSamples(t)
	for _, below := range sharedFolders() {
		file, ok := Shared(t, below, "expect.json")
		if !ok {
			continue
		}
		for name, sample := range expected(t, file) {
			sample.Path, sample.Shared = filepath.Join(filepath.Dir(file), filepath.FromSlash(name)), true
			all[name] = sample
		}
	}
	return all
}

// OwnSamples returns those of the repository. Names are paths below one of its folders of documents.
func OwnSamples(t testing.TB) map[string]Sample {
	t.Helper()
	all := expected(t, Path(t, folder, "expect.json"))
	for name, sample := range all {
		sample.Path = own(t, name)
		all[name] = sample
	}
	return all
}

// SamplePath returns a sample by its name, and whether it is there: those in `shared` may be absent.
func SamplePath(t testing.TB, name string) (string, bool) {
	t.Helper()
	for _, below := range sharedFolders() {
		if path, ok := Shared(t, below, filepath.FromSlash(name)); ok {
			if _, err := os.Stat(path); err == nil {
				return path, true
			}
		}
	}
	path := own(t, name)
	return path, path != ""
}

// SampleFiles lists all samples, also those of which is not known what must come out.
func SampleFiles(t testing.TB) []string {
	t.Helper()
	files := slices.Concat(Documents(t), Files(t, Path(t, folder, "samples")))
	for _, below := range sharedFolders() {
		shared, ok := Shared(t, below)
		if !ok {
			continue
		}
		for _, file := range Files(t, shared) {
			if filepath.Dir(file) != shared { // beside the samples stand lists of them
				files = append(files, file)
			}
		}
	}
	return files
}

// Truths returns what was found in samples by other means than the program, by their names: identifiers of machines, and single values. They
// are those of the repository and of the first folder of `shared`.
func Truths(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	all := truths(t, Path(t, folder, "truth.json"))
	maps.Copy(all, SharedTruths(t, "samples"))
	return all
}

// SharedTruths returns those of a folder of `shared`; none where it is absent.
func SharedTruths(t testing.TB, below string) map[string]json.RawMessage {
	t.Helper()
	file, ok := Shared(t, below, "truth.json")
	if !ok {
		return nil
	}
	return truths(t, file)
}

func truths(t testing.TB, file string) map[string]json.RawMessage {
	t.Helper()
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(Read(t, file), &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

// Mapping returns a file of mappings as a user has them.
func Mapping(t testing.TB, name string) string {
	t.Helper()
	return Path(t, folder, "mappings", name)
}

func expected(t testing.TB, file string) map[string]Sample {
	t.Helper()
	var all map[string]Sample
	if err := json.Unmarshal(Read(t, file), &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

// own returns where a sample of ours lies; "" for one that is not ours.
func own(t testing.TB, name string) string {
	t.Helper()
	for _, below := range []string{folder + "/samples", uploads, goldens} {
		path := Path(t, filepath.FromSlash(below), filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}
