package bridge

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

type statements = iter.Seq2[*ledger.Statement, error]

// allow returns an error unless the statement's mapping, as it is loaded here, may make it: delivery believes nothing of what it is handed.
func (b *Bridge) allow(ctx context.Context, h ledger.Header, s *ledger.Statement) error {
	m, ok := b.Mappings.Head(h.Mapping)
	if !ok {
		return &delivery.Refusal{Reason: "the mapping is not loaded here"}
	}
	if s.Source != m.Name && !strings.HasPrefix(s.Source, m.Name+"/") {
		return &delivery.Refusal{Reason: "the mapping may not make statements of that source"}
	}
	for _, t := range s.Types {
		if !slices.ContainsFunc(m.Types(), func(filled *mapping.Type) bool { return filled.Name() == t.Type }) {
			return &delivery.Refusal{Reason: fmt.Sprintf("mapping %s does not fill %s", m.Name, t.Type)}
		}
	}
	if len(m.Allow.Nodes)+len(m.Allow.NodeTags) == 0 {
		return nil
	}
	return b.allowNode(ctx, m, s.Node)
}

// allowNode asks the directory whether the mapping's rules let it write for a node.
func (b *Bridge) allowNode(ctx context.Context, m *mapping.Head, id string) error {
	nodes, err := b.Directory(ctx)
	if err != nil {
		return err
	}
	d := nodes.Resolve(node.Subject{NodeID: []string{id}}, node.Rules{AllowNodes: m.Allow.Nodes, AllowTags: m.Allow.NodeTags})
	if d.Outcome != node.Matched {
		return &delivery.Refusal{Reason: d.Reason}
	}
	return nil
}

// needs is what the loaded mappings must know of nodes besides names and addresses.
func (b *Bridge) needs() node.Options {
	tags := map[string][]string{}
	for _, m := range b.Mappings.Heads() {
		for key, value := range m.Allow.NodeTags {
			if !slices.Contains(tags[key], value) {
				tags[key] = append(tags[key], value)
			}
		}
	}
	return node.Options{Tags: tags, Shared: SharedValues(b.Mappings)}
}

// SharedValues are the identifiers that many machines have, as loaded files list them.
func SharedValues(set *mapping.Set) []identifier.SharedValue {
	var list []identifier.SharedValue
	for _, v := range set.Shared() {
		list = append(list, identifier.SharedValue{Kind: v.Kind, Value: v.Value})
	}
	return list
}
