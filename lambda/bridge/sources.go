package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Silent is a source without an import for longer than its mapping allows, or a mapping that never had one.
type Silent struct {
	Source   string    `json:"source"`
	Every    string    `json:"every"`          // how long the mapping allows
	Received time.Time `json:"heard,omitzero"` // zero: never
}

// silentAfter is how much later than expected a source's import may come.
const silentAfter = 1.5

// silent lists the sources that are overdue, by name.
func silent(set *mapping.Set, summaries map[string]*ledger.SourceSummary, now time.Time) []Silent {
	list := []Silent{}
	for _, m := range set.Heads() {
		name := m.Name
		if m.Every == 0 {
			continue
		}
		stated := false
		for source, s := range summaries {
			if !allowed.Owns(name, source) {
				continue
			}
			stated = true
			if now.Sub(s.Received) > time.Duration(float64(m.Every)*silentAfter) {
				list = append(list, Silent{source, m.Every.String(), s.Received})
			}
		}
		if !stated && !m.Builtin { // a built-in one may never have been used
			list = append(list, Silent{Source: name, Every: m.Every.String()})
		}
	}
	slices.SortFunc(list, func(a, b Silent) int { return cmp.Compare(a.Source, b.Source) })
	return list
}

// Source is what is known of a source.
type Source struct {
	ledger.SourceSummary
	Parked int    `json:"parked"` // records that wait for a node
	Every  string `json:"every,omitempty"`
	Silent bool   `json:"silent"`
}

// Sources lists all sources, by name. The error names what is damaged of what is parked; the list has the rest.
func (b *Bridge) Sources(ctx context.Context) ([]Source, error) {
	summaries, err := b.Ledger.Sources(ctx)
	if err != nil {
		return nil, err
	}
	waiting, damaged := b.waitingParked(ctx)
	parked := map[string]int{}
	for _, w := range waiting {
		parked[w.Source] += w.Count
		if summaries[w.Source] == nil {
			summaries[w.Source] = &ledger.SourceSummary{Source: w.Source}
		}
	}
	late := map[string]Silent{}
	for _, s := range silent(b.Mappings, summaries, b.Now()) {
		late[s.Source] = s
		if summaries[s.Source] == nil {
			summaries[s.Source] = &ledger.SourceSummary{Source: s.Source, Mapping: s.Source}
		}
	}
	list := []Source{}
	for _, name := range slices.Sorted(maps.Keys(summaries)) {
		s := Source{SourceSummary: *summaries[name]}
		if m, ok := b.Mappings.Head(s.Mapping); ok && m.Every > 0 {
			s.Every = m.Every.String()
		}
		_, s.Silent = late[name]
		s.Parked = parked[name]
		list = append(list, s)
	}
	return list, damaged
}

// ErrUnknownSource is returned for a source that has no statement, nor anything parked.
var ErrUnknownSource = errors.New("there is no such source: invbridge source list names all")

// RemoveSource removes a source: its shares on all nodes, and what is parked of it; where nodes are named, only its shares on those. The
// rest of what nodes should hold is put.
func (b *Bridge) RemoveSource(ctx context.Context, source string, nodes ...string) (SweepResult, error) {
	summaries, err := b.Ledger.Sources(ctx)
	if err != nil {
		return SweepResult{}, err
	}
	keys, err := b.Ledger.Parked(ctx, source)
	if err != nil {
		return SweepResult{}, err
	}
	if summaries[source] == nil && len(keys) == 0 {
		return SweepResult{}, ErrUnknownSource
	}
	if len(nodes) == 0 && !b.Plan {
		if err := b.Ledger.DeleteParking(ctx, source); err != nil {
			return SweepResult{}, err
		}
	}
	s := b.newSweep()
	var errs []error
	for p := range b.Ledger.Partitions() {
		part, settled, err := s.d.Remove(ctx, p, source, nodes...)
		s.add(part)
		if err := errors.Join(err, b.settle(ctx, settled)); err != nil {
			errs = append(errs, fmt.Errorf("partition %d: %w", p, err))
		}
	}
	return s.SweepResult, errors.Join(errs...)
}

// Repair puts types of a node again, in full: the service holds something else than was put.
func (b *Bridge) Repair(ctx context.Context, node string, types ...string) (SweepResult, error) {
	s := b.newSweep()
	part, settled, err := s.d.Repair(ctx, node, types...)
	s.add(part)
	return s.SweepResult, errors.Join(err, b.settle(ctx, settled))
}
