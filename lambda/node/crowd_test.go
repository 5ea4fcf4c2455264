package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCrowd: what two machines of a document have tells neither apart; what one machine says twice is its own.
func TestCrowd(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "a.corp.example", IPAddress: "10.0.0.1", Serials: []string{"clone"}},
		{ID: idWebB, IPAddress: "10.0.0.2", MACs: []string{"0a:00:00:00:00:02"}, Serials: []string{"33221100-5544-7766-8899-aabbccddeeff"}},
	})
	c := d.Crowd()
	for _, s := range []Subject{
		{Hostname: []string{"a.corp.example"}, Serial: []string{"clone"}, IP: []string{"10.0.0.1"}},
		{Hostname: []string{"b.corp.example"}, Serial: []string{"clone", "33221100-5544-7766-8899-aabbccddeeff"}},
		{Hostname: []string{"c"}, Serial: []string{"00112233-4455-6677-8899-aabbccddeeff"}, MAC: []string{"0a:00:00:00:00:02"}},
		{Hostname: []string{"c.corp.example", "c"}, MAC: []string{"0a:00:00:00:00:02"}, IP: []string{"10.0.0.2"}},
	} {
		c.Add(s, "")
	}
	c.Close()
	got := map[string]bool{}
	for _, v := range [][2]string{
		{RuleSerial, "clone"}, {RuleSerial, "33221100-5544-7766-8899-aabbccddeeff"}, {RuleIP, "10.0.0.1"}, {RuleIP, "10.0.0.2"}, {RuleMAC, "0a:00:00:00:00:02"}, {RuleHostname, "c"},
	} {
		got[v[0]+" "+v[1]] = c.Tells(v[0], v[1])
	}
	want := map[string]bool{
		"serial clone": false, "serial 33221100-5544-7766-8899-aabbccddeeff": false, // in the other byte order the same
		"ip 10.0.0.1": true, "ip 10.0.0.2": true, "mac 0a:00:00:00:00:02": true, "hostname c": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := d.Resolve(Subject{Hostname: []string{"b.corp.example"}, Serial: []string{"clone"}}, Rules{Among: c}); got.Reason != ReasonNoSuchNode {
		t.Errorf("a clone's serial: %+v", got)
	}
}

