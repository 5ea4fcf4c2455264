package life

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func day(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }

// TestEventsBetweenVersions: what is told of a node's life from one version of its head to the next, where the rows are no longer there.
func TestEventsBetweenVersions(t *testing.T) {
	node := func(source *ledger.Source, rows int) *ledger.NodeState {
		n := &ledger.NodeState{Types: map[string]*ledger.Type{"Custom:Hole": {}}}
		if source != nil {
			n.Sources = map[string]*ledger.Source{"holes": source}
			n.Types["Custom:Hole"].Shares = map[string]*ledger.Share{"holes": {Count: rows, Rows: fmt.Sprint(rows), Stated: day(9)}}
		}
		return n
	}
	with := func(n *ledger.NodeState, change func(*ledger.NodeState)) *ledger.NodeState {
		change(n)
		return n
	}
	first := &ledger.Source{Import: "aaaaaaaaaa", Received: day(1)}
	for name, c := range map[string]struct {
		before, after *ledger.NodeState
		want          string
	}{
		"the first statement": {nil, node(first, 3), "2026-11-01T00:00:00Z  stated     holes, Custom:Hole 0 → 3 entries (import aaaaaaaa)"},
		"the next": {
			node(first, 3), node(&ledger.Source{Import: "bbbbbbbbbb", Received: day(2)}, 1),
			"2026-11-02T00:00:00Z  stated     holes, Custom:Hole 3 → 1 entry (import bbbbbbbb)",
		},
		"an older one":     {node(first, 3), node(&ledger.Source{Import: "aaaaaaaaaa", Received: day(4)}, 3), "2026-11-04T00:00:00Z  stated     holes by an older document"},
		"none of its own":  {node(first, 3), node(first, 2), "2026-11-09T00:00:00Z  changed    holes, Custom:Hole 3 → 2 entries (import aaaaaaaa)"},
		"nothing happened": {node(first, 3), node(first, 3), ""},
		"cleared": {
			node(first, 3), node(&ledger.Source{Import: "aaaaaaaaaa", Received: day(1), Cleared: day(5), ClearedBy: "cccccccccc"}, 0),
			"2026-11-05T00:00:00Z  cleared    holes as absent, Custom:Hole 3 → 0 entries (import cccccccc)",
		},
		"missing": {
			node(first, 3), node(&ledger.Source{Import: "aaaaaaaaaa", Received: day(1), Missing: &ledger.Missing{Import: "cccccccccc", Since: day(5)}}, 3),
			"2026-11-05T00:00:00Z  missing    holes no longer names the node (import cccccccc)",
		},
		"removed": {
			node(first, 3), with(node(nil, 0), func(n *ledger.NodeState) { n.Remove("holes", ledger.Removal{At: day(6)}) }),
			"2026-11-06T00:00:00Z  removed    holes by `source remove`, Custom:Hole 3 → 0 entries",
		},
		"expired": {
			node(first, 3), with(node(nil, 0), func(n *ledger.NodeState) { n.Remove("holes", ledger.Removal{At: day(6), Expired: true}) }),
			"2026-11-06T00:00:00Z  expired    holes, Custom:Hole 3 → 0 entries",
		},
		"put": {
			node(first, 3), with(node(first, 3), func(n *ledger.NodeState) {
				n.Types["Custom:Hole"].Accepted = &ledger.Accepted{At: day(2), Entries: 2, Truncated: 1}
			}),
			"2026-11-02T00:00:00Z  put        Custom:Hole 2 entries, 1 did not fit",
		},
		"confirmed": {
			with(node(first, 3), func(n *ledger.NodeState) { n.Types["Custom:Hole"].Accepted = &ledger.Accepted{At: day(2)} }),
			with(node(first, 3), func(n *ledger.NodeState) {
				n.Types["Custom:Hole"].Accepted = &ledger.Accepted{At: day(2), Refreshed: day(16)}
			}),
			"2026-11-16T00:00:00Z  confirmed  Custom:Hole",
		},
		"gone": {
			node(first, 3), with(node(first, 3), func(n *ledger.NodeState) { n.Gone = day(7) }),
			"2026-11-07T00:00:00Z  gone       the service does not know the node: nothing is put",
		},
		"back": {
			with(node(first, 3), func(n *ledger.NodeState) { n.Gone = day(7) }), node(first, 3),
			"2026-11-01T00:00:00Z  back       the service knows the node again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := asked("")
			n.between(t.Context(), moment{node: c.before}, moment{node: c.after})
			if diff := cmp.Diff(c.want, shown(n.events)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEventsOfAType: events of other types, and changes of them, are left out.
func TestEventsOfAType(t *testing.T) {
	state := &ledger.NodeState{
		Sources: map[string]*ledger.Source{"holes": {Import: "aaaaaaaaaa", Received: day(1), Cleared: day(2)}},
		Types: map[string]*ledger.Type{
			"Custom:Hole": {Shares: map[string]*ledger.Share{"holes": {Count: 1}}, Accepted: &ledger.Accepted{At: day(3)}},
			"Custom:Port": {Shares: map[string]*ledger.Share{"holes": {Count: 2}}, Accepted: &ledger.Accepted{At: day(3)}},
		},
		Intent: &ledger.Intent{Since: day(4), Types: map[string]*ledger.Want{"Custom:Port": {Failed: "ItemContentMismatchException"}, "Custom:Hole": {Reason: "later"}}},
	}
	for typ, want := range map[string]string{
		"hole":        "open Custom:Hole later|stated holes, Custom:Hole 1 entry (import aaaaaaaa)|cleared holes as absent|put Custom:Hole 0 entries",
		"Custom:Port": "open Custom:Port refused: ItemContentMismatchException|stated holes, Custom:Port 2 entries (import aaaaaaaa)|cleared holes as absent|put Custom:Port 0 entries",
	} {
		n := asked(typ)
		n.open(state)
		n.known(moment{node: state})
		var got []string
		for line := range strings.SplitSeq(shown(n.events), "\n") {
			got = append(got, strings.Join(strings.Fields(line)[1:], " "))
		}
		if diff := cmp.Diff(want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%s: %s", typ, diff)
		}
	}
}

// TestReceiptsOfANode: records about the node that were not put, equal ones together.
func TestReceiptsOfANode(t *testing.T) {
	list := []receipt.Receipt{{Import: "aaaaaaaaaa", Document: "s3://uploads/a/holes\x1b.csv", Received: day(1), Details: []receipt.Detail{
		{Number: 9, Outcome: receipt.Rejected, Reason: "missing", Node: "i-1"},
		{Number: 3, Outcome: receipt.Rejected, Reason: "missing", Node: "i-1"},
		{Number: 4, Outcome: receipt.Rejected, Reason: "missing", Node: "i-2"},
		{Number: 5, Outcome: receipt.Failed, Node: "i-1"},
	}}}
	r := Of(list, "i-1")
	r.Name(r.Events)
	want := "2026-11-01T00:00:00Z  record     records 3, 9: rejected: missing (import aaaaaaaa holes\\x1b.csv)\n" +
		"2026-11-01T00:00:00Z  record     record 5: failed (import aaaaaaaa holes\\x1b.csv)"
	if diff := cmp.Diff(want, shown(r.Events)); diff != "" {
		t.Error(diff)
	}
}

func asked(typ string) *Node {
	return &Node{Type: typ, seen: map[seen]bool{}, Types: func(string) (*inventory.Type, bool) { return nil, false }}
}

func shown(events []Event) string {
	var b strings.Builder
	out := output.NewLines(&b, false)
	for i := range events {
		events[i].Write(out)
	}
	_ = out.Flush()
	return strings.TrimRight(b.String(), "\n")
}
