package tied

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
)

// TestMadeHistoriesInAnyOrder makes lists that name each machine by its number and something else, each machine in one of them at least, and
// documents that name all machines by their numbers alone. Handed over in any order, with sweeps between them, and some twice, they end the same.
func TestMadeHistoriesInAnyOrder(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		docs := history(random)
		var want []string
		for n := range 4 {
			if n > 0 {
				random.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
			}
			got := end(t, random, docs, n > 0)
			if n == 0 {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, order %d: %s", seed, n, diff)
			}
		}
	}
}

// history is lists of machines, then what is known of them. Each of five agents is on one of three nodes.
func history(random *rand.Rand) []intake.Document {
	nodes := fleet()
	lists := make([][]string, 1+random.IntN(3))
	var flawed [2][]string
	for agent := range 5 {
		number := fmt.Sprintf("%08xcafe%020x", agent, random.Uint32())
		n := nodes[random.IntN(len(nodes))]
		for _, list := range random.Perm(len(lists))[:1+random.IntN(len(lists))] {
			cells := []string{number, "", "", "", ""}
			kind := 1 + random.IntN(4)
			cells[kind] = []string{n.ID, n.ComputerName, n.Serials[0], n.IPAddress}[kind-1]
			lists[list] = append(lists[list], strings.Join(cells, ",")+","+start.Add(time.Duration(list)*time.Minute-time.Hour).Format(time.RFC3339))
		}
		for d := range flawed {
			for f := range 1 + random.IntN(3) {
				flawed[d] = append(flawed[d], fmt.Sprintf("%s,f-%d-%d-%d", number, d, agent, f))
			}
		}
	}
	var docs []intake.Document
	for i, rows := range lists {
		docs = append(docs, hosts(time.Duration(i)*time.Minute, rows...))
	}
	for i, rows := range flawed {
		docs = append(docs, flaws(time.Duration(10+i)*time.Minute, rows...))
	}
	return docs
}

// end hands documents over and returns what there is then.
func end(t *testing.T, random *rand.Rand, docs []intake.Document, between bool) []string {
	t.Helper()
	in := install(t, fleet()...)
	for i, d := range docs {
		in.put(d)
		if between && random.IntN(3) == 0 {
			in.sweep()
		}
		if between && random.IntN(4) == 0 {
			in.put(docs[random.IntN(i+1)])
		}
	}
	in.sweep()
	return slices.Concat(in.tied(), []string{in.holds(web1), in.holds(web2), in.holds(db1)})
}
