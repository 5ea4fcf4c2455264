package stated

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Looked is what a snapshot looked at that was not of all of a type.
type Looked struct {
	At    ledger.Stamp
	Cover *inventory.Cover
}

// lookedLater returns the scope of a newer snapshot within which a row lies; nil: none has looked at it. One is preferred of which the
// row's key alone decides that.
func lookedLater(looks []Looked, row inventory.Entry, at ledger.Stamp) *Looked {
	var found *Looked
	for i, l := range looks {
		if l.At.Compare(at) <= 0 || !l.Cover.Has(row) {
			continue
		}
		found = &looks[i]
		if l.Cover.ByKey() {
			break
		}
	}
	return found
}

// Replacing is a snapshot of all of a type that takes the place of what its source stated before.
type Replacing struct {
	Type   *inventory.Type
	At     ledger.Stamp
	Later  []Looked // what newer snapshots looked at
	Decide Decide
}

// Replace returns what a source states once it has stated a snapshot: the snapshot's rows, but for what the source has set, removed or
// looked at since.
func (r Replacing) Replace(snapshot, before Rows) Rows {
	out := r.since(before)
	out.Beyond = snapshot.Beyond
	set, removed := r.Type.Keys(0), r.Type.Keys(0)
	for _, row := range out.Rows {
		set.Add(row)
	}
	for _, k := range out.Removed {
		removed.Add(k.Key)
	}
	for i, row := range snapshot.Rows {
		at := set.Find(row)
		switch {
		case removed.Find(row) >= 0 || lookedLater(r.Later, row, r.At) != nil, at >= 0 && !r.fills(&out, at):
			r.Decide.Stale(snapshot.Records[i])
		case at >= 0:
			out.Rows[at] = below(row, out.Rows[at], out.patch(at))
			out.setPatch(at, &ledger.Patch{Whole: true, Set: out.patch(at).Set})
			out.Records[at] = snapshot.Records[i]
		default:
			out.add(row, ledger.Stamp{}, nil, snapshot.Records[i])
		}
	}
	out.sort(r.Type)
	return out
}

// since returns what was stated after the snapshot.
func (r Replacing) since(before Rows) Rows {
	var out Rows
	for i, row := range before.Rows {
		switch patch := newer(before.patch(i), r.At); {
		case before.Stamps[i].Compare(r.At) > 0:
			out.add(row, before.Stamps[i], before.patch(i), before.Records[i])
		case patch != nil:
			out.add(alone(r.Type, row, patch), ledger.Stamp{}, patch, before.Records[i])
		}
	}
	for _, k := range before.Removed {
		if k.At.Compare(r.At) > 0 {
			out.Removed = append(out.Removed, k)
		}
	}
	return out
}

// fills reports whether the snapshot's row counts below what partial statements have set of it.
func (r Replacing) fills(out *Rows, row int) bool {
	patch := out.patch(row)
	return patch != nil && !patch.Whole && out.Stamps[row].Compare(r.At) <= 0
}

// newer returns what of a patch was set after a stamp; nil: nothing. It stands for itself: what was stated before does not count.
func newer(p *ledger.Patch, at ledger.Stamp) *ledger.Patch {
	if p == nil {
		return nil
	}
	out := &ledger.Patch{Set: make([]ledger.Stamp, len(p.Set))}
	for i, s := range p.Set {
		if s.Compare(at) > 0 {
			out.Set[i] = s
		}
	}
	if out.Newest().IsZero() {
		return nil
	}
	return out
}

// below returns a row with the values of another one that a patch has set.
func below(row, set inventory.Entry, p *ledger.Patch) inventory.Entry {
	out := append(inventory.Entry(nil), row...)
	for i, s := range p.Set {
		if !s.IsZero() {
			out[i] = set[i]
		}
	}
	return out
}

// alone returns what a patch has set of a row, and the type's defaults for the rest.
func alone(t *inventory.Type, set inventory.Entry, p *ledger.Patch) inventory.Entry {
	return t.WithDefaults(below(make(inventory.Entry, len(set)), set, p))
}
