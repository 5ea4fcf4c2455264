package life

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// between adds what has happened from one version of a head to a later one, what comes last first.
func (n *Node) between(ctx context.Context, before, after moment) {
	if before.node == nil && after.node == nil {
		return
	}
	old, now := orNone(before.node), orNone(after.node)
	switch {
	case !now.Gone.IsZero() && !now.Gone.Equal(old.Gone):
		n.add(Event{At: now.Gone, What: Gone})
	case now.Gone.IsZero() && !old.Gone.IsZero():
		n.add(Event{At: newest(now), What: Back})
	}
	for _, name := range keys(old.Types, now.Types) {
		n.accepted(name, acceptedOf(old, name), acceptedOf(now, name))
	}
	for _, source := range keys(sourcesOf(old), sourcesOf(now)) {
		n.source(source, old, now, n.changes(ctx, source, before, after))
	}
}

func orNone(n *ledger.NodeState) *ledger.NodeState {
	if n == nil {
		return &ledger.NodeState{}
	}
	return n
}

// sourcesOf are the names of all sources of a node, of those without a statement, too: rows that were found there.
func sourcesOf(n *ledger.NodeState) map[string]bool {
	all := map[string]bool{}
	for source := range n.Sources {
		all[source] = true
	}
	for _, t := range n.Types {
		for source := range t.Shares {
			all[source] = true
		}
	}
	return all
}