// TestStand: of machines that are known to be different the one stands of which more agrees.
func TestStand(t *testing.T) {
	d := New([]Node{{ID: idWebA, ComputerName: "web-1", IPAddress: "10.0.0.1", MACs: []string{"0a:00:00:00:00:01"}}})
	named := func(key, ip string, names ...string) Rival {
		r := Rival{Key: key, Subject: Subject{Hostname: names}}
		if ip != "" {
			r.Subject.IP = []string{ip}
		}
		return r
	}
	tests := []struct {
		name   string
		rivals []Rival
		want   []bool
	}{
		{"the address agrees", []Rival{named("", "10.0.0.1", "web-1.prod.example"), named("", "10.9.0.1", "web-1.test.example")}, []bool{true, false}},
		{"neither is better", []Rival{named("", "", "web-1.prod.example"), named("", "", "web-1.test.example")}, []bool{false, false}},
		{"one machine twice", []Rival{named("", "10.0.0.1", "web-1.prod.example"), named("", "", "web-1.prod.example", "web-1")}, []bool{true, true}},
		{"other numbers", []Rival{named("45", "", "web-1"), {Key: "46", Subject: Subject{MAC: []string{"0a:00:00:00:00:01"}}}}, []bool{false, false}},
		{"other numbers, one address", []Rival{named("45", "10.0.0.1", "web-1"), named("46", "10.0.0.1", "web-1")}, []bool{true, true}},
		{"no numbers, other addresses", []Rival{named("", "10.0.0.1", "web-1"), named("", "10.9.0.1", "web-1")}, []bool{true, false}},
		{"no numbers, an address missing", []Rival{named("", "10.0.0.1", "web-1"), named("", "", "web-1")}, []bool{true, true}},
		{"an ID stands", []Rival{{Subject: Subject{NodeID: []string{idWebA}, Hostname: []string{"x.corp.example"}}}, named("", "10.0.0.1", "web-1.test.example")}, []bool{true, false}},
		{"three, the last is the best", []Rival{named("", "", "web-1.a.example"), named("", "", "web-1.b.example"), named("", "10.0.0.1", "web-1.c.example")}, []bool{false, false, true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := d.Stand(idWebA, test.rivals, Rules{}); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestPrefer settles machines that are registered twice.
func TestPrefer(t *testing.T) {
	d := New([]Node{{ID: idWebA, ComputerName: "db-1.corp.example", IPAddress: "10.0.0.1"}, {ID: idERP, ComputerName: "db-1.corp.example", IPAddress: "10.0.0.1"}})
	s := Subject{Hostname: []string{"db-1.corp.example"}, IP: []string{"10.0.0.1"}}
	for prefer, want := range map[string]string{"": "", PreferManaged: idERP, PreferEC2: idWebA} {
		if got := d.Resolve(s, Rules{Prefer: prefer}); got.Node != want {
			t.Errorf("%q: %+v", prefer, got)
		}
	}
}

// TestDifferentNodesAreNotPreferred: prefer settles one machine that is registered twice, online one that was set up anew; neither chooses between machines.
func TestDifferentNodesAreNotPreferred(t *testing.T) {
	for name, nodes := range map[string][]Node{
		"domains": {{ID: idWebA, ComputerName: "db-1.test.example", PingStatus: "Online"}, {ID: idERP, ComputerName: "db-1.prod.example", PingStatus: "ConnectionLost"}},
		"names":   {{ID: idWebA, ComputerName: "db-1", IPAddress: "10.0.0.1", PingStatus: "Online"}, {ID: idERP, ComputerName: "db-2", IPAddress: "10.0.0.1"}},
		"serials": {{ID: idWebA, ComputerName: "db-1", Serials: []string{"Z1Z1Z1"}}, {ID: idERP, ComputerName: "db-1", Serials: []string{"Y2Y2Y2"}}},
	} {
		s := Subject{Hostname: []string{"db-1"}}
		if name == "names" {
			s = Subject{IP: []string{"10.0.0.1"}}
		}
		for _, r := range []Rules{{Prefer: PreferEC2}, {OnAmbiguousOnline: name != "serials"}} {
			if got := New(nodes).Resolve(s, r); got.Outcome != Rejected || got.Reason != ReasonAmbiguous {
				t.Errorf("%s, %+v: %+v", name, r, got)
			}
		}
	}
}

// TestZerosInFront: spreadsheets take a serial of digits for a number, and drop the zeros before it: it neither leads to the node, nor says that the machine
// is another. What is left of a long one, 1.23457E+11, says nothing at all.
func TestZerosInFront(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "web1.a.example", PingStatus: "Online", Serials: []string{"00471103"}},
		{ID: idWebB, ComputerName: "web1.b.example", PingStatus: "Online", Serials: []string{"123457012345"}},
	})
	for name, tt := range map[string]struct {
		subject Subject
		want    string
	}{
		"lost":          {Subject{Serial: []string{"471103"}, Hostname: []string{"web1.a.example"}}, "matched " + idWebA},
		"another":       {Subject{Serial: []string{"471104"}, Hostname: []string{"web1.a.example"}}, "rejected"},
		"of one length": {Subject{Serial: []string{"00471104"}, Hostname: []string{"web1.a.example"}}, "rejected"},
		"alone":         {Subject{Serial: []string{"471103"}}, "parked"},
		"an exponent":   {Subject{Serial: []string{"1.23457E+11"}, Hostname: []string{"web1.b.example"}}, "matched " + idWebB},
	} {
		got := d.Resolve(tt.subject.Normalise(), Rules{})
		if s := strings.TrimSpace(fmt.Sprint(got.Outcome, " ", got.Node)); s != tt.want {
			t.Errorf("%s: %s (%s)", name, s, got.Reason)
		}
	}
}
