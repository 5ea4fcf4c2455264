package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// writeRows stores a share's rows and returns their name; in a plan they are kept in memory.
func (p *partition) writeRows(ctx context.Context, t *inventory.Type, rows *ledger.Rows) (string, error) {
	if p.plan {
		name := fmt.Sprintf("planned %d", len(p.fresh))
		p.fresh[name] = rows
		return name, nil
	}
	return p.config.Ledger.WriteRows(ctx, t, rows)
}

func (p *partition) readRows(ctx context.Context, t *inventory.Type, name string) (*ledger.Rows, error) {
	if rows, ok := p.fresh[name]; ok {
		return rows, nil
	}
	return p.config.Ledger.ReadRows(ctx, t, name)
}

// writeScope stores a scope and returns its name. One that many nodes have is stored once in a piece of work.
func (p *partition) writeScope(ctx context.Context, s *inventory.Scope) (string, error) {
	name, err := ledger.ScopeName(s)
	if err != nil || p.scopes[name] != nil {
		return name, err
	}
	if !p.plan {
		name, err = p.config.Ledger.WriteScope(ctx, s)
		if err != nil {
			return "", err
		}
	}
	p.keepScope(name, s)
	return name, nil
}

func (p *partition) readScope(ctx context.Context, name string) (*inventory.Scope, error) {
	if s := p.scopes[name]; s != nil {
		return s, nil
	}
	s, err := p.config.Ledger.ReadScope(ctx, name)
	if err == nil {
		p.keepScope(name, s)
	}
	return s, err
}

func (p *partition) keepScope(name string, s *inventory.Scope) {
	if p.scopes == nil {
		p.scopes = map[string]*inventory.Scope{}
	}
	p.scopes[name] = s
}

// compose composes the shares of a type.
func (p *partition) compose(ctx context.Context, t *inventory.Type, shares map[string]*ledger.Share) (inventory.Composition, error) {
	var list []inventory.Share
	for _, source := range slices.Sorted(maps.Keys(shares)) {
		share := shares[source]
		if share.Count == 0 {
			continue
		}
		rows, err := p.readRows(ctx, t, share.Rows)
		if err != nil {
			return inventory.Composition{}, err
		}
		list = append(list, inventory.Share{Source: source, Rows: rows.Rows, Captured: share.Base().Captured, Times: times(share, rows)})
	}
	return inventory.Compose(t, list), nil
}

// times returns the capture times of rows that have their own; nil: all have that of the share's snapshot.
func times(share *ledger.Share, rows *ledger.Rows) []time.Time {
	if rows.Stamps == nil && rows.Patches == nil {
		return nil
	}
	base := share.Base()
	times := make([]time.Time, len(rows.Rows))
	for i := range times {
		stamp := base
		if i < len(rows.Stamps) && !rows.Stamps[i].IsZero() {
			stamp = rows.Stamps[i]
		}
		if i < len(rows.Patches) {
			stamp = ledger.Newest(stamp, rows.Patches[i].Newest())
		}
		times[i] = stamp.Captured
	}
	return times
}
