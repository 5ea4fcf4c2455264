package intake

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// own writes a mapping of its own with a type, whose words stand behind those that all have.
func own(t *testing.T, words string) string {
	t.Helper()
	dir := t.TempDir()
	types := "version: 1\ntypes:\n  Custom:Check:\n    schemaVersion: \"1.0\"\n    key: [Source, Id]\n    attributes:\n" +
		"      Source: {default: \"{mapping}\"}\n      Id: {}\n      Result: {}\n"
	for name, body := range map[string]string{"types.yaml": types, "m.yaml": "version: 1\nmapping: checks\n" + words} {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// rowsOf are a document's statements with their rows, and the outcomes of records that are decided, by the record's number.
func rowsOf(t *testing.T, in *Intake, body string) (rows, outcomes []string, header ledger.Header) {
	t.Helper()
	im, err := in.Read(t.Context(), local(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range im.Partitions() {
		h, list, err := im.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		header = h
		for s, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, rowsText(s))
			for _, r := range s.Records {
				if r.Outcome != "" {
					outcomes = append(outcomes, fmt.Sprintf("%d %s: %s", r.Number, r.Outcome, r.Reason))
				}
			}
		}
	}
	if err := im.Close(); err != nil {
		t.Error(err)
	}
	slices.Sort(rows)
	slices.Sort(outcomes)
	return rows, outcomes, header
}

func rowsText(s *ledger.Statement) string {
	kind := "snapshot"
	switch {
	case s.Partial:
		kind = "partial"
	case s.Merge:
		kind = "merge"
	}
	text := fmt.Sprintf("%s %s %s", s.Node[len(s.Node)-1:], kind, s.Captured.Format("15:04"))
	for _, ts := range s.Types {
		var values []string
		for _, row := range ts.Rows {
			values = append(values, row.Values[0]+"="+row.Values[1])
		}
		slices.Sort(values)
		text += " [" + strings.Join(values, " ") + "]"
		if ts.Scope != nil {
			text += fmt.Sprint(ts.Scope.Clauses)
		}
	}
	return text
}

const checkRows = "detect:\n  - json: [machine, id]\neach: $rows\nidentify: {hostname: machine}\ncapturedAt: at\nCustom:Check:\n  Id: id\n  Result: result\n"

func checkRow(machine, at, id, result string) string {
	return fmt.Sprintf(`{"machine":%q,"at":"2026-03-01T%sZ","id":%q,"result":%q}`, machine, at, id, result)
}

func TestOfEqualKeysTheNewerRecordStands(t *testing.T) {
	lines := []string{
		checkRow("web-1", "01:00:00", "1", "FAIL"),
		checkRow("web-1", "02:00:00", "1", "PASS"),
		checkRow("web-1", "01:00:00", "2", "FAIL"),
		checkRow("web-1", "02:00:00", "1", "OK"), // at the same time: both go on, and the type decides
		checkRow("web-1", "01:00:00", "", "A"),   // nothing says that these are one
		checkRow("web-1", "02:00:00", "", "B"),
		checkRow("web-2", "01:00:00", "1", "FAIL"),
	}
	want := []string{"1 snapshot 02:00 [1=OK 1=PASS 2=FAIL =A =B]", "2 snapshot 01:00 [1=FAIL]"}
	in, _ := reader(t, own(t, checkRows))
	for range 10 {
		got, outcomes, _ := rowsOf(t, in, strings.Join(lines, "\n"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if len(outcomes) != 1 || !strings.HasSuffix(outcomes[0], "stale: "+staleEntry) {
			t.Fatal(outcomes)
		}
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	}
}

// A mapping that never fills the key states one entry of the machine: of two the newer stands.
func TestWithoutAKeyTheNewerRecordStands(t *testing.T) {
	in, _ := reader(t, own(t, strings.Replace(checkRows, "  Id: id\n", "", 1)))
	got, outcomes, _ := rowsOf(t, in, checkRow("web-1", "02:00:00", "1", "new")+"\n"+checkRow("web-1", "01:00:00", "1", "old"))
	if diff := cmp.Diff([]string{"1 snapshot 02:00 [=new]"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2 stale: " + staleEntry}, outcomes); diff != "" {
		t.Error(diff)
	}
}
