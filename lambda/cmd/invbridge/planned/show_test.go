package planned

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

func TestCostOf(t *testing.T) {
	slow := target.Key{Account: "444455556666", Region: "eu-central-1"}
	set := target.NewSet(target.Key{}, []target.Target{{Key: slow, Rate: 0.5}, {Key: target.Key{Account: "444455556666", Region: "us-east-1"}}})
	for _, c := range []struct {
		name  string
		calls int
		rate  float64
		r     receipt.Receipt
		want  string
	}{
		{"nothing to do", 0, 2, receipt.Receipt{Nodes: 10}, ""},
		{"one account", 10, 2, receipt.Receipt{Nodes: 10}, " (99 bytes, 5s at 2 a second)"},
		{
			"the slowest", 60, 2,
			receipt.Receipt{Nodes: 60, Targets: receipt.Targets{"444455556666/eu-central-1": 20, "444455556666/us-east-1": 30}},
			" (99 bytes, about 40s for 444455556666/eu-central-1, the others beside it)",
		},
		{
			"the own", 60, 2,
			receipt.Receipt{Nodes: 60, Targets: receipt.Targets{"444455556666/us-east-1": 10}},
			" (99 bytes, about 25s for the installation's own account and region, the others beside it)",
		},
		{
			"few calls", 4, 2,
			receipt.Receipt{Nodes: 60, Targets: receipt.Targets{"444455556666/eu-central-1": 20}},
			" (99 bytes, about 8s for 444455556666/eu-central-1, the others beside it)",
		},
		{"no limit", 60, 0, receipt.Receipt{Nodes: 60, Targets: receipt.Targets{"444455556666/us-east-1": 10}}, " (99 bytes)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := CostOf(c.calls, 99, c.rate, set, &c.r); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
