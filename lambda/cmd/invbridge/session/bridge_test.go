package session

import (
	"fmt"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

func TestPartitionsOfANewState(t *testing.T) {
	listed := func(n int) *node.Directory {
		nodes := make([]node.Node, n)
		for i := range nodes {
			nodes[i].ID = fmt.Sprintf("i-%017x", i)
		}
		return node.New(nodes)
	}
	for name, c := range map[string]struct {
		nodes *node.Directory
		dir   string
		want  int
	}{
		"few":              {listed(1), "state", 6},
		"more":             {listed(1501), "state", 7},
		"many":             {listed(8000), "state", 32},
		"very many":        {listed(300_000), "state", 1024},
		"nobody knows":     {nil, "state", 0},
		"in S3, where few": {listed(1), "", 0},
	} {
		if got := partitionsFor(c.nodes, c.dir); got != c.want {
			t.Errorf("%s: %d partitions, want %d", name, got, c.want)
		}
	}
}
