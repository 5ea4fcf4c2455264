package tied

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

// TestKilledAnywhere ends the process at each of its writes, and hands the documents over again: the end is the same as without.
func TestKilledAnywhere(t *testing.T) {
	docs := []intake.Document{hosts(0, byName()...), flaws(time.Minute, aid1+",f-1", aid2+",f-2")}
	for killed := range docs {
		want := prepared(t, nil).end(docs)
		if want[len(want)-1] != "f-1, f-2" {
			t.Fatal(want)
		}
		for n, ended := 1, true; ended; n++ {
			in := prepared(t, docs[:killed])
			in.store.fails = in.store.writes + n
			_, err := in.try(t.Context(), docs[killed])
			ended = errors.Is(err, errLost)
			if err != nil && !ended {
				t.Fatal(err)
			}
			in.store.fails = 0
			if diff := cmp.Diff(want, in.end(docs)); diff != "" {
				t.Errorf("killed at write %d of document %d: %s", n, killed+1, diff)
			}
		}
	}
}

// prepared is an installation to which documents were handed over.
func prepared(t *testing.T, docs []intake.Document) *installation {
	t.Helper()
	in := install(t, fleet()...)
	in.bridge() // which makes the state
	for _, d := range docs {
		in.put(d)
	}
	return in
}

// end hands all documents over again, and returns what there is then.
func (in *installation) end(docs []intake.Document) []string {
	in.tb.Helper()
	for _, d := range docs {
		in.put(d)
	}
	in.now = in.now.Add(time.Hour) // the killed process's claims have ended
	in.sweep()
	return append(in.tied(), in.holds(web1)+", "+in.holds(web2))
}

// withoutNumbers returns a head as a program wrote it that knew no numbers.
func withoutNumbers(t *testing.T, data []byte) []byte {
	t.Helper()
	var head map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&head); err != nil {
		t.Fatal(err)
	}
	nodes, _ := head["nodes"].(map[string]any)
	for _, n := range nodes {
		if known, ok := n.(map[string]any); ok {
			delete(known, "numbers")
		}
	}
	delete(head, "sum")
	out, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	return seal.Seal(out)
}
