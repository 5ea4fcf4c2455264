package held

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

func TestShard(t *testing.T) {
	whole := Node{
		ID: "mi-00000000000000002", ComputerName: "web-1", Name: "given", IPAddress: "10.0.0.1", PingStatus: "Online", Status: "Active", PlatformType: "Linux",
		ResourceType: "ManagedInstance", SourceID: "s", Tags: map[string]string{"b": "2", "a": ""}, Serials: []string{"S1", ""}, MACs: []string{"02:00:00:00:00:01"},
	}
	bare := Node{ID: "i-00000000000000001"}
	data := Encode([]Node{whole, bare})
	if !bytes.Equal(data, Encode([]Node{bare, whole})) {
		t.Error("the same nodes in another order give other bytes")
	}
	var got []Node
	if err := Decode(data, func(n *Node) { got = append(got, *n) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Node{bare, whole}, got); diff != "" {
		t.Error(diff)
	}
	for cut := range data {
		if err := Decode(data[:cut], func(*Node) {}); !errors.Is(err, ErrDamaged) && cut > 0 {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	if err := Decode(append(slices.Clone(data), 0), func(*Node) {}); !errors.Is(err, ErrDamaged) {
		t.Error("what follows is not noticed")
	}
}

// TestTargetsOfNodes: nodes of several targets keep theirs, in whatever order they come.
func TestTargetsOfNodes(t *testing.T) {
	a, b := target.Key{Account: "111111111111", Region: "eu-central-1"}, target.Key{Account: "222222222222", Region: "eu-central-1"}
	var h Holder
	for _, n := range []Node{{ID: "i-5", Target: b}, {ID: "i-4"}, {ID: "i-3", Target: a}, {ID: "i-2", Target: a}, {ID: "i-1", Target: b}, {ID: "i-3", Target: b}, {ID: "i-3", Target: a, Name: "again"}} {
		h.Add(&n)
	}
	nodes := h.Nodes()
	var got []string
	for i := range nodes.Len() {
		n := nodes.At(int32(i))
		got = append(got, n.ID+n.Name+n.Target.String())
	}
	want := []string{"i-1" + b.String(), "i-2" + a.String(), "i-3" + a.String(), "i-3" + b.String(), "i-4", "i-5" + b.String()}
	if diff := cmp.Diff(want, got); diff != "" || nodes.IsOfOne() {
		t.Error(diff)
	}
}
