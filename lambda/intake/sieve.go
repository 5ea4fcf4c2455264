package intake

import (
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
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

// sieve holds the first of very many rows.
type sieve struct {
	t     *inventory.Type
	best  *inventory.Best
	rows  *spill.Buckets // by key
	frame []byte
}

const sieveBudget = 1 << 20 // bytes of rows that wait in memory

// sieveOf returns a sieve for a type of a statement; nil: its rows are not too many, or all have to be held.
func (g *gathering) sieveOf(of statementKey, t int) *sieve {
	if g.counted == nil {
		return nil
	}
	ty := g.im.Mapping.Types()[t].Inventory
	before := g.counted.statements[of]
	if before == nil || before.types[t] == nil || ty.HoldsAll(before.types[t].rows) {
		return nil
	}
	return &sieve{t: ty, best: ty.Best(), rows: spill.New(g.im.in.TempDir, keyBuckets, sieveBudget)}
}

// takes reports whether a row goes through the sieve: a row that is refused later does not.
func (s *sieve) takes(row *ledger.Row) bool {
	return s != nil && s.t.Refuses(row.Values) == "" && s.t.LacksContext(row.Values) == ""
}

func (s *sieve) add(row *ledger.Row) error {
	s.frame = packed.AppendTexts(packed.AppendUint(s.frame[:0], uint64(row.Record)), row.Values)
	g := spill.Group(s.best.Hash(row.Values))
	return s.rows.Add(s.rows.BucketOf(g), g, s.frame)
}

// sift adds to each statement the rows that its sieves hold.
func (g *gathering) sift() error {
	for _, st := range g.statements {
		for _, p := range st.types {
			if p.sieve == nil {
				continue
			}
			if err := p.sieve.into(&st.statement.Types[p.index]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sieve) into(ts *ledger.TypeStatement) error {
	if err := s.rows.Settle(); err != nil {
		return err
	}
	var given []inventory.Given
	for i := range s.rows.Len() {
		for frames, err := range s.rows.Groups(i) {
			if err == nil {
				given, err = s.given(given[:0], frames)
			}
			if err != nil {
				return err
			}
			s.best.Add(given)
		}
		if err := s.rows.Drop(i); err != nil {
			return err
		}
	}
	for _, g := range s.best.Held() {
		ts.Rows = append(ts.Rows, ledger.Row{Values: g.Entry, Record: g.Record})
	}
	ts.Beyond = s.best.Beyond
	return nil
}

// manyGiven is how many entries of a key are held before equal ones become one.
const manyGiven = 2000

func (s *sieve) given(given []inventory.Given, frames spill.Frames) ([]inventory.Given, error) {
	once := manyGiven
	for f, err := range frames.All() {
		if err != nil {
			return nil, err
		}
		d := packed.NewDecoder(f)
		g := inventory.Given{Record: int32(d.Uint())}
		g.Entry = d.Texts()
		if d.Bad() {
			return nil, errFrame
		}
		given = append(given, g)
		if len(given) == once {
			given = s.best.Once(given)
			once = max(manyGiven, 2*len(given))
		}
	}
	return given, nil
}

// close removes what sieves hold on disk.
func (g *gathering) close() error {
	var errs []error
	for _, st := range g.statements {
		for _, p := range st.types {
			if p.sieve != nil {
				errs = append(errs, p.sieve.rows.Close())
			}
		}
	}
	return errors.Join(errs...)
}
