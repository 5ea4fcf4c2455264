package undo

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
)

// nodeFound is what is to be rolled back of a node.
type nodeFound struct {
	id      string
	types   []typeFound
	taken   []typeFound // whose rows another source took over: they are put back as they were
	numbers past.Numbers
}

// typeFound is what is to be rolled back of what a source states of a type.
type typeFound struct {
	source string
	of     *inventory.Type
	known  *ledger.Source
	before *past.Type
}

// share is what the source states of the type now; nil: nothing.
func (t *typeFound) share(n *ledger.NodeState) *ledger.Share {
	if held := n.Types[t.of.Name]; held != nil {
		return held.Shares[t.source]
	}
	return nil
}

// records returns what the import has changed by the history of a head, by node. Where the same document was put several times, what was there before
// counts, unless another import has changed it between.
func (r *Rollback) records(ctx context.Context, o *stored.Objects, f *Found) (map[string]*past.Node, error) {
	h := o.Head
	last := -1
	for i, one := range h.History {
		if one.Import == r.Import {
			last = i
			f.Mapping, f.Received = one.Mapping, one.Received
		}
	}
	found, closed := map[string]*past.Node{}, map[[2]string]bool{}
	for i := last; i >= 0; i-- {
		one := h.History[i]
		if Undoes(one.Import, r.Import) {
			continue
		}
		changes, err := past.Read(ctx, o.Ledger, h, one)
		if _, damaged := errors.AsType[*ledger.BlockError](err); damaged && one.Import != r.Import {
			continue
		}
		if err != nil {
			return nil, err
		}
		if one.Import == r.Import {
			join(found, changes, closed)
		} else {
			shut(found, changes, closed)
		}
	}
	return found, nil
}

// join adds what an earlier run of the import has changed.
func join(found map[string]*past.Node, changes *past.Changes, closed map[[2]string]bool) {
	for id, n := range changes.Nodes {
		own := found[id]
		if own == nil {
			own = &past.Node{Sources: map[string]*past.Source{}}
			found[id] = own
		}
		if n.Numbers.Known {
			own.Numbers = n.Numbers
		}
		for source, s := range n.Sources {
			if closed[[2]string{id, source}] {
				continue
			}
			if own.Sources[source] == nil {
				own.Sources[source] = s
				continue
			}
			own.Sources[source].Known = s.Known
			for name, t := range s.Types {
				if later := own.Sources[source].Types[name]; later != nil {
					t.Form = later.Form
				}
				own.Sources[source].Types[name] = t
			}
		}
	}
}

// shut notes what another import has changed before: what an earlier run of the import has changed of it does not count.
func shut(found map[string]*past.Node, changes *past.Changes, closed map[[2]string]bool) {
	for id, n := range changes.Nodes {
		for source := range n.Sources {
			if found[id] != nil && found[id].Sources[source] != nil {
				closed[[2]string{id, source}] = true
			}
		}
	}
}

// node finds what is to be rolled back of a node.
func (r *Rollback) node(f *Found, id string, n *ledger.NodeState, record *past.Node) {
	one := nodeFound{id: id, numbers: record.Numbers}
	for _, source := range inventory.Sorted(record.Sources) {
		s := record.Sources[source]
		for _, name := range inventory.Sorted(s.Types) {
			t, loaded := r.Types(name)
			if !loaded {
				f.Unknown = addNew(f.Unknown, name)
				continue
			}
			found := typeFound{source: source, of: t, known: s.Known, before: s.Types[name]}
			switch {
			case found.before.Form.At.IsZero():
				one.taken = append(one.taken, found)
			case n.Sources[source] == nil: // the source was removed since
			case r.counts(f, id, n, &found):
				one.types = append(one.types, found)
				f.add(n.Sources[source], &found)
			}
		}
	}
	if len(one.types)+len(one.taken) > 0 || one.numbers.Known {
		f.now = append(f.now, one)
	}
}

func addNew(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

func (f *Found) add(known *ledger.Source, t *typeFound) {
	f.Types = addNew(f.Types, t.of.Name)
	f.Form = known.Form
	if at := after(t.before.Form.At); at.After(f.Written) {
		f.Written = at
	}
}

// after is when a document was written that is the next after one with a stamp.
func after(s ledger.Stamp) time.Time {
	if s.Written.IsZero() {
		return s.Captured.Add(1)
	}
	return s.Written.Add(1)
}

// laterOf is the import that has changed last what a source states of a node.
func laterOf(s *ledger.Source) string {
	if s.ClearedBy != "" {
		return s.ClearedBy
	}
	return s.Import
}

// counts reports whether rows of a type are to be rolled back, and notes where a later import has stated something.
func (r *Rollback) counts(f *Found, id string, n *ledger.NodeState, t *typeFound) bool {
	share := t.share(n)
	if share == nil { // it has expired
		return false
	}
	if Undoes(n.Sources[t.source].Import, r.Import) { // it goes on where it was stopped
		return true
	}
	at := t.before.Form.At
	later := Later{Node: id, Source: t.source, Import: laterOf(n.Sources[t.source])}
	if share.Stamp().Compare(ledger.Stamp{Captured: at.Captured, Written: after(at)}) > 0 {
		f.Later = append(f.Later, later)
		return false
	}
	later.Merged = true
	newest := ledger.Newest(share.Merged, share.Looked())
	if newest.Compare(ledger.Stamp{Captured: at.Captured, Written: after(at)}) > 0 {
		f.Later = append(f.Later, later)
		return r.Merged
	}
	return true
}
