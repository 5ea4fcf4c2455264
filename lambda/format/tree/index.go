package tree

// Index finds the fields of one value by their names. It is for a value of which many paths ask: looking through its fields for each costs more.
// The zero Index is of no value.
type Index struct {
	of     *Value
	made   bool
	round  uint32
	places [indexPlaces]place
}

const (
	indexPlaces = 64
	indexFields = 40 // a value with more has no index
)

// place is the fields whose names have a hash.
type place struct {
	first *Value
	hash  uint32
	round uint32 // of the value that it belongs to
	many  bool
}

// Set makes it the index of a value, whose fields are looked at when one is asked for.
func (x *Index) Set(v *Value) {
	x.of, x.made = v, false
	if v.count > indexFields {
		x.of = nil
	}
}

// Is reports whether it is the index of a value.
func (x *Index) Is(v *Value) bool { return x != nil && x.of == v }

// Near returns the first field that may have a name without *, and whether there are several; nil where none has it.
func (x *Index) Near(name *Pattern) (first *Value, many bool) {
	if !x.made {
		x.make()
	}
	p := x.place(name.looseHash)
	if p.round != x.round {
		return nil, false
	}
	return p.first, p.many
}

func (x *Index) make() {
	x.made = true
	x.round++
	if x.round == 0 { // the number has begun again
		x.places, x.round = [indexPlaces]place{}, 1
	}
	for c := x.of.First; c != nil; c = c.Next {
		if c.Field == nil {
			continue
		}
		p := x.place(c.Field.looseHash)
		if p.round == x.round {
			p.many = true
			continue
		}
		*p = place{first: c, hash: c.Field.looseHash, round: x.round}
	}
}

// place returns that of a hash, or an empty one where it belongs. There are more places than fields.
func (x *Index) place(hash uint32) *place {
	for i := hash; ; i++ {
		if p := &x.places[i%indexPlaces]; p.round != x.round || p.hash == hash {
			return p
		}
	}
}
