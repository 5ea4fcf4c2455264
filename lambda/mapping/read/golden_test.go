package read

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestGolden reads documents of our own and compares all that is made of them.
func TestGolden(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	inputs := testfiles.Documents(t)
	for _, m := range set.Names() {
		found := false
		for _, input := range inputs {
			found = found || strings.Contains(filepath.ToSlash(input), "/uploads/"+m+"/")
		}
		if !found {
			t.Errorf("%s has no document of its own in testevents/documents", m)
		}
	}
	declared := map[string]string{} // mappings of documents that do not say themselves what they are
	for _, sample := range testfiles.OwnSamples(t) {
		if sample.Declared {
			declared[sample.Path] = sample.Mapping
		}
	}
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			origin := choose.Origin{Local: true, Declared: declared[input]}
			if keyOf(input) != "" {
				_, origin.Key, _ = strings.Cut(filepath.ToSlash(input), "/uploads/")
			}
			testfiles.Golden(t, filepath.Join("testdata", goldenName(input)+".golden.jsonl"), goldenLines(t, set, origin, testfiles.Read(t, input)))
		})
	}
}

// goldenName is the file name of a document's golden: its path, in letters that every file system has.
func goldenName(input string) string {
	name := filepath.ToSlash(input)
	for _, folder := range []string{"/testevents/documents/", "/testdata/"} {
		if _, below, ok := strings.Cut(name, folder); ok {
			name = below
		}
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, name), "-")
}

// goldenLines gives a line for each record and each entry, and one for the whole.
func goldenLines(t *testing.T, set *mapping.Set, origin choose.Origin, content []byte) []byte {
	t.Helper()
	choice, err := set.Choose(origin, content, true)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	line := func(v any) {
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	reading := Document(t.Context(), Input{Reader: bytes.NewReader(content), TempDir: t.TempDir()}, choice, Facts{Name: "x", Key: origin.Key, Captures: choice.Captures})
	for record, err := range reading.Records() {
		if err != nil {
			t.Fatal(err)
		}
		line(goldenRecord(record))
		for entry, err := range record.Entries() {
			if err != nil {
				t.Fatal(err)
			}
			line(goldenEntry(choice.Mapping.Types()[entry.Type], entry))
		}
	}
	_, notes := reading.Notes()
	whole := map[string]any{"mapping": choice.Mapping.Name, "why": choice.Why, "notes": notes}
	if at := reading.LateCapture(); !at.IsZero() {
		whole["captured"] = at
	}
	if late := reading.LateScopes(); len(late) > 0 {
		whole["scopes"] = late
	}
	if part := reading.Part(); part != nil {
		whole["part"] = part
	}
	line(whole)
	return out.Bytes()
}

func goldenRecord(record *Record) map[string]any {
	fields := map[string]any{"record": record.Number}
	add := func(name string, value any, there bool) {
		if there {
			fields[name] = value
		}
	}
	add("skip", record.Skip, record.Skip != "")
	add("key", record.Key, record.Key != "")
	add("subject", record.Subject, !reflect.ValueOf(record.Subject).IsZero())
	add("captured", record.Captured.Format(time.RFC3339), !record.Captured.IsZero())
	add("late", true, record.Late)
	add("source", record.Source, strings.Contains(record.Source, "/"))
	add("merge", true, record.Merge)
	add("newest", true, record.Newest)
	add("outside", true, record.Outside)
	add("states", record.States, len(record.States) > 0)
	add("scopes", record.Scopes, slices.ContainsFunc(record.Scopes, func(s *inventory.Scope) bool { return s != nil }))
	add("lateScopes", record.LateScopes, slices.ContainsFunc(record.LateScopes, func(n int) bool { return n > 0 }))
	add("partial", true, record.Partial)
	return fields
}

func goldenEntry(typ *mapping.Type, entry Entry) map[string]any {
	values := make(map[string]string)
	for i, name := range typ.Inventory.Attributes {
		if entry.Values[i] != "" {
			values[name] = entry.Values[i]
		}
	}
	fields := map[string]any{"type": typ.Name(), "entry": values}
	if entry.Remove {
		fields["remove"] = true
	}
	if entry.Reject != "" {
		fields["reject"] = entry.Reject
	}
	if entry.Cuts > 0 {
		fields["cuts"] = entry.Cuts
	}
	return fields
}
