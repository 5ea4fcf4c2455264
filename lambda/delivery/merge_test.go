package delivery

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// statementAt is a statement of a source with a time of its own, or that of the one before.
func statementAt(n int, random *rand.Rand) document {
	var list []string
	for id := range 4 {
		if random.IntN(3) == 0 {
			list = append(list, fmt.Sprintf("%d=t%d", id, n))
		}
	}
	var s *statement
	switch random.IntN(4) {
	case 0:
		s = says(web1, "a", list...)
	case 1:
		s = merges(web1, "a", list...)
	case 2:
		for i, f := range list {
			list[i] = "!" + f[:1]
		}
		s = merges(web1, "a", list...)
	case 3:
		s = says(web1, "a", append(list, "-")...)
		s.Records[len(list)].Outcome = receipt.Rejected
	}
	return document{id: fmt.Sprint("d", n), at: -40 + n, statements: []*statement{after(s, -60+n/2)}}
}

// stateOf is what the ledger says that a source states of a node, with the stamps.
func stateOf(t *testing.T, p *process) string {
	t.Helper()
	l, err := ledger.Open(t.Context(), p.w, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := p.head()
	n := h.Nodes[web1]
	if n == nil || n.Type("Custom:Finding").Shares["a"] == nil {
		return ""
	}
	share := n.Type("Custom:Finding").Shares["a"]
	text := fmt.Sprint(share.Stamp(), share.Count, share.Removed)
	if share.Rows == "" {
		return text
	}
	rows, err := l.ReadRows(t.Context(), h, kinds()["Custom:Finding"], share.Rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows.Rows {
		stamp := share.Base()
		if len(rows.Stamps) > 0 && !rows.Stamps[i].IsZero() {
			stamp = rows.Stamps[i]
		}
		text += fmt.Sprintf("\n%q %v", row, stamp)
	}
	for _, gone := range rows.Removed {
		text += fmt.Sprintf("\nremoved %q %v", gone.Key, gone.At)
	}
	return text
}

// TestAnyOrderGivesOneState hands in snapshots, merges, removals, and snapshots of which a record was rejected, in random orders and some
// twice: what the source states then is the same, with the times at which it did.
func TestAnyOrderGivesOneState(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 1))
		var known []document
		for n := range 3 + random.IntN(8) {
			known = append(known, statementAt(n, random))
		}
		want, holds := "", ""
		for round := range 12 {
			order := slices.Clone(known)
			if round > 0 {
				order = append(order, known[:random.IntN(len(known))]...)
				random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, d := range order {
				p.deliver(d)
			}
			got := stateOf(t, p)
			held := strings.ReplaceAll(p.w.holds(web1), "Finding[] Summary[]", "") // an item that was never put holds as much
			if round == 0 {
				want, holds = got, held
			}
			if got != want || held != holds {
				t.Fatalf("seed %d, round %d:\n%s\n%s\nwant:\n%s\n%s", seed, round, got, held, want, holds)
			}
		}
	}
}

func TestMergesBesideSnapshots(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []document
		want  string // outcomes of the last
		holds string
	}{
		{"a merge newer than the snapshot that comes after it", []document{
			{"m", -5, []*statement{merges(web1, "a", "7")}}, {"s", -6, []*statement{says(web1, "a", "1", "2")}},
		}, "put=2", "Finding[a1 a2 a7] Summary[a:3/0]"},
		{"a merge older than the snapshot before it", []document{
			{"s", -5, []*statement{says(web1, "a", "1")}}, {"m", -6, []*statement{merges(web1, "a", "7")}},
		}, "stale=1", "Finding[a1] Summary[a:1/0]"},
		{"removed after the snapshot that comes later", []document{
			{"m", -5, []*statement{merges(web1, "a", "!1")}}, {"s", -6, []*statement{says(web1, "a", "1", "2")}},
		}, "put=1 stale=1", "Finding[a2] Summary[a:1/0]"},
		{"an event that is late for one key only", []document{
			{"m", -5, []*statement{merges(web1, "a", "1")}}, {"n", -6, []*statement{merges(web1, "a", "1=HIGH", "2")}},
		}, "put=1 stale=1", "Finding[a1 a2] Summary[a:2/0]"},
		{"set again after it was removed", []document{
			{"m", -6, []*statement{merges(web1, "a", "!1")}}, {"n", -5, []*statement{merges(web1, "a", "1")}}, {"o", -7, []*statement{merges(web1, "a", "1=HIGH")}},
		}, "stale=1", "Finding[a1] Summary[a:1/0]"},
		{"set and removed at one time", []document{
			{"m", -6, []*statement{merges(web1, "a", "1")}}, {"n", -6, []*statement{merges(web1, "a", "!1")}},
		}, "stale=1", "Finding[a1] Summary[a:1/0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			got := ""
			for _, d := range c.steps {
				got = p.deliver(d)
			}
			equal(t, "outcomes", got, c.want)
			equal(t, "holds", p.w.holds(web1), c.holds)
		})
	}
}

func TestRemovedKeysAreForgotten(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"m", -5, []*statement{merges(web1, "a", "1", "!2")}})
	equal(t, "remembered", p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"].Removed, 1)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{14*24*time.Hour - time.Hour, 1}, {time.Hour, 0}} {
		p.w.now = p.w.now.Add(step.after)
		p.sweep()
		equal(t, "remembered", p.head().Nodes[web1].Types["Custom:Finding"].Shares["a"].Removed, step.want)
	}
}
