package intake

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const paged = "detect:\n  - json: [list, total]\nwhole: {expr: 'int(r.total) <= int($records)', page: page, pages: pages}\neach: list\n" +
	"identify: {hostname: machine}\nabsent: {clear: true}\nCustom:Check:\n  Id: id\n"

func page(rest string, machines ...string) string {
	var list []string
	for _, m := range machines {
		list = append(list, `{"machine":"`+m+`","id":"1"}`)
	}
	return `{"list":[` + strings.Join(list, ",") + `],` + rest + `}`
}

func TestPartsOfDocuments(t *testing.T) {
	merged, whole := []string{"1 merge 06:00 [1=]", "2 merge 06:00 [1=]"}, []string{"1 snapshot 06:00 [1=]", "2 snapshot 06:00 [1=]"}
	tests := map[string]struct {
		words, body string
		want        []string
		part        receipt.PartOf
		page        *ledger.Page
		partitions  int
	}{
		"the whole":                 {body: page(`"total":2`, "web-1", "web-2"), want: whole, partitions: 4}, // it proves absence
		"a part":                    {body: page(`"total":3`, "web-1", "web-2"), want: merged, part: receipt.PartOf{AddsOnly: true}, partitions: 2},
		"a page":                    {body: page(`"total":3,"page":1,"pages":2`, "web-1", "web-2"), want: merged, part: receipt.PartOf{AddsOnly: true, Page: 1, Pages: 2}, page: &ledger.Page{Number: 1, Of: 2, Sources: []string{"checks"}}, partitions: 4},
		"a page with no record":     {body: page(`"total":3,"page":2,"pages":2`), part: receipt.PartOf{AddsOnly: true, Page: 2, Pages: 2}, page: &ledger.Page{Number: 2, Of: 2, Sources: []string{"checks"}}, partitions: 4},
		"a page that was rejected":  {body: page(`"total":3,"page":1,"pages":2`, "web-1", "web-2", "web-3"), words: "onAmbiguous: reject\n", part: receipt.PartOf{AddsOnly: true, Page: 1, Pages: 2}, partitions: 2, want: merged},
		"the only page":             {body: page(`"total":2,"page":1,"pages":1`, "web-1", "web-2"), want: whole, partitions: 4},
		"newest records are whole":  {body: page(`"total":3`, "web-1", "web-2"), words: "update: newest\n", want: whole, part: receipt.PartOf{AddsOnly: true}, partitions: 2},
		"merged ones are merged":    {body: page(`"total":3`, "web-1", "web-2"), words: "update: merge\n", want: merged, part: receipt.PartOf{AddsOnly: true}, partitions: 2},
		"a total that is no number": {body: page(`"total":"many"`, "web-1", "web-2"), want: whole, partitions: 4},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			words := strings.Replace(paged, "each:", strings.Replace(c.words, "onAmbiguous: reject\n", "", 1)+"each:", 1)
			if strings.HasPrefix(c.words, "update: merge") {
				words = strings.Replace(words, "absent: {clear: true}\n", "", 1)
			}
			in, _ := reader(t, own(t, words))
			in.Ledger = true
			if strings.HasPrefix(c.words, "onAmbiguous") {
				in.Nodes = node.New([]node.Node{
					{ID: "i-00000000000000001", ComputerName: "web-1"},
					{ID: "i-00000000000000002", ComputerName: "web-2"},
					{ID: "i-00000000000000003", ComputerName: "web-3"},
					{ID: "i-00000000000000004", ComputerName: "web-3"},
				})
			}
			im, err := in.Read(t.Context(), local(c.body))
			if err != nil {
				t.Fatal(err)
			}
			own := im.Receipt()
			if err := im.Close(); err != nil {
				t.Error(err)
			}
			got, _, header := rowsOf(t, in, c.body)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.part, own.PartOf); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.page, header.Page); diff != "" {
				t.Error(diff)
			}
			if len(own.Partitions) != c.partitions || (own.Clears == nil) != (c.part.AddsOnly || strings.HasPrefix(c.words, "update: merge")) {
				t.Errorf("partitions %v, clears %v", own.Partitions, own.Clears)
			}
			uncounted := func(n receipt.Note) bool { return strings.HasPrefix(n.Text, "this page does not count") }
			if noted := slices.ContainsFunc(own.Notes, uncounted); noted != (c.part.Pages > 0 && c.page == nil) {
				t.Errorf("notes %v", own.Notes)
			}
		})
	}
}

// A page about a machine that is named from outside is one of its node's.
func TestAPageOfOneMachine(t *testing.T) {
	in, _ := reader(t, own(t, strings.NewReplacer("identify: {hostname: machine}\n", "", "absent: {clear: true}\n", "").Replace(paged)))
	for name, c := range map[string]struct {
		as   string
		want *ledger.Page
	}{
		"its node":  {"i-00000000000000003", &ledger.Page{Number: 2, Of: 2, Alone: "i-00000000000000003", Sources: []string{"checks"}}},
		"unmatched": {"i-0000000000000000f", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := local(page(`"total":3,"page":2,"pages":2`))
			d.As = node.Subject{NodeID: []string{c.as}}
			im, err := in.Read(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = im.Close() }()
			if diff := cmp.Diff(c.want, im.page()); diff != "" {
				t.Error(diff)
			}
			if n := len(im.Partitions()); (n == 1) != (c.want != nil) {
				t.Errorf("%d partitions", n)
			}
		})
	}
}
