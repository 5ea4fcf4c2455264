package delivery

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// page is a document that is a page; without a number, one that is the whole.
type page struct {
	document
	number, of int
	alone      string
}

func (d page) open() (ledger.Header, iter.Seq2[*statement, error], error) {
	h, statements, err := d.document.open()
	if d.number > 0 {
		h.Page = &ledger.Page{Number: d.number, Of: d.of, Alone: d.alone, Sources: []string{"a"}}
	}
	return h, statements, err
}

func (p *process) take(ctx context.Context, d page) (receipt.Part, error) {
	deliverer, err := p.deliverer(ctx)
	if err != nil {
		return receipt.Part{}, err
	}
	p.nodes = nil
	part, _, err := deliverer.Deliver(ctx, d.open)
	return part, err
}

// turn hands a page in and returns the outcomes.
func (p *process) turn(d page) string {
	p.t.Helper()
	part, err := p.take(p.t.Context(), d)
	if err != nil {
		p.t.Fatal(err)
	}
	return outcomes(part)
}

// list is the pages of a list, each with statements of its own.
func list(name string, at int, pages ...[]*statement) []page {
	var all []page
	for i, statements := range pages {
		for _, s := range statements {
			s.Merge = true
		}
		all = append(all, page{document{fmt.Sprint(name, i+1), at + i, statements}, i + 1, len(pages), ""})
	}
	return all
}

func whole(d document) page { return page{document: d} }

// held is what the service holds of the nodes.
func held(p *process) []string {
	var list []string
	for _, node := range []string{web1, web2, web3} {
		list = append(list, node+" "+strings.ReplaceAll(p.w.holds(node), "Finding[] Summary[]", "")) // holds as much where it was never put
	}
	return list
}

// open intents of a state.
func openIntents(p *process) int {
	n := 0
	for _, state := range p.head().Nodes {
		if state.Intent != nil {
			n++
		}
	}
	return n
}

func TestPages(t *testing.T) {
	before := whole(document{"before", -30, []*statement{owns(says(web1, "a", "1", "8"), "x"), says(web2, "a", "2", "9"), says(web3, "a", "7")}})
	pages := list("p", -9, []*statement{says(web1, "a", "1")}, []*statement{says(web2, "a", "2", "3")}, []*statement{says(web1, "a", "4")})
	p := &process{t: t, w: newWorld(), name: "w"}
	p.turn(before)
	equal(t, "first", p.turn(pages[0]), "unchanged=1")
	equal(t, "last", p.turn(pages[2]), "put=1")
	equal(t, "nothing is removed", p.w.holds(web1), "Asset[ax] Finding[a1 a4 a8] Summary[a:3/0]")
	equal(t, "second", p.turn(pages[1]), "put=2")
	after := []string{
		web1 + " Asset[ax] Finding[a1 a4] Summary[a:2/0]", // the pages state nothing of the type Asset
		web2 + " Finding[a2 a3] Summary[a:2/0]",
		web3 + " Finding[a7] Summary[a:1/0]", // no page speaks of it
	}
	equal(t, "complete", held(p), after)
	share := p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"]
	equal(t, "rows have no stamps of their own", share.Merged.IsZero(), true)
	equal(t, "stamp", share.Captured, newWorld().now.Add(-7*time.Minute))
	puts := len(p.w.puts)
	for i, d := range []page{pages[1], pages[0], pages[2], pages[0]} {
		got := p.turn(d)
		if got != "unchanged=1" && got != "unchanged=2" {
			t.Errorf("again, %d: %s", i, got)
		}
	}
	equal(t, "again", held(p), after)
	equal(t, "puts", len(p.w.puts), puts)
	equal(t, "older than the list", p.turn(whole(document{"m", -10, []*statement{merges(web1, "a", "5")}})), "stale=1")
}

