package intake

import (
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/sieve"
)

// A document may state a million rows of one machine, of which an item has room for a few thousand. Such records are read twice: once to count
// the rows of each type, and once to hold the first of them in the type's order. The rows wait in temporary files until all entries of a key
// can be looked at together, so that what is held and counted is what it would be if all were held.

// plain reports whether it depends on nothing but the type's order which rows of the statements count: each is a snapshot at one time, and all
// that its source states.
func (g *gathering) plain() bool {
	sources := map[string]bool{}
	for v, st := range g.statements {
		if v.merge || st.mixed || sources[v.source] {
			return false
		}
		sources[v.source] = true
		for _, p := range st.types {
			if len(p.looked) > 0 {
				return false
			}
		}
	}
	return true
}

// typesOnly leaves of statements how many rows of each type there are.
func (g *gathering) typesOnly() *gathering {
	out := &gathering{statements: map[statementKey]*statementInProgress{}}
	for v, st := range g.statements {
		out.statements[v] = &statementInProgress{types: st.types}
	}
	return out
}

// sieveOf returns a sieve for a type of a statement; nil: its rows are not too many, or all have to be held.
func (g *gathering) sieveOf(of statementKey, t int) *sieve.Sieve {
	if g.counted == nil {
		return nil
	}
	ty := g.im.Mapping.Types()[t].Inventory
	before := g.counted.statements[of]
	if before == nil || before.types[t] == nil || ty.HoldsAll(before.types[t].rows) {
		return nil
	}
	return sieve.New(ty, g.im.in.TempDir)
}

// sift adds to each statement the rows that its sieves hold.
func (g *gathering) sift() error {
	for _, st := range g.statements {
		for _, p := range st.types {
			if p.sieve == nil {
				continue
			}
			if err := p.sieve.Into(&st.statement.Types[p.index]); err != nil {
				return err
			}
		}
	}
	return nil
}

// close removes what sieves hold on disk.
func (g *gathering) close() error {
	var errs []error
	for _, st := range g.statements {
		for _, p := range st.types {
			if p.sieve != nil {
				errs = append(errs, p.sieve.Close())
			}
		}
	}
	return errors.Join(errs...)
}
