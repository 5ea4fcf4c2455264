package differ

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

func TestShrink(t *testing.T) {
	for name, c := range map[string]struct {
		items []Item
		want  Shrink
		is    bool
	}{
		"half and one":          {[]Item{{Change: Changed, Entries: 10, Removed: 10}, {Change: Changed, Entries: 4, Removed: 6}}, Shrink{30, 14}, true},
		"half":                  {[]Item{{Change: Changed, Entries: 10, Removed: 10}}, Shrink{20, 10}, false},
		"others in their place": {[]Item{{Change: Changed, Entries: 20, Added: 20, Removed: 20}}, Shrink{20, 20}, false},
		"new rows":              {[]Item{{Change: New, Entries: 50, Added: 50}}, Shrink{0, 50}, false},
		"others stay":           {[]Item{{Change: Changed, Entries: 0, Removed: 20}, {Change: Same, Entries: 30}}, Shrink{50, 30}, false},
		"few":                   {[]Item{{Change: Changed, Entries: 0, Removed: 10}}, Shrink{10, 0}, false},
		"not put":               {[]Item{{Change: Changed, Entries: 0, Removed: 20, Outcome: receipt.Pending}, {Change: Stale, Entries: 0, Removed: 20}}, Shrink{40, 40}, false},
	} {
		var got Shrink
		got.Add(&Node{Items: c.items})
		if got != c.want || got.Is() != c.is {
			t.Errorf("%s: got %+v, %t", name, got, got.Is())
		}
	}
}
