package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// decisionStops is a store of a process that is stopped when it has decided about absent nodes, before or after that is written.
type decisionStops struct {
	ledger.Store
	after   bool
	stopped bool
}

var errStops = errors.New("the process was stopped")

func (s *decisionStops) Get(ctx context.Context, key string) ([]byte, string, error) {
	if s.stopped {
		return nil, "", errStops
	}
	return s.Store.Get(ctx, key)
}

func (s *decisionStops) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	s.stopped = s.stopped || path.Base(key) == "absence.json"
	if s.stopped && (!s.after || path.Base(key) != "absence.json") {
		return "", errStops
	}
	return s.Store.Put(ctx, key, data, condition)
}

// TestWhatIsMarkedIsDecided: a process is stopped behind marking a node as absent, and what was staged is delivered once more while the node's account
// is no target: this delivery counts none as absent. The mark is still there, so the next sweep decides about it; until now nobody did, and the rows
// stayed until the next document.
func TestWhatIsMarkedIsDecided(t *testing.T) {
	for _, after := range []bool{false, true} {
		r := newQuickRig(t, shelf{})
		r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-4,a,1"))
		next, whole := tagged("f", time.Minute, "web-2,a,1", "web-3,a,1", "web-4,a,1"), r.config.Ledger
		id := r.importID(next)
		r.config.Ledger = r.ledger(&decisionStops{Store: r.store, after: after})
		if _, err := r.bridge().Import(t.Context(), next, Options{}); !errors.Is(err, errStops) {
			t.Fatal(err)
		}
		r.config.Ledger = whole
		for key, err := range r.store.List(t.Context(), "receipts/"+id+"/") {
			if err != nil {
				t.Fatal(err)
			}
			if name, _ := strings.CutSuffix(path.Base(key), ".json"); strings.Trim(name, "0123456789") == "" {
				r.countsNoneAbsent(key)
			}
		}
		r.later(2 * time.Hour)
		r.sweep()
		if got := r.names(1); got != "" {
			t.Errorf("stopped after writing what was decided: %t: the node holds %q", after, got)
		}
	}
}

// countsNoneAbsent makes a partition's part of a receipt one that counts no absent node.
func (r *rig) countsNoneAbsent(key string) {
	r.t.Helper()
	data, _, err := r.store.Get(r.t.Context(), key)
	var part map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(data, &part)
	}
	delete(part, "absent")
	if err == nil {
		data, err = json.Marshal(part)
	}
	if err == nil {
		_, err = r.store.Put(r.t.Context(), key, data, ledger.Any)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}