func TestListsThatAreNotComplete(t *testing.T) {
	before := whole(document{"before", -999, []*statement{says(web1, "a", "8")}})
	two := func(name string, at int) []page {
		return list(name, at, []*statement{says(web1, "a", "1")}, []*statement{says(web1, "a", "2")})
	}
	rejected := two("p", -9)
	rejected[0].statements[0].Records[0].Outcome, rejected[0].statements[0].Records[0].Reason = receipt.Rejected, "why"
	apart := two("p", -9)
	apart[0].at -= 6*60 + 1
	other := two("p", -9)
	other[1].of = 3
	sent := two("p", -9)
	sent = append(list("q", -20, nil, []*statement{says(web1, "a", "3")})[1:], sent...)
	for _, c := range []struct {
		name  string
		pages []page
		want  string
	}{
		{"complete", two("p", -9), "Finding[a1 a2] Summary[a:2/0]"},
		{"a page is missing", two("p", -9)[:1], "Finding[a1 a8] Summary[a:2/0]"},
		{"a record was rejected", rejected, "Finding[a1 a2 a8] Summary[a:3/0]"},
		{"written too far apart", apart, "Finding[a1 a2 a8] Summary[a:3/0]"},
		{"of lists of different lengths", other, "Finding[a1 a2 a8] Summary[a:3/0]"},
		{"an older page of the same number", sent, "Finding[a1 a2] Summary[a:2/0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, backwards := range []bool{false, true} {
				p := &process{t: t, w: newWorld(), name: "w"}
				p.turn(before)
				pages := slices.Clone(c.pages)
				if backwards {
					slices.Reverse(pages)
				}
				for _, d := range pages {
					p.turn(d)
				}
				equal(t, fmt.Sprint("holds, backwards ", backwards), p.w.holds(web1), c.want)
			}
		})
	}
}

// TestTheNextListIsNotMixedWithTheLast hands in the pages of one export after those of another one, in which a row has moved to another page.
func TestTheNextListIsNotMixedWithTheLast(t *testing.T) {
	first := list("p", -30, []*statement{says(web1, "a", "1", "2")}, []*statement{says(web1, "a", "3")})
	second := list("q", -20, []*statement{says(web1, "a", "0", "1")}, []*statement{says(web1, "a", "2", "3")})
	p := &process{t: t, w: newWorld(), name: "w"}
	for _, d := range append(first, second[0]) {
		p.turn(d)
	}
	equal(t, "half of the next", p.w.holds(web1), "Finding[a0 a1 a2 a3] Summary[a:4/0]")
	p.turn(second[1])
	third := list("r", -10, []*statement{says(web1, "a", "3")}, []*statement{says(web1, "a", "-")})
	p.turn(third[1])
	equal(t, "half of the one after it", p.w.holds(web1), "Finding[a0 a1 a2 a3] Summary[a:4/0]")
	p.turn(third[0])
	equal(t, "all of it", p.w.holds(web1), "Finding[a3] Summary[a:1/0]")
}

func TestPagesAboutANodeThatIsNamedFromOutside(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.turn(whole(document{"before", -30, []*statement{says(web1, "a", "8"), says(web2, "a", "8")}}))
	for i, node := range []string{web1, web2} {
		pages := list(node, -9, []*statement{says(node, "a", "1")}, []*statement{says(node, "a", "2")})
		for _, d := range pages[:2-i] {
			d.alone = node
			p.turn(d)
		}
	}
	equal(t, "holds", held(p)[:2], []string{web1 + " Finding[a1 a2] Summary[a:2/0]", web2 + " Finding[a1 a8] Summary[a:2/0]"})
}

