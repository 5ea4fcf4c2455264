package intake

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func TestNamesOfMendedFiles(t *testing.T) {
	const id = "0123456789abcdef01234567"
	for name, want := range map[string]string{
		"rejected-" + id + ".csv": id, "a/b/rejected-" + id + ".ndjson": id, "rejected-" + id + " (1).csv": id, "rejected-" + id + "-fixed.CSV": id,
		"rejected-" + id + "-2 (3).ndjson": id, "rejected-" + id + ".csv.txt": id, "rejected-" + id + "0.csv": id, "rejected-" + id[1:] + ".csv": "",
		strings.ToUpper("a/rejected-" + id + ".csv"): id, "Copy of Rejected-" + id + ".csv": id, "rejected-" + id + ".csv/a": "", "rejected-" + id + "fixed.csv": id,
		"rejected-" + id: id, "rejected-" + id + ".csv.GZ": id, "rejected-" + id + ".Zip": id, "rejected-" + id[1:] + "g.csv": "", "rejected.csv": "",
	} {
		if got, _ := mendedImport(Document{Delivery: choose.Origin{Key: name}}); got != want {
			t.Errorf("the key %s: import %q, want %q", name, got, want)
		}
		if got, _ := mendedImport(Document{Source: document.Source{Name: name}}); got != want {
			t.Errorf("the file %s: import %q, want %q", name, got, want)
		}
		if got, _ := mendedImport(Document{Event: "e", Source: document.Source{Name: name}}); got != "" {
			t.Errorf("the message %s: import %q", name, got)
		}
	}
}

// imports is a state with receipts and rejected files.
type imports struct {
	receipts map[string]receipt.Import
	files    map[string][]byte
}

func (i *imports) Import(_ context.Context, id string) (receipt.Import, error) {
	in, ok := i.receipts[id]
	if !ok {
		return in, receipt.ErrUnknownImport
	}
	return in, nil
}

func (i *imports) put(_ context.Context, key string, body []byte) error {
	i.files[key] = append([]byte(nil), body...)
	return nil
}

// take reads a document, keeps what comes back and its receipt, and gives what is delivered.
func (i *imports) take(t *testing.T, in *Intake, d Document) (own receipt.Import, h ledger.Header, all []*ledger.Statement) {
	t.Helper()
	im, err := in.Read(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Close()
	if err := im.ReturnRejected(t.Context(), i.put); err != nil {
		t.Fatal(err)
	}
	own = im.Receipt()
	i.receipts[own.Import] = own
	for _, p := range own.Partitions {
		header, list, err := im.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		h = header
		for s, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
	}
	return own, h, all
}

const billMapping = `version: 1
mapping: bill
detect: [{json: [parts]}]
match: [{s3: {key: "bill/{site}/**"}}]
source: bill/{$file.key.site}
capturedAt: %s
remove: r.gone == "yes"
Custom:Flaw: {each: parts, Id: id}
`

// TestWhatMendedRecordsKeep mends a document twice: who speaks, of which machine and when it was true is as it was at first.
func TestWhatMendedRecordsKeep(t *testing.T) {
	written := now.Add(-time.Hour)
	made := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, capturedAt, head string
		want                   time.Time
	}{
		{"the document's own time", "$doc.made", `"made":"2026-03-01T12:00:00Z",`, made},
		{"when it was written", "$doc.made", "", written},
		{"in another type of value", "[at, $doc.made]", `"at":"2026-03-01T12:00:00Z",`, made},
	} {
		dir := scanner(t)
		if err := os.WriteFile(dir+"/bill.yaml", []byte(strings.Replace(billMapping, "%s", c.capturedAt, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		in, _ := reader(t, dir)
		state := &imports{receipts: map[string]receipt.Import{}, files: map[string][]byte{}}
		in.Imports = state
		d := Document{
			Source:   document.Inline("s3://b/bill/north/a.json", []byte(`{`+c.head+`"parts":[{"id":"1"},{"id":""}]}`), written),
			Delivery: choose.Origin{Key: "bill/north/a.json"}, As: node.Subject{Hostname: []string{"web-2"}},
		}
		first, _, all := state.take(t, in, d)
		for round := range 2 {
			file := string(state.files[first.RejectedFile])
			d = Document{
				Source:   document.Inline("s3://b/x", []byte(file), now.Add(-time.Minute)),
				Delivery: choose.Origin{Key: "bill/north/rejected-" + first.Import + "-mended.ndjson"},
			}
			mended, h, again := state.take(t, in, d)
			if mended.Into != first.Import || h.Into != first.Import || !h.Written.Equal(now.Add(-time.Minute)) || mended.RejectedFile == "" {
				t.Fatalf("%s, round %d: %+v, %+v", c.name, round, mended, h)
			}
			if len(again) != 1 || !again[0].Merge || !again[0].Captured.Equal(c.want) || again[0].Source != "bill/north" || again[0].Node != all[0].Node {
				t.Errorf("%s, round %d: %+v, want it at %v", c.name, round, again[0], c.want)
			}
			if diff := cmp.Diff(all[0].Types, again[0].Types); diff != "" {
				t.Errorf("%s, round %d: %s", c.name, round, diff)
			}
			first = mended
		}
	}
}

func TestAMendedRecordThatIsRemovedIsRemoved(t *testing.T) {
	dir := scanner(t)
	if err := os.WriteFile(dir+"/bill.yaml", []byte(strings.Replace(billMapping, "%s", "$doc.made", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	in, _ := reader(t, dir)
	state := &imports{receipts: map[string]receipt.Import{}, files: map[string][]byte{}}
	in.Imports = state
	d := Document{
		Source:   document.Inline("a", []byte(`{"parts":[{"id":"1"},{"id":""}]}`), now),
		Delivery: choose.Origin{Key: "bill/north/a.json"}, As: node.Subject{Hostname: []string{"web-2"}},
	}
	own, _, _ := state.take(t, in, d)
	body := strings.Replace(strings.Replace(string(state.files[own.RejectedFile]), `"parts"`, `"gone":"yes","parts"`, 1), `{}`, `{"id":"2"}`, 1)
	_, _, all := state.take(t, in, Document{
		Source: document.Inline("b", []byte(body), now), Delivery: choose.Origin{Key: "bill/north/rejected-" + own.Import + ".ndjson"},
	})
	if len(all) != 1 || len(all[0].Types) != 1 || len(all[0].Types[0].Rows) != 2 || !all[0].Types[0].Rows[1].Remove {
		t.Errorf("%s: %+v", body, all)
	}
}
