package hostile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestEveryLimit lowers each limit until a harmless document is over it: the error is final, and names the limit with its default.
func TestEveryLimit(t *testing.T) {
	json := func(fields string) string { return `{"hosts":[{"name":"a",` + fields + `}]}` }
	many := strings.Repeat("a", 2000)
	type over struct {
		syntax, text string
		most         int
	}
	documents := map[limit.Name]over{
		limit.Compressed:   {"json", json(`"note":"` + many + `"`), 1000},
		limit.Expanded:     {"json", testfiles.Gzip(t, json(`"note":"`+many+`"`)), 1000},
		limit.Ratio:        {"json", testfiles.Gzip(t, json(`"note":"`+strings.Repeat("a", 12<<20)+`"`)), 2},
		limit.Window:       {"json", testfiles.Zstd(t, json(`"note":"`+strings.Repeat(many, 1000)+`"`)), 1024},
		limit.Directory:    {"zip", testfiles.Zip(t, "hosts/"+many+".csv", "name,ip\n", "hosts/b.csv", "name,ip\n"), 1000},
		limit.Members:      {"zip", testfiles.Zip(t, "hosts/a.csv", "name\n", "hosts/b.csv", "name\n", "hosts/c.csv", "name\n"), 2},
		limit.Depth:        {"xml", "<hosts><host><a><b/></a></host></hosts>", 3},
		limit.DepthSkipped: {"json", json(`"deep":` + strings.Repeat("[", 50) + strings.Repeat("]", 50)), 20},
		limit.Field:        {"json", json(`"` + many + `":1`), 1000},
		limit.Text:         {"json", json(`"note":"` + many + `"`), 1000},
		limit.Record:       {"csv", "name,ip,note\na,,\"" + strings.Repeat(many, 100) + "\"\n", 1000},
		limit.Records:      {"csv", "name,ip\na,\nb,\nc,\n", 2},
		limit.Cells:        {"csv", "name,ip\na" + strings.Repeat(",", 50) + "\n", 20},
		limit.Attributes:   {"xml", `<hosts><host a="" b="" c=""/></hosts>`, 2},
		limit.Elements:     {"workbook", book(t, plain(2)), 1},
		limit.Items:        {"json", json(`"extra":["a","b","c","d"]`), 3},
		limit.Held:         {"json", json(`"extra":["` + strings.Repeat(`a","`, 1000) + `b"]`), 50_000},
	}
	for _, one := range limit.All() {
		name := one.Name
		c, ok := documents[name]
		if !ok && name != limit.RatioFrom && name != limit.Expression { // for these see Ratio, and TestBounds of expressions
			t.Errorf("%s: no document is over it", name)
		}
		if !ok {
			continue
		}
		in := newReader(t)
		l, err := limit.Parse([]string{fmt.Sprintf("%s=%d", name, c.most)})
		if err != nil {
			t.Fatal(err)
		}
		if err := in.read(t, c.syntax, c.text, nil, nil); err != nil && name != limit.Ratio && name != limit.Record {
			t.Errorf("%s: without the limit: %v", name, err)
		}
		in.intake.Limits = l
		err = in.read(t, c.syntax, c.text, nil, nil)
		if err == nil || !strings.Contains(err.Error(), name.Setting()) || bridge.ClassOf(err) != bridge.Reject {
			t.Errorf("%s: %v", name, err)
		}
	}
}