func TestPagesAreForgotten(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	pages := list("p", -9, []*statement{says(web1, "a", "1"), says(web2, "a", "-")}, []*statement{says(web1, "a", "2")})
	p.turn(pages[0])
	equal(t, "kept", len(p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"].Pages), 1)
	p.w.now = p.w.now.Add(25 * time.Hour)
	p.sweep()
	equal(t, "pages", len(p.head().Pages), 0)
	equal(t, "their rows", len(p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"].Pages), 0)
	if n := p.head().Nodes[web2]; n != nil && n.Types["Custom:Finding"] != nil && n.Types["Custom:Finding"].Shares["a"] != nil {
		t.Error("a share of nothing is left")
	}
}

func TestPlanOfThePageThatCompletesAList(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.turn(whole(document{"before", -30, []*statement{says(web1, "a", "1", "8"), says(web2, "a", "2", "9")}}))
	pages := list("p", -9, []*statement{says(web1, "a", "1")}, []*statement{says(web2, "a", "2", "3")})
	p.turn(pages[0])
	deliverer, err := p.deliverer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.nodes = nil
	part, err := deliverer.Plan(t.Context(), pages[1].open)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "outcomes, calls", []any{outcomes(part), part.Calls}, []any{"put=2", 2})
	changes := map[string]string{}
	for _, n := range p.nodes {
		changes[n.Node] = fmt.Sprintf("+%d -%d", n.Items[0].Added, n.Items[0].Removed)
	}
	equal(t, "changes", changes, map[string]string{web1: "+0 -1", web2: "+1 -1"})
	equal(t, "nothing is done", p.w.holds(web1), "Finding[a1 a8] Summary[a:2/0]")
}

// TestRowsThatAreFoundLater delivers what was parked of a page after its list was complete, and before.
func TestRowsThatAreFoundLater(t *testing.T) {
	for _, early := range []bool{false, true} {
		p := &process{t: t, w: newWorld(), name: "w"}
		p.turn(whole(document{"before", -30, []*statement{says(web1, "a", "8")}}))
		pages := list("p", -9, []*statement{says(web2, "a", "1")}, []*statement{says(web1, "a", "2")})
		found := func() {
			d := list("p", -9, []*statement{says(web1, "a", "1")}, nil)[0]
			deliverer, err := p.deliverer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			part, _, err := deliverer.Deliver(t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
				h, statements, err := d.open()
				h.Found = true
				return h, statements, err
			})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "outcomes", outcomes(part), "put=1")
		}
		p.turn(pages[0])
		if early {
			found()
		}
		p.turn(pages[1])
		if !early {
			found()
		}
		equal(t, fmt.Sprint("holds, early ", early), p.w.holds(web1), "Finding[a1 a2] Summary[a:2/0]")
	}
}

// TestScopedPages completes a list that looked at a part of a type.
func TestScopedPages(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.turn(whole(document{"before", -30, []*statement{says(web1, "a", "1", "2", "3", "9")}}))
	for _, d := range list("p", -9, []*statement{looks(says(web1, "a", "1"), "Id", "1-5")}, []*statement{looks(says(web1, "a", "2"), "Id", "1-5")}) {
		p.turn(d)
	}
	equal(t, "holds", p.w.holds(web1), "Finding[a1 a2 a9] Summary[a:3/0]")
	for _, d := range list("q", -5, []*statement{looks(says(web1, "a", "2"), "Id", "1-2")}, []*statement{looks(says(web1, "a", "-"), "Id", "1", "9")}) {
		p.turn(d)
	}
	equal(t, "of different scopes", p.w.holds(web1), "Finding[a2] Summary[a:1/0]")
}

// randomRows states some rows of each of some nodes.
func randomRows(random *rand.Rand, name string) []*statement {
	var list []*statement
	for _, node := range []string{web1, web2, web3} {
		if random.IntN(4) == 0 {
			continue
		}
		var ids []string
		for id := range 5 {
			if random.IntN(2) == 0 {
				ids = append(ids, fmt.Sprintf("%d=%s%d", id, name, random.IntN(2)))
			}
		}
		if len(ids) == 0 {
			ids = []string{"-"}
		}
		list = append(list, says(node, "a", ids...))
	}
	return list
}

// cut cuts a document into pages: each record goes to one of them.
func cut(random *rand.Rand, name string, at, of int, statements []*statement) []page {
	pages := make([][]*statement, of)
	for _, s := range statements {
		parts := map[int]*statement{}
		for i, r := range s.Records {
			n := random.IntN(of)
			part := parts[n]
			if part == nil {
				part = &statement{Node: s.Node, Source: s.Source, Subject: s.Subject, Types: []ledger.TypeStatement{{Type: s.Types[0].Type}}}
				parts[n] = part
				pages[n] = append(pages[n], part)
			}
			part.Records = append(part.Records, r)
			for _, row := range s.Types[0].Rows {
				if int(row.Record) == i {
					row.Record = int32(len(part.Records) - 1)
					part.Types[0].Rows = append(part.Types[0].Rows, row)
				}
			}
		}
	}
	return list(name, at, pages...)
}

// TestRowsOfPagesCountByTheirOwnTime has one key in several statements of several pages: as in one document the one stands that was captured
// last, and of those that were captured together the first in the type's order, whichever page came last.
func TestRowsOfPagesCountByTheirOwnTime(t *testing.T) {
	at := func(minute int, s *statement) *statement {
		s.Captured = newWorld().now.Add(time.Duration(minute) * time.Minute)
		return s
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		pages := list("p", -9,
			[]*statement{at(-40, has(web1, "a", "1 b", "2 b")), at(-20, has(web1, "a", "3 d"))},
			[]*statement{at(-40, has(web1, "a", "2 a")), at(-30, has(web1, "a", "1 c"))})
		p := &process{t: t, w: newWorld(), name: "w"}
		p.turn(pages[order[0]])
		p.turn(pages[order[1]])
		equal(t, "holds", p.w.holds(web1), "Port[a1c a2a a3d]")
	}
}

// TestPagesInAnyOrderEqualTheWhole cuts random documents into pages, and hands these in in random orders, some twice, after and between
// other documents: the nodes then hold what they hold where the whole was handed in.
func TestPagesInAnyOrderEqualTheWhole(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 3))
		of := 2 + random.IntN(3)
		rows := randomRows(random, "p")
		others := []page{whole(document{"before", -30, randomRows(random, "b")})}
		merge := document{"after", -2, nil}
		if random.IntN(2) == 0 {
			merge.statements = []*statement{merges(web1, "a", "0=m", "!1", "7=m")}
		}
		others = append(others, whole(merge))
		if random.IntN(2) == 0 {
			others = append(others, cut(random, "old", -25, of, randomRows(random, "o"))...)
		}
		want := &process{t: t, w: newWorld(), name: "w"}
		for _, d := range append(slices.Clone(others), whole(document{"whole", -9 + of - 1, rows})) {
			want.turn(d)
		}
		pages := cut(random, "p", -9, of, rows)
		for round := range 8 {
			order := append(slices.Clone(others), pages...)
			if round > 0 {
				order = append(order, pages[random.IntN(of)])
				random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, d := range order {
				p.turn(d)
			}
			got := held(p)
			if diff := cmp.Diff(held(want), got); diff != "" {
				var ids []string
				for _, d := range order {
					ids = append(ids, d.id)
				}
				t.Fatalf("seed %d, round %d, %v: %s", seed, round, ids, diff)
			}
			equal(t, "open intents", openIntents(p), 0)
		}
	}
}

