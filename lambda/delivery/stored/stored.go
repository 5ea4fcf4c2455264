// Package stored knows the rows and scopes that a piece of work on a partition reads and stores, and composes shares of them. It does not know what they are for.
package stored

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Objects are the stored objects of a piece of work.
type Objects struct {
	Ledger *ledger.Ledger
	Head   *ledger.Head // that names them
	Plan   bool         // nothing is stored

	rows   map[string]*ledger.Rows     // in a plan: those of the node at hand that would be stored
	fresh  map[string]*ledger.Rows     // by name: some of those that were stored
	size   int                         // of fresh, in bytes
	scopes map[string]*inventory.Scope // by name: those that were read or stored
	last   lastScope
}

// lastScope is what was found out about the scope that was asked for last. Most nodes of a delivery have the same.
type lastScope struct {
	scope *inventory.Scope
	name  string // "": not asked for
	of    *inventory.Type
	cover *inventory.Cover // of that type
}

// Cover returns what a scope covers of a type.
func (o *Objects) Cover(s *inventory.Scope, t *inventory.Type) *inventory.Cover {
	if s == nil {
		return s.Of(t)
	}
	if o.last.scope != s {
		o.last = lastScope{scope: s}
	}
	if o.last.of != t {
		o.last.of, o.last.cover = t, s.Of(t)
	}
	return o.last.cover
}

// nameOf returns the name of a scope.
func (o *Objects) nameOf(s *inventory.Scope) (string, error) {
	if o.last.scope != s {
		o.last = lastScope{scope: s}
	}
	if o.last.name == "" {
		name, err := ledger.ScopeName(s)
		if err != nil {
			return "", err
		}
		o.last.name = name
	}
	return o.last.name, nil
}

// NextNode begins with another node, whose rows name none of the one before.
func (o *Objects) NextNode() { o.rows = nil }

// WriteRows stores a share's rows and returns their name; in a plan they are kept in memory.
func (o *Objects) WriteRows(ctx context.Context, t *inventory.Type, rows *ledger.Rows) (string, error) {
	if !o.Plan {
		name, err := o.Ledger.WriteRows(ctx, o.Head, t, rows)
		if err == nil {
			o.keepFresh(name, rows)
		}
		return name, err
	}
	if o.rows == nil {
		o.rows = map[string]*ledger.Rows{}
	}
	name := fmt.Sprintf("planned %d", len(o.rows))
	o.rows[name] = rows
	return name, nil
}

// freshBytes is how much is kept of rows that were just stored: items are made of them next.
const freshBytes = 4 << 20

func (o *Objects) keepFresh(name string, rows *ledger.Rows) {
	size := 0
	for _, row := range rows.Rows {
		for _, v := range row {
			size += len(v) + 16
		}
	}
	if o.size+size > freshBytes {
		return
	}
	if o.fresh == nil {
		o.fresh = map[string]*ledger.Rows{}
	}
	o.fresh[name], o.size = rows, o.size+size
}

// Share stores rows and returns a share of them.
func (o *Objects) Share(ctx context.Context, t *inventory.Type, rows []inventory.Entry) (*ledger.Share, error) {
	name, err := o.WriteRows(ctx, t, &ledger.Rows{Rows: rows})
	return &ledger.Share{Rows: name, Compare: t.CompareSum(rows), Count: len(rows), Bytes: t.ContentBytes(rows)}, err
}

// ReadRows reads the rows of a name.
func (o *Objects) ReadRows(ctx context.Context, t *inventory.Type, name string) (*ledger.Rows, error) {
	if rows, ok := o.rows[name]; ok {
		return rows, nil
	}
	if rows, ok := o.fresh[name]; ok {
		return rows, nil
	}
	return o.Ledger.ReadRows(ctx, o.Head, t, name)
}

// WriteScope stores a scope and returns its name. One that many nodes have is stored once.
func (o *Objects) WriteScope(ctx context.Context, s *inventory.Scope) (string, error) {
	name, err := o.nameOf(s)
	if err != nil || o.scopes[name] != nil {
		return name, err
	}
	if !o.Plan {
		name, err = o.Ledger.WriteScope(ctx, o.Head, s)
		if err != nil {
			return "", err
		}
	}
	o.KeepScope(name, s)
	return name, nil
}

// ReadScope reads the scope of a name.
func (o *Objects) ReadScope(ctx context.Context, name string) (*inventory.Scope, error) {
	if s := o.scopes[name]; s != nil {
		return s, nil
	}
	s, err := o.Ledger.ReadScope(ctx, o.Head, name)
	if err == nil {
		o.KeepScope(name, s)
	}
	return s, err
}

// KeepScope keeps a scope that is known to be stored.
func (o *Objects) KeepScope(name string, s *inventory.Scope) {
	if o.scopes == nil {
		o.scopes = map[string]*inventory.Scope{}
	}
	o.scopes[name] = s
}

// WriteLooked stores what a snapshot looked at and returns its name. One that its share names is there already.
func (o *Objects) WriteLooked(ctx context.Context, s *inventory.Scope, share *ledger.Share) (string, error) {
	name, err := o.nameOf(s)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(share.Scopes, func(l ledger.Looked) bool { return l.Scope == name }) {
		o.KeepScope(name, s)
		return name, nil
	}
	return o.WriteScope(ctx, s)
}

