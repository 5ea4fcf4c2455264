package delivery

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// part makes a statement of a part of a list.
func part(s *statement) *statement {
	s.Merge, s.Part = true, true
	return s
}

// apart are documents that are written so many minutes after each other: four of them within the time of pages.
const apart = 110

// partsOfLists makes what keyScopes does, and parts.
func partsOfLists(n int, random *rand.Rand) *statement {
	s := keyScopes(n, random)
	if random.IntN(5) < 2 {
		s.Types[0].Scope, s.Partial = nil, false
		s.Types[0].Rows = slices.DeleteFunc(s.Types[0].Rows, func(r ledger.Row) bool { return r.Remove })
		return part(s)
	}
	return s
}

// plainParts makes snapshots of all, merges and parts.
func plainParts(n int, random *rand.Rand) *statement {
	s := partsOfLists(n, random)
	s.Types[0].Scope, s.Partial = nil, false
	return s
}

// TestAnyOrderOfPartsAndSnapshots hands in parts of lists, and all other kinds of statements, in random orders and some twice.
func TestAnyOrderOfPartsAndSnapshots(t *testing.T) {
	for name, generate := range map[string]generated{"plain": plainParts, "all": partsOfLists} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				random := rand.New(rand.NewPCG(seed, 11))
				var known []document
				for n := range 3 + random.IntN(7) {
					known = append(known, document{id: fmt.Sprint("d", n), at: (n - 10) * apart, statements: []*statement{generate(n, random)}})
				}
				want := foldParts(known)
				first := ""
				for round := range 10 {
					order := slices.Clone(known)
					if round > 0 {
						order = append(order, known[:random.IntN(len(known))]...)
						random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
					}
					p := hands(t, order)
					got := rowsOf(t, p)
					if round == 0 {
						first = got
					}
					if held := holdsRows(p); held != want || got != first {
						var ids []string
						for _, d := range order {
							ids = append(ids, d.id)
						}
						t.Fatalf("seed %d, round %d, %v:\n%s\n%s\nwant:\n%s\n%s\n%s", seed, round, ids, held, got, want, first, describe(known))
					}
				}
			}
		})
	}
}

// folding is what a source states while documents are applied in the order of their time, in the plainest way.
type folding struct {
	rows    map[string]inventory.Entry
	parts   map[string]inventory.Entry
	partAt  map[string]ledger.Stamp
	removed map[string]ledger.Stamp
}

// foldParts is fold with parts of lists: a snapshot leaves the row of the newest part of a key where it follows that.
func foldParts(docs []document) string {
	f := folding{map[string]inventory.Entry{}, map[string]inventory.Entry{}, map[string]ledger.Stamp{}, map[string]ledger.Stamp{}}
	for _, d := range docs {
		for _, row := range d.statements[0].Types[0].Rows {
			if outside(d.statements[0], row) {
				f.rows[row.Values[0]] = row.Values
			}
		}
	}
	for _, d := range docs {
		at := ledger.Stamp{Written: newWorld().now.Add(time.Duration(d.at) * time.Minute)}
		f.apply(d.statements[0], at)
	}
	var list []string
	for id := range 4 {
		if row := f.rows[fmt.Sprint(id)]; row != nil {
			list = append(list, "a"+row[0]+row[1]+row[3]+row[4])
		}
	}
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("Port[%s]", strings.Join(list, " "))
}

func (f *folding) apply(s *statement, at ledger.Stamp) {
	stated := map[string]bool{}
	for _, row := range s.Types[0].Rows {
		if outside(s, row) {
			continue
		}
		id := row.Values[0]
		stated[id] = true
		if row.Remove {
			delete(f.rows, id)
			f.removed[id] = at
			continue
		}
		f.set(id, row.Values, s.Partial)
		if s.Part {
			f.parts[id], f.partAt[id] = row.Values, at
		}
	}
	if !s.Merge {
		f.snapshot(s, at, stated)
	}
}

