// Package sieve holds the first of very many rows of a machine, in their type's order, while a document becomes statements, and counts the others.
// Rows wait in temporary files until all of a key can be looked at together.
package sieve

import (
	"errors"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// Sieve holds the first of very many rows of a type.
type Sieve struct {
	t     *inventory.Type
	best  *inventory.Best
	rows  *spill.Buckets // by key
	frame []byte
}

const (
	buckets = 64
	budget  = 1 << 20 // bytes of rows that wait in memory
)

var errFrame = errors.New("sieve: a temporary file is damaged")

// New makes a sieve of a type's rows, with its temporary files in a directory.
func New(t *inventory.Type, dir string) *Sieve {
	return &Sieve{t: t, best: t.Best(), rows: spill.New(dir, buckets, budget)}
}

// Takes reports whether a row goes through the sieve: a row that is refused later does not, nor any where there is no sieve.
func (s *Sieve) Takes(row *ledger.Row) bool {
	return s != nil && s.t.Refuses(row.Values) == "" && s.t.LacksContext(row.Values) == ""
}

// Add adds a row.
func (s *Sieve) Add(row *ledger.Row) error {
	s.frame = packed.AppendTexts(packed.AppendUint(s.frame[:0], uint64(row.Record)), row.Values)
	g := spill.Group(s.best.Hash(row.Values))
	return s.rows.Add(s.rows.BucketOf(g), g, s.frame)
}

// Into adds the rows that are held to a statement, and what is known of the others.
func (s *Sieve) Into(ts *ledger.TypeStatement) error {
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

func (s *Sieve) given(given []inventory.Given, frames spill.Frames) ([]inventory.Given, error) {
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

// Close removes what it holds on disk.
func (s *Sieve) Close() error { return s.rows.Close() }
