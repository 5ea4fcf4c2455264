package past

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Keeper collects what an import changes in a partition.
type Keeper struct {
	By ledger.Past // the import, without a block

	changes Changes
}

// Numbers notes which numbers were tied to a node before one was tied anew.
func (k *Keeper) Numbers(node string, before map[string][]ledger.Number) {
	if n := k.node(node); !n.Numbers.Known {
		n.Numbers = Numbers{Known: true, Before: before}
	}
}

// Change notes a type of a node whose shares may be others than before. Known is what was held of the sources before, forms how the import has stated
// rows: a source that has none is one whose rows another one took over.
func (k *Keeper) Change(h *ledger.Head, node, name string, before map[string]*ledger.Share, known func(source string) *ledger.Source, forms map[string]*Form) {
	now := h.Nodes[node].Type(name).Shares
	for source, share := range before {
		if next := now[source]; next == nil || next.Rows != share.Rows || next.Parts != share.Parts {
			k.source(node, source, known(source)).add(name, typeOf(h, share, forms[source]))
		}
	}
	for source, share := range now {
		if before[source] == nil && share.Rows+share.Parts != "" && forms[source] != nil {
			k.source(node, source, known(source)).add(name, typeOf(h, nil, forms[source]))
		}
	}
}

func (s *Source) add(name string, t *Type) {
	if s.Types[name] == nil {
		s.Types[name] = t
	}
}

func typeOf(h *ledger.Head, share *ledger.Share, f *Form) *Type {
	t := &Type{Share: share}
	if f != nil {
		t.Form = *f
	}
	if share != nil {
		t.Rows, t.Parts = h.Lies(share.Rows), h.Lies(share.Parts)
	}
	return t
}

func (k *Keeper) node(id string) *Node {
	n := k.changes.Nodes[id]
	if n == nil {
		if k.changes.Nodes == nil {
			k.changes.Nodes = map[string]*Node{}
		}
		n = &Node{}
		k.changes.Nodes[id] = n
	}
	return n
}

func (k *Keeper) source(node, source string, known *ledger.Source) *Source {
	n := k.node(node)
	if n.Sources == nil {
		n.Sources = map[string]*Source{}
	}
	s := n.Sources[source]
	if s == nil {
		s = &Source{Known: known, Types: map[string]*Type{}}
		n.Sources[source] = s
	}
	return s
}

// Save makes a head name what an import has changed, with the next pack. An import that goes on where it ended keeps what was before its first run.
func (k *Keeper) Save(ctx context.Context, l *ledger.Ledger, h *ledger.Head, now time.Time) error {
	one := k.By
	if len(k.changes.Nodes) == 0 {
		return nil
	}
	changes := &k.changes
	if at := len(h.History) - 1; at >= 0 && h.History[at].Import == one.Import {
		earlier, err := Read(ctx, l, h, h.History[at])
		if _, damaged := errors.AsType[*ledger.BlockError](err); err != nil && !damaged {
			return err
		}
		if err == nil {
			changes = earlier.with(changes)
		}
		h.History = h.History[:at]
	}
	data, err := encode(changes)
	if err != nil {
		return err
	}
	one.Received = one.Received.UTC().Truncate(time.Second)
	one.Block, err = l.WritePast(ctx, h, data)
	if err != nil {
		return err
	}
	h.History = bounded(append(slices.Clone(h.History), one), now)
	return nil
}

// with adds what a later run of the import has changed besides.
func (c *Changes) with(later *Changes) *Changes {
	for id, n := range later.Nodes {
		if c.Nodes[id] == nil {
			c.Nodes[id] = n
		} else {
			c.Nodes[id].add(n)
		}
	}
	return c
}

// add adds what a later run has changed of the node.
func (n *Node) add(later *Node) {
	if !n.Numbers.Known {
		n.Numbers = later.Numbers
	}
	for source, s := range later.Sources {
		own := n.Sources[source]
		if own == nil {
			if n.Sources == nil {
				n.Sources = map[string]*Source{}
			}
			n.Sources[source] = s
			continue
		}
		for name, t := range s.Types {
			if own.Types[name] == nil {
				own.Types[name] = t
			} else {
				own.Types[name].Form = t.Form
			}
		}
	}
}

// bounded leaves the newest of a history: so many of each mapping, and in all, for so long.
func bounded(history []ledger.Past, now time.Time) []ledger.Past {
	of := map[string]int{}
	var kept []ledger.Past
	for _, one := range slices.Backward(history) {
		of[one.Mapping]++
		if of[one.Mapping] <= PerMapping && len(kept) < perHead && now.Sub(one.Received) < Kept {
			kept = append(kept, one)
		}
	}
	slices.Reverse(kept)
	return kept
}
