package ledger

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestTheFormatOfHeadsStays keeps what users have in their state readable, and its names what they are.
func TestTheFormatOfHeadsStays(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{})
	h := load(t, l, 7)
	h.Nodes["i-0123456789abcdef0"] = full()
	h.Nodes["mi-0123456789abcdef0"] = &NodeState{}
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, []byte(s.objects["heads/0007.json"]), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "head.golden.json")
	testfiles.Golden(t, golden, got.Bytes())
	s.objects["heads/0007.json"] = string(testfiles.Read(t, golden))
	if diff := cmp.Diff(h.Nodes, load(t, l, 7).Nodes); diff != "" {
		t.Error(diff)
	}
}

// TestHeadsOfTheFirstVersion can still be read.
func TestHeadsOfTheFirstVersion(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "head.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := &memory{}
	l := open(t, s, Options{})
	s.objects["heads/0007.json"] = string(data)
	h := load(t, l, 7)
	n := h.Nodes["i-0123456789abcdef0"]
	if share := n.Types["Custom:Finding"].Shares["a"]; share.Count != 2 || share.Captured.IsZero() || !share.Merged.IsZero() || n.Intent == nil {
		t.Errorf("%+v", n)
	}
}
