package differ

import "github.com/inventory-bridge/inventory-bridge/lambda/receipt"

// Shrink is how the rows of nodes become fewer, added up over what becomes of each. The zero value has seen none.
type Shrink struct {
	Before int `json:"before"` // rows of the items that change
	After  int `json:"after"`
}

// fewRows is up to how many rows it is no sign of anything that they become fewer.
const fewRows = 10

// Add takes in what becomes of a node. Items that stay as they are, or that are not put now, count as they are.
func (s *Shrink) Add(n *Node) {
	for _, i := range n.Items {
		before := max(0, i.Entries+i.Removed-i.Added)
		s.Before += before
		if i.Change == Stale || i.Outcome == receipt.Pending || i.Outcome == receipt.Failed {
			s.After += before
		} else {
			s.After += i.Entries
		}
	}
}

// Is reports whether less than half of the rows are left: as where a document was cut off at the end of a row.
func (s *Shrink) Is() bool { return s.Before > fewRows && 2*s.After < s.Before }
