package load

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// wholly are the built-in files without the index, so that all of them are read at once.
func wholly(t testing.TB) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(mapping.Builtin, "builtin/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		text, err := mapping.Builtin.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// indexOf makes the index of files.
func indexOf(t testing.TB, files fstest.MapFS) []byte {
	t.Helper()
	l := &loader{options: Options{Builtin: files}}
	if err := l.readBuiltin(); err != nil {
		t.Fatal(err)
	}
	extends := map[string]string{} // by the file's name
	for _, s := range l.mappings {
		if s.root.Has("extends") {
			extends[s.root.File()], _ = s.root.Field("extends").Scalar("extends")
		}
	}
	set, err := l.set()
	if err != nil {
		t.Fatal(err)
	}
	lines := index{}
	for _, h := range set.Heads() {
		lines[h.File] = &indexLine{Head: *h, Extends: extends[h.File]}
	}
	var out bytes.Buffer
	write := json.NewEncoder(&out)
	write.SetEscapeHTML(false)
	for _, h := range set.Heads() {
		line := lines[h.File]
		if line.Absent == defaultAbsent {
			line.Absent = mapping.Absent{}
		}
		line.Fills, line.Sum = namesOf(h.Types(), (*mapping.Type).Name), lines.sum(files, line, files[h.File].Data)
		if h.File != fileOf(h.Name) {
			t.Errorf("%s: the file of the mapping %s is %s", h.File, h.Name, fileOf(h.Name))
		}
		if err := write.Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// TestIndexIsCurrent makes the index anew with -update.
func TestIndexIsCurrent(t *testing.T) {
	testfiles.Golden(t, filepath.Join("..", filepath.FromSlash(indexFile)), indexOf(t, wholly(t)))
}

// TestHeadsAreThoseOfTheMappings compares what is known of a mapping before it is loaded with what is known then.
func TestHeadsAreThoseOfTheMappings(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	compareHeads(t, set)
	files := fstest.MapFS{
		"builtin/types.yaml": {Data: []byte("version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n  Custom:Room: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n")},
		"builtin/every.yaml": {Data: []byte(`version: 1
mapping: every
about: "a head with \"all\" words: <ü>"
seen: "1.2"
family: others
every: 24h
expireAfter: 90d
absent: {clear: true, maxCleared: 0}
onAmbiguous: online
prefer: managed
trust: ip
allow: {nodes: ["mi-*"], nodeTags: {Stage: test}, types: [Custom:Room]}
match:
  - s3: {bucket: b, key: "every/{name}/**"}
  - eventbridge: {source: s, detailType: d}
  - sqs: {attributes: {a: "1", b: "2"}}
detect:
  - csv: {all: [Name], of: [A, B, C], least: 2}
  - csv: {of: [D, E], least: 1}
  - xlsx: [sheet Racks, Row]
  - xml: [racks|rooms, rack.row=1|2]
  - json: [racks(a=b).row, rooms]
  - zip: [racks/racks.json]
  - keyvalue: [Row]
records:
  - {each: [racks, $doc.other], key: id, identify: {hostname: name}, Custom:Rack: {Row: row}}
  - {each: rooms, key: id, identify: {hostname: name}, Custom:Room: {each: rows, Row: row}}
`)},
		"builtin/lines.yaml": {Data: []byte("version: 1\nmapping: lines\nsections: [Row]\nmatch:\n  - s3: {key: \"lines/**\"}\nCustom:Rack: {Row: Row}\n")},
	}
	files[indexFile] = &fstest.MapFile{Data: indexOf(t, files)}
	set, err = Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	compareHeads(t, set)
	if h, _ := set.Head("every"); h.Absent.MaxCleared != 0 || len(h.Detect) != 7 || len(h.RecordPaths) != 2 || !h.TrustIP {
		t.Errorf("got %+v", h)
	}
}

func compareHeads(t *testing.T, set *mapping.Set) {
	t.Helper()
	written := cmpopts.IgnoreUnexported(mapping.Head{}, choose.Match{}, choose.Alternative{})
	for _, h := range set.Heads() {
		m, err := set.Mapping(h.Name)
		if err != nil {
			t.Errorf("%s: %v", h.Name, err)
			continue
		}
		if h == &m.Head {
			t.Errorf("%s was loaded at the start", h.Name)
		}
		if d := cmp.Diff(&m.Head, h, written, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", h.Name, d)
		}
		if len(h.Types()) == 0 || !slices.Equal(h.Types(), m.Types()) {
			t.Errorf("%s: other types than those of the set", h.Name)
		}
	}
}

// indexed are built-in files with a current index: one mapping, and one that extends it.
func indexed(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{
		"builtin/types.yaml": {Data: []byte("version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n")},
		"builtin/base.yaml":  {Data: []byte("version: 1\nmapping: base\nevery: 24h\ndetect:\n  - json: [racks]\neach: racks\nCustom:Rack: {Row: row}\n")},
		"builtin/more.yaml":  {Data: []byte("version: 1\nmapping: more\nextends: base\ndetect:\n  - json: [racks, rooms]\n")},
	}
	files[indexFile] = &fstest.MapFile{Data: indexOf(t, files)}
	return files
}

// readAtStart are the mappings of files that are loaded at the start.
func readAtStart(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	set, err := Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range set.Heads() {
		m, err := set.Mapping(h.Name)
		if err != nil {
			t.Fatal(err)
		}
		if h == &m.Head {
			names = append(names, h.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestOnlyWhatTheIndexKnowsIsLoadedLater(t *testing.T) {
	comment := []byte("# a comment\n")
	for name, test := range map[string]struct {
		change func(files fstest.MapFS)
		want   string // mappings that are loaded at the start
	}{
		"current":  {func(fstest.MapFS) {}, ""},
		"no index": {func(files fstest.MapFS) { delete(files, indexFile) }, "base more"},
		"changed": {func(files fstest.MapFS) {
			files["builtin/more.yaml"].Data = append(files["builtin/more.yaml"].Data, comment...)
		}, "more"},
		"the base changed": {func(files fstest.MapFS) {
			files["builtin/base.yaml"].Data = append(files["builtin/base.yaml"].Data, comment...)
		}, "base more"},
		"added": {func(files fstest.MapFS) {
			files["builtin/new.yaml"] = &fstest.MapFile{Data: []byte(mapped("Custom:Rack: {Row: row}\n"))}
		}, "mine"},
	} {
		files := indexed(t)
		test.change(files)
		if got := readAtStart(t, files); got != test.want {
			t.Errorf("%s: %q is loaded at the start, want %q", name, got, test.want)
		}
	}
}

// TestExtendingWhatIsNotLoaded: a user's mapping takes over a built-in one that nothing was read with yet.
func TestExtendingWhatIsNotLoaded(t *testing.T) {
	dir := write(t, map[string]string{"a.yaml": "version: 1\nmapping: mine\nextends: more\n", "b.yaml": "version: 1\nmapping: other\nextends: bas\n"})
	_, err := Options{Builtin: indexed(t)}.Load(dir)
	if err == nil || !strings.Contains(err.Error(), "no mapping is called bas (did you mean base?)") {
		t.Errorf("got %v", err)
	}
	set, err := Options{Builtin: indexed(t)}.Load(filepath.Join(dir, "a.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	mine, err := set.Mapping("mine")
	if err != nil || mine.Every.Hours() != 24 || len(mine.Detect[0].All) != 2 || len(mine.Blocks) != 1 {
		t.Errorf("got %v, %v", mine, err)
	}
	if base, err := set.Mapping("base"); err != nil || base.Types()[0] != mine.Types()[0] {
		t.Errorf("the base has other types, or %v", err)
	}
}

// TestBrokenMappingIsAnErrorOfItsDocuments: what is wrong in a built-in file is found when a document needs it, and by all that need it.
func TestBrokenMappingIsAnErrorOfItsDocuments(t *testing.T) {
	files := indexed(t)
	lines, err := readIndex(files)
	if err != nil {
		t.Fatal(err)
	}
	files["builtin/base.yaml"].Data = []byte("version: 1\nmapping: base\ndetect:\n  - json: [racks]\nCustom:Rack: {Rwo: row}\n")
	line := lines["builtin/base.yaml"]
	line.Sum = lines.sum(files, line, files["builtin/base.yaml"].Data)
	text, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	files[indexFile].Data = text
	delete(files, "builtin/more.yaml")
	set, err := Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			_, err := set.Choose(choose.Origin{Local: true}, []byte(`{"racks":[{"row":"1"}]}`), true)
			want := "mapping: the built-in mapping base: builtin/base.yaml:5:15: /Custom:Rack/Rwo: Custom:Rack has no attribute Rwo (did you mean Row?)"
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	group.Wait()
	if _, err := set.All(); err == nil {
		t.Error("all are loaded")
	}
	files[indexFile].Data = []byte("{}\n<<<<<<< mine\n")
	if _, err := (Options{Builtin: files}).Load(); err == nil || !strings.Contains(err.Error(), "index.jsonl: line 2: ") {
		t.Errorf("a broken index: got %v", err)
	}
}

// TestTypesAreThoseOfTheFile: what is read of the types as JSON is what stands in their file.
func TestTypesAreThoseOfTheFile(t *testing.T) {
	files := wholly(t)
	want, err := Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	written, err := mapping.Builtin.ReadFile("builtin/types.json")
	if err != nil {
		t.Fatal(err)
	}
	files["builtin/types.json"] = &fstest.MapFile{Data: written}
	l := &loader{}
	if documents, err := l.writtenDown(files, "builtin/types.yaml", files["builtin/types.yaml"].Data); err != nil || len(documents) != 1 {
		t.Errorf("types.json is not current: %d documents, %v", len(documents), err)
	}
	got, err := Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Types(), got.Types(), cmp.AllowUnexported(mapping.Map{}), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	files["builtin/types.yaml"].Data = append(files["builtin/types.yaml"].Data, "  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n"...)
	set, err := Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := set.Type("Custom:Rack"); !ok {
		t.Error("the JSON of another file is read")
	}
}