// Looked returns what snapshots of a share looked at that are newer than a stamp and were not of all of the type.
func (o *Objects) Looked(ctx context.Context, t *inventory.Type, share *ledger.Share, than ledger.Stamp) ([]stated.Looked, error) {
	var looked []stated.Looked
	for _, l := range share.Scopes {
		if l.At.Compare(than) <= 0 {
			continue
		}
		s, err := o.ReadScope(ctx, l.Scope)
		if err != nil {
			return nil, err
		}
		looked = append(looked, stated.Looked{At: l.At, Cover: s.Of(t)})
	}
	return looked, nil
}

// Parts returns what parts of lists have stated in a share; nil: nothing, unless it is asked for one of them.
func (o *Objects) Parts(ctx context.Context, t *inventory.Type, share *ledger.Share, part bool) (*stated.Parts, error) {
	switch {
	case share != nil && share.Parts != "":
		rows, err := o.ReadRows(ctx, t, share.Parts)
		if err != nil {
			return nil, err
		}
		return stated.NewParts(t, rows), nil
	case part:
		return stated.NewParts(t, &ledger.Rows{}), nil
	}
	return nil, nil
}

// WriteParts stores what parts of lists have stated of a type, where it is another than was held under a name, and returns its name.
func (o *Objects) WriteParts(ctx context.Context, t *inventory.Type, parts *stated.Parts, held string) (string, error) {
	if parts == nil || !parts.Changed() {
		return held, nil
	}
	rows := parts.Stored()
	if len(rows.Rows) == 0 {
		return "", nil
	}
	return o.WriteRows(ctx, t, rows)
}

// Stated returns the rows of a share, to be changed. Their records are not known.
func (o *Objects) Stated(ctx context.Context, t *inventory.Type, share *ledger.Share) (stated.Rows, error) {
	if share.Rows == "" {
		return stated.Rows{}, nil
	}
	old, err := o.ReadRows(ctx, t, share.Rows)
	if err != nil {
		return stated.Rows{}, err
	}
	s := stated.Rows{ // clones: they are changed
		Rows: slices.Clone(old.Rows), Stamps: slices.Clone(old.Stamps), Patches: slices.Clone(old.Patches), Removed: slices.Clone(old.Removed), Beyond: share.Beyond,
	}
	if s.Stamps == nil {
		s.Stamps = make([]ledger.Stamp, len(s.Rows))
	}
	if share.By != "" {
		s.Stamp(share.Base())
	}
	return s, nil
}

// Forget forgets keys of a share that were removed so long ago that no older row for them is expected any more.
func (o *Objects) Forget(ctx context.Context, t *inventory.Type, share *ledger.Share, now time.Time) error {
	rows, err := o.ReadRows(ctx, t, share.Rows)
	if err != nil {
		return err
	}
	kept := ledger.Rows{Rows: rows.Rows, Stamps: rows.Stamps, Patches: rows.Patches, Removed: stated.Forget(rows.Removed, now)}
	share.Removed, share.Forget = len(kept.Removed), stated.ForgetAt(kept.Removed)
	if len(kept.Rows)+len(kept.Removed) == 0 {
		share.Rows = ""
		return nil
	}
	share.Rows, err = o.WriteRows(ctx, t, &kept)
	return err
}

// Compose composes the shares of a type.
func (o *Objects) Compose(ctx context.Context, t *inventory.Type, shares map[string]*ledger.Share) (inventory.Composition, error) {
	var list []inventory.Share
	for _, source := range inventory.Sorted(shares) {
		share := shares[source]
		if share.Count == 0 {
			continue
		}
		rows, err := o.ReadRows(ctx, t, share.Rows)
		if err != nil {
			return inventory.Composition{}, err
		}
		list = append(list, inventory.Share{
			Source: source, Rows: rows.Rows, Captured: share.Base().Captured, Times: share.Times(rows), Beyond: share.Beyond, Bytes: share.Bytes,
		})
	}
	return inventory.Compose(t, list), nil
}

// Counts reports whether a node holds the roll-up of an item, where there is one: rows that were cut may be another source's, too.
func Counts(n *ledger.NodeState, t *inventory.Type, c *inventory.Composition) bool {
	if t.Rollup == nil {
		return true
	}
	held := n.Type(t.Rollup.Type.Name).Accepted
	return held == nil || held.Compare == t.Rollup.Type.CompareSum(c.Rollup)
}

// Differs reports whether what was accepted may be something else than what the shares make, though no share has changed now.
func Differs(held *ledger.Type, t *inventory.Type) bool {
	if held.Accepted == nil {
		return held.States()
	}
	return held.Accepted.Definition != t.Definition()
}

// Damaged returns which rows in the state are damaged or gone, where that is what an error is about; else "".
func Damaged(err error) string {
	damage, ok := errors.AsType[*ledger.BlockError](err)
	if !ok {
		return ""
	}
	return "rows in the state are damaged or gone: " + damage.Object + ": " + damage.Problem
}

// ForgetIn forgets keys of all shares of some types of a node, as Forget does where it is time. It returns whether there were any, and what is damaged:
// there nothing is forgotten.
func (o *Objects) ForgetIn(ctx context.Context, n *ledger.NodeState, types []*inventory.Type, now time.Time) (forgot bool, damaged []string, err error) {
	for _, t := range types {
		shares := n.Types[t.Name].Shares
		for _, source := range inventory.Sorted(shares) {
			share := shares[source]
			if share.Removed == 0 || now.Before(share.Forget) {
				continue
			}
			err := o.Forget(ctx, t, share, now)
			if damage := Damaged(err); damage != "" {
				damaged = append(damaged, damage)
				continue
			}
			if err != nil {
				return forgot, damaged, err
			}
			forgot = true
		}
	}
	return forgot, damaged, nil
}
