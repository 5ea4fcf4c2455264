package yamlfile

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Hash returns a hash of a name and a value, whatever its layout, comments, anchors and order of fields: SHA-256, hex.
func (v Value) Hash(name string) string {
	h := &hasher{Hash: sha256.New(), left: maxValues}
	h.text(name)
	h.node(v.node, 0)
	return hex.EncodeToString(h.Sum(nil))
}

// Without returns a mapping without one of its fields.
func (v Value) Without(name string) Value {
	if !v.Has(name) {
		return v
	}
	n := v.resolved()
	rest := *n
	rest.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != name {
			rest.Content = append(rest.Content, n.Content[i], n.Content[i+1])
		}
	}
	v.node = &rest
	return v
}

// hasher hashes YAML in one canonical form. Its bound is for aliases in aliases; the loader refuses such files.
type hasher struct {
	hash.Hash
	left int    // values
	line []byte // what is written next
}

// text writes a string with its length.
func (h *hasher) text(text string) {
	h.line = append(append(strconv.AppendInt(h.line[:0], int64(len(text)), 10), ':'), text...)
	_, _ = h.Write(h.line) // a hash takes everything
}

func (h *hasher) node(n *yaml.Node, depth int) {
	n = Value{node: n}.resolved()
	h.left--
	if n == nil || h.left < 0 || depth > maxDepth {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		h.text("{")
		for _, i := range sortedKeys(n) {
			h.text(n.Content[i].Value)
			h.node(n.Content[i+1], depth+1)
		}
		h.text("}")
	case yaml.SequenceNode:
		h.text("[")
		for _, item := range n.Content {
			h.node(item, depth+1)
		}
		h.text("]")
	default:
		h.text(n.Value)
	}
}

// sortedKeys returns the positions of a mapping's names, by name.
func sortedKeys(n *yaml.Node) []int {
	keys := make([]int, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		keys = append(keys, i)
	}
	slices.SortStableFunc(keys, func(a, b int) int { return strings.Compare(n.Content[a].Value, n.Content[b].Value) })
	return keys
}
