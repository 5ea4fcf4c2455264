package choose_test

import (
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestNearestMappings has what an error says of the mappings that recognise a document nearly, and that it says nothing of the document.
func TestNearestMappings(t *testing.T) {
	files := map[string]string{}
	for name, detect := range map[string]string{
		"list": "csv: [Host, Owner, Rack, Row]", "others": "csv: {all: [Host], of: [Shelf, Board, Depth, Unit], least: 3}", "tree": "json: [kind=rack, rows.unit, rows.depth]",
		"page": "xml: [racks, rack.unit, rack.depth]", "parts": "zip: [racks, rows, units]", "tags": "keyvalue: [RackName, RackUnit]", "labels": "csv: [Bay, Side, Kind]}, {csv: [Bay, Side, Art]", "sheet": "xlsx: [sheet Racks, Rack, Unit]",
	} {
		files[name+".yaml"] = "version: 1\nmapping: " + name + "\ndetect: [{" + detect + "}]\nsections: [RackName]\n" + rightFill
	}
	set, err := load.Options{}.Load(write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, declared, content, want string }{
		{"columns", "", "Host,Owner,Rack,secret\n", "(nearest: 3 of 4 columns of list; none of: Row)"},
		{"columns of several", "", "Host;Owner;Shelf;Board;secret\n", "(nearest: 3 of 5 columns of others, and 4 are needed - 2 of 4 columns of list; none of: Rack, Row)"},
		{"either of two", "", "Bay,Side,secret\n", "(nearest: 2 of 3 columns of labels; none of: Kind, Art)"},
		{"too few", "", "Host,secret\n", "that a mapping knows, which no mapping knows: name one"},
		{"too few, declared", "list", "Host,secret\n", "no detect of this mapping fits it"},
		{"declared", "list", "Rack,Row,secret\n", "fits it (nearest: 2 of 4 columns of list; none of: Host, Owner)"},
		{"JSON", "", `{"kind":"secret","rows":[{"unit":1,"depth":2}]}`, "(nearest: 2 of 3 conditions of tree; none of: kind=rack)"},
		{"XML", "", "<racks><rack><unit>secret</unit></rack></racks>", "(nearest: 2 of 3 conditions of page; none of: rack.depth)"},
		{"zip", "", testfiles.Zip(t, "racks/secret.csv", "a", "units.csv", "a"), "(nearest: 2 of 3 members of parts; none of: rows)"},
		{"keys", "", "RackName: secret\nRow: 1\n", "(nearest: 1 of 2 keys of tags; none of: RackUnit)"},
		{"workbook", "", bookOf(t, "Racks", "Rack,secret"), "(nearest: 1 of 2 columns of sheet; none of: Unit)"},
	} {
		_, err := chosen(t, set, choose.Origin{Declared: tt.declared, Local: true}, []byte(tt.content))
		switch {
		case err == nil:
			t.Errorf("%s: it is known", tt.name)
		case !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret"):
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
