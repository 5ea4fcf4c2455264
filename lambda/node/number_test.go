package node

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// tied is which numbers are tied to which nodes.
type tied map[Number][]Tie

func (t tied) Tied(n Number) []Tie { return t[n] }

const (
	aid   = "8fc65315612b4f6b96d356ad11cd0e6a"
	other = "aaaabbbbccccddddeeeeffff00001111"
)

func called(names ...string) Subject { return Subject{Hostname: names} }

func at(addresses ...string) Subject { return Subject{IP: addresses} }

func day(n int) time.Time { return time.Date(2026, 11, n, 6, 0, 0, 0, time.UTC) }

// to ties a number to a node at a day.
func to(id string, at int) Tie { return Tie{Node: id, By: "agents", At: day(at)} }

// firmly is to, with the node's own ID beside the number.
func firmly(id string, at int) Tie { return Tie{Node: id, By: "agents", At: day(at), Firm: day(at)} }

func TestNumberLeadsToANode(t *testing.T) {
	const family = "products"
	number := func(key string, more Subject) Subject {
		more.Number = append(more.Number, Number{Family: family, Key: key})
		return more
	}
	noSerial, ping := "i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"
	d := New([]Node{
		{ID: idWebA, ComputerName: "web-1.a.example", IPAddress: "10.0.0.1", Serials: []string{"SER-A"}, PingStatus: "Online"},
		{ID: idWebB, ComputerName: "web-2.a.example", IPAddress: "10.0.0.2", Serials: []string{"SER-B"}, MACs: []string{"0a:00:00:00:00:02"}, PingStatus: "Online"},
		{ID: idDB, ComputerName: "db-1", IPAddress: "10.0.0.3", PingStatus: "Online", Tags: map[string]string{"AssetTag": "K1"}},
		{ID: noSerial, ComputerName: "twin", IPAddress: "10.0.0.4", PingStatus: "ConnectionLost"},
		{ID: ping, ComputerName: "twin", IPAddress: "10.0.0.5", Serials: []string{"SER-T"}, PingStatus: "Online"},
	})
	ties := func(key string, list ...Tie) tied { return tied{{Family: family, Key: key}: list} }
	tests := []struct {
		name    string
		subject Subject
		ties    tied
		rules   Rules
		want    string
	}{
		{"the number alone", number(aid, Subject{}), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"in another spelling", number(" "+strings.ToUpper(aid)+" ", Subject{}), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"not tied yet", number(aid, Subject{}), tied{}, Rules{}, "parked unidentified "},
		{"tied in another family", number(aid, Subject{}), tied{{Family: "others", Key: aid}: {to(idWebA, 1)}}, Rules{}, "parked unidentified "},
		{"another number", number(other, Subject{}), ties(aid, to(idWebA, 1)), Rules{}, "parked unidentified "},
		{"to a node that is gone", number(aid, Subject{}), ties(aid, to(idUnknown, 1)), Rules{}, "parked unidentified "},
		{"to two, of which one is gone", number(aid, Subject{}), ties(aid, to(idUnknown, 2), to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"to two", number(aid, Subject{}), ties(aid, to(idWebA, 1), to(idWebB, 2)), Rules{}, "parked number-of-several "},
		{"to two, with a name that no node has", number(aid, called("web-9")), ties(aid, to(idWebA, 1), to(idWebB, 2)), Rules{}, "parked number-of-several "},
		{"reinstalled: to the one that was seen with its ID last", number(aid, Subject{}), ties(aid, to(idWebA, 1), firmly(idWebB, 2)), Rules{}, "matched " + idWebB + " number"},
		{"seen with an ID, and elsewhere since", number(aid, Subject{}), ties(aid, to(idWebA, 3), firmly(idWebB, 2)), Rules{}, "parked number-of-several "},
		{"seen with two IDs", number(aid, Subject{}), ties(aid, firmly(idWebA, 3), firmly(idWebB, 2)), Rules{}, "matched " + idWebA + " number"},
		{"seen with two IDs at once", number(aid, Subject{}), ties(aid, firmly(idWebA, 2), firmly(idWebB, 2)), Rules{}, "parked number-of-several "},
		{"what many machines have", number(strings.Repeat("0", 32), Subject{}), ties(strings.Repeat("0", 32), to(idWebA, 1)), Rules{}, "parked unidentified "},

		{"a renamed machine", number(aid, called("web-9")), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"with an address of nobody", number(aid, at("10.9.9.1")), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"a name of another, of a family", number(aid, called("web-2.a.example")), ties(aid, to(idWebA, 1)), Rules{Family: "spots"}, "rejected contradiction hostname"},
		{"a name of another, where the mapping itself tied it", number(aid, called("web-2.a.example")), ties(aid, to(idWebA, 1)), Rules{Family: "agents"}, "matched " + idWebB + " hostname"},
		{"its own name, of a family", number(aid, called("web-2.a.example")), ties(aid, to(idWebB, 1)), Rules{Family: "spots"}, "matched " + idWebB + " hostname"},
		{"a name decides", number(aid, called("web-2.a.example")), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebB + " hostname"},
		{"the node's own ID decides", number(aid, Subject{NodeID: []string{idWebB}}), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebB + " nodeId"},
		{"an ID that is not managed", number(aid, Subject{NodeID: []string{idUnknown}}), ties(aid, to(idWebA, 1)), Rules{}, "parked no-such-node nodeId"},
		{"a serial of the same node", number(aid, Subject{Serial: []string{"SER-A"}}), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " serial"},
		{"a serial of another node", number(aid, Subject{Serial: []string{"SER-B"}}), ties(aid, to(idWebA, 1)), Rules{}, "rejected contradiction serial"},
		{"a MAC of another node", number(aid, Subject{MAC: []string{"0a:00:00:00:00:02"}}), ties(aid, to(idWebA, 1)), Rules{}, "rejected contradiction mac"},
		{"a tag of another node", number(aid, Subject{Tags: map[string][]string{"AssetTag": {"K1"}}}), ties(aid, to(idWebA, 1)), Rules{}, "rejected contradiction tag"},
		{"an address of another node", number(aid, at("10.0.0.2")), ties(aid, to(idWebA, 1)), Rules{}, "rejected contradiction ip"},
		{"an address of the node", number(aid, at("10.0.0.1")), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " ip"},
		{"another serial than the node's", number(aid, Subject{Serial: []string{"SER-Z"}}), ties(aid, to(idWebA, 1)), Rules{}, "rejected contradiction number"},
		{"a serial of nobody, where the node has none", number(aid, Subject{Serial: []string{"SER-Z"}}), ties(aid, to(idDB, 1)), Rules{}, "matched " + idDB + " number"},
		{"the serial of the machine set up anew", number(aid, Subject{Serial: []string{"SER-T"}}), ties(aid, to(noSerial, 1)), Rules{}, "matched " + ping + " serial"},
		{"an address, called otherwise", number(aid, Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.1"}}), ties(aid, to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"an address of another, called otherwise", number(aid, Subject{Hostname: []string{"alias"}, IP: []string{"10.0.0.2"}}), ties(aid, to(idWebA, 1)), Rules{}, "parked address-only ip"},
		{"a name of two", number(aid, called("twin")), ties(aid, to(ping, 1)), Rules{}, "matched " + ping + " number"},
		{"a name of two, tied to the one that is lost", number(aid, called("twin")), ties(aid, to(noSerial, 1)), Rules{}, "rejected ambiguous hostname"},
		{"a name of two, tied to a third", number(aid, called("twin")), ties(aid, to(idWebA, 1)), Rules{}, "rejected ambiguous hostname"},
		{"a name of two, tied to two", number(aid, called("twin")), ties(aid, to(noSerial, 1), to(ping, 1)), Rules{}, "rejected ambiguous hostname"},
		{"may not be written", number(aid, Subject{}), ties(aid, to(idWebA, 1)), Rules{AllowNodes: []string{idDB}}, "rejected not-allowed number"},
		{"later, with an address of another", number(aid, at("10.0.0.2")), ties(aid, to(idWebA, 1)), Rules{Later: true}, "parked address-only ip"},

		{"a short number alone", number("17", Subject{}), ties("17", to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"a short number, and a name of nobody", number("17", called("printer-3")), ties("17", to(idWebA, 1)), Rules{}, "parked no-such-node "},
		{"a short number, and an address of nobody", number("17", at("10.9.9.1")), ties("17", to(idWebA, 1)), Rules{}, "parked no-such-node "},
		{"a short number, and another's serial", number("17", Subject{Serial: []string{"SER-B"}}), ties("17", to(idWebA, 1)), Rules{}, "matched " + idWebB + " serial"},
		{"a name as the number, and as the name", number("cert-1.corp.example", called("cert-1.corp.example")), ties("cert-1.corp.example", to(idWebA, 1)), Rules{}, "matched " + idWebA + " number"},
		{"a name as the number, and another name", number("cert-1.corp.example", called("cert-1.corp.example", "web-9")), ties("cert-1.corp.example", to(idWebA, 1)), Rules{}, "parked no-such-node "},

		{"two numbers of one node", number(aid, number(other, Subject{})), tied{{Family: family, Key: aid}: {to(idWebA, 1)}, {Family: family, Key: other}: {to(idWebA, 2)}}, Rules{}, "matched " + idWebA + " number"},
		{"two numbers of two nodes", number(aid, number(other, Subject{})), tied{{Family: family, Key: aid}: {to(idWebA, 1)}, {Family: family, Key: other}: {to(idWebB, 2)}}, Rules{}, "parked number-of-several "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.rules.Numbers = test.ties
			got := d.Resolve(test.subject.Normalise(), test.rules)
			what := got.Reason
			if got.Outcome == Matched {
				what = got.Node
			}
			if s := fmt.Sprintf("%s %s %s", got.Outcome, what, got.Rule); s != test.want {
				t.Errorf("%s, want %s (%s)", s, test.want, got.Detail)
			}
			if strings.Contains(got.Detail, aid) || strings.Contains(got.Detail, "SER-") {
				t.Errorf("a value stands in %q", got.Detail)
			}
		})
	}
}

// TestWhatANumberSays keeps what people read of it.
func TestWhatANumberSays(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "web-1", Serials: []string{"SER-A"}}, {ID: idWebB, ComputerName: "web-2", Serials: []string{"SER-B"}},
	})
	s := Subject{Number: []Number{{Family: "products", Key: aid}}}
	serial := Subject{Number: s.Number, Serial: []string{"ser-b"}}
	for _, test := range []struct {
		subject Subject
		ties    []Tie
		detail  string
		verdict Verdict
		note    string
	}{
		{s, []Tie{to(idWebA, 3)}, "the source's own number of the machine was tied to a node by agents on 2026-11-03", Agrees, ""},
		{
			serial,
			[]Tie{to(idWebA, 3)},
			"the source's own number of the machine was tied to a node by agents on 2026-11-03, and the serial names another node: one of both is out of date", Agrees, "",
		},
		{
			s,
			[]Tie{to(idWebA, 3), to(idWebB, 4)},
			"the source's own number of the machine is tied to several nodes, so it names none of them",
			SaysNothing, "it is tied to several nodes",
		},
		{s, nil, "no identifier has a usable value", SaysNothing, "no import has tied it to a managed node"},
	} {
		got := d.Explain(test.subject, Rules{Numbers: tied{s.Number[0]: test.ties}})
		step := got.Steps[len(got.Steps)-1]
		if got.Detail != test.detail || step.Rule != RuleNumber || step.Verdict != test.verdict || step.Note != test.note {
			t.Errorf("%q, %+v; want %q", got.Detail, step, test.detail)
		}
	}
	if got := d.Explain(called("web-1"), Rules{Numbers: tied{}}); len(got.Steps) != 1 {
		t.Errorf("a machine without a number: %+v", got.Steps)
	}
}

