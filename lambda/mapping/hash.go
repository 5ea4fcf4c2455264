package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// hashNode gives a hash of what is said at a place, whatever its layout, comments, anchors and order of words: SHA-256, hex.
func hashNode(name string, at place) string {
	h := &hasher{Hash: sha256.New(), left: maxYAMLNodes}
	h.texts(name)
	h.node(at.node, 0)
	return hex.EncodeToString(h.Sum(nil))
}

// without gives a YAML mapping without one of its words.
func (p place) without(name string) place {
	n := p.resolved()
	if n == nil || n.Kind != yaml.MappingNode || !p.has(name) {
		return p
	}
	rest := *n
	rest.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != name {
			rest.Content = append(rest.Content, n.Content[i], n.Content[i+1])
		}
	}
	p.node = &rest
	return p
}

// hasher hashes YAML in one canonical form. Its bound is for aliases in aliases; the loader refuses such files.
type hasher struct {
	hash.Hash
	left int // nodes
}

// texts writes texts, each with its length.
func (h *hasher) texts(texts ...string) {
	for _, text := range texts {
		_, _ = io.WriteString(h, strconv.Itoa(len(text))+":"+text) // a hash takes everything
	}
}

func (h *hasher) node(n *yaml.Node, depth int) {
	n = place{node: n}.resolved()
	if h.left--; n == nil || h.left < 0 || depth > maxYAMLDepth {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		h.texts("{")
		for _, i := range sortedKeys(n) {
			h.texts(n.Content[i].Value)
			h.node(n.Content[i+1], depth+1)
		}
		h.texts("}")
	case yaml.SequenceNode:
		h.texts("[")
		for _, item := range n.Content {
			h.node(item, depth+1)
		}
		h.texts("]")
	default:
		h.texts(n.Value)
	}
}

// sortedKeys gives the positions of a YAML mapping's names, by name.
func sortedKeys(n *yaml.Node) []int {
	keys := make([]int, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		keys = append(keys, i)
	}
	slices.SortStableFunc(keys, func(a, b int) int {
		if n.Content[a].Value < n.Content[b].Value {
			return -1
		}
		if n.Content[a].Value > n.Content[b].Value {
			return 1
		}
		return 0
	})
	return keys
}
