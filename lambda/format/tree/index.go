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

// Only returns the one field of a value that has a name without *, nil where none has it; false where several may have it, or where it is not the
// value's index.
func (x *Index) Only(v *Value, name *Pattern) (field *Value, known bool) {
	if x == nil || x.of != v {
		return nil, false
	}
	if !x.made {
		x.make()
	}
	p := x.place(name.looseHash)
	switch {
	case p.round != x.round:
		return nil, true
	case p.many:
		return nil, false
	case name.Fits(p.first.Field):
		return p.first, true
	}
	return nil, true
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
