package tree

// Pop takes back what the last Append did.
func (v *Value) Pop() {
	last := v.last
	if last == nil {
		return
	}
	last.inTree, v.last, v.fields = false, nil, nil
	v.count--
	if v.First == last {
		v.First = nil
		return
	}
	before := v.First
	for before.Next != last {
		before = before.Next
	}
	before.Next, v.last = nil, before
}

// Prune takes back the fields or items of a value for which keep reports false, with what only they hold.
func (p *Pool) Prune(v *Value, keep func(*Value) bool) {
	child := v.First
	v.First, v.last, v.fields, v.count = nil, nil, nil, 0
	for child != nil {
		next := child.Next
		if keep(child) {
			v.Append(child)
		} else {
			p.release(child)
		}
		child = next
	}
}

// release takes back what stood in a value.
func (p *Pool) release(child *Value) {
	child.inTree = false
	if child.held == 0 {
		p.drop(child)
		return
	}
	child.Parent = nil // it does not hold what encloses it
}
