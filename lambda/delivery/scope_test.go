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

// looks makes a snapshot that looked at some values of an attribute only; without any, at nothing.
func looks(s *statement, attribute string, values ...string) *statement {
	if len(values) == 0 {
		s.Types[0].Scope = &inventory.Scope{}
		return s
	}
	s.Types[0].Scope = &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: attribute, Values: values}}}}
	return s
}

// has makes a snapshot of ports: "1 name state title", each value but the first may be -.
func has(node, source string, ports ...string) *statement {
	s := &statement{Node: node, Source: source, Subject: []string{"hostname=" + node}, Types: []ledger.TypeStatement{{Type: "Custom:Port"}}}
	for i, p := range ports {
		s.Records = append(s.Records, ledger.RecordResult{Number: i + 1})
		p, remove := strings.CutPrefix(p, "!")
		f := append(strings.Fields(p), "", "", "")
		for i, v := range f {
			f[i] = strings.Trim(v, "-")
		}
		s.Types[0].Rows = append(s.Types[0].Rows, ledger.Row{
			Values: inventory.Entry{f[0], f[1], source, f[2], f[3]}, Record: int32(i), Remove: remove,
		})
	}
	return s
}

// adds makes a partial statement.
func adds(node, source string, findings ...string) *statement {
	s := merges(node, source, findings...)
	s.Partial = true
	return s
}

// hands hands documents in, in the order given, to a new world.
func hands(t *testing.T, docs []document) *process {
	t.Helper()
	p := &process{t: t, w: newWorld(), name: "w"}
	for _, d := range docs {
		p.deliver(d)
	}
	return p
}

// rowsOf is what a source states of a node, by row, with the time of its newest statement.
func rowsOf(t *testing.T, p *process) string {
	t.Helper()
	l, err := ledger.Open(t.Context(), p.w, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := p.head()
	n := h.Nodes[web1]
	if n == nil || n.Type("Custom:Port").Shares["a"] == nil {
		return ""
	}
	share := n.Type("Custom:Port").Shares["a"]
	text := fmt.Sprint(share.Stamp(), share.Count)
	if share.Rows == "" {
		return text
	}
	rows, err := l.ReadRows(t.Context(), h, kinds()["Custom:Port"], share.Rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows.Rows {
		stamp := share.Base()
		if len(rows.Stamps) > 0 && !rows.Stamps[i].IsZero() {
			stamp = rows.Stamps[i]
		}
		if len(rows.Patches) > 0 {
			stamp = ledger.Newest(stamp, rows.Patches[i].Newest())
		}
		text += fmt.Sprintf("\n%q %v", row, stamp)
	}
	return text
}

// holdsRows is what the service holds; an item that was never put holds as much as an empty one.
func holdsRows(p *process) string {
	return strings.ReplaceAll(p.w.holds(web1), "Port[]", "")
}

// generated is a way to make random statements.
type generated func(n int, random *rand.Rand) *statement

// keyScopes makes snapshots, of all and of some keys, merges, removals and partial statements.
func keyScopes(n int, random *rand.Rand) *statement {
	var list []string
	for id := range 4 {
		if random.IntN(2) == 0 {
			continue
		}
		f := fmt.Sprint(id)
		for _, word := range []string{"n", "s", "t"} {
			if random.IntN(3) == 0 {
				f += " -"
			} else {
				f += fmt.Sprint(" ", word, n)
			}
		}
		list = append(list, f)
	}
	switch random.IntN(7) {
	case 0:
		return has(web1, "a", list...)
	case 1, 2:
		return looks(has(web1, "a", list...), "Id", []string{"0-1", "1-2", "3", "0-3"}[random.IntN(4)])
	case 3:
		return merging(has(web1, "a", list...), false)
	case 4:
		for i, f := range list {
			list[i] = "!" + f[:1]
		}
		return merging(has(web1, "a", list...), false)
	}
	return merging(has(web1, "a", list...), true)
}

func merging(s *statement, partial bool) *statement {
	s.Merge, s.Partial = true, partial
	return s
}

// valueScopes makes statements without partial ones, of snapshots that looked at some values of an attribute that is not of the key.
func valueScopes(n int, random *rand.Rand) *statement {
	var list []string
	for id := range 3 {
		if random.IntN(2) == 0 {
			list = append(list, fmt.Sprintf("%d n%d s%d %d", id, n, n, random.IntN(3)))
		}
	}
	switch random.IntN(4) {
	case 0:
		return merging(has(web1, "a", list...), false)
	case 1:
		return has(web1, "a", list...)
	}
	return looks(has(web1, "a", list...), "Title", fmt.Sprint(random.IntN(3)))
}

// fixedScopes is keyScopes where the attribute that snapshots look at goes with the key, though it is none of it.
func fixedScopes(n int, random *rand.Rand) *statement {
	s := keyScopes(n, random)
	for i, row := range s.Types[0].Rows {
		s.Types[0].Rows[i].Values[4] = "f" + row.Values[0]
	}
	if s.Types[0].Scope != nil {
		return looks(s, "Title", fmt.Sprint("f", random.IntN(4)), fmt.Sprint("f", random.IntN(4)))
	}
	return s
}

// TestAnyOrderOfScopesAndParts hands in snapshots of all and of a part, merges, removals and partial statements in random orders and some twice:
// what the source states then is the same, and is what a plain fold over their times gives.
func TestAnyOrderOfScopesAndParts(t *testing.T) {
	for name, generate := range map[string]generated{"keys": keyScopes, "values": valueScopes, "values that go with the key": fixedScopes} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				random := rand.New(rand.NewPCG(seed, 7))
				var known []document
				for n := range 3 + random.IntN(6) {
					known = append(known, document{id: fmt.Sprint("d", n), at: -40 + n, statements: []*statement{generate(n, random)}})
				}
				want, held := "", ""
				for round := range 10 {
					order := slices.Clone(known)
					if round > 0 {
						order = append(order, known[:random.IntN(len(known))]...)
						random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
					}
					p := hands(t, order)
					got := rowsOf(t, p)
					if round == 0 {
						want, held = got, holdsRows(p)
						if folded := fold(known); held != folded {
							t.Fatalf("seed %d:\n%s\nwant:\n%s", seed, held, folded)
						}
					}
					if got != want || holdsRows(p) != held {
						var ids []string
						for _, d := range order {
							ids = append(ids, d.id)
						}
						t.Fatalf("seed %d, round %d, %v:\n%s\n%s\nwant:\n%s\n%s\n%s", seed, round, ids, got, holdsRows(p), want, held, describe(known))
					}
				}
			}
		})
	}
}