func (f *folding) set(id string, row inventory.Entry, partial bool) {
	switch old := f.rows[id]; {
	case partial && old == nil:
		row = kinds()["Custom:Port"].WithDefaults(row)
	case partial:
		row = slices.Clone(row)
		for i, v := range row {
			if v == "" {
				row[i] = old[i]
			}
		}
	}
	f.rows[id] = row
}

// snapshot removes what a snapshot does not state, and sets again what parts have stated of it that it follows.
func (f *folding) snapshot(s *statement, at ledger.Stamp, stated map[string]bool) {
	ty, scope := kinds()["Custom:Port"], s.Types[0].Scope
	for id, row := range f.rows {
		if !stated[id] && scope.Covers(ty, row) {
			delete(f.rows, id)
		}
	}
	if scope == nil {
		clear(f.removed) // what is older than a snapshot of all counts no longer
	}
	for id, row := range f.parts {
		if scope.Covers(ty, row) && !at.Follows(f.partAt[id]) {
			delete(f.parts, id)
			continue
		}
		if f.rows[id] == nil && f.partAt[id].Compare(f.removed[id]) > 0 {
			f.rows[id] = row
		}
	}
}

// TestPartsOfLists is about outcomes, and about what is kept: pages in both orders, and the same documents again.
func TestPartsOfLists(t *testing.T) {
	hour, week := 60, 7*24*60
	first := document{"1", -2 * week, []*statement{part(says(web1, "a", "1", "2"))}}
	last := document{"2", -2*week + 1, []*statement{says(web1, "a", "3")}}
	for _, c := range []struct {
		name  string
		steps []document
		want  string // outcomes of the last
		holds string
		kept  bool
	}{
		{"in order", []document{first, last}, "put=1", "a1 a2 a3", true},
		{"the last page first", []document{last, first}, "put=2", "a1 a2 a3", true},
		{"the last page states a key too", []document{{"2", -2*week + 1, []*statement{says(web1, "a", "2=LOW", "3")}}, first}, "put=1 stale=1", "a1 a2LOW a3", true},
		{"a list a week later", []document{
			first, last, {"3", -week, []*statement{part(says(web1, "a", "2"))}}, {"4", -week + 1, []*statement{says(web1, "a", "3", "4")}},
		}, "put=2", "a2 a3 a4", true},
		{"one page a week later", []document{first, last, {"3", -week, []*statement{says(web1, "a", "2")}}}, "put=1", "a2", false},
		{"a part that is too old", []document{{"3", -week, []*statement{says(web1, "a", "2")}}, first}, "stale=2", "a2", false},
		{"six hours later", []document{first, {"2", -2*week + 6*hour, []*statement{says(web1, "a", "3")}}}, "put=1", "a1 a2 a3", true},
		{"more than six hours later", []document{first, {"2", -2*week + 6*hour + 1, []*statement{says(web1, "a", "3")}}}, "put=1", "a3", true},
		{"a key that was removed since", []document{last, {"r", -2*week + 2, []*statement{merges(web1, "a", "!1")}}, first}, "put=1 stale=1", "a2 a3", true},
		{"within a scope", []document{first, {"2", -2*week + 1, []*statement{looks(says(web1, "a", "3"), "Id", "1", "3")}}}, "put=1", "a1 a2 a3", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			got := ""
			for _, d := range c.steps {
				got = p.deliver(d)
			}
			holds, _, _ := strings.Cut(strings.TrimPrefix(p.w.holds(web1), "Finding["), "]")
			equal(t, "outcomes, holds", []string{got, holds}, []string{c.want, c.holds})
			before := p.head().Nodes
			equal(t, "parts are kept", before[web1].Types["Custom:Finding"].Shares["a"].Parts != "", c.kept)
			p.deliver(c.steps[len(c.steps)-1])
			equal(t, "the same again", p.head().Nodes, before)
		})
	}
}
