package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Silent is a source that has not spoken for longer than its mapping says, or a mapping that never did.
type Silent struct {
	Source string        `json:"source"`
	Every  time.Duration `json:"-"`
	Expect string        `json:"every"`
	Heard  time.Time     `json:"heard,omitzero"` // zero: never
}

// silentAfter is how much later than expected a source may speak.
const silentAfter = 1.5

// silent lists the sources that are overdue, by name.
func silent(set *mapping.Set, speakers map[string]*ledger.Speaker, now time.Time) []Silent {
	list := []Silent{}
	for _, name := range set.Names() {
		m, _ := set.Mapping(name)
		if m.Every == 0 {
			continue
		}
		spoke := false
		for source, s := range speakers {
			if source != name && !strings.HasPrefix(source, name+"/") {
				continue
			}
			if spoke = true; now.Sub(s.Heard) > time.Duration(float64(m.Every)*silentAfter) {
				list = append(list, Silent{source, m.Every, m.Every.String(), s.Heard})
			}
		}
		if !spoke && !m.Builtin { // of the built-in ones nobody said that they are used
			list = append(list, Silent{Source: name, Every: m.Every, Expect: m.Every.String()})
		}
	}
	slices.SortFunc(list, func(a, b Silent) int { return cmp.Compare(a.Source, b.Source) })
	return list
}

// Source is what is known of a source.
type Source struct {
	ledger.Speaker
	Parked int    `json:"parked"` // records of its last snapshot that had no node then
	Every  string `json:"every,omitempty"`
	Silent bool   `json:"silent"`
}

// Sources lists who speaks, by name.
func (b *Bridge) Sources(ctx context.Context) ([]Source, error) {
	speakers, err := b.Ledger.Speakers(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := b.Ledger.Parked(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if speakers[k.Source] == nil {
			speakers[k.Source] = &ledger.Speaker{Source: k.Source}
		}
	}
	late := map[string]Silent{}
	for _, s := range silent(b.Mappings, speakers, b.Now()) {
		late[s.Source] = s
		if speakers[s.Source] == nil {
			speakers[s.Source] = &ledger.Speaker{Source: s.Source, Mapping: s.Source}
		}
	}
	list := []Source{}
	for _, name := range slices.Sorted(maps.Keys(speakers)) {
		s := Source{Speaker: *speakers[name]}
		if m, ok := b.Mappings.Mapping(s.Mapping); ok && m.Every > 0 {
			s.Every = m.Every.String()
		}
		_, s.Silent = late[name]
		p, err := b.Ledger.Parking(ctx, name)
		if err != nil {
			return nil, err
		}
		s.Parked = p.Records
		list = append(list, s)
	}
	return list, nil
}

// ErrUnknownSource is returned for a source that says nothing.
var ErrUnknownSource = errors.New("no such source says anything")

// RemoveSource takes a source away: what it states of all nodes, and what is parked of it; of some nodes only where they are named. The
// rest of what nodes should hold is put.
func (b *Bridge) RemoveSource(ctx context.Context, source string, nodes ...string) (SweepResult, error) {
	speakers, err := b.Ledger.Speakers(ctx)
	if err != nil {
		return SweepResult{}, err
	}
	keys, err := b.Ledger.Parked(ctx, source)
	if err != nil {
		return SweepResult{}, err
	}
	if speakers[source] == nil && len(keys) == 0 {
		return SweepResult{}, ErrUnknownSource
	}
	if len(nodes) == 0 {
		if err := b.Ledger.DropParking(ctx, source); err != nil {
			return SweepResult{}, err
		}
	}
	s := &sweep{b: b, d: b.deliverer(Options{Observe: b.Observe})}
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
