package tree

// Pool makes values of those that were taken back. What is held is counted.
type Pool struct {
	free *Value
	live int // bytes
}

// Held is how many bytes the values take.
func (p *Pool) Held() int { return p.live }

const (
	valueBytes  = 112     // of a Value, about
	slabValues  = 64      // made at a time
	keepTextCap = 4 << 10 // texts up to this keep their memory when their value is taken back
)

// New returns a value that is null as yet, and that its parent does not hold.
func (p *Pool) New(name *Name, parent *Value, index int32) *Value {
	if p.free == nil {
		slab := make([]Value, slabValues)
		for i := range slab {
			slab[i].Next, p.free = p.free, &slab[i]
		}
	}
	n := p.free
	p.free = n.Next
	n.Field, n.Parent, n.Kind, n.index, n.Next = name, parent, Null, index, nil
	p.live += valueBytes
	return n
}

// Begin returns a value that is held until it is released, and open until it is closed.
func (p *Pool) Begin(name *Name, parent *Value, index int32) *Value {
	n := p.New(name, parent, index)
	n.Open, n.held = true, 1
	return n
}

// Spend counts memory that what is held takes besides the values; less than 0 takes it back.
func (p *Pool) Spend(bytes int) { p.live += bytes }

// SetText gives a value its own text.
func (p *Pool) SetText(n *Value, text []byte) {
	p.live += len(text) - len(n.text)
	n.text = append(n.text[:0], text...)
}

// Hold keeps a value until release; with up, also everything that encloses it.
func (p *Pool) Hold(n *Value, up bool) {
	n.held++
	for ; up && n.Parent != nil && !n.upHeld; n = n.Parent {
		n.upHeld = true
		n.Parent.held++
	}
}

// Release takes back a value that nobody holds any more, unless it stands in another that is held.
func (p *Pool) Release(n *Value) {
	n.held--
	if n.held > 0 {
		return
	}
	parent, upHeld := n.Parent, n.upHeld
	n.upHeld = false
	if !n.inTree {
		p.drop(n)
	}
	if upHeld {
		p.Release(parent)
	}
}

// Drop takes back a value that nobody holds.
func (p *Pool) Drop(n *Value) { p.drop(n) }

// drop takes back a value, with what only it holds.
func (p *Pool) drop(n *Value) {
	for c := n.First; c != nil; {
		next := c.Next
		p.release(c)
		c = next
	}
	p.live -= valueBytes + len(n.text)
	text := n.text[:0]
	if cap(text) > keepTextCap {
		text = nil
	}
	*n = Value{text: text, Next: p.free}
	p.free = n
}
