package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
	"github.com/inventory-bridge/inventory-bridge/testevents"
)

// TestStagedDeliveries keeps the deliveries that events point at as intake would stage them: those of one export of two machines.
func TestStagedDeliveries(t *testing.T) {
	staged := stage(t, "documents/uploads/servicenow/factory/table-api.json")
	for _, p := range stagedPointers(t) {
		path := "documents/" + p.Bucket + "/" + p.Key
		var partition int
		if _, err := fmt.Sscan(p.Key[strings.LastIndex(p.Key, "/")+1:], &partition); err != nil {
			t.Fatal(err)
		}
		want := staged[partition]
		if want == nil {
			t.Fatalf("%s: partition %d has no delivery; there are %v", p.Key, partition, slices.Sorted(maps.Keys(staged)))
		}
		testfiles.Golden(t, testfiles.Path(t, "testevents", filepath.FromSlash(path)), want)
	}
}

// stagedPointers gives every delivery that an event of testevents points at.
func stagedPointers(t *testing.T) []events.Pointer {
	t.Helper()
	names, err := fs.Glob(testevents.Files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []events.Pointer
	for _, name := range names {
		raw, err := testevents.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		batch, err := events.Decode(json.RawMessage(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, m := range batch.Messages {
			if m.Delivery != nil {
				list = append(list, *m.Delivery)
			}
		}
	}
	if len(list) == 0 {
		t.Fatal("no event points at a delivery")
	}
	return list
}

// stage gives the deliveries of a document by partition.
func stage(t *testing.T, path string) map[int][]byte {
	t.Helper()
	body, err := testevents.Files.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := testevents.Files.Open("documents/nodes.json")
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := node.ParseFile(f)
	if err != nil {
		t.Fatal(err)
	}
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), ledger.Dir(t.TempDir()), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, 1, 16, 12, 0, 0, 0, time.UTC)
	in := intake.Intake{
		Mappings: set, Nodes: nodes, Partitions: l.Partitions(), PartitionOf: l.Partition, Now: func() time.Time { return written },
	}
	im, err := in.Read(t.Context(), intake.Document{
		Source: document.Inline("s3://uploads/"+strings.TrimPrefix(path, "documents/uploads/"), body, written), Delivery: choose.Origin{Local: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = im.Close() }()
	im.ID = "4657e18e795bc60ac5641b13"
	staged := map[int][]byte{}
	for _, p := range im.Partitions() {
		h, statements, err := im.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		h.MappingHash = "" // it is there for people, and differs from version to version of the mapping
		var b bytes.Buffer
		if err := ledger.WriteDelivery(&b, h, statements); err != nil {
			t.Fatal(err)
		}
		staged[p] = b.Bytes()
	}
	return staged
}
