package ledger

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// TestRemovals: a node keeps the newest removals of sources, for as long as is asked, and heads of before have none.
func TestRemovals(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	n := &NodeState{Sources: map[string]*Source{"source-00": {}}}
	for i := range 2 * maxRemovals {
		n.Remove(fmt.Sprintf("source-%02d", i), Removal{At: at.Add(time.Duration(i) * time.Hour), Expired: i%2 == 0})
	}
	if len(n.Sources) != 0 || len(n.Removed) != maxRemovals || !n.Removed["source-08"].Expired || n.Removed["source-09"].Expired {
		t.Errorf("%d sources, removed: %v", len(n.Sources), n.Removed)
	}
	if n.ForgetRemovals(at.Add(maxRemovals * time.Hour)) {
		t.Error("something was forgotten")
	}
	if !n.ForgetRemovals(at.Add(time.Duration(2*maxRemovals-1)*time.Hour)) || len(n.Removed) != 1 {
		t.Errorf("left: %v", n.Removed)
	}
	body, err := json.Marshal(&NodeState{})
	if err != nil || string(body) != "{}" {
		t.Error(string(body), err)
	}
}
