package delivery

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// histories are documents of which the last is the one that is disturbed.
func histories() map[string][]document {
	long := document{id: "many", at: -5}
	for n := range 7 {
		long.statements = append(long.statements, says(nodeID(n), "a", "1", "2"))
	}
	return map[string][]document{
		"new":     {{"1", -9, []*statement{says(web1, "a", "1"), owns(says(web2, "a", "2"), "x")}}},
		"changed": {{"1", -9, []*statement{says(web1, "a", "1"), says(web2, "a", "1")}}, {"2", -8, []*statement{says(web1, "a", "1", "2"), says(web2, "a", "1")}}},
		"unchanged": {
			{"1", -9, []*statement{says(web1, "a", "1")}},
			{"2", -8, []*statement{says(web1, "a", "1")}},
		},
		"cleared": {
			{"1", -9, []*statement{owns(says(web1, "a", "1"), "x")}},
			{"2", -8, []*statement{owns(says(web1, "a", "-"))}},
		},
		"two sources": {
			{"1", -9, []*statement{says(web1, "a", "1")}},
			{"2", -9, []*statement{says(web1, "b", "1"), says(web1, "a", "2"), says(web2, "b", "1")}},
		},
		"merge": {
			{"1", -9, []*statement{merges(web1, "a", "1", "2")}},
			{"2", -8, []*statement{merges(web1, "a", "!1", "3"), says(web2, "a", "9")}},
		},
		"batches": {{"1", -9, []*statement{says(nodeID(3), "a", "1")}}, long},
	}
}

// dying is how a process dies, and what is known of it then.
type dying struct {
	after bool // the call at which it dies takes effect
	known bool // that it is dead is known at once; else its claims must run out

	together int // nodes that are put to at once
}

// TestAProcessThatDies kills the process before and after every outside call, goes on with the same delivery, and compares with the
// undisturbed run: what the service holds, what the ledger says, and, where nothing was in doubt, the outcomes.
func TestAProcessThatDies(t *testing.T) {
	steps := 0
	for name, history := range histories() {
		for _, after := range []bool{false, true} {
			for _, d := range []dying{{after, false, 1}, {after, true, 1}, {after, false, 2}, {after, true, 2}} {
				bubble(t, fmt.Sprintf("%s %+v", name, d), func(t *testing.T) { steps += killEverywhere(t, history, d) })
			}
		}
	}
	t.Logf("%d steps", steps)
}

func killEverywhere(t *testing.T, history []document, d dying) int {
	t.Helper()
	want := undisturbed(t, history)
	for step := 1; ; step++ {
		w := newWorld()
		p := &process{t: t, w: w, name: "first", config: func(c *Config) {
			small(c)
			c.Together = d.together
		}}
		last := len(history) - 1
		for _, doc := range history[:last] {
			p.deliver(doc)
		}
		if !killed(t, p, history[last], step, d.after) {
			return step
		}
		next := &process{t: t, w: w, name: "second", config: func(c *Config) {
			small(c)
			if d.known {
				c.Alive = func(string) bool { return false }
			}
		}}
		if !d.known {
			w.now = w.now.Add(lease)
		}
		next.deliver(history[last])
		same(t, fmt.Sprintf("step %d", step), next, want)
	}
}

// killed reports whether the process died; a step after the last is none.
func killed(t *testing.T, p *process, d document, step int, after bool) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := p.w
	w.calls, w.dieAt, w.after, w.die = 0, step, after, cancel
	_, err := p.try(ctx, d)
	died := w.dead
	if !died && err != nil {
		t.Fatal(err)
	}
	w.dead, w.dieAt = false, 0
	return died
}

// small makes batches of two nodes.
func small(c *Config) { c.batch = 2 }

func undisturbed(t *testing.T, history []document) *process {
	t.Helper()
	p := &process{t: t, w: newWorld(), name: "undisturbed", config: small}
	for _, doc := range history {
		p.deliver(doc)
	}
	return p
}

// same compares what the service holds and what the ledger says.
func same(t *testing.T, what string, got, want *process) {
	t.Helper()
	if got.w.older > 0 {
		t.Fatalf("%s: a CaptureTime decreased", what)
	}
	for node := range want.w.items {
		equal(t, what+": "+node, got.w.holds(node), want.w.holds(node))
	}
	// What was put in full once more has a later capture time, and counts twice.
	ignored := []cmp.Option{cmpopts.IgnoreFields(ledger.Accepted{}, "At", "Captured"), cmpopts.IgnoreFields(ledger.Day{}, "Bytes")}
	if diff := cmp.Diff(want.head().Nodes, got.head().Nodes, ignored...); diff != "" {
		t.Fatalf("%s: %s", what, diff)
	}
}

// TestALostAnswer loses the answer of every put of a document, and then hands in what was said before, with a later time: the
// service must hold that.
func TestALostAnswer(t *testing.T) {
	for name, history := range histories() {
		bubble(t, name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, doc := range history {
				p.deliver(doc)
			}
			before := map[string]string{}
			for node := range p.w.items {
				before[node] = p.w.holds(node)
			}
			p.w.lose = func(string, int) bool { return true }
			other := document{id: "other", at: -4}
			again := document{id: "again", at: -3}
			for _, s := range history[len(history)-1].statements {
				if s.Merge {
					return // what was said before a merge is not said by the merge again
				}
				other.statements = append(other.statements, says(s.Node, s.Source, "8", "9"))
				again.statements = append(again.statements, s)
			}
			part, err := p.try(t.Context(), other)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "pending", part.Counts.Of("pending"), part.Records)
			p.w.lose = nil
			p.deliver(again)
			for node, want := range before {
				equal(t, node, p.w.holds(node), want)
			}
			for id, n := range p.head().Nodes {
				if n.Intent != nil {
					t.Errorf("the intent of %s is open", id)
				}
			}
		})
	}
}

// TestThePreviousContentAfterADeath kills the process before and after every outside call of an import, and then hands in what was said
// before it, with a later time: the service must hold that, whether or not the import had reached it.
func TestThePreviousContentAfterADeath(t *testing.T) {
	first := document{"1", -9, []*statement{owns(says(web1, "a", "1"), "x"), says(web2, "a", "1")}}
	second := document{"2", -8, []*statement{owns(says(web1, "a", "2"), "y"), says(web2, "a", "-")}}
	third := document{"3", -7, first.statements}
	for _, after := range []bool{false, true} {
		for _, known := range []bool{false, true} {
			bubble(t, fmt.Sprintf("after=%t known=%t", after, known), func(t *testing.T) {
				for step := 1; ; step++ {
					w := newWorld()
					p := &process{t: t, w: w, name: "first", config: small}
					p.deliver(first)
					if !killed(t, p, second, step, after) {
						break
					}
					next := &process{t: t, w: w, name: "second", config: func(c *Config) {
						small(c)
						if known {
							c.Alive = func(string) bool { return false }
						}
					}}
					if !known {
						w.now = w.now.Add(lease)
					}
					next.deliver(third)
					equal(t, fmt.Sprint("step ", step), []string{w.holds(web1), w.holds(web2)},
						[]string{"Asset[ax] Finding[a1] Summary[a:1/0]", "Finding[a1] Summary[a:1/0]"})
				}
			})
		}
	}
}
