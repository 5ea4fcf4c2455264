package tended

import (
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/intents"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func node(now time.Time, state *ledger.NodeState) *Node {
	const id = "i-0123456789abcdef0"
	return &Node{
		Intents: &intents.Intents{
			Types: func(string) (*inventory.Type, bool) { return nil, false }, Now: func() time.Time { return now }, Dirty: new(bool),
		},
		Head: &ledger.Head{Nodes: map[string]*ledger.NodeState{id: state}}, ID: id, State: state, Part: &receipt.Part{},
		Before: map[string]map[string]*ledger.Share{},
	}
}

// TestANodeThatIsLongGoneIsForgotten, and no other.
func TestANodeThatIsLongGoneIsForgotten(t *testing.T) {
	gone := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for days, want := range map[int]bool{0: false, 29: false, 30: true, 31: true} {
		n := node(gone.AddDate(0, 0, days), &ledger.NodeState{Gone: gone})
		if got := n.Forget(); got != want || (len(n.Head.Nodes) == 0) != want || *n.Dirty != want || (n.Part.Forgotten == 1) != want {
			t.Errorf("after %d days: %v, %d nodes", days, got, len(n.Head.Nodes))
		}
	}
	if node(gone, &ledger.NodeState{}).Forget() {
		t.Error("a node that is there is forgotten")
	}
}

// TestARemovedSourceLeavesTheOthers: its shares go, and what is known of it; those before stay known to whoever compares.
func TestARemovedSourceLeavesTheOthers(t *testing.T) {
	n := node(time.Now(), &ledger.NodeState{Sources: map[string]*ledger.Source{"a": {}, "b": {}}})
	n.State.Type("Custom:Disk").Shares = map[string]*ledger.Share{"a": {Count: 1}, "b": {Count: 2}}
	n.RemoveSource("a")
	shares := n.State.Type("Custom:Disk").Shares
	if shares["a"] != nil || shares["b"] == nil || n.State.Sources["a"] != nil || n.State.Sources["b"] == nil || !*n.Dirty {
		t.Errorf("%v, %v", shares, n.State.Sources)
	}
	if before := n.Before["Custom:Disk"]; len(before) != 2 || before["a"].Count != 1 {
		t.Errorf("before: %v", before)
	}
	*n.Dirty = false
	if n.RemoveSource("a"); *n.Dirty {
		t.Error("a source that is not there changes the head")
	}
}
