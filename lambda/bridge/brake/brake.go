// Package brake knows whether so many nodes of a source may be cleared as a document no longer names. It does not know which they are, nor how they are
// cleared.
package brake

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Brake decides by the rules of the loaded mappings.
type Brake struct{ Mappings *mapping.Set }

// Counted decides that nothing is cleared where too many nodes are marked as absent from an import's document: of all nodes of a source, or of those in
// one account and region. Nodes of which the document could prove nothing do not count as nodes that it names.
func (b Brake) Counted(a *receipt.Absence, r receipt.Receipt, summaries map[string]*ledger.SourceSummary) {
	for _, source := range slices.Sorted(maps.Keys(summaries)) {
		s := summaries[source]
		elsewhere := map[string]int{}
		for k, there := range s.Targets {
			elsewhere[k.String()] = there.Absent[r.Import]
		}
		if absent := s.Absent[r.Import]; absent > 0 {
			b.few(a, s.Mapping, receipt.Absent{Source: source, Nodes: looked(r, s), Absent: absent, Elsewhere: elsewhere}, s)
		}
	}
}

// looked is how many of a source's nodes an import looked at: not those of accounts and regions that could not be listed.
func looked(r receipt.Receipt, s *ledger.SourceSummary) int {
	i := slices.IndexFunc(r.Absent, func(a receipt.Absent) bool { return a.Source == s.Source })
	if len(s.Targets) == 0 || i < 0 {
		return s.Nodes
	}
	return min(s.Nodes, r.Absent[i].Nodes)
}

// Planned decides what would be decided about the absent nodes of an import that is planned.
func (b Brake) Planned(a *receipt.Absence, r receipt.Receipt, summaries map[string]*ledger.SourceSummary) {
	for _, s := range r.Absent {
		b.few(a, r.Mapping, s, summaries[s.Source])
	}
}

// few decides that nothing is cleared where more nodes of a source are absent than its mapping clears at once.
func (b Brake) few(a *receipt.Absence, mapping string, s receipt.Absent, of *ledger.SourceSummary) {
	m, loaded := b.Mappings.Head(mapping)
	if !loaded || !m.Absent.Clear {
		a.Cleared, a.Reason = false, "the mapping of the source "+s.Source+" does not clear absent nodes"
		return
	}
	isMany := func(where string, absent, nodes int) {
		if most := max(1, int(math.Floor(m.Absent.MaxCleared*float64(nodes)))); absent > most {
			a.Cleared = false
			a.Reason = fmt.Sprintf("%d of %d nodes of the source %s%s are not named, and at most %d may be cleared at once", absent, nodes, s.Source, where, most)
		}
	}
	isMany("", s.Absent, s.Nodes)
	if of == nil || len(of.Targets) == 0 {
		return
	}
	own, ownNodes := s.Absent, of.Nodes
	for _, k := range slices.SortedFunc(maps.Keys(of.Targets), target.Key.Compare) {
		absent, nodes := s.Elsewhere[k.String()], of.Targets[k].Nodes
		isMany(k.In(), absent, nodes)
		own, ownNodes = own-absent, ownNodes-nodes
	}
	isMany(" in the installation's own account and region", own, ownNodes)
}

// Proves decides that nothing is cleared where a document does not prove that any node is absent.
func Proves(r receipt.Receipt, a *receipt.Absence) {
	a.Sources = r.Absent
	if r.Records == 0 { // a table that was cut off behind its header looks the same
		a.Cleared, a.Reason = false, "a document without a record does not prove that nodes are absent"
	}
	if n := r.Counts.Of(receipt.Rejected); n > 0 {
		a.Cleared = false
		a.Reason = fmt.Sprintf("%d records were rejected, so the document does not prove that a node is absent", n)
	}
}

// WithHelp adds what a person can do where nothing is cleared.
func WithHelp(id string, a *receipt.Absence) {
	if !a.Cleared {
		a.Reason += "; nothing was cleared; to clear them all the same: invbridge redrive --confirm-absent " + id
	}
}
