package elsewhere

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

func TestServed(t *testing.T) {
	const a, b = "111122223333/eu-central-1", "444455556666/eu-central-1"
	served := target.NewSet(target.Key{Account: "123456789012", Region: "us-east-1"}, []target.Target{
		{Key: target.Key{Account: "111122223333", Region: "eu-central-1"}}, {Key: target.Key{Account: "444455556666", Region: "eu-central-1"}},
	})
	at := time.Unix(1_800_000_000, 0)
	one := func(id, key string, skipped receipt.Elsewhere) receipt.Receipt {
		return receipt.Receipt{Import: id, Key: key, Document: "s3://b/" + key, Mapping: "m", Received: at, Complete: true, Elsewhere: skipped}
	}
	of := func(r receipt.Receipt, mapping string) receipt.Receipt { r.Mapping = mapping; return r }
	about := func(r receipt.Receipt, of string) receipt.Receipt { r.Targets = receipt.Targets{of: 1}; return r }
	document := func(id, key string, records, earlier int) Document {
		d := Document{Import: id, Received: at, Records: records, Earlier: earlier}
		if key != "" {
			d.Document = "s3://b/" + key
		}
		return d
	}
	for name, c := range map[string]struct {
		receipts []receipt.Receipt
		want     []Document
	}{
		"the newest, and how many before it": {
			[]receipt.Receipt{one("3", "c", receipt.Elsewhere{a: 3}), one("2", "b", receipt.Elsewhere{a: 2}), one("1", "a", receipt.Elsewhere{a: 1})},
			[]Document{document("3", "c", 3, 2)},
		},
		"another target":  {[]receipt.Receipt{one("2", "b", receipt.Elsewhere{a: 2}), one("1", "a", receipt.Elsewhere{a: 1, b: 4})}, []Document{document("2", "b", 2, 0), document("1", "a", 5, 0)}},
		"another mapping": {[]receipt.Receipt{one("2", "b", receipt.Elsewhere{a: 2}), of(one("1", "a", receipt.Elsewhere{a: 1}), "n")}, []Document{document("2", "b", 2, 0), document("1", "a", 1, 0)}},
		"an account, and a region": {
			[]receipt.Receipt{one("1", "", receipt.Elsewhere{"111122223333/": 1, "/eu-central-1": 2, "999999999999/": 4, "/us-west-2": 8, receipt.OtherPlaces: 16})}, []Document{document("1", "", 3, 0)},
		},
		"none that is served":    {[]receipt.Receipt{one("1", "a", receipt.Elsewhere{"999999999999/eu-central-1": 1})}, nil},
		"a newer one of the key": {[]receipt.Receipt{one("2", "a", nil), one("1", "a", receipt.Elsewhere{a: 1})}, nil},
		"a newer one has nodes":  {[]receipt.Receipt{about(one("2", "b", nil), a), one("1", "a", receipt.Elsewhere{a: 1, b: 2})}, []Document{document("1", "a", 2, 0)}},
		"an older one has nodes": {[]receipt.Receipt{one("2", "b", receipt.Elsewhere{a: 1}), about(one("1", "a", nil), a)}, []Document{document("2", "b", 1, 0)}},
		"not whole":              {[]receipt.Receipt{{Import: "1", Mapping: "m", Elsewhere: receipt.Elsewhere{a: 1}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Served(c.receipts, served)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
