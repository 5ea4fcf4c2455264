package record

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// loaded is values that are read back from the spool because others stand inside them.
type loaded struct {
	reader *reader
	nodes  map[int64]*tree.Value
	known  *tree.Value // the record: not of the spool, or read back for longer
}

const maxLoaded = 1 << 10

func newLoaded(r *reader) *loaded { return &loaded{reader: r, nodes: map[int64]*tree.Value{}} }

// node returns the value of a number, with all that encloses it; nil for 0.
func (l *loaded) node(number int64) (*tree.Value, error) {
	switch {
	case number == 0:
		return nil, nil
	case number == l.reader.doc.Spooled:
		return l.reader.doc, nil
	case l.known != nil && number == l.known.Spooled:
		return l.known, nil
	}
	if n, ok := l.nodes[number]; ok {
		return n, nil
	}
	at, err := l.reader.held.spool.slots.get(number)
	if err != nil {
		return nil, err
	}
	log := l.reader.held.spool.log
	one, err := log.read(at, log.size, 512)
	if err != nil {
		return nil, err
	}
	d, err := one.next()
	if err != nil {
		return nil, err
	}
	if d.Int() != noRecord {
		return nil, errSpool
	}
	parent, err := l.node(d.Int())
	if err != nil {
		return nil, err
	}
	n, err := l.reader.decode(d, parent)
	if err != nil {
		return nil, err
	}
	n.Spooled = number
	l.nodes[number] = n
	return n, nil
}

// decode reads a value of the spool, which is held until it is released.
func (r *reader) decode(d *packed.Decoder, parent *tree.Value) (*tree.Value, error) {
	n := r.pool.Decode(d, r.names, parent)
	if n == nil || d.Bad() {
		return nil, errSpool
	}
	r.pool.Hold(n, false)
	return n, nil
}

// leave lets go of all but what encloses a value, where too much is loaded. What encloses many is not read back for each of them then.
func (l *loaded) leave(around *tree.Value) {
	held := &l.reader.held
	if len(l.nodes) <= maxLoaded && l.reader.pool.Held() <= max(held.budget, held.base+held.budget/2) {
		return
	}
	kept := map[*tree.Value]bool{}
	for ; around != nil; around = around.Parent {
		kept[around] = true
	}
	for number, n := range l.nodes {
		if !kept[n] {
			l.reader.pool.Release(n)
			delete(l.nodes, number)
		}
	}
}

// release lets go of one value.
func (l *loaded) release(number int64) {
	if n := l.nodes[number]; n != nil {
		l.reader.pool.Release(n)
		delete(l.nodes, number)
	}
}

func (l *loaded) drop() {
	for _, n := range l.nodes {
		l.reader.pool.Release(n)
	}
	clear(l.nodes)
}
