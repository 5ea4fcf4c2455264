package delivery

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// TestSumsOfItems hands in what one or two sources state, with volatile values, duplicates, and more rows than an item takes: what is
// remembered of each item that was put is the sum of the rows that its shares compose, however that was found out.
func TestSumsOfItems(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 2))
		p := &process{t: t, w: newWorld(), name: "w"}
		for n := range 8 {
			var statements []*statement
			for range 1 + random.IntN(2) {
				s := says(web1, "ab"[random.IntN(2):][:1], someFindings(random)...)
				s.Merge = random.IntN(3) == 0
				if random.IntN(2) == 0 {
					s = owns(s, fmt.Sprint(random.IntN(2), "=x"), fmt.Sprint(2+random.IntN(2), "=y"))
				}
				statements = append(statements, s)
			}
			p.deliver(document{id: fmt.Sprint("d", n), at: -40 + n, statements: statements})
			checkSums(t, p)
		}
	}
}

func someFindings(random *rand.Rand) []string {
	var list []string
	for id := range 7 {
		if random.IntN(2) == 0 {
			list = append(list, fmt.Sprintf("%d@%d=t%d", id, random.IntN(2), random.IntN(2)))
		}
	}
	return list
}

func checkSums(t *testing.T, p *process) {
	t.Helper()
	l, err := ledger.Open(t.Context(), p.w, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	objects := stored.Objects{Ledger: l, Head: p.head()}
	for name, kind := range kinds() {
		held := p.head().Nodes[web1].Type(name)
		if held.Accepted == nil || kind.Rollup == nil && name != "Custom:Asset" {
			continue
		}
		whole, err := objects.Compose(t.Context(), kind, held.Shares)
		if err != nil {
			t.Fatal(err)
		}
		if want := kind.CompareSum(whole.Rows); held.Accepted.Compare != want || held.Accepted.Entries != len(whole.Rows) {
			t.Fatalf("%s: %d entries with the sum %s, want %d with %s", name, held.Accepted.Entries, held.Accepted.Compare, len(whole.Rows), want)
		}
	}
}
