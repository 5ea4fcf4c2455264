package life

import (
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
)

// kept adds what imports have changed, as a head keeps it for a time so that they can be undone: for who has no older versions of it. What a damaged
// block held is left out.
func (n *Node) kept(ctx context.Context, now moment) {
	later := map[string]after{}
	for _, one := range slices.Backward(now.head.History) {
		changes, err := past.Read(ctx, n.Ledger, now.head, one)
		if err != nil || changes.Nodes[n.ID] == nil {
			continue
		}
		sources := changes.Nodes[n.ID].Sources
		for _, source := range inventory.Sorted(sources) {
			is, known := later[source]
			if !known {
				is = afterAll(orNone(now.node), source)
			}
			later[source] = n.keptOf(ctx, now.head, one, source, sources[source], is)
		}
	}
}

// after is what a source stated of a node when an import was done.
type after struct {
	unknown bool           // it was cleared or removed since, or nobody knows
	cleared *ledger.Source // it was cleared since; nil: it was not
	shares  map[string]*ledger.Share
}

// of returns what is known of a source at that time.
func (a after) of(s *ledger.Source) after {
	a.unknown = s == nil || !s.Cleared.IsZero()
	if s != nil && a.unknown {
		a.cleared = s
	}
	return a
}

// afterAll is what a source states now.
func afterAll(now *ledger.NodeState, source string) after {
	is := after{shares: map[string]*ledger.Share{}}
	for name := range now.Types {
		is.shares[name] = shareOf(now, name, source)
	}
	return is.of(now.Sources[source])
}

// keptOf adds what an import has changed of a source, and returns what the source stated before it.
func (n *Node) keptOf(ctx context.Context, h *ledger.Head, one ledger.Past, source string, was *past.Source, is after) after {
	e := Event{At: one.Received, What: Stated, Source: source, Import: one.Import}
	if is.cleared != nil && is.cleared.ClearedBy == one.Import { // this is what has cleared it
		e.At, e.What = is.cleared.Cleared, Cleared
		is = after{shares: map[string]*ledger.Share{}}
		for name := range was.Types {
			is.shares[name] = &ledger.Share{}
		}
	}
	before := after{shares: map[string]*ledger.Share{}}
	for name, share := range is.shares {
		before.shares[name] = share // what the import has not changed
	}
	for _, name := range inventory.Sorted(was.Types) {
		t, old := was.Types[name], &ledger.Share{}
		if t.Share != nil {
			old = t.Share
			h.Recall(old.Rows, t.Rows)
		}
		before.shares[name] = old
		c := Change{Type: name, Before: old.Count + old.Beyond.Rows, After: -1}
		if next := is.shares[name]; !is.unknown && next != nil {
			c.After = next.Count + next.Beyond.Rows
			n.count(ctx, &c, h, old, h, next)
		}
		e.Changes = append(e.Changes, c)
	}
	n.add(e)
	return before.of(was.Known)
}
