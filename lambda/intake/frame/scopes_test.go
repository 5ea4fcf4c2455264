package frame

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

func scopeOfIDs(ids ...string) *inventory.Scope {
	return &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: "Id", Values: ids}}}}
}

// TestScopesOfRecords: each record has the scopes that it came with, whether it shares them with others, is beyond what is shared, or has them from
// the end of the document.
func TestScopesOfRecords(t *testing.T) {
	var s Scopes
	var records [][]byte
	const many = maxScopes + 50
	for i := range many {
		rec := &read.Record{Scopes: []*inventory.Scope{scopeOfIDs(fmt.Sprint(i)), nil, nil}, LateScopes: []int{0, 0, i % 2}}
		records = append(records, s.Append(nil, rec))
	}
	s.End([]*inventory.Scope{scopeOfIDs("late")})
	if len(s.list) != maxScopes {
		t.Errorf("%d scopes are shared", len(s.list))
	}
	for i, b := range records {
		d := Decoder{Decoder: packed.NewDecoder(b)}
		got := d.Scopes(&s)
		if len(got) != 3 || got[1] != nil || d.Bad() || d.More() {
			t.Fatalf("record %d: %q", i, got)
		}
		want := map[int]*inventory.Scope{0: scopeOfIDs(fmt.Sprint(i))}
		if i%2 == 1 {
			want[2] = scopeOfIDs("late")
		}
		for at, one := range want {
			scope, err := s.Union(got[at : at+1])
			if diff := cmp.Diff(one, scope); diff != "" || err != nil {
				t.Fatal(i, at, diff, err)
			}
		}
	}
}

// TestScopesOfADamagedFrame: a number that no scope has is damage, and none is made up.
func TestScopesOfADamagedFrame(t *testing.T) {
	for _, how := range []uint64{scopeKnown, scopeLate, scopeLate + 1} {
		d := Decoder{Decoder: packed.NewDecoder(packed.AppendUint(packed.AppendUint(packed.AppendUint(nil, 1), how), 7))}
		if got := d.Scopes(&Scopes{}); !d.Bad() || len(got) != 1 || got[0] != nil {
			t.Errorf("%d: %q", how, got)
		}
	}
}
