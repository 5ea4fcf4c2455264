package intake

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// twoTypes writes a mapping whose records may state one of two types only.
func twoTypes(t *testing.T, capturedAt string) string {
	t.Helper()
	dir := t.TempDir()
	types := "version: 1\ntypes:\n"
	for _, name := range []string{"Flaw", "Port"} {
		types += fmt.Sprintf("  Custom:%s:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n      Result: {}\n", name)
	}
	words := "version: 1\nmapping: hosts\ndetect:\n  - json: [hosts, stamp]\neach: hosts\nupdate: newest\nidentify: {hostname: machine}\ncapturedAt: " + capturedAt +
		"\nCustom:Flaw:\n  each: flaws\n  missing: keep\n  Id: id\nCustom:Port:\n  each: ports\n  missing: keep\n  Id: id\n"
	for name, body := range map[string]string{"types.yaml": types, "m.yaml": words} {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTheNewestOfEachTypeStands hands in records that are all that is known of the types that they state, in any order.
func TestTheNewestOfEachTypeStands(t *testing.T) {
	list := func(word string, ids ...string) string {
		var entries []string
		for _, id := range ids {
			entries = append(entries, fmt.Sprintf(`{"id":%q}`, id))
		}
		return fmt.Sprintf(`,%q:[%s]`, word, strings.Join(entries, ","))
	}
	record := func(at, lists string) string {
		if at != "" {
			at = fmt.Sprintf(`,"at":"2026-03-01T%s:00Z"`, at)
		}
		return `{"machine":"web-1"` + at + lists + "}"
	}
	for name, c := range map[string]struct {
		records []string
		want    []string
		stale   int
	}{
		"each states another type": {
			[]string{record("01:00", list("flaws", "1", "2")), record("02:00", list("ports", "80"))},
			[]string{"1 snapshot 01:00 [1= 2=]", "1 snapshot 02:00 [80=]"},
			0,
		},
		"the newer states one of two": {
			[]string{record("01:00", list("flaws", "1")+list("ports", "22")), record("02:00", list("ports", "80"))},
			[]string{"1 snapshot 01:00 [1=]", "1 snapshot 02:00 [80=]"},
			1,
		},
		"the newer states that there are none": {
			[]string{record("01:00", list("flaws", "1")+list("ports", "22")), record("02:00", list("ports"))},
			[]string{"1 snapshot 01:00 [1=]", "1 snapshot 02:00 []"},
			1,
		},
		"the older is all stale": {
			[]string{record("01:00", list("flaws", "1")), record("02:00", list("flaws", "2")), record("03:00", list("ports", "80")+list("flaws", "3"))},
			[]string{"1 snapshot 03:00 [3=] [80=]"},
			2,
		},
		"at one time both count": {
			[]string{record("01:00", list("flaws", "1")), record("01:00", list("flaws", "2")+list("ports", "80")), record("00:30", list("ports", "22"))},
			[]string{"1 snapshot 01:00 [1= 2=] [80=]"},
			1,
		},
		"the document's time, which stands behind": {
			[]string{record("", list("flaws", "1")), record("02:00", list("ports", "80")), record("", list("ports", "22"))},
			[]string{"1 snapshot 12:00 [1=] [22=]"},
			1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			in, _ := reader(t, twoTypes(t, "[at, $doc.stamp]"))
			for range 8 {
				got, outcomes, _ := rowsOf(t, in, `{"hosts":[`+strings.Join(c.records, ",")+`],"stamp":"2026-03-01T12:00:00Z"}`)
				for i := range got {
					got[i] = sortedTypes(got[i])
				}
				if diff := cmp.Diff(c.want, got); diff != "" || len(outcomes) != c.stale {
					t.Fatal(outcomes, diff)
				}
				rand.Shuffle(len(c.records), func(i, j int) { c.records[i], c.records[j] = c.records[j], c.records[i] })
			}
		})
	}
}

// sortedTypes sorts the types of a statement's text: their order is that of the records.
func sortedTypes(text string) string {
	head, lists, _ := strings.Cut(text, " [")
	parts := strings.Split(strings.TrimSuffix(lists, "]"), "] [")
	slices.Sort(parts)
	return head + " [" + strings.Join(parts, "] [") + "]"
}