func keys[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

func acceptedOf(n *ledger.NodeState, name string) *ledger.Accepted {
	if t := n.Types[name]; t != nil {
		return t.Accepted
	}
	return nil
}

// newest is when anything was last heard of a node.
func newest(n *ledger.NodeState) time.Time {
	var at time.Time
	for _, s := range n.Sources {
		if s.Received.After(at) {
			at = s.Received
		}
	}
	for _, t := range n.Types {
		if t.Accepted != nil && t.Accepted.Confirmed().After(at) {
			at = t.Accepted.Confirmed()
		}
	}
	return at
}

// source adds what has become of a source.
func (n *Node) source(source string, before, after *ledger.NodeState, changes []Change) {
	old, now := before.Sources[source], after.Sources[source]
	e := Event{Source: source, Changes: changes}
	switch {
	case now == nil && old != nil:
		e.At, e.What = newest(before), Removed
		if r, ok := after.Removed[source]; ok {
			e.At = r.At
			if r.Expired {
				e.What = Expired
			}
		}
	case now == nil && len(changes) == 0:
		return
	case now == nil: // rows that were found on the node
		e.At, e.What = newest(after), Changed
	case !now.Cleared.IsZero() && (old == nil || !old.Cleared.Equal(now.Cleared)):
		e.At, e.What, e.Import = now.Cleared, Cleared, now.ClearedBy
	case old == nil || old.Import != now.Import:
		e.At, e.What, e.Import = now.Received, Stated, now.Import
	case !old.Received.Equal(now.Received):
		e.At, e.What, e.Text = now.Received, Stated, "by an older document"
	case len(changes) > 0:
		e.At, e.What, e.Import = stated(after, source), Changed, now.Import
	}
	if now != nil && now.Missing != nil && (old == nil || old.Missing == nil || old.Missing.Import != now.Missing.Import) {
		n.add(Event{At: now.Missing.Since, What: Missing, Source: source, Import: now.Missing.Import})
	}
	if e.What != "" {
		n.add(e)
	}
}

// stated is when a source has last stated any of its rows.
func stated(n *ledger.NodeState, source string) time.Time {
	var at time.Time
	for _, t := range n.Types {
		if s := t.Shares[source]; s != nil && s.Stated.After(at) {
			at = s.Stated
		}
	}
	return at
}

// accepted adds what the service has accepted, or confirmed.
func (n *Node) accepted(name string, old, now *ledger.Accepted) {
	switch {
	case now == nil:
	case old == nil || !old.At.Equal(now.At):
		n.add(putOf(name, now))
	case !old.Refreshed.Equal(now.Refreshed):
		n.add(Event{At: now.Refreshed, What: Confirmed, Type: name})
	}
}

func putOf(name string, a *ledger.Accepted) Event {
	e := Event{At: a.At, What: Put, Type: name, Text: output.Entries(a.Entries)}
	if a.Truncated > 0 {
		e.Text += fmt.Sprintf(", %d did not fit", a.Truncated)
	}
	return e
}

// changes are how what a source states has changed, by type.
func (n *Node) changes(ctx context.Context, source string, before, after moment) []Change {
	var list []Change
	old, now := orNone(before.node), orNone(after.node)
	for _, name := range keys(old.Types, now.Types) {
		a, b := shareOf(old, name, source), shareOf(now, name, source)
		if a.Rows == b.Rows && a.Compare == b.Compare && a.Count == b.Count && a.Beyond.Rows == b.Beyond.Rows {
			continue
		}
		c := Change{Type: name, Before: a.Count + a.Beyond.Rows, After: b.Count + b.Beyond.Rows}
		n.count(ctx, &c, before.head, a, after.head, b)
		if c.Before != c.After || !c.Counted || c.Added+c.Removed+c.Changed > 0 {
			list = append(list, c)
		}
	}
	return list
}

func shareOf(n *ledger.NodeState, name, source string) *ledger.Share {
	if t := n.Types[name]; t != nil && t.Shares[source] != nil {
		return t.Shares[source]
	}
	return &ledger.Share{}
}

// count compares the rows of two shares, where both can still be read.
func (n *Node) count(ctx context.Context, c *Change, oldHead *ledger.Head, old *ledger.Share, newHead *ledger.Head, now *ledger.Share) {
	t, ok := n.Types(c.Type)
	if !ok {
		return
	}
	was, ok := n.read(ctx, oldHead, t, old)
	is, ok2 := n.read(ctx, newHead, t, now)
	if !ok || !ok2 {
		return
	}
	d := differ.Compare(t, was, is, n.Rows)
	c.Counted, c.Added, c.Removed, c.Changed, c.Rows = true, d.Added, d.Removed, d.Changed, d.Rows
}

// read reads the rows of a share; false where they are no longer there.
func (n *Node) read(ctx context.Context, h *ledger.Head, t *inventory.Type, s *ledger.Share) ([]inventory.Entry, bool) {
	if s.Rows == "" {
		return nil, true
	}
	rows, err := n.Ledger.ReadRows(ctx, h, t, s.Rows)
	if err != nil {
		return nil, false
	}
	return rows.Rows, true
}

// known adds what a head alone knows of a node: the last of each kind.
func (n *Node) known(m moment) {
	if m.node == nil {
		return
	}
	now := m.node
	for _, source := range inventory.Sorted(now.Sources) {
		n.knownOf(source, now)
	}
	for _, source := range inventory.Sorted(now.Removed) {
		e := Event{At: now.Removed[source].At, What: Removed, Source: source}
		if now.Removed[source].Expired {
			e.What = Expired
		}
		n.add(e)
	}
	for _, name := range inventory.Sorted(now.Types) {
		if a := now.Types[name].Accepted; a != nil {
			n.add(putOf(name, a))
			if !a.Refreshed.IsZero() {
				n.add(Event{At: a.Refreshed, What: Confirmed, Type: name})
			}
		}
	}
	if !now.Gone.IsZero() {
		n.add(Event{At: now.Gone, What: Gone})
	}
}

// knownOf adds what is known of a source.
func (n *Node) knownOf(source string, now *ledger.NodeState) {
	s := now.Sources[source]
	e := Event{At: s.Received, What: Stated, Source: source, Import: s.Import}
	for _, name := range inventory.Sorted(now.Types) {
		if rows := shareOf(now, name, source); rows.Count > 0 {
			e.Changes = append(e.Changes, Change{Type: name, After: rows.Count + rows.Beyond.Rows, Before: -1})
		}
	}
	if len(e.Changes) == 0 {
		e.Text = "no rows"
	}
	n.add(e)
	if !s.Cleared.IsZero() {
		n.add(Event{At: s.Cleared, What: Cleared, Source: source, Import: s.ClearedBy})
	}
	if s.Missing != nil {
		n.add(Event{At: s.Missing.Since, What: Missing, Source: source, Import: s.Missing.Import})
	}
}

// open adds what is still to be put, where anything is.
func (n *Node) open(now *ledger.NodeState) {
	if now == nil || now.Intent == nil {
		return
	}
	for _, name := range inventory.Sorted(now.Intent.Types) {
		w := now.Intent.Types[name]
		text := w.Reason
		if w.Failed != "" {
			text = "refused: " + w.Failed
		}
		n.add(Event{At: now.Intent.Since, What: Open, Type: name, Import: now.Intent.Import, Text: text})
	}
}
