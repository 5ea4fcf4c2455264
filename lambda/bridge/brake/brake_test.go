package brake

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

var (
	east = target.Key{Account: "111122223333", Region: "eu-east-1"}
	west = target.Key{Account: "444455556666", Region: "eu-west-1"}
)

// mappings has one that clears at most a fifth of a source's nodes.
func mappings(t *testing.T) *mapping.Set {
	t.Helper()
	set, err := load.Options{}.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestEachTargetHasABrake: few of all nodes may be all of an account.
func TestEachTargetHasABrake(t *testing.T) {
	b := Brake{mappings(t)}
	summary := func(nodes, absent, eastNodes, eastAbsent, westNodes, westAbsent int) map[string]*ledger.SourceSummary {
		s := &ledger.SourceSummary{Source: "s", Mapping: "some-register", Nodes: nodes, Absent: map[string]int{"im": absent}}
		if eastNodes+westNodes > 0 {
			s.Targets = map[target.Key]*ledger.TargetSummary{
				east: {Nodes: eastNodes, Absent: map[string]int{"im": eastAbsent}}, west: {Nodes: westNodes, Absent: map[string]int{"im": westAbsent}},
			}
		}
		return map[string]*ledger.SourceSummary{"s": s}
	}
	tests := []struct {
		name      string
		summaries map[string]*ledger.SourceSummary
		want      string // reason; "": they are cleared
	}{
		{"few, in one account", summary(100, 20, 0, 0, 0, 0), ""},
		{"many, in one account", summary(100, 21, 0, 0, 0, 0), "21 of 100 nodes of the source s are not named, and at most 20 may be cleared at once"},
		{"few in all and in each", summary(100, 14, 50, 10, 20, 4), ""},
		{
			"few in all and all of one", summary(100, 10, 80, 0, 10, 10),
			"10 of 10 nodes of the source s in 444455556666/eu-west-1 are not named, and at most 2 may be cleared at once",
		},
		{
			"few in all and most of the own", summary(100, 8, 80, 0, 10, 0),
			"8 of 10 nodes of the source s in the installation's own account and region are not named, and at most 2 may be cleared at once",
		},
		{"the only node of an account", summary(100, 1, 98, 0, 1, 1), ""},
		{"many in all and few in each", summary(10, 3, 4, 1, 3, 1), "3 of 10 nodes of the source s are not named, and at most 2 may be cleared at once"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := receipt.Absence{Cleared: true}
			b.Counted(&a, receipt.Receipt{Import: "im"}, test.summaries)
			if a.Reason != test.want || a.Cleared != (test.want == "") {
				t.Errorf("decided: %+v", a)
			}
			s := test.summaries["s"]
			planned := receipt.Absence{Cleared: true}
			r := receipt.Receipt{Absent: []receipt.Absent{{Source: "s", Nodes: s.Nodes, Absent: s.Absent["im"], Elsewhere: map[string]int{}}}}
			r.Mapping = "some-register"
			for k, there := range s.Targets {
				r.Absent[0].Elsewhere[k.String()] = there.Absent["im"]
			}
			b.Planned(&planned, r, test.summaries)
			if planned.Reason != test.want {
				t.Errorf("planned: %+v", planned)
			}
		})
	}
}

// TestNodesThatWereNotLookedAt: many nodes of an account that is down make no few of all the others.
func TestNodesThatWereNotLookedAt(t *testing.T) {
	b := Brake{mappings(t)}
	s := &ledger.SourceSummary{Source: "s", Mapping: "some-register", Nodes: 103, Absent: map[string]int{"im": 3}, Targets: map[target.Key]*ledger.TargetSummary{
		east: {Nodes: 100}, west: {Nodes: 1, Absent: map[string]int{"im": 1}}, {Account: "777788889999", Region: "eu-west-1"}: {Nodes: 1, Absent: map[string]int{"im": 1}},
	}}
	r := receipt.Receipt{Import: "im", Mapping: "some-register", Absent: []receipt.Absent{{Source: "s", Nodes: 3, Absent: 3, Elsewhere: map[string]int{west.String(): 1, "777788889999/eu-west-1": 1}}}}
	counted, planned := receipt.Absence{Cleared: true}, receipt.Absence{Cleared: true}
	b.Counted(&counted, r, map[string]*ledger.SourceSummary{"s": s})
	b.Planned(&planned, r, map[string]*ledger.SourceSummary{"s": s})
	want := "3 of 3 nodes of the source s are not named, and at most 1 may be cleared at once"
	if counted.Cleared || counted.Reason != want || planned.Reason != want {
		t.Errorf("decided: %+v; planned: %+v", counted, planned)
	}
}
