package node

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The IDs of the table's nodes.
const (
	idWebA    = "i-00000000000000001" // web1.a.example
	idWebB    = "i-00000000000000002" // web1.b.example
	idDB      = "i-00000000000000003" // DB1, no domain
	idERP     = "mi-00000000000000004"
	idLost    = "i-00000000000000005" // two of one name: not there any more
	idNew     = "i-00000000000000006" // and there
	idShared1 = "i-00000000000000007" // two of one address, both online
	idShared2 = "i-00000000000000008"
	idUnknown = "i-0ffffffffffffffff"
)

func fleet() *Directory {
	return New([]Node{
		{ID: idWebB, ComputerName: "web1.b.example", IPAddress: "10.0.0.2", PingStatus: "Online", Tags: map[string]string{"AssetTag": "K2", "By": "cmdb"}},
		{ID: idWebA, ComputerName: "WEB1.a.example.", IPAddress: "10.0.0.1", PingStatus: "Online", Serials: []string{"SER-A"}, Tags: map[string]string{"AssetTag": "K1"}},
		{ID: idDB, ComputerName: "DB1", IPAddress: "10.0.0.3", PingStatus: "Online", MACs: []string{"0A-00-00-00-00-03"}, Serials: []string{"33221100-5544-7766-8899-aabbccddeeff"}},
		{ID: idERP, ComputerName: "WIN-8J3K2L4M5N6", Name: "erp-1", IPAddress: "10.0.0.4", PingStatus: "Online"},
		{ID: idLost, ComputerName: "runner.example", IPAddress: "10.0.0.5", PingStatus: "ConnectionLost"},
		{ID: idNew, ComputerName: "runner.example", IPAddress: "10.0.0.6", PingStatus: "Online"},
		{ID: idShared1, ComputerName: "x7", Name: "db1", IPAddress: "10.9.9.9", PingStatus: "Online"},
		{ID: idShared2, ComputerName: "localhost", IPAddress: "10.9.9.9, 127.0.0.1", PingStatus: "Online"},
		{ID: "i-00000000000000009", ComputerName: "gone.example", IPAddress: "10.0.0.7", Status: "Terminated"},
	})
}

