package tree

import "iter"

// wide is how many fields an object has at the least whose fields are found by an index. Those of others are looked through, which costs
// less than an index.
const wide = 256

// fields is where the fields of a wide object stand, so that a path does not pass all of them for each name that it looks for. It takes
// less memory than the fields themselves.
type fields struct {
	runs map[uint32][]*Value // the first of each run of names that are near each other, in the document's order
	last *Value              // the last field that was looked at
}

// IsWide reports whether an object has so many fields that Near is worth asking for those of a name.
func (v *Value) IsWide() bool { return v.count >= wide }

// Near returns the fields of a wide object that may have a name without *, in the document's order: all that have it are among them.
func (v *Value) Near(name *Pattern) iter.Seq[*Value] {
	v.findFields()
	return func(yield func(*Value) bool) {
		for _, first := range v.fields.runs[name.looseHash] {
			for c := first; c != nil && c.Field != nil && name.Near(c.Field); c = c.Next {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// findFields brings the index up to date with fields that were added.
func (v *Value) findFields() {
	if v.fields == nil {
		v.fields = &fields{runs: map[uint32][]*Value{}}
	}
	f := v.fields
	next := v.First
	if f.last != nil {
		next = f.last.Next
	}
	for ; next != nil; next = next.Next {
		f.add(next)
	}
}

func (f *fields) add(v *Value) {
	before := f.last
	f.last = v
	if v.Field == nil || before != nil && before.Field != nil && before.Field.looseHash == v.Field.looseHash {
		return
	}
	hash := v.Field.looseHash
	f.runs[hash] = append(f.runs[hash], v)
}
