// Package memo remembers values that come again, in bounded memory. It does not know what they are.
package memo

// Memo has a place for each hash, where the newest value stands: most of what came lately is there. The zero Memo is ready.
type Memo[V any] struct {
	places []V
	added  int // values since there are so many places
}

// How many places there are: few at first, since most documents are small.
const (
	fewPlaces  = 64
	manyPlaces = 4096
	growth     = 8
)

// At returns the place of a hash. What stands there may be the value of another one, or none.
func (m *Memo[V]) At(hash uint64) *V {
	if n := len(m.places); m.added >= n && n < manyPlaces {
		m.places, m.added = make([]V, max(fewPlaces, growth*n)), 0
	}
	return &m.places[hash%uint64(len(m.places))]
}

// Added notes that a value was put into a place. As long as there are few places, At returns more and empty ones then.
func (m *Memo[V]) Added() { m.added++ }
