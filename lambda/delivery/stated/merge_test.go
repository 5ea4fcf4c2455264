package stated

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Rows that are stated of a key at one time by several statements, as by two parts of a list, are united like those of one statement.
func TestRowsOfOneTimeAreUnited(t *testing.T) {
	ty := &inventory.Type{
		Name: "Custom:Hole", Attributes: []string{"CVE", "Id", "Seen", "Title"}, Volatile: []bool{false, false, true, false}, Key: []int{1},
		Unite: []inventory.Unite{inventory.UniteList, 0, 0, 0}, Uniting: []inventory.Uniting{{Of: -1}, {Of: -1}, {Of: -1}, {Of: -1}},
	}
	at := ledger.Stamp{Captured: time.Unix(1000, 0), Written: time.Unix(1000, 0)}
	tests := map[string]struct {
		rows  []inventory.Entry
		want  []inventory.Entry
		notes []string
		drop  int
	}{
		"united": {
			rows: []inventory.Entry{{"CVE-2", "1", "", "t"}, {"CVE-1", "1", "", "t"}, {"CVE-2", "1", "", "t"}},
			want: []inventory.Entry{{"CVE-1,CVE-2", "1", "", "t"}},
		},
		"another title": {
			rows:  []inventory.Entry{{"CVE-2", "1", "", "b"}, {"CVE-2", "1", "", "a"}},
			want:  []inventory.Entry{{"CVE-2", "1", "", "a"}},
			notes: []string{"0 displaced"}, drop: 1,
		},
		"the same but for what is volatile": {
			rows:  []inventory.Entry{{"CVE-2", "1", "x", "a"}, {"CVE-2", "1", "y", "a"}},
			want:  []inventory.Entry{{"CVE-2", "1", "x", "a"}},
			notes: []string{"1 duplicate"},
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			var before Rows
			var notes []string
			dropped, together := 0, map[int32][]int32{}
			for i, row := range c.rows {
				m := NewMerge(Merge{
					Type: ty, At: at, Both: func(a, b int32) int32 {
						n := int32(-2 - len(together))
						together[n] = []int32{a, b}
						return n
					},
					Decide: func(record int32, o receipt.Outcome, _ string) { notes = append(notes, fmt.Sprint(record, " ", o)) },
				}, before)
				m.Set(row, int32(i))
				before = m.Result()
				dropped += m.Dropped
			}
			if diff := cmp.Diff(c.want, before.Rows); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.notes, notes); diff != "" || dropped != c.drop {
				t.Error(dropped, diff)
			}
			if name == "united" && (before.Records[0] >= NoRecord || len(together) != 2) {
				t.Errorf("the row is of %v, together %v", before.Records, together)
			}
		})
	}
}
