package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestTheFormatOfHeadsStays keeps what users have in their state readable, and its names what they are.
func TestTheFormatOfHeadsStays(t *testing.T) {
	s := &memory{objects: map[string]string{installed.Key: string(seal.Seal([]byte(`{"version":3,"id":"I","partitions":64}`)))}}
	l := open(t, s, Options{})
	h := load(t, l, 7)
	h.Nodes["i-0123456789abcdef0"] = full()
	h.Nodes["mi-0123456789abcdef0"] = &NodeState{}
	h.History = []Past{{Import: "im", Received: h.Nodes["i-0123456789abcdef0"].Gone, Block: "b"}}
	h.AddPage("a", PageDocument{Import: "im", Number: 1, Of: 2, Written: h.Nodes["i-0123456789abcdef0"].Gone, Received: h.Nodes["i-0123456789abcdef0"].Gone, Rejected: true, List: "l"})
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, []byte(s.objects["heads/0007.json"]), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "head.golden.json")
	testfiles.Golden(t, golden, got.Bytes())
	var stands bytes.Buffer
	if err := json.Compact(&stands, testfiles.Read(t, golden)); err != nil {
		t.Fatal(err)
	}
	s.objects["heads/0007.json"] = stands.String() + "\n"
	if diff := cmp.Diff(h.Nodes, load(t, l, 7).Nodes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(h.Pages, load(t, l, 7).Pages); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(h.History, load(t, l, 7).History); diff != "" {
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

// TestHeadsOfTheSecondVersion: what they have is what a head of today has, and they are written as one of today.
func TestHeadsOfTheSecondVersion(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{})
	s.objects["heads/0007.json"] = string(testfiles.Read(t, filepath.Join("testdata", "head.v2.json")))
	h := load(t, l, 7)
	want := map[string]*NodeState{"i-0123456789abcdef0": full(), "mi-0123456789abcdef0": {}}
	want["i-0123456789abcdef0"].Account, want["i-0123456789abcdef0"].Region = "", ""
	if diff := cmp.Diff(want, h.Nodes); diff != "" {
		t.Error(diff)
	}
	save(t, l, h)
	if again := load(t, l, 7); again.Version != 3 {
		t.Errorf("it is of version %d", again.Version)
	}
}

// TestDeliveriesOfBefore can still be read: what was staged or parked by a program that knew neither scopes nor partial statements.
func TestDeliveriesOfBefore(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(string(testfiles.Read(t, filepath.Join("testdata", "delivery.before.base64"))))
	if err != nil {
		t.Fatal(err)
	}
	h, got, err := decoded(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(header(), h); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(statements()[:2], got); diff != "" {
		t.Error(diff)
	}
	var b bytes.Buffer
	if err := WriteDelivery(&b, header(), list(statements()[:2])); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), data) {
		t.Error("a delivery without them is laid out in another way, which a program of before may not read")
	}
}

// TestHashOfShares has the hashes spelled out: they are part of the state.
func TestHashOfShares(t *testing.T) {
	at := time.Date(2026, 3, 2, 6, 0, 0, 5, time.UTC)
	held := Type{Shares: map[string]*Share{
		"scan \"b\"\n": {Compare: "cc", Rows: "rr", Count: 1, Captured: at}, "a é": {Compare: "dd", Rows: "ss", Count: 2, Captured: at.Add(time.Hour)}, "none": {},
	}}
	for times, format := range map[bool]string{true: "%q %s %s %d\n", false: "%q %s\n"} {
		whole := ""
		for _, source := range []string{"a é", "scan \"b\"\n"} {
			s := held.Shares[source]
			list := []any{source, s.Compare, s.Rows, s.Base().Captured.UnixNano()}
			whole += fmt.Sprintf(format, list[:strings.Count(format, "%")]...)
		}
		sum := sha256.Sum256([]byte(whole))
		if got, want := HashOf(held.text(times)), hex.EncodeToString(sum[:16]); got != want {
			t.Errorf("times %t: %s, not %s", times, got, want)
		}
	}
}
