package format

import "unsafe"

// ownText is the value's own text without a copy. Its bytes are not written while the node is valid, which is what
// everything that hands it out promises: a copy for each of the millions of texts would cost more than reading them.
func (n *Node) ownText() string {
	if len(n.text) == 0 {
		return ""
	}
	return unsafe.String(unsafe.SliceData(n.text), len(n.text)) //nolint:gosec // see above
}
