package intake

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

const flawTypes = `version: 1
types:
  Custom:Flaw:
    schemaVersion: "1.0"
    key: [Source, Id]
    sort: [Rank, Id]
    required: [Id]
    limit: {entries: 500, over: truncate}
    attributes: {Source: {default: "{mapping}"}, Id: {}, Rank: {}, Text: {}}
`

const flawMapping = `version: 1
mapping: flaws
detect: [{json: [machine, flaws]}]
each: $rows
identify: {hostname: machine}
Custom:Flaw: {each: flaws, Id: id, Rank: rank, Text: text}
`

// TestVeryManyRowsOfOneMachine: of the rows of a machine that are far more than an item can have, those are stated that come first, and of the
// others how many they are: what they make is what all of them make. Machines beside it are stated whole.
func TestVeryManyRowsOfOneMachine(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{"types.yaml": flawTypes, "m.yaml": flawMapping} {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, temp := reader(t, dir)
	in.Partitions, in.PartitionOf = 1, func(string) int { return 0 }
	random := rand.New(rand.NewPCG(1, 7))
	all := map[string][]inventory.Entry{}
	var body strings.Builder
	for i := range 60 {
		machine := "web-1"
		if i%10 == 0 {
			machine = "web-2"
		}
		var flaws []string
		for n := range 1000 {
			if machine == "web-2" && n == 3 {
				break
			}
			id, rank := random.IntN(40_000), random.IntN(5)
			flaws = append(flaws, fmt.Sprintf(`{"id":"%05d","rank":"%d","text":"%080d"}`, id, rank, 0))
			all[machine] = append(all[machine], inventory.Entry{fmt.Sprintf("%05d", id), fmt.Sprint(rank), "flaws", fmt.Sprintf("%080d", 0)})
		}
		fmt.Fprintf(&body, "{\"machine\":%q,\"flaws\":[%s]}\n", machine, strings.Join(flaws, ","))
	}
	im, err := in.Read(t.Context(), local(body.String()))
	if err != nil {
		t.Fatal(err)
	}
	ty := im.Mapping.Types()[0].Inventory
	for range 2 { // it may be asked for more than once
		got := map[string]*ledger.Statement{}
		_, statements, err := im.Open(0)
		if err != nil {
			t.Fatal(err)
		}
		for s, err := range statements {
			if err != nil {
				t.Fatal(err)
			}
			got[s.Node] = s
		}
		if n := len(got["i-00000000000000001"].Types[0].Rows); n < 1000 || n > 4000 {
			t.Errorf("%d rows of the machine are stated", n)
		}
		for node, machine := range map[string]string{"i-00000000000000001": "web-1", "i-00000000000000002": "web-2"} {
			ts := got[node].Types[0]
			rows := make([]inventory.Entry, len(ts.Rows))
			for i, row := range ts.Rows {
				rows[i] = row.Values
			}
			of := func(rows []inventory.Entry, beyond inventory.Beyond) inventory.Composition {
				return inventory.Compose(ty, []inventory.Share{{Source: "flaws", Rows: ty.Arrange(rows).Rows, Beyond: beyond}})
			}
			want, made := of(all[machine], inventory.Beyond{}), of(rows, ts.Beyond)
			if diff := cmp.Diff(want.Rows, made.Rows); diff != "" || want.Truncated != made.Truncated {
				t.Error(machine, want.Truncated, made.Truncated, diff)
			}
			if want, n := len(ty.Arrange(all[machine]).Displaced), len(ty.Arrange(rows).Displaced)+ts.Beyond.Displaced; want != n {
				t.Errorf("%s: %d entries are displaced, want %d", machine, n, want)
			}
		}
	}
	if err := im.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("%d temporary files are left", len(left))
	}
}
