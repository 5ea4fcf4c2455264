package node

import (
	"testing"
)

// TestSpellsOneOf: with letters around, a name only spells an address where its machine has the address.
func TestSpellsOneOf(t *testing.T) {
	for name, want := range map[string]bool{
		"vm-10-1-0-1": true, "pc10-1-0-1": true, "c-10-1-0-1.hsd1.example": true, "h10-1-0-1.example": true, "server-010-001-000-001": true, "user-10-1-0-1-rev": true,
		"static.1.0.1.10.clients.example": true, "vm-1-0-1-10": true,
		"web-10-1-0-1a": false, "rack-1-2-3-4": false, "vm-10-1-0-2": false, "web-01": false, "vm-7-10-1-0-1": false,
	} {
		if got := spellsOneOf(name, "192.168.1.1", "10.1.0.1, 10.9.0.1"); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if spellsOneOf("vm-10-1-0-1") {
		t.Error("a name spells an address that its machine is not known to have")
	}
}

// TestNamesThatSpell: the address decides where a name only spells it, on either side.
func TestNamesThatSpell(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "web-a", IPAddress: "10.1.0.1"},
		{ID: idWebB, ComputerName: "server-10-1-0-2.example", IPAddress: "10.1.0.2"},
		{ID: idDB, ComputerName: "rack-1-2-3-4", IPAddress: "10.1.0.3"},
	})
	for _, test := range []struct{ name, ip, want string }{
		{"vm-10-1-0-1", "10.1.0.1", idWebA},
		{"ec2-54-1-2-3.compute-1.amazonaws.com", "10.1.0.1", idWebA},
		{"1.0.1.10.in-addr.arpa", "", idWebA},
		{"ip-0A010001", "", idWebA},
		{"vm-10-1-0-9", "10.1.0.1", ReasonAddressOnly},
		{"rack-1-2-3-9", "10.1.0.1", ReasonAddressOnly},
		{"web-b", "10.1.0.2", idWebB},
		{"server-10-1-0-2.example", "", idWebB},
		{"server-10-1-0-2.example", "10.1.0.2", idWebB},
		{"web-b", "10.1.0.3", ReasonAddressOnly},
	} {
		checkDecision(t, d, Subject{Hostname: []string{test.name}, IP: []string{test.ip}}, test.want)
	}
}

// TestAWindowsNameOfAnOwner: what only begins like a name out of an image is a machine's own.
func TestAWindowsNameOfAnOwner(t *testing.T) {
	d := New([]Node{{ID: idWebA, ComputerName: "WIN-DC1", IPAddress: "10.1.0.1"}})
	checkDecision(t, d, Subject{Hostname: []string{"win-sql01"}, IP: []string{"10.1.0.1"}}, ReasonAddressOnly)
}

// checkDecision compares the node that a subject is, or the reason why it is none.
func checkDecision(t *testing.T, d *Directory, s Subject, want string) {
	t.Helper()
	got := d.Resolve(s.Normalise(), Rules{})
	if got.Node != want && got.Reason != want {
		t.Errorf("%+v: got %s%s (%s), want %s", s, got.Node, got.Reason, got.Detail, want)
	}
}

// TestWindowsNames: a workgroup is no domain, and what NetBIOS leaves of a long name does not disagree with it.
func TestWindowsNames(t *testing.T) {
	d := New([]Node{
		{ID: idWebA, ComputerName: "WEB-A.WORKGROUP", IPAddress: "10.1.0.1"},
		{ID: idWebB, ComputerName: "AVERYLONGSERVER", IPAddress: "10.1.0.2"},
		{ID: idDB, ComputerName: "averylongdatabase01.prod.example", IPAddress: "10.1.0.3"},
		{ID: idNew, ComputerName: "ANOTHERLONGNAME.corp.example", IPAddress: "10.1.0.4", PlatformType: "Windows"},
		{ID: idLost, ComputerName: "prod-webserver1", IPAddress: "10.1.0.5"},
		{ID: idERP, ComputerName: "PROD-LINUX-WEB1", IPAddress: "10.1.0.6", PlatformType: "Linux"},
	})
	for _, test := range []struct{ name, ip, want string }{
		{"web-a.prod.example", "", idWebA},
		{"web-a", "", idWebA},
		{"web-a.workgroup", "", idWebA},
		{"web-b.workgroup", "10.1.0.1", ReasonAddressOnly},
		{"averylongservername01.prod.example", "10.1.0.2", idWebB},
		{"averylongservername01", "10.1.0.2", idWebB},
		{"averylongservername01.prod.example", "", ReasonNoSuchNode}, // averylongservername02 would be it as well
		{"averylongserve.prod.example", "10.1.0.2", ReasonAddressOnly},
		{"averylongdataba", "10.1.0.3", idDB},
		{"averylongdatab", "10.1.0.3", ReasonAddressOnly},
		{"anotherlongname02.corp.example", "10.1.0.4", idNew},
		{"prod-webserver10", "10.1.0.5", ReasonAddressOnly}, // its own name in small letters: nothing was left out of it
		{"prod-linux-web10", "10.1.0.6", ReasonAddressOnly},
		{"anotherlongname02.prod.example", "10.1.0.4", ReasonAddressOnly},
	} {
		checkDecision(t, d, Subject{Hostname: []string{test.name}, IP: []string{test.ip}}, test.want)
	}
}

// TestExplainOtherDomain: that a name is another domain's is said, and not that no node has it.
func TestExplainOtherDomain(t *testing.T) {
	for name, want := range map[string]string{
		"web1.c.example": "another domain's: nodes have the first label, and none the full name",
		"web9.c.example": "no node has it", "web9": "no node has it",
	} {
		got := fleet().Explain(Subject{Hostname: []string{name}}.Normalise(), Rules{})
		if len(got.Steps) != 1 || got.Steps[0].Note != want {
			t.Errorf("%s: got %+v", name, got.Steps)
		}
	}
}
