package read

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestOriginsAreWhatIsRead: what is told of how a value came about ends, step by step, in the value that is read, for every attribute of every entry and
// every identifier of every mapping's own document.
func TestOriginsAreWhatIsRead(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	entries, identifiers := 0, 0
	for _, sample := range testfiles.Samples(t) {
		if !sample.Complete {
			continue
		}
		origin := choose.Origin{Local: true, Key: keyOf(sample.Path)}
		if sample.Declared {
			origin.Declared = sample.Mapping
		}
		content, err := opened(t, sample.Path)
		if err != nil {
			t.Fatal(sample.Path, err)
		}
		in := Input{TempDir: t.TempDir()}
		choice, err := chosen(t, set, origin, content, &in)
		if err != nil {
			t.Fatal(sample.Path, err)
		}
		reading := Document(t.Context(), in, choice, Facts{Name: "x", Key: origin.Key, Captures: choice.Captures})
		for record, err := range reading.Records() {
			if err != nil {
				t.Fatal(sample.Path, err)
			}
			for _, o := range record.Origins() {
				identifiers += equalIdentifiers(t, sample.Path, record, o)
			}
			for entry, err := range record.Entries() {
				if err != nil {
					t.Fatal(err)
				}
				entries++
				for i, o := range record.EntryOrigins() {
					got := strings.Join(o.Texts, "")
					if got != entry.Values[i] && entry.Reject == "" {
						t.Errorf("%s: record %d: %s %s came out as %q, want %q: %+v", filepath.Base(sample.Path), record.Number, o.Type, o.Word, got, entry.Values[i], o.Steps)
					}
				}
			}
		}
	}
	if entries < 100 || identifiers < 100 {
		t.Errorf("%d entries and %d identifiers were looked at", entries, identifiers)
	}
}

// equalIdentifiers compares what is told of a kind of identifiers with those of the record.
func equalIdentifiers(t *testing.T, name string, record *Record, o Origin) int {
	t.Helper()
	s := &record.Subject
	lists := map[string][]string{
		"identify nodeId": s.NodeID, "identify serial": s.Serial, "identify hostname": s.Hostname, "identify reverse": s.Reverse,
		"identify ip": s.IP, "identify mac": s.MAC,
	}
	want, ok := lists[o.Word]
	if !ok {
		return 0
	}
	if !slices.Equal(want, o.Texts) {
		t.Errorf("%s: record %d: %s came out as %v, want %v", filepath.Base(name), record.Number, o.Word, o.Texts, want)
	}
	return 1
}

// TestOriginSteps: which path filled an attribute, and which verbs changed it.
func TestOriginSteps(t *testing.T) {
	dir := write(t, map[string]string{"types.yaml": `version: 1
types:
  Custom:Note:
    schemaVersion: "1.0"
    key: [Source, Id]
    attributes:
      Source: {default: "{mapping}"}
      Id: {}
      Text: {max: 4}
      Level: {map: {high: HIGH}}
`, "notes.yaml": `version: 1
mapping: notes
detect: [{json: [machine, rows]}]
each: $rows
identify: {hostname: [fqdn, machine]}
where: r.machine != "skip"
Custom:Note:
  each: rows
  Id: {path: id, match: '^no-(\d+)$'}
  Text: {path: [title, text], map: {a: Apple}}
  Level: {path: level, split: ','}
`})
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte(`{"machine":"WEB-1","rows":[{"id":"no-7","text":"a","level":"high,high"}]}` + "\n" + `{"machine":"skip","rows":[]}`)
	choice, err := set.Choose(choose.Origin{Local: true}, content, true)
	if err != nil {
		t.Fatal(err)
	}
	reading := Document(t.Context(), Input{Reader: bytes.NewReader(content), TempDir: t.TempDir()}, choice, Facts{})
	var got []string
	for record, err := range reading.Records() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, originLines(record.Origins())...)
		for range record.Entries() {
			got = append(got, originLines(record.EntryOrigins())...)
		}
	}
	want := []string{
		"each = ; $rows",
		`where = true; path machine → WEB-1; expression r.machine != "skip" → true`,
		"source = notes",
		"identify hostname = WEB-1; path fqdn; path machine → WEB-1",
		"Id = 7; path id → no-7; match ^no-(\\d+)$: no-7 → 7",
		"Level = HIGH; path level → high,high; split ,: high,high → high|high; map of the type: high|high → HIGH|HIGH; each once: HIGH|HIGH → HIGH",
		"Source = notes; default of the type → notes",
		"Text = Appl; path title; path text → a; map: a → Apple; cut to 4 bytes: Apple → Appl",
		"each = ; $rows",
		`where = false; path machine → skip; expression r.machine != "skip" → false`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func originLines(list []Origin) []string {
	var lines []string
	for _, o := range list {
		line := o.Word + " = " + strings.Join(o.Texts, "|")
		for _, s := range o.Steps {
			line += "; " + s.What
			if s.Before != nil {
				line += ": " + strings.Join(s.Before, "|")
			}
			if s.After != nil {
				line += " → " + strings.Join(s.After, "|")
			}
		}
		lines = append(lines, strings.TrimSuffix(line, " = "))
	}
	return lines
}
