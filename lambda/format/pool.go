package format

// pool makes values of those that were taken back. What is held is counted.
type pool struct {
	free *Node
	live int // bytes
}

// held is how many bytes the values take.
func (p *pool) held() int { return p.live }

const (
	nodeBytes   = 112     // of a Node, about
	slabNodes   = 64      // made at a time
	keepTextCap = 4 << 10 // texts up to this keep their memory when their node is taken back
)

// node returns a value that is null as yet, and that its parent does not hold.
func (p *pool) node(name *fieldName, parent *Node, index int32) *Node {
	if p.free == nil {
		slab := make([]Node, slabNodes)
		for i := range slab {
			slab[i].next, p.free = p.free, &slab[i]
		}
	}
	n := p.free
	p.free = n.next
	n.name, n.parent, n.kind, n.index, n.next = name, parent, nodeNull, index, nil
	p.live += nodeBytes
	return n
}

// begin returns a value that is held until it is released, and open until it is closed.
func (p *pool) begin(name *fieldName, parent *Node, index int32) *Node {
	n := p.node(name, parent, index)
	n.reading, n.held = true, 1
	return n
}

// spend counts memory that what is held takes besides the values; less than 0 takes it back.
func (p *pool) spend(bytes int) { p.live += bytes }

// setText gives a value its own text.
func (p *pool) setText(n *Node, text []byte) {
	p.live += len(text) - len(n.text)
	n.text = append(n.text[:0], text...)
}

// hold keeps a node until release; with up, also everything that encloses it.
func (p *pool) hold(n *Node, up bool) {
	n.held++
	for ; up && n.parent != nil && !n.upHeld; n = n.parent {
		n.upHeld = true
		n.parent.held++
	}
}

// release takes back a node that nobody holds any more, unless it stands in another that is held.
func (p *pool) release(n *Node) {
	if n.held--; n.held > 0 {
		return
	}
	parent, upHeld := n.parent, n.upHeld
	n.upHeld = false
	if !n.inTree {
		p.drop(n)
	}
	if upHeld {
		p.release(parent)
	}
}

// drop takes back a node, with what only it holds.
func (p *pool) drop(n *Node) {
	for c := n.first; c != nil; {
		next := c.next
		if c.inTree = false; c.held == 0 {
			p.drop(c)
		} else {
			c.parent = nil // it does not hold what encloses it
		}
		c = next
	}
	p.live -= nodeBytes + len(n.text)
	text := n.text[:0]
	if cap(text) > keepTextCap {
		text = nil
	}
	*n = Node{text: text, next: p.free}
	p.free = n
}
