package paged

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
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
	At      ledger.Stamp
	Rows    []inventory.Entry
	Records []int32 // by row; nil: they are of no record of this delivery
	Stale   []int32 // records of rows for which there is a newer one
}

// Newest puts together what pages state: of rows with one key those of the newest statement.
func Newest(t *inventory.Type, parts []Rows) Rows {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b Rows) int { return b.At.Compare(a.At) })
	var out Rows
	keys, stamps := t.Keys(0), []ledger.Stamp(nil)
	for _, p := range parts {
		out.At = ledger.Newest(out.At, p.At)
		for i, row := range p.Rows {
			record := int32(stated.NoRecord)
			if p.Records != nil {
				record = p.Records[i]
			}
			at, added := keys.Add(row)
			if added {
				stamps = append(stamps, p.At)
			} else if stamps[at].Compare(p.At) > 0 {
				out.Stale = append(out.Stale, record)
				continue
			}
			out.Rows, out.Records = append(out.Rows, row), append(out.Records, record)
		}
	}
	return out
}

// Without returns rows but for those with the key of another one.
func Without(t *inventory.Type, rows, others []inventory.Entry) []inventory.Entry {
	keys := t.Keys(len(others))
	for _, row := range others {
		keys.Add(row)
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row inventory.Entry) bool { return keys.Find(row) >= 0 })
}