func TestResolve(t *testing.T) {
	names := func(n ...string) Subject { return Subject{Hostname: n} }
	ips := func(n ...string) Subject { return Subject{IP: n} }
	tests := []struct {
		name    string
		subject Subject
		rules   Rules
		want    string // outcome node-or-reason rule
	}{
		{"nothing", Subject{}, Rules{}, "parked unidentified "},
		{"only placeholders", names("localhost"), Rules{}, "parked unidentified "},

		{"id", Subject{NodeID: []string{idDB}}, Rules{}, "matched " + idDB + " nodeId"},
		{"id wins over a name", Subject{NodeID: []string{idDB}, Hostname: []string{"web1.a.example"}}, Rules{}, "matched " + idDB + " nodeId"},
		{"unknown id, known name", Subject{NodeID: []string{idUnknown}, Hostname: []string{"db1"}}, Rules{}, "parked no-such-node nodeId"},
		{"no id at all, known name", Subject{NodeID: []string{"vm-17"}, Hostname: []string{"db1"}}, Rules{}, "matched " + idDB + " hostname"},
		{"one of two ids known", Subject{NodeID: []string{idUnknown, idDB}}, Rules{}, "matched " + idDB + " nodeId"},
		{"two ids", Subject{NodeID: []string{idWebA, idDB}}, Rules{}, "rejected contradiction nodeId"},
		{"terminated id", Subject{NodeID: []string{"i-00000000000000009"}}, Rules{}, "parked no-such-node nodeId"},
		{
			"other account",
			Subject{NodeID: []string{"arn:aws:ec2:eu-west-1:999999999999:instance/" + idUnknown}},
			Rules{Account: "111122223333", Region: "eu-west-1"},
			"skipped elsewhere nodeId",
		},
		{
			"other region",
			Subject{NodeID: []string{"arn:aws:ec2:us-east-1:111122223333:instance/" + idUnknown}},
			Rules{Account: "111122223333", Region: "eu-west-1"},
			"skipped elsewhere nodeId",
		},
		{
			"this account",
			Subject{NodeID: []string{"arn:aws:ec2:eu-west-1:111122223333:instance/" + idUnknown}},
			Rules{Account: "111122223333", Region: "eu-west-1"},
			"parked no-such-node nodeId",
		},

		{"tag", Subject{Tags: map[string][]string{"AssetTag": {"K1"}}}, Rules{}, "matched " + idWebA + " tag"},
		{"tag's case counts", Subject{Tags: map[string][]string{"AssetTag": {"k1"}}}, Rules{}, "parked no-such-node "},
		{"tags of two nodes", Subject{Tags: map[string][]string{"AssetTag": {"K1"}, "By": {"cmdb"}}}, Rules{}, "rejected contradiction tag"},
		{"node has another tag", Subject{Tags: map[string][]string{"AssetTag": {"K9"}}, Hostname: []string{"web1.a.example"}}, Rules{}, "rejected contradiction hostname"},
		{"node has not the tag", Subject{Tags: map[string][]string{"AssetTag": {"K9"}}, Hostname: []string{"db1"}}, Rules{}, "matched " + idDB + " hostname"},

		{"serial", Subject{Serial: []string{"ser-a"}}, Rules{}, "matched " + idWebA + " serial"},
		{"serial of a renamed machine", Subject{Serial: []string{"SER-A"}, Hostname: []string{"web7.a.example"}}, Rules{}, "matched " + idWebA + " serial"},
		{"serial of one node, name of another", Subject{Serial: []string{"SER-A"}, Hostname: []string{"db1"}}, Rules{}, "rejected contradiction serial"},
		{"serial of one node, address of another", Subject{Serial: []string{"SER-A"}, IP: []string{"10.0.0.2"}}, Rules{}, "rejected contradiction serial"},
		{"serial and name against an address", Subject{Serial: []string{"SER-A"}, Hostname: []string{"web1.a.example"}, IP: []string{"10.0.0.2"}}, Rules{}, "matched " + idWebA + " serial"},
		{"system UUID", Subject{Serial: []string{"33221100-5544-7766-8899-AABBCCDDEEFF"}}, Rules{}, "matched " + idDB + " serial"},
		{"system UUID, other byte order", Subject{Serial: []string{"00112233-4455-6677-8899-aabbccddeeff"}}, Rules{}, "matched " + idDB + " serial"},
		{"node has another serial", Subject{Serial: []string{"SER-Z"}, IP: []string{"10.0.0.1"}}, Rules{}, "rejected contradiction ip"},
		{"a serial of another form", Subject{Serial: []string{"SER-Z"}, IP: []string{"10.0.0.3"}}, Rules{}, "matched " + idDB + " ip"},
		{"node has no serial", Subject{Serial: []string{"SER-Z"}, IP: []string{"10.0.0.2"}}, Rules{}, "matched " + idWebB + " ip"},

		{"full name", names("Web1.A.example"), Rules{}, "matched " + idWebA + " hostname"},
		{"another domain", names("web1.c.example"), Rules{}, "parked no-such-node "},
		{"short name of two", names("web1"), Rules{}, "rejected ambiguous hostname"},
		{"short name settled by the full one", names("web1", "web1.b.example"), Rules{}, "matched " + idWebB + " hostname"},
		{"short name of one", names("runner"), Rules{OnAmbiguousOnline: true}, "matched " + idNew + " hostname"},
		{"full name of a node without domain", names("db1.corp.example"), Rules{}, "matched " + idDB + " hostname"},
		{"DOMAIN\\name", names(`CORP\DB1`), Rules{}, "matched " + idDB + " hostname"},
		{"two names of two nodes", names("db1", "web1.a.example"), Rules{}, "rejected contradiction hostname"},
		{"a second name that is unknown", names("alias", "db1"), Rules{}, "matched " + idDB + " hostname"},
		{"name given at activation", names("erp-1"), Rules{}, "matched " + idERP + " hostname"},
		{"name of that machine", names("win-8j3k2l4m5n6"), Rules{}, "matched " + idERP + " hostname"},
		{"names wins over an address", Subject{Hostname: []string{"db1"}, IP: []string{"10.0.0.1"}}, Rules{}, "matched " + idDB + " hostname"},
		{"address among the names", names("10.0.0.3"), Rules{}, "matched " + idDB + " ip"},
		{"terminated", names("gone.example"), Rules{}, "parked no-such-node "},
		{"two of one name", names("runner.example"), Rules{}, "rejected ambiguous hostname"},
		{"ambiguous name, good address", Subject{Hostname: []string{"runner.example"}, IP: []string{"10.0.0.6"}}, Rules{}, "matched " + idNew + " hostname"},
		{"ambiguous name, other address", Subject{Hostname: []string{"runner.example"}, IP: []string{"10.0.0.66"}}, Rules{}, "rejected ambiguous hostname"},
		{"the one online", names("runner.example"), Rules{OnAmbiguousOnline: true}, "matched " + idNew + " hostname"},

		{"address", ips("10.0.0.3/24"), Rules{}, "matched " + idDB + " ip"},
		{"mapped address", ips("::ffff:10.0.0.3"), Rules{}, "matched " + idDB + " ip"},
		{"unknown name, known address", Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.3"}}, Rules{}, "parked address-only ip"},
		{"the same, trusted", Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.3"}}, Rules{TrustIP: true}, "matched " + idDB + " ip"},
		{"the same, parked before", Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.3"}}, Rules{TrustIP: true, Later: true}, "parked address-only ip"},
		{"address of an image's name", Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.4"}}, Rules{}, "matched " + idERP + " ip"},
		{"name out of an image", Subject{Hostname: []string{"win-00000000000"}, IP: []string{"10.0.0.3"}}, Rules{}, "matched " + idDB + " ip"},
		{"name of reverse DNS", Subject{Hostname: []string{"alias"}, Reverse: []string{"alias"}, IP: []string{"10.0.0.3"}}, Rules{}, "matched " + idDB + " ip"},
		{"name that spells its address", names("ip-10-0-0-3.eu-west-1.compute.internal"), Rules{}, "matched " + idDB + " ip"},
		{"name of a provider", Subject{Hostname: []string{"10-0-0-3.static.example"}, IP: []string{"10.0.0.3"}}, Rules{}, "matched " + idDB + " ip"},
		{"default bridge", Subject{Hostname: []string{"alias"}, IP: []string{"172.17.0.1"}}, Rules{}, "parked no-such-node "},
		{"address of two", ips("10.9.9.9"), Rules{}, "rejected ambiguous ip"},
		{"two online", ips("10.9.9.9"), Rules{OnAmbiguousOnline: true}, "rejected ambiguous ip"},
		{"addresses of two nodes", ips("10.0.0.1", "10.0.0.2"), Rules{}, "rejected contradiction ip"},
		{"mac", Subject{MAC: []string{"0a00.0000.0003"}}, Rules{}, "matched " + idDB + " mac"},

		{"allowed id", names("db1"), Rules{AllowNodes: []string{idDB}}, "matched " + idDB + " hostname"},
		{"allowed pattern", names("db1"), Rules{AllowNodes: []string{"mi-*", idDB[:5] + "*"}}, "matched " + idDB + " hostname"},
		{"other pattern", names("db1"), Rules{AllowNodes: []string{"mi-*x"}}, "rejected not-allowed hostname"},
		{"other id", names("db1"), Rules{AllowNodes: []string{idWebA}}, "rejected not-allowed hostname"},
		{"allowed tag", names("web1.b.example"), Rules{AllowTags: map[string]string{"By": "cmdb"}}, "matched " + idWebB + " hostname"},
		{"other tag", names("web1.a.example"), Rules{AllowTags: map[string]string{"By": "cmdb"}}, "rejected not-allowed hostname"},
		{"all tags", names("web1.b.example"), Rules{AllowTags: map[string]string{"By": "cmdb", "AssetTag": "K1"}}, "rejected not-allowed hostname"},
	}
	d := fleet()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := test.subject.Normalise()
			got := d.Resolve(s, test.rules)
			what := got.Reason
			if got.Outcome == Matched {
				what = got.Node
			}
			if line := fmt.Sprintf("%s %s %s", got.Outcome, what, got.Rule); line != test.want {
				t.Errorf("got %s, want %s", line, test.want)
			}
			if (got.Reason == "") != (got.Outcome == Matched) || (got.Node != "") != (got.Outcome == Matched) || got.Steps != nil {
				t.Errorf("got %+v", got)
			}
			explained := d.Explain(s, test.rules)
			explained.Steps = nil
			if diff := cmp.Diff(got, explained); diff != "" {
				t.Errorf("Explain decides otherwise:\n%s", diff)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	s := Subject{Serial: []string{"Z1"}, Hostname: []string{"runner", "alias"}, IP: []string{"10.0.0.6"}}.Normalise()
	got := fleet().Explain(s, Rules{})
	want := Decision{
		Outcome: Matched, Node: idNew, Rule: RuleHostname, Detail: "several nodes have the identifier; a weaker kind names one of them",
		Steps: []Step{
			{Rule: RuleSerial, Values: []string{"z1"}, About: idNew, Verdict: SaysNothing, Note: "no node has it"},
			{Rule: RuleHostname, Values: []string{"runner", "alias"}, Nodes: []string{idLost, idNew}, About: idNew, Verdict: Agrees},
			{Rule: RuleIP, Values: []string{"10.0.0.6"}, Nodes: []string{idNew}, About: idNew, Verdict: Agrees},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDirectory(t *testing.T) {
	d := fleet()
	last := ""
	for n := range d.Nodes() {
		if n.ID <= last {
			t.Errorf("%s after %s", n.ID, last)
		}
		last = n.ID
	}
	if d.Len() != 8 {
		t.Errorf("%d nodes", d.Len())
	}
	if n, ok := d.Lookup(idDB); !ok || n.ComputerName != "DB1" {
		t.Errorf("got %+v", n)
	}
	if _, ok := d.Lookup(idUnknown); ok {
		t.Error("found a node that is not there")
	}
}

func BenchmarkResolve(b *testing.B) {
	const n = 100_000
	nodes := make([]Node, n)
	subjects := make([]Subject, n)
	for i := range nodes {
		nodes[i] = Node{
			ID: fmt.Sprintf("i-%017x", i), ComputerName: fmt.Sprintf("host-%d.corp.example", i), IPAddress: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255),
		}
		subjects[i] = Subject{Serial: []string{"unknown-1"}, Hostname: []string{fmt.Sprintf("host-%d.corp.example", i), fmt.Sprintf("HOST-%d", i)}, IP: []string{"10.0.0.1"}}.Normalise()
	}
	d := New(nodes)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if got := d.Resolve(subjects[i%n], Rules{}); got.Outcome != Matched {
			b.Fatal(got)
		}
		i++
	}
}

func BenchmarkNormalise(b *testing.B) {
	s := Subject{Serial: []string{"None"}, Hostname: []string{"HOST-1.corp.example", "host-1"}, IP: []string{"10.0.0.1"}, MAC: []string{"0A:00:00:00:00:01"}}
	b.ReportAllocs()
	for b.Loop() {
		s.Normalise()
	}
}