// TestAProcessThatDiesAtAPage kills the process before and after every outside call of each page of a list, and goes on with the same page.
func TestAProcessThatDiesAtAPage(t *testing.T) {
	before := whole(document{"before", -30, []*statement{says(web1, "a", "1", "8"), says(web2, "a", "2", "9"), says(web3, "a", "7")}})
	pages := list("p", -9, []*statement{says(web1, "a", "1"), says(web3, "a", "7")}, []*statement{says(web2, "a", "2", "3")}, []*statement{says(web1, "a", "4")})
	history := append([]page{before}, pages...)
	want := &process{t: t, w: newWorld(), name: "undisturbed", config: small}
	for _, d := range history {
		want.turn(d)
	}
	for last := 1; last < len(history); last++ {
		for _, after := range []bool{false, true} {
			for _, known := range []bool{false, true} {
				bubble(t, fmt.Sprintf("page %d after=%t known=%t", last, after, known), func(t *testing.T) {
					step := 1
					for killAtPage(t, history, last, step, dying{after: after, known: known}, want) {
						step++
					}
					t.Logf("%d steps", step)
				})
			}
		}
	}
}

func killAtPage(t *testing.T, history []page, last, step int, d dying, want *process) (more bool) {
	t.Helper()
	w := newWorld()
	p := &process{t: t, w: w, name: "first", config: small}
	for _, doc := range history[:last] {
		p.turn(doc)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.calls, w.dieAt, w.after, w.die = 0, step, d.after, cancel
	_, err := p.take(ctx, history[last])
	if !w.dead && err != nil {
		t.Fatal(err)
	}
	if !w.dead {
		return false
	}
	w.dead, w.dieAt = false, 0
	next := &process{t: t, w: w, name: "second", config: func(c *Config) {
		small(c)
		if d.known {
			c.Alive = func(string) bool { return false }
		}
	}}
	if !d.known {
		w.now = w.now.Add(lease)
	}
	for _, doc := range history[last:] {
		next.turn(doc)
	}
	for node := range want.w.items {
		equal(t, fmt.Sprintf("step %d: %s", step, node), next.w.holds(node), want.w.holds(node))
	}
	ignored := []cmp.Option{cmpopts.IgnoreFields(ledger.Accepted{}, "At", "Captured"), cmpopts.IgnoreFields(ledger.Day{}, "Bytes")}
	if diff := cmp.Diff(want.head().Nodes, next.head().Nodes, ignored...); diff != "" {
		t.Fatalf("step %d: %s", step, diff)
	}
	return true
}
