package intake

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// supersede leaves of the records that are all that their source knows the newest of each type. A record that states some types only says
// nothing of the others: of these an older one stands, with its own time.
func (g *gathering) supersede() {
	bySource := map[string][]statementKey{}
	for k := range g.statements {
		if k.newest {
			bySource[k.source] = append(bySource[k.source], k)
		}
	}
	for source, keys := range bySource {
		slices.SortFunc(keys, func(a, b statementKey) int { return cmp.Compare(b.captured, a.captured) })
		newest, stated := g.statements[keys[0]], map[int]bool{}
		beside := statementKey{source: source}
		others := g.statements[beside] != nil // of another block: all are one snapshot
		for _, k := range keys {
			st := g.statements[k]
			st.leaveStated(stated)
			if st == newest {
				continue
			}
			newest.statement.Subject = join(newest.statement.Subject, st.statement.Subject)
			if others || len(st.types) == 0 {
				g.absorb(newest, k)
			}
		}
		if others {
			newest.statement.Subject = join(newest.statement.Subject, g.statements[beside].statement.Subject)
			g.absorb(newest, beside)
		}
	}
}

// leaveStated leaves out the types that a newer record states, and adds the others to them.
func (st *statementInProgress) leaveStated(stated map[int]bool) {
	for record, states := range st.states {
		if slices.ContainsFunc(states, func(t int) bool { return stated[t] }) {
			markStale(&st.statement.Records[record], staleRecord)
		}
	}
	for t, p := range st.types {
		if !stated[t] {
			stated[t] = true
			continue
		}
		delete(st.types, t)
		st.statement.Types = slices.Delete(st.statement.Types, p.index, p.index+1)
		for _, other := range st.types {
			if other.index > p.index {
				other.index--
			}
		}
	}
}

// absorb makes the records of a statement those of another one, with what they state.
func (g *gathering) absorb(into *statementInProgress, k statementKey) {
	st, first := g.statements[k], int32(len(into.times))
	delete(g.statements, k)
	for i := range g.looks {
		if l := &g.looks[i]; l.st == st {
			l.st, l.record = into, l.record+len(into.times)
		}
	}
	if t := st.statement.Captured; t.After(into.statement.Captured) {
		into.statement.Captured = t
	}
	into.statement.Records = append(into.statement.Records, st.statement.Records...)
	into.times, into.mixed = append(into.times, st.times...), true
	into.states, into.scopes = append(into.states, st.states...), append(into.scopes, st.scopes...)
	for t, p := range st.types {
		to := g.typeOf(into, t)
		to.all = to.all || p.all
		for _, scope := range p.looked {
			to.look(scope)
		}
		rows := &into.statement.Types[to.index].Rows
		for _, row := range st.statement.Types[p.index].Rows {
			row.Record += first
			*rows = append(*rows, row)
		}
	}
}

// outsideLook is why an entry of a record does not count that did not look at it.
const outsideLook = "it did not look at the entry, and another record of the document has"

// dropOutside leaves out rows that their record did not look at where another one of the statement has looked at them.
func (st *statementInProgress) dropOutside(t int, of *inventory.Type) error {
	p := st.types[t]
	if len(p.looked) == 0 || len(p.looked) == 1 && !p.all {
		return nil
	}
	var covers []*inventory.Cover
	for _, encoded := range p.looked {
		scope, err := frame.ScopeOf(encoded)
		if err != nil {
			return err
		}
		covers = append(covers, scope.Of(of))
	}
	covered := func(row ledger.Row) bool {
		return p.all || slices.ContainsFunc(covers, func(c *inventory.Cover) bool { return c.Has(row.Values) })
	}
	ts := &st.statement.Types[p.index]
	ts.Rows = slices.DeleteFunc(ts.Rows, func(row ledger.Row) bool {
		own := p.indexOf(st.scopeOf(row.Record, t))
		drop := own >= 0 && !covers[own].Has(row.Values) && covered(row)
		if drop {
			mark(&st.statement.Records[row.Record], receipt.Duplicate, outsideLook)
		}
		return drop
	})
	return nil
}

// scopeOf is what a record looked at of a type, encoded; nil: all of it.
func (st *statementInProgress) scopeOf(record int32, t int) []byte {
	i := slices.Index(st.states[record], t)
	if i < 0 || i >= len(st.scopes[record]) {
		return nil
	}
	return st.scopes[record][i]
}
