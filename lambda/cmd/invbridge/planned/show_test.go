package planned

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

func TestCostOf(t *testing.T) {
	slow, other := target.Key{Account: "444455556666", Region: "eu-central-1"}, target.Key{Account: "444455556666", Region: "us-east-1"}
	set := target.NewSet(target.Key{}, []target.Target{{Key: slow, Rate: 0.5}, {Key: other}})
	for _, c := range []struct {
		name     string
		calls    int
		rate     float64
		changing Places
		want     string
	}{
		{"nothing to do", 0, 2, Places{slow: 10}, ""},
		{"one account", 10, 2, Places{{}: 10}, " (99 bytes, 5s at 2 a second)"},
		{"the slowest", 60, 2, Places{{}: 10, slow: 20, other: 30}, " (99 bytes, about 40s for 444455556666/eu-central-1, the others beside it)"},
		{"the own", 60, 2, Places{{}: 50, other: 10}, " (99 bytes, about 25s for the installation's own account and region, the others beside it)"},
		{"two calls a node", 40, 2, Places{slow: 10, other: 10}, " (99 bytes, about 40s for 444455556666/eu-central-1, the others beside it)"},
		{"no limit", 60, 0, Places{{}: 50, other: 10}, " (99 bytes)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := CostOf(c.calls, 99, c.rate, set, c.changing); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
