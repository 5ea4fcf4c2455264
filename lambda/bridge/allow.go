package bridge

import (
	"context"
	"iter"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

type statements = iter.Seq2[*ledger.Statement, error]

// rules are those by which a mapping's machines are matched.
func (b *Bridge) rules(m *mapping.Head) node.Rules { return intake.RulesOf(m, b.Account, b.Region) }

// allowed returns the rules of what mappings may state, as they are loaded here. Of a delivery nothing is believed that they can check.
func (b *Bridge) allowed() *allowed.Rules {
	return &allowed.Rules{Mapping: b.Mappings.Head, Node: b.allowNode, Now: b.Now}
}

// allowNode asks the directory whether the mapping's rules let it write for a node.
func (b *Bridge) allowNode(ctx context.Context, m *mapping.Head, id string) error {
	nodes, err := b.Directory(ctx)
	if err != nil {
		return err
	}
	d := nodes.Resolve(node.Subject{NodeID: []string{id}}, node.Rules{AllowNodes: m.Allow.Nodes, AllowTags: m.Allow.NodeTags})
	if d.Outcome != node.Matched {
		return &allowed.Refusal{Reason: d.Reason}
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