func describe(docs []document) string {
	text := ""
	for _, d := range docs {
		s := d.statements[0]
		text += fmt.Sprintf("%s merge=%t partial=%t scope=%v %v\n", d.id, s.Merge, s.Partial, s.Types[0].Scope, s.Types[0].Rows)
	}
	return text
}

// outside reports whether a row counts as older than all: by its key alone its snapshot did not look at it.
func outside(s *statement, row ledger.Row) bool {
	ty, scope := kinds()["Custom:Port"], s.Types[0].Scope
	return scope != nil && len(scope.Clauses) > 0 && scope.Of(ty).ByKey() && !scope.Covers(ty, row.Values)
}

// fold applies documents in the order of their time, in the plainest way, and returns what the service holds then.
func fold(docs []document) string {
	ty := kinds()["Custom:Port"]
	rows := map[string]inventory.Entry{}
	for _, d := range docs {
		for _, row := range d.statements[0].Types[0].Rows {
			if outside(d.statements[0], row) {
				rows[row.Values[0]] = row.Values
			}
		}
	}
	for _, d := range docs {
		s := d.statements[0]
		stated := map[string]bool{}
		for _, row := range s.Types[0].Rows {
			if outside(s, row) {
				continue
			}
			stated[row.Values[0]] = true
			if s.Partial && rows[row.Values[0]] == nil {
				row.Values = ty.WithDefaults(row.Values)
			} else if s.Partial {
				row.Values = slices.Clone(row.Values)
				for i, v := range row.Values {
					if v == "" {
						row.Values[i] = rows[row.Values[0]][i]
					}
				}
			}
			rows[row.Values[0]] = row.Values
			if row.Remove {
				delete(rows, row.Values[0])
			}
		}
		for id, row := range rows {
			if !s.Merge && !stated[id] && s.Types[0].Scope.Covers(ty, row) {
				delete(rows, id)
			}
		}
	}
	var parts []string
	for id := range 4 {
		if row := rows[fmt.Sprint(id)]; row != nil {
			parts = append(parts, "a"+row[0]+row[1]+row[3]+row[4])
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("Port[%s]", strings.Join(parts, " "))
}

func TestScopes(t *testing.T) {
	all := document{"all", -9, []*statement{says(web1, "a", "1", "2", "3")}}
	for _, c := range []struct {
		name  string
		steps []document
		want  string // outcomes of the last
		holds string
	}{
		{"outside the scope rows stand", []document{all, {"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}}}, "put=1", "a1 a3"},
		{"it looked at none", []document{all, {"s", -8, []*statement{looks(says(web1, "a", "1"), "Id")}}}, "unchanged=1", "a1 a2 a3"},
		{"nothing was found", []document{all, {"s", -8, []*statement{looks(says(web1, "a", "-"), "Id", "2-3")}}}, "put=1", "a1"},
		{"a row outside fills", []document{
			{"e", -9, []*statement{looks(says(web1, "a", "1", "2", "3"), "Id", "1-3")}}, {"s", -8, []*statement{looks(says(web1, "a", "1", "4"), "Id", "1-2")}},
		}, "put=2", "a1 a3 a4"},
		{"a row outside replaces none", []document{all, {"s", -8, []*statement{looks(says(web1, "a", "1", "3=LOW"), "Id", "1-2")}}}, "put=1 duplicate=1", "a1 a3"},
		{"a row outside that another one did not find", []document{
			{"e", -9, []*statement{looks(says(web1, "a", "3"), "Id", "3-4")}}, {"s", -8, []*statement{looks(says(web1, "a", "1", "4"), "Id", "1-2")}},
		}, "put=1 duplicate=1", "a1 a3"},
		{"an older one has looked at a row outside", []document{
			{"s", -8, []*statement{looks(says(web1, "a", "1", "3=LOW"), "Id", "1-2")}}, {"e", -9, []*statement{looks(says(web1, "a", "3"), "Id", "3-4")}},
		}, "put=1", "a1 a3"},
		{"rows outside of two, the newer first", []document{
			{"s", -8, []*statement{looks(says(web1, "a", "3=LOW"), "Id", "1")}}, {"e", -9, []*statement{looks(says(web1, "a", "3=HIGH"), "Id", "2")}},
		}, "duplicate=1", "a3LOW"},
		{"an older snapshot of all", []document{{"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}}, all}, "put=1 stale=2", "a1 a3"},
		{"an older one of the same scope", []document{
			{"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}}, {"o", -9, []*statement{looks(says(web1, "a", "2"), "Id", "1-2")}},
		}, "stale=1", "a1"},
		{"an older one of another scope", []document{
			{"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}}, {"o", -9, []*statement{looks(says(web1, "a", "2", "3"), "Id", "1-3")}},
		}, "put=1 stale=1", "a1 a3"},
		{"a newer snapshot of all", []document{
			{"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}}, {"n", -7, []*statement{says(web1, "a", "2")}},
		}, "put=1", "a2"},
		{"one older than a snapshot of all", []document{
			{"n", -7, []*statement{says(web1, "a", "2")}}, {"s", -8, []*statement{looks(says(web1, "a", "1"), "Id", "1-2")}},
		}, "stale=1", "a2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			got := ""
			for _, d := range c.steps {
				got = p.deliver(d)
			}
			equal(t, "outcomes", got, c.want)
			holds, _, _ := strings.Cut(strings.TrimPrefix(p.w.holds(web1), "Finding["), "]")
			equal(t, "holds", holds, c.holds)
			before := p.head().Nodes
			p.deliver(c.steps[len(c.steps)-1])
			equal(t, "the same again", p.head().Nodes, before)
		})
	}
}

// TestTheSameScopeAgainReadsAndWritesNoRows hands in the same snapshots of a part at later times.
func TestTheSameScopeAgainReadsAndWritesNoRows(t *testing.T) {
	scan := func(id string, at int) document {
		return document{id, at, []*statement{looks(says(web1, "a", "1", "2"), "Id", "1-9"), looks(says(web2, "a", "1"), "Id", "1-9")}}
	}
	p := &process{t: t, w: newWorld(), name: "w"}
	equal(t, "first", p.deliver(scan("1", -9)), "put=3")
	rows := p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"].Rows
	p.w.saves, p.w.calls = 0, 0
	equal(t, "again", p.deliver(scan("2", -8)), "unchanged=3")
	equal(t, "saves, outside calls", []int{p.w.saves, p.w.calls}, []int{1, 4}) // installation.json, the head twice, and a look for a pack of a later head
	share := p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"]
	equal(t, "rows", share.Rows, rows)
	equal(t, "time", share.Newest(), newWorld().now.Add(-8*time.Minute))
	equal(t, "older", p.deliver(document{"0", -10, []*statement{says(web1, "a", "1", "3", "x")}}), "put=1 stale=2")
	equal(t, "holds", p.w.holds(web1), "Finding[a1 a2 ax] Summary[a:3/0]")
	equal(t, "newer", p.deliver(scan("3", -7)), "unchanged=3")
	equal(t, "newer, without one", p.deliver(document{"4", -6, []*statement{looks(says(web1, "a", "2"), "Id", "1-9")}}), "put=1")
	equal(t, "holds", p.w.holds(web1), "Finding[a2 ax] Summary[a:2/0]")
}

func TestAsManyScopesAsAreRemembered(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	for n := range 10 {
		p.deliver(document{fmt.Sprint("s", n), -20 + n, []*statement{looks(says(web1, "a", "-"), "Id", fmt.Sprint(n))}})
	}
	share := p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"]
	equal(t, "scopes", len(share.Scopes), 8)
	equal(t, "older", p.deliver(document{"old", -30, []*statement{merges(web1, "a", "0", "1", "2", "9")}}), "put=2 stale=2")
}

// A document may have a whole and a partial record of one machine and time: the whole one knows all, in whatever order they come.
func TestAPartialStatementOfTheTimeOfASnapshot(t *testing.T) {
	whole, partial := has(web1, "a", "1 n s"), merging(has(web1, "a", "1 m", "2 n"), true)
	for _, deliveries := range [][][]*statement{{{whole, partial}}, {{whole}, {partial}}, {{partial}, {whole}}} {
		p := &process{t: t, w: newWorld(), name: "w"}
		for range 2 {
			for _, list := range deliveries {
				p.deliver(document{"f", -9, list})
			}
			equal(t, "holds", p.w.holds(web1), "Port[a1ns]")
		}
	}
}

func TestPartialStatements(t *testing.T) {
	full := document{"f", -9, []*statement{says(web1, "a", "1@x=HIGH", "2=LOW")}}
	for _, c := range []struct {
		name  string
		steps []document
		want  string
		holds string
	}{
		{"a value is not blanked", []document{full, {"p", -8, []*statement{adds(web1, "a", "1@y")}}}, "unchanged=1", "a1HIGH a2LOW"},
		{"a value is set", []document{full, {"p", -8, []*statement{adds(web1, "a", "1=MID", "3")}}}, "put=2", "a1MID a2LOW a3"},
		{"older than the whole row", []document{full, {"p", -10, []*statement{adds(web1, "a", "1=MID")}}}, "stale=1", "a1HIGH a2LOW"},
		{"a snapshot fills what comes before it", []document{{"p", -8, []*statement{adds(web1, "a", "1@y")}}, full}, "put=2", "a1HIGH a2LOW"},
		{"a whole row between fills too", []document{
			full, {"p", -6, []*statement{adds(web1, "a", "1@y")}}, {"m", -7, []*statement{merges(web1, "a", "1@z=MID")}},
		}, "put=1", "a1MID a2LOW"},
		{"a newer whole row replaces all", []document{full, {"p", -8, []*statement{adds(web1, "a", "1=MID")}}, {"n", -7, []*statement{merges(web1, "a", "1")}}}, "put=1", "a1 a2LOW"},
		{"an older one for an attribute that was set since", []document{
			full, {"p", -6, []*statement{adds(web1, "a", "1=MID")}}, {"o", -7, []*statement{adds(web1, "a", "1=OLD")}},
		}, "stale=1", "a1MID a2LOW"},
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
			p.deliver(c.steps[len(c.steps)-1])
			equal(t, "the same again", p.head().Nodes, before)
		})
	}
}

// TestPartialRecordsAndDefaults: a partial record does not state the default of an attribute to which it gives no value.
func TestPartialRecordsAndDefaults(t *testing.T) {
	partial := func(id string, at int, port string) document {
		return document{id, at, []*statement{merging(has(web1, "a", port), true)}}
	}
	full := document{"f", -9, []*statement{has(web1, "a", "1 - up")}}
	for name, c := range map[string]struct {
		steps []document
		holds string
	}{
		"a new row has it":                 {[]document{partial("p", -8, "1 n")}, "a1nq"},
		"a row that has a value keeps it":  {[]document{full, partial("p", -8, "1 n")}, "a1nup"},
		"an older row fills it":            {[]document{partial("p", -8, "1 n"), full}, "a1nup"},
		"a value of its own stands":        {[]document{partial("p", -8, "1 n down"), full}, "a1ndown"},
		"another partial one gives it":     {[]document{partial("p", -8, "1 n"), partial("o", -10, "1 - down")}, "a1ndown"},
		"a snapshot that does not find it": {[]document{partial("p", -8, "1 n"), {"s", -9, []*statement{has(web1, "a")}}}, "a1nq"},
	} {
		t.Run(name, func(t *testing.T) { equal(t, "holds", holdsRows(hands(t, c.steps)), "Port["+c.holds+"]") })
	}
}
