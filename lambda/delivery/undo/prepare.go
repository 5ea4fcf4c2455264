package undo

import (
	"context"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// prepare makes of a node what no statement can: what parts of lists have stated, rows that another source has taken over, and numbers that the import
// has tied.
func (d *Delivery) prepare(ctx context.Context, one *nodeFound) error {
	n := d.Objects.Head.Nodes[one.id]
	d.untie(n, one)
	d.keep(n, one)
	for i := range one.taken {
		if err := d.giveBack(ctx, n, &one.taken[i]); err != nil {
			return err
		}
	}
	for i := range one.types {
		if err := d.parts(ctx, n, &one.types[i]); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps the shares as they are before anything of them is made ready.
func (d *Delivery) keep(n *ledger.NodeState, one *nodeFound) {
	were := map[string]map[string]*ledger.Share{}
	for _, t := range slices.Concat(one.types, one.taken) {
		if held := n.Types[t.of.Name]; held != nil && were[t.of.Name] == nil {
			were[t.of.Name] = ledger.CopyShares(held.Shares)
		}
	}
	d.Were[one.id] = were
}

// untie removes the numbers that the import has tied to a node, unless a later one has spoken of it.
func (d *Delivery) untie(n *ledger.NodeState, one *nodeFound) {
	if !one.numbers.Known {
		return
	}
	isWrong := func(family string) func(ledger.Number) bool {
		return func(k ledger.Number) bool {
			known := n.Sources[k.By]
			was := slices.ContainsFunc(one.numbers.Before[family], func(b ledger.Number) bool { return b.Key == k.Key })
			return !was && known != nil && known.Import == d.Rollback.Import
		}
	}
	for _, family := range inventory.Sorted(n.Numbers) {
		left := slices.DeleteFunc(slices.Clone(n.Numbers[family]), isWrong(family))
		if len(left) == len(n.Numbers[family]) {
			continue
		}
		numbers := maps.Clone(n.Numbers)
		numbers[family] = left
		if len(left) == 0 {
			delete(numbers, family)
		}
		n.Numbers, *d.Dirty = numbers, true
	}
}

// giveBack gives a source the rows back that another one has taken over.
func (d *Delivery) giveBack(ctx context.Context, n *ledger.NodeState, t *typeFound) error {
	if t.known == nil || t.share(n) != nil && !t.share(n).Same(t.before.Share) && n.Sources[t.source] != nil {
		return nil // it has stated something since
	}
	share := *t.before.Share
	var err error
	share.Rows, err = d.copied(ctx, t, share.Rows, t.before.Rows)
	if err != nil {
		return err
	}
	share.Parts, err = d.copied(ctx, t, share.Parts, t.before.Parts)
	if err != nil {
		return err
	}
	share.Scopes, share.By, share.Pages = nil, "", nil
	held := n.Type(t.of.Name)
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[t.source] = &share
	if n.Sources[t.source] == nil {
		n.Sources[t.source] = t.known
	}
	*d.Dirty = true
	return nil
}

// parts makes what parts of lists have stated what it was before the import.
func (d *Delivery) parts(ctx context.Context, n *ledger.NodeState, t *typeFound) error {
	was := ""
	if t.before.Share != nil {
		was = t.before.Share.Parts
	}
	share := t.share(n)
	pages := slices.DeleteFunc(slices.Clone(share.Pages), func(p ledger.PageRows) bool { return p.Import == d.Rollback.Import })
	if share.Parts == was && len(pages) == len(share.Pages) {
		return nil
	}
	next := *share
	next.Pages = pages
	var err error
	next.Parts, err = d.copied(ctx, t, was, t.before.Parts)
	if err != nil {
		return err
	}
	n.Types[t.of.Name].Shares[t.source], *d.Dirty = &next, true
	return nil
}

// copied makes a block one of the head again, and returns its name.
func (d *Delivery) copied(ctx context.Context, t *typeFound, name string, at ledger.Lain) (string, error) {
	if name == "" {
		return "", nil
	}
	d.Objects.Head.Recall(name, at)
	if d.Objects.Plan {
		return name, nil // it can be read
	}
	rows, err := d.Objects.ReadRows(ctx, t.of, name)
	if err != nil {
		return "", err
	}
	return d.Objects.WriteRows(ctx, t.of, rows)
}
