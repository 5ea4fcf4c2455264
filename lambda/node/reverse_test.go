package node

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSplitEvidence: a name stands against a name of reverse DNS alone and against an address alone, and not against both.
func TestSplitEvidence(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "app-01.example.test", IPAddress: "10.9.0.11", MACs: []string{"0a:00:00:00:00:0a"}},
		{ID: idDB, ComputerName: "db-01.example.test", IPAddress: "10.9.0.12", Serials: []string{"SER-DB"}},
		{ID: idWebB, ComputerName: "bare-01", IPAddress: "10.9.0.13"},
		{ID: idLost, ComputerName: "one.example.test", IPAddress: "10.9.0.14"},
		{ID: idNew, ComputerName: "two.example.test", IPAddress: "10.9.0.14"},
	})
	const app, db = "app-01.example.test", "db-01.example.test"
	for _, test := range []struct {
		name, id      string
		own, reverse  []string
		ip            []string
		serial, mac   string
		node          string // where it is matched
		rejectedAmong []string
	}{
		{name: "both", own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.12"}, rejectedAmong: []string{idWebA, idDB}},
		{name: "both, and a bare name", own: []string{"app-01"}, reverse: []string{db}, ip: []string{"10.9.0.12"}, rejectedAmong: []string{idWebA, idDB}},
		{name: "both, and a further address", own: []string{app}, reverse: []string{db}, ip: []string{"10.8.0.1", "10.9.0.12"}, rejectedAmong: []string{idWebA, idDB}},
		{name: "reverse DNS alone", own: []string{app}, reverse: []string{db}, ip: []string{"10.8.0.1"}, node: idWebA},
		{name: "an address alone", own: []string{app}, ip: []string{"10.9.0.12"}, node: idWebA},
		{name: "an address alone, a provider's name", own: []string{app}, reverse: []string{"ptr-12.provider.test"}, ip: []string{"10.9.0.12"}, node: idWebA},
		{name: "reverse DNS says both", own: []string{app}, reverse: []string{app, db}, ip: []string{"10.9.0.12"}, rejectedAmong: []string{idWebA, idDB}},
		{name: "reverse DNS says both, and the address is the name's", own: []string{app}, reverse: []string{app, db}, ip: []string{"10.9.0.11"}, node: idWebA},
		{name: "an address agrees with the name, too", own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.11", "10.9.0.12"}, node: idWebA},
		{name: "a MAC agrees with the name", own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.12"}, mac: "0a:00:00:00:00:0a", node: idWebA},
		{name: "to different nodes", own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.13"}, node: idWebA},
		{name: "an address of two nodes", own: []string{app}, reverse: []string{"one.example.test"}, ip: []string{"10.9.0.14"}, node: idWebA},
		{name: "a name that is no full one", own: []string{app}, reverse: []string{"bare-01.example.test"}, ip: []string{"10.9.0.13"}, node: idWebA},
		{name: "the other is known by another serial", own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.12"}, serial: "SER-X", node: idWebA},
		{name: "an ID decides", id: idWebA, own: []string{app}, reverse: []string{db}, ip: []string{"10.9.0.12"}, node: idWebA},
	} {
		s := Subject{NodeID: []string{test.id}, Hostname: test.own, IP: test.ip, Serial: []string{test.serial}, MAC: []string{test.mac}}.WithReverse(test.reverse)
		got := d.Resolve(s, Rules{})
		rejected := got.Outcome == Rejected && got.Reason == ReasonContradiction && got.Rule == RuleHostname
		if got.Node != test.node || test.node == "" && (!rejected || !slices.Equal(got.Nodes, test.rejectedAmong)) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

// TestSplitEvidenceAmongOthers: an address that two machines of the document have speaks for none.
func TestSplitEvidenceAmongOthers(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "app-01.example.test", IPAddress: "10.9.0.11"},
		{ID: idDB, ComputerName: "db-01.example.test", IPAddress: "10.9.0.12"},
	})
	s := Subject{Hostname: []string{"app-01.example.test"}, IP: []string{"10.9.0.12"}}.WithReverse([]string{"db-01.example.test"})
	among := d.Crowd()
	among.Add(s, "1")
	if got := d.Resolve(s, Rules{Among: among}); got.Reason != ReasonContradiction || !got.Depends {
		t.Errorf("alone: %+v", got)
	}
	among.Add(Subject{Hostname: []string{"other.example.test"}, IP: []string{"10.9.0.12"}}, "2")
	if got := d.Resolve(s, Rules{Among: among}); got.Node != idWebA {
		t.Errorf("beside another machine with the address: %+v", got)
	}
}

// TestExplainSplitEvidence: the explanation has both sides.
func TestExplainSplitEvidence(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "app-01.example.test", IPAddress: "10.9.0.11"},
		{ID: idDB, ComputerName: "db-01.example.test", IPAddress: "10.9.0.12"},
	})
	s := Subject{Hostname: []string{"app-01.example.test"}, IP: []string{"10.9.0.12"}}.WithReverse([]string{"db-01.example.test"})
	got := d.Explain(s, Rules{})
	want := Decision{
		Outcome: Rejected, Reason: ReasonContradiction, Rule: RuleHostname, Detail: detailSplit, Nodes: []string{idWebA, idDB},
		Steps: []Step{
			{Rule: RuleHostname, Values: []string{"app-01.example.test"}, Nodes: []string{idWebA}, About: idWebA, Verdict: Agrees},
			{Rule: kindReverse, Values: []string{"db-01.example.test"}, Nodes: []string{idDB}, About: idWebA, Verdict: SaysNothing, Note: "it leads to another node"},
			{Rule: RuleIP, Values: []string{"10.9.0.12"}, Nodes: []string{idDB}, About: idWebA, Verdict: SaysNothing, Note: "it leads to another node"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
