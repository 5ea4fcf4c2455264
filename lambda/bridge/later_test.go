package bridge

import (
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestAMappingThatDoesNotLoadLosesNothing: a document whose built-in mapping turns out to be wrong comes again, until a program can read it.
func TestAMappingThatDoesNotLoadLosesNothing(t *testing.T) {
	r := newRig(t, fleet(1))
	d := text("racks.json", `{"racks":[{"row":"7"}],"machine":"web-1"}`, 0)
	d.Delivery = choose.Origin{Bucket: "uploads", Key: "racks/racks.json"}
	for _, attribute := range []string{"Rwo", "Row"} {
		file := "version: 1\nmapping: racks\nmatch:\n  - s3: {key: \"racks/**\"}\ndetect:\n  - json: [racks]\nidentify: {hostname: machine}\nCustom:Rack:\n  each: racks\n  " + attribute + ": row\n"
		line := `{"mapping":"racks","match":[{"key":"racks/**"}],"detect":[{"kind":"json","all":["racks"]}],"types":["Custom:Rack"],"crc":%d}`
		set, err := load.Options{Builtin: fstest.MapFS{
			"builtin/types.yaml":  {Data: []byte("version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n")},
			"builtin/racks.yaml":  {Data: []byte(file)},
			"builtin/index.jsonl": {Data: fmt.Appendf(nil, line, crc32.ChecksumIEEE([]byte(file)))},
		}}.Load()
		if err != nil {
			t.Fatal(err)
		}
		r.config.Mappings = set
		b := r.bridge()
		_, err = b.Import(t.Context(), d, Options{})
		if attribute == "Row" {
			if got := r.values(nodeID(1), "Custom:Rack", "Row"); err != nil || got != "7" {
				t.Errorf("got %q, %v", got, err)
			}
			continue
		}
		if err == nil || ClassOf(err) != Retry || !strings.Contains(err.Error(), "the built-in mapping racks: builtin/racks.yaml:10:3") {
			t.Errorf("got %v", err)
		}
		if receipt, err := b.book.Latest(t.Context(), "racks/racks.json"); err == nil {
			t.Errorf("there is a receipt: %+v", receipt)
		}
	}
}
