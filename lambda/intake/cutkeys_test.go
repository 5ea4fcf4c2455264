package intake

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/keycut"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestEntriesThatACutKeyMadeOneAreRejected: entries that differ only behind the cut of their key would take each other's place, so each of them is rejected
// and returned; the others of the machine are stated.
func TestEntriesThatACutKeyMadeOneAreRejected(t *testing.T) {
	words := "detect:\n  - json: [machine, id]\neach: $rows\nidentify: {hostname: machine}\nCustom:Vulnerability:\n  Id: id\n  Title: title\n"
	long := strings.Repeat("x", 128)
	row := func(machine, id string) string {
		return fmt.Sprintf(`{"machine":%q,"id":%q,"title":"a"}`+"\n", machine, id)
	}
	for name, c := range map[string]struct {
		body     string
		rejected []int
		cut      int
	}{
		"different behind the cut":  {row("web-1", long+"1") + row("web-1", "2") + row("web-1", long+"3"), []int{1, 3}, 2},
		"three of them":             {row("web-1", long+"1") + row("web-1", long+"2") + row("web-1", long+"1"), []int{1, 2, 3}, 3},
		"the same twice":            {row("web-1", long+"1") + row("web-1", long+"1"), nil, 2},
		"one as long as it may be":  {row("web-1", long) + row("web-1", long+"3"), []int{1, 2}, 1},
		"on different machines":     {row("web-1", long+"1") + row("web-2", long+"2"), nil, 2},
		"of machines without nodes": {row("nowhere", long+"1") + row("nowhere", long+"2"), nil, 2},
		"not cut":                   {row("web-1", long) + row("web-1", long), nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in, _ := reader(t, own(t, words))
			im, err := in.Read(t.Context(), local(c.body))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = im.Close() }()
			var rejected []int
			for _, p := range im.Partitions() {
				_, list, err := im.Open(p)
				if err != nil {
					t.Fatal(err)
				}
				for s, err := range list {
					if err != nil {
						t.Fatal(err)
					}
					for i, r := range s.Records {
						if r.Outcome == receipt.Rejected && r.Reason == keycut.Reason {
							rejected = append(rejected, r.Number)
						}
						for _, ts := range s.Types {
							for _, row := range ts.Rows {
								if int(row.Record) == i && r.Outcome == receipt.Rejected {
									t.Errorf("record %d is rejected, and its entry is stated", r.Number)
								}
							}
						}
					}
				}
			}
			if diff := cmp.Diff(c.rejected, rejected); diff != "" {
				t.Error(diff)
			}
			cuts := map[string]int{}
			for _, n := range im.Receipt().Notes {
				cuts[n.Text] = n.Count
			}
			if cuts[receipt.NoteCut] != c.cut || cuts[receipt.NoteCutKey] != c.cut {
				t.Errorf("notes: %v, want %d cuts", cuts, c.cut)
			}
			want := len(c.rejected)
			if strings.Contains(c.body, "nowhere") {
				want = 2
			}
			if got := len(im.rejected.reasons); got != want {
				t.Errorf("%d records are returned, want %d", got, want)
			}
		})
	}
}
