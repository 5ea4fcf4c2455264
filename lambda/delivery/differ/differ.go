// Package differ is how what a node is to hold differs from what it holds: in counts and, where somebody asks, row by row. It does not know
// where either comes from.
package differ

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is what a delivery did, or would do, to a node.
type Node struct {
	Node   string   `json:"node"`
	Items  []Item   `json:"items"`            // by type name; roll-ups too
	Absent []string `json:"absent,omitempty"` // sources that no longer name the node

	Account string `json:"account,omitempty"` // of the node; "": that of the installation
	Region  string `json:"region,omitempty"`
}

// Target is the account and region of the node; zero: those of the installation.
func (n *Node) Target() target.Key { return target.Key{Account: n.Account, Region: n.Region} }

// Changes reports whether something becomes of the node.
func (n *Node) Changes() bool {
	return len(n.Absent) > 0 || slices.ContainsFunc(n.Items, func(i Item) bool { return i.Change != Same || i.Reason != "" })
}

// Stale reports whether nothing becomes of the node but that something newer was stated already.
func (n *Node) Stale() bool {
	other := func(i Item) bool { return i.Change != Stale && (i.Change != Same || i.Reason != "") }
	return n.Changes() && len(n.Absent) == 0 && !slices.ContainsFunc(n.Items, other)
}

// Waits reports whether what becomes of the node waits for its account and region.
func (n *Node) Waits() bool {
	return slices.ContainsFunc(n.Items, func(i Item) bool { return i.Reason == target.Unreachable })
}

// IsOpen reports whether something that was to be put to the node is not put.
func (n *Node) IsOpen() bool {
	return slices.ContainsFunc(n.Items, func(i Item) bool { return i.Outcome == receipt.Pending || i.Outcome == receipt.Failed })
}

// Kind is how an item differs from what the node held.
type Kind string

// The kinds.
const (
	New     Kind = "new"     // the node held nothing of this type
	Changed Kind = "changed" // it held something else
	Same    Kind = "same"    // it holds this already
	Stale   Kind = "stale"   // the source has stated something newer
)

// Item is what a delivery did, or would do, to one item.
type Item struct {
	Type      string          `json:"type"`
	Change    Kind            `json:"change"`
	Added     int             `json:"added"`             // entries with a key that was not there
	Removed   int             `json:"removed"`           // entries whose key is no longer there
	Changed   int             `json:"changed"`           // entries that differ in more than volatile attributes
	Entries   int             `json:"entries"`           // entries of the item as it is then
	Truncated int             `json:"cut,omitempty"`     // entries that did not fit
	Outcome   receipt.Outcome `json:"outcome,omitempty"` // put, unchanged, stale, pending, failed, parked; "" in a plan
	Reason    string          `json:"reason,omitempty"`  // why it is pending, failed or parked
	Rows      []Row           `json:"rows,omitempty"`    // that come, go or change, where they were asked for
}

// Row is an entry that comes, goes or changes.
type Row struct {
	Change string  `json:"change"` // added, removed or changed
	Key    []Value `json:"key"`    // the attributes that make it what it is
	Values []Value `json:"values"` // the others; of a row that changes, those that do
}

// The changes of a row.
const (
	RowAdded   = "added"
	RowRemoved = "removed"
	RowChanged = "changed"
)

// Value is the value of an attribute: what it is, and in a row that changes or goes, what it was.
type Value struct {
	Name string `json:"name"`
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Compare returns how rows differ from those before; with rows, which they are.
func Compare(t *inventory.Type, before, now []inventory.Entry, rows bool) *Item {
	d := &Item{Type: t.Name, Entries: len(now), Removed: len(before)}
	keys := t.Keys(len(before))
	for _, row := range before {
		keys.Add(row)
	}
	left := make([]bool, len(before)) // rows that are still there
	add := func(what string, old, row inventory.Entry) {
		if rows {
			d.Rows = append(d.Rows, rowOf(t, what, old, row))
		}
	}
	for _, row := range now {
		at := keys.Find(row)
		if at < 0 {
			d.Added++
			add(RowAdded, nil, row)
			continue
		}
		d.Removed--
		left[at] = true
		if !t.Equal(before[at], row) {
			d.Changed++
			add(RowChanged, before[at], row)
		}
	}
	for at, row := range before {
		if !left[at] {
			add(RowRemoved, row, nil)
		}
	}
	slices.SortStableFunc(d.Rows, func(a, b Row) int { return slices.CompareFunc(a.Key, b.Key, compareValues) })
	return d
}

func compareValues(a, b Value) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(cmp.Or(a.New, a.Old), cmp.Or(b.New, b.Old)))
}

// rowOf describes a row; of one that comes, old is nil, and of one that goes, row is.
func rowOf(t *inventory.Type, what string, old, row inventory.Entry) Row {
	r := Row{Change: what, Key: []Value{}, Values: []Value{}}
	for i, name := range t.Attributes {
		v := Value{Name: name}
		if old != nil {
			v.Old = old[i]
		}
		if row != nil {
			v.New = row[i]
		}
		switch {
		case v.Old == "" && v.New == "":
		case t.InKey(i):
			if what == RowChanged {
				v.Old = ""
			}
			r.Key = append(r.Key, v)
		case what == RowChanged && (v.Old == v.New || t.IsVolatile(i)):
		default:
			r.Values = append(r.Values, v)
		}
	}
	return r
}
