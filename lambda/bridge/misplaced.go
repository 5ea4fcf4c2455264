package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/numbers"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Misplaced is the rows of a source on a node to which their machine does not lead any more: it leads to another node, or to none.
type Misplaced struct {
	Source string `json:"source"`
	Node   string `json:"node"`
	Leads  string `json:"leads,omitempty"` // the node to which the machine leads now; "": to none
	Rows   int    `json:"rows"`
}

// placing finds out where machines lead now.
type placing struct {
	b     *Bridge
	nodes *node.Directory
	asker *node.Asker // nil: a file of nodes has all

	numbers *numbers.Numbers // nil: they are taken to be as they were
}

func (b *Bridge) placing(ctx context.Context) (*placing, error) {
	nodes, err := b.Directory(ctx)
	if err != nil {
		return nil, err
	}
	p := &placing{b: b, nodes: nodes, numbers: numbers.Of(ctx, b.Ledger, true)}
	if b.Nodes == nil {
		p.asker = nodes.Asking(ctx, b.clients.Own(), b.clients.Listing)
	}
	return p, nil
}

// leads reports whether the machine of a source's statement about a node leads elsewhere now, and where. The service is asked for tags and
// MAC addresses only where nothing else leads to the node; what it was not asked for is taken to be as it was.
func (p *placing) leads(id string, known *ledger.Source) (to string, elsewhere bool) {
	m, loaded := p.b.Mappings.Head(known.Mapping)
	n, listed := p.nodes.Lookup(id)
	if !loaded || !listed || len(known.Subject) == 0 {
		return "", false
	}
	subject, rules := subjects.From(known.Subject), p.b.rules(m)
	p.b.placed(&subject, n.Target)
	if p.numbers != nil {
		rules.Numbers = p.numbers
	}
	d := p.nodes.Resolve(subject, rules)
	if p.numbers != nil && p.numbers.Err() != nil {
		return "", false
	}
	if d.Node == id || d.Reason == node.ReasonTargetUnreachable || d.Outcome != node.Matched && p.nodes.MayBe(subject, rules, id) {
		return "", false
	}
	if p.asker != nil && (len(subject.MAC) > 0 || len(subject.Tags) > 0) {
		d = p.asker.Resolve(subject, rules)
		if p.asker.Err() != nil || !p.nodes.Asked(subject.MAC) || d.Node == id || d.Outcome != node.Matched && p.nodes.MayBe(subject, rules, id) {
			return "", false
		}
	}
	return d.Node, true
}

// isMisplaced reports for a delivery whether a machine leads to another node now. One that leads to none may be this node under another
// name: that is for somebody to decide, see Misplaced.
func (b *Bridge) isMisplaced(ctx context.Context, id string, known *ledger.Source) (bool, error) {
	nodes, err := b.Directory(ctx)
	if err != nil {
		return false, err
	}
	to, _ := (&placing{b: b, nodes: nodes}).leads(id, known) // nothing is asked for: it is called for many nodes
	return to != "", nil
}

// Misplaced lists the rows of sources on nodes to which their machines do not lead any more.
func (b *Bridge) Misplaced(ctx context.Context) ([]Misplaced, error) {
	placing, err := b.placing(ctx)
	if err != nil {
		return nil, err
	}
	list := []Misplaced{}
	for p := range b.Ledger.Partitions() {
		h, err := b.Ledger.Load(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("partition %d: %w", p, err)
		}
		list = append(list, placing.misplaced(h)...)
	}
	return list, nil
}

func (p *placing) misplaced(h *ledger.Head) []Misplaced {
	var list []Misplaced
	for _, id := range slices.Sorted(maps.Keys(h.Nodes)) {
		n := h.Nodes[id]
		for _, source := range slices.Sorted(maps.Keys(n.Sources)) {
			known := n.Sources[source]
			if !known.Cleared.IsZero() {
				continue
			}
			if to, elsewhere := p.leads(id, known); elsewhere {
				list = append(list, Misplaced{Source: source, Node: id, Leads: to, Rows: rowsOf(n, source)})
			}
		}
	}
	return list
}

func rowsOf(n *ledger.NodeState, source string) int {
	rows := 0
	for _, t := range n.Types {
		if share := t.Shares[source]; share != nil {
			rows += share.Count
		}
	}
	return rows
}
