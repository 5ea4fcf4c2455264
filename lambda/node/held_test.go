package node

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDirectoryHoldsWhatItIsGiven makes a directory of nodes with every field, and of some that it leaves out.
func TestDirectoryHoldsWhatItIsGiven(t *testing.T) {
	whole := Node{
		ID: "mi-00000000000000002", ComputerName: strings.Repeat("n", 300), Name: "given", IPAddress: "10.0.0.1,10.0.0.2", PingStatus: "Online", Status: "Active",
		PlatformType: "Linux", ResourceType: "ManagedInstance", SourceID: "s", Tags: map[string]string{"a": "1", strings.Repeat("k", 128): "", "": "é"},
		Serials: []string{"S1", "", strings.Repeat("s", 20000)}, MACs: []string{"02:00:00:00:00:01"},
	}
	bare := Node{ID: "i-00000000000000001"}
	again := Node{ID: whole.ID, ComputerName: "the second of one ID"}
	gone := Node{ID: "i-00000000000000003", Status: "terminated"}
	d := New([]Node{whole, again, gone, bare})
	if diff := cmp.Diff([]Node{bare, whole}, slices.Collect(d.Nodes())); diff != "" {
		t.Error(diff)
	}
	if n, ok := d.Lookup(whole.ID); !ok || n.ComputerName != whole.ComputerName {
		t.Errorf("%q, %v", n.ComputerName, ok)
	}
	for _, id := range []string{gone.ID, "", "i-0000000000000000", "i-000000000000000011"} {
		if n, ok := d.Lookup(id); ok {
			t.Errorf("%q is %q", id, n.ID)
		}
	}
	if got := d.Len(); got != 2 {
		t.Errorf("%d nodes", got)
	}
}
