package delivery

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// packKeys are the packs that a world stores.
func (w *world) packKeys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(w.objects)), func(key string) bool { return !strings.HasPrefix(key, "packs/") })
}

// damageRows makes the rows unreadable that a source states of findings on a node, and no others.
func (p *process) damageRows(node, source string) {
	p.t.Helper()
	h := p.head()
	share := h.Nodes[node].Types["Custom:Finding"].Shares[source]
	for _, key := range p.w.packKeys() {
		whole := p.w.objects[key]
		for at := range len(whole) {
			data := []byte(whole)
			data[at] ^= 0xff
			p.w.objects[key] = string(data)
			unreadable := map[string]bool{}
			for id, n := range h.Nodes {
				for source, s := range n.Types["Custom:Finding"].Shares {
					if _, err := p.ledger().ReadRows(p.t.Context(), h, kinds()["Custom:Finding"], s.Rows); err != nil {
						unreadable[id+source] = true
					}
				}
			}
			if len(unreadable) == 1 && unreadable[node+source] {
				return
			}
		}
		p.w.objects[key] = whole
	}
	p.t.Fatal("no byte belongs to these rows alone: ", share.Rows)
}

// TestDamagedRowsStopTheirNodeAlone damages the rows of one source of one node. A statement that needs them fails, with the pack's key; nothing is put
// to the node and nothing removed from it; the other nodes go on.
func TestDamagedRowsStopTheirNodeAlone(t *testing.T) {
	first := document{"1", -30, []*statement{says(web1, "a", "1"), says(web1, "b", "2"), says(web2, "a", "3"), says(web2, "b", "4")}}
	for _, c := range []struct {
		name string
		doc  document
		want string
		puts int
	}{
		{"a row that is set", document{"2", -20, []*statement{merges(web1, "a", "5"), merges(web2, "a", "5")}}, "put=1 failed=1", 1},
		{"a row that is removed", document{"2", -20, []*statement{merges(web1, "a", "!1"), merges(web2, "a", "!3")}}, "put=1 failed=1", 1},
		{"another statement of the node", document{"2", -20, []*statement{merges(web1, "a", "5"), says(web1, "b", "6"), merges(web2, "a", "5")}}, "put=1 failed=2", 1},
		{"a part", document{"2", -20, []*statement{part(says(web1, "a", "5")), part(says(web2, "a", "5"))}}, "put=1 failed=1", 1},
		{"the same again", document{"1", -30, []*statement{says(web1, "a", "1"), says(web2, "a", "3")}}, "unchanged=2", 0},
		{"another source", document{"2", -20, []*statement{says(web1, "b", "7"), says(web2, "b", "7")}}, "put=1 pending=1", 1},
		{"all of them anew", document{"2", -20, []*statement{says(web1, "a", "8"), says(web2, "a", "8")}}, "put=2", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			p.deliver(first)
			before := p.head().Nodes[web1]
			p.damageRows(web1, "a")
			puts, held, key := len(p.w.puts), p.w.holds(web1), p.w.packKeys()[0]
			part, err := p.try(t.Context(), c.doc)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "outcomes, puts", []any{outcomes(part), len(p.w.puts) - puts}, []any{c.want, c.puts})
			failed := strings.Contains(c.want, "failed")
			if failed && (len(part.Details) == 0 || !strings.Contains(part.Details[0].Reason, key)) {
				t.Errorf("%+v", part.Details)
			}
			if failed {
				equal(t, "the node", p.head().Nodes[web1], before)
			}
			if c.puts < 2 {
				equal(t, "held", p.w.holds(web1), held)
			}
			deliverer, err := p.deliverer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := deliverer.Sweep(t.Context(), 0); err != nil {
				t.Error("the sweep stops:", err)
			}
		})
	}
}

// TestAPackThatIsGone stops all its nodes, and a node of another pack goes on.
func TestAPackThatIsGone(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -30, []*statement{says(web1, "a", "1"), says(web2, "a", "2")}})
	delete(p.w.objects, p.w.packKeys()[0])
	p.deliver(document{"2", -20, []*statement{says(web3, "a", "3")}})
	equal(t, "packs", len(p.w.packKeys()), 1)
	got := p.deliver(document{"3", -10, []*statement{merges(web1, "a", "5"), merges(web2, "a", "5"), merges(web3, "a", "5")}})
	equal(t, "outcomes", got, "put=1 failed=2")
}

// TestTheHeadIsGone: nothing is put without it.
func TestTheHeadIsGone(t *testing.T) {
	p := &process{t: t, w: newWorld(), name: "w"}
	p.deliver(document{"1", -30, []*statement{says(web1, "a", "1"), says(web1, "b", "2")}})
	puts, held := len(p.w.puts), p.w.holds(web1)
	delete(p.w.objects, "heads/0000.json")
	if _, err := p.try(t.Context(), document{"2", -20, []*statement{says(web1, "a", "3")}}); err == nil || !strings.Contains(err.Error(), "heads/0000.json is gone") {
		t.Errorf("got %v", err)
	}
	equal(t, "puts, held", []any{len(p.w.puts), p.w.holds(web1)}, []any{puts, held})
}
