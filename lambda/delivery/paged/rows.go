package paged

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Kept returns what the pages of a list state in a share.
func Kept(share *ledger.Share, list ledger.PageList) []ledger.PageRows {
	return slices.DeleteFunc(slices.Clone(share.Pages), func(p ledger.PageRows) bool { return !slices.Contains(list.Imports, p.Import) })
}

// Find returns what a page states in a share within a scope; nil: nothing.
func Find(share *ledger.Share, id, scope string) *ledger.PageRows {
	if share == nil {
		return nil
	}
	at := slices.IndexFunc(share.Pages, func(p ledger.PageRows) bool { return p.Import == id && p.Scope == scope })
	if at < 0 {
		return nil
	}
	return &share.Pages[at]
}

// Keep makes rows what a page states in a share, and reports whether they are others than before.
func Keep(share *ledger.Share, rows ledger.PageRows) (changed bool) {
	known := Find(share, rows.Import, rows.Scope)
	if known != nil && known.Same(rows) {
		return false
	}
	pages := slices.Clone(share.Pages)
	if known != nil {
		old := *known
		pages = slices.DeleteFunc(pages, old.Same)
	}
	pages = append(pages, rows)
	share.Pages = pages
	return true
}

// Rows are rows that a page states.
type Rows struct {
	At      ledger.Stamp // of its newest statement
	Rows    []inventory.Entry
	Stamps  []ledger.Stamp // by row: of the statement that it is of; nil: At
	Records []int32        // by row; nil: they are of no record of this delivery
	Stale   []int32        // records of rows for which there is a newer one
}

// Read reads what a page states in a share.
func Read(ctx context.Context, objects *stored.Objects, t *inventory.Type, p ledger.PageRows) (Rows, error) {
	if p.Rows == "" {
		return Rows{At: p.At}, nil
	}
	rows, err := objects.ReadRows(ctx, t, p.Rows)
	if err != nil {
		return Rows{}, err
	}
	return Rows{At: p.At, Rows: rows.Rows, Stamps: rows.Stamps}, nil
}

func (r *Rows) stamp(row int) ledger.Stamp {
	if r.Stamps == nil {
		return r.At
	}
	return r.Stamps[row]
}

// Newest puts together what pages state, as if it stood in one document: of rows with one key those that were captured last.
func Newest(t *inventory.Type, parts []Rows) Rows {
	var all, out Rows
	keys, newest, of := t.Keys(0), []time.Time(nil), []int(nil)
	for i := range parts {
		p := &parts[i]
		all.At = ledger.Newest(all.At, p.At)
		for n, row := range p.Rows {
			record := int32(stated.NoRecord)
			if p.Records != nil {
				record = p.Records[n]
			}
			all.add(row, p.stamp(n), record)
			at, added := keys.Add(row)
			if added {
				newest = append(newest, time.Time{})
			}
			if captured := p.stamp(n).Captured; captured.After(newest[at]) {
				newest[at] = captured
			}
			of = append(of, at)
		}
	}
	out.At = all.At
	for i, row := range all.Rows {
		if all.Stamps[i].Captured.Before(newest[of[i]]) {
			out.Stale = append(out.Stale, all.Records[i])
			continue
		}
		out.add(row, all.Stamps[i], all.Records[i])
	}
	return out
}

func (r *Rows) add(row inventory.Entry, stamp ledger.Stamp, record int32) {
	r.Rows, r.Stamps, r.Records = append(r.Rows, row), append(r.Stamps, stamp), append(r.Records, record)
}

// Stored are the rows as they are kept: in the type's order, equal ones once. Those that have one key are united when all pages are known.
func (r *Rows) Stored(t *inventory.Type) *ledger.Rows {
	order, at := t.Order(), make([]int, len(r.Rows))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int {
		return cmp.Or(order.Compare(r.Rows[a], r.Rows[b]), r.stamp(a).Compare(r.stamp(b)))
	})
	out := &ledger.Rows{}
	for n, i := range at {
		if n == 0 || order.Compare(r.Rows[at[n-1]], r.Rows[i]) != 0 {
			out.Rows, out.Stamps = append(out.Rows, r.Rows[i]), append(out.Stamps, r.stamp(i))
		}
	}
	if !slices.ContainsFunc(out.Stamps, func(s ledger.Stamp) bool { return s.Compare(r.At) != 0 }) {
		out.Stamps = nil
	}
	return out
}

// Without leaves out the rows with the key of another one.
func (r *Rows) Without(t *inventory.Type, others []inventory.Entry) {
	keys := t.Keys(len(others))
	for _, row := range others {
		keys.Add(row)
	}
	out := Rows{At: r.At}
	for i, row := range r.Rows {
		if keys.Find(row) < 0 {
			out.add(row, r.stamp(i), stated.NoRecord)
		}
	}
	*r = out
}