// asks fails a test in which a number is asked for.
type asks struct{ t *testing.T }

func (a asks) Tied(Number) []Tie {
	a.t.Error("a number was asked for, which means that the heads are read")
	return nil
}

// TestNumbersAreNotAskedForWhereNamesDecide keeps imports cheap that need no number.
func TestNumbersAreNotAskedForWhereNamesDecide(t *testing.T) {
	d := fleet()
	for _, s := range []Subject{
		called("web1.a.example"), {NodeID: []string{idWebA}}, {NodeID: []string{idUnknown}}, called("db1", "web1.a.example"),
	} {
		s.Number = []Number{{Family: "products", Key: aid}}
		d.Resolve(s.Normalise(), Rules{Numbers: asks{t}})
	}
	short := called("nobody")
	short.Number = []Number{{Family: "products", Key: "17"}}
	d.Resolve(short.Normalise(), Rules{Numbers: asks{t}})
	d.Resolve(called("nobody").Normalise(), Rules{Numbers: asks{t}})
}

// TestTwoNumbersOfOneMachine stand together where earlier imports have said that they are the node's; a machine that the document names otherwise
// stands before them.
func TestTwoNumbersOfOneMachine(t *testing.T) {
	d := New([]Node{{ID: idWebA, ComputerName: "web-1", IPAddress: "10.0.0.1"}})
	byNumber := func(key string) Rival {
		return Rival{Subject: Subject{Number: []Number{{Family: "products", Key: key}}}, Key: key}
	}
	named := Rival{Subject: called("web-1"), Key: "17"}
	serials := []Rival{byNumber(aid), byNumber(other)}
	serials[0].Subject.Serial, serials[1].Subject.Serial = []string{"ser-a"}, []string{"ser-b"}
	for name, test := range map[string]struct {
		rivals []Rival
		want   string
	}{
		"two numbers":              {[]Rival{byNumber(aid), byNumber(other)}, "[true true]"},
		"a name and a number":      {[]Rival{byNumber(aid), named}, "[false true]"},
		"two numbers, two serials": {serials, "[false false]"},
	} {
		if got := fmt.Sprint(d.Stand(idWebA, test.rivals, Rules{})); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
