package spelled

import (
	"slices"
	"testing"
)

// TestOnly: a name that only spells an address is none; the address is known where the order of its numbers is.
func TestOnly(t *testing.T) {
	const none, only = "a name", "no name"
	for name, want := range map[string]string{
		"ip-10-0-0-1": "10.0.0.1", "ip-10-0-0-1.eu-west-1.compute.internal": "10.0.0.1", "ip-0a010001": "10.1.0.1", "ip-0a010001.corp.example": "10.1.0.1",
		"1.0.1.10.in-addr.arpa": "10.1.0.1", "10-1-0-1": only, "10-1-0-1.static.example": only, "10.1.0.1.static.example": only, "010-001-000-001": only,
		"ec2-54-1-2-3.compute-1.amazonaws.com": only, "ec2-54-1-2-3": only, "static-10-1-0-1": only, "dhcp10-1-0-1": only,
		"web-01": none, "web-10-1-0-1": none, "web-10-1-0-1a": none, "rack-1-2-3-4": none, "10-1-0-1a": none, "10-1-0-256": none, "10-1-0-1-2": none, "ip-10-1-0": none,
		"ip-0a01000g": none, "ip-gateway": none, "a.10.1.0.1.example": none, "10--0-0-1": none, "10-1-0-1-rack": none, "1.example": none, "": none,
	} {
		got, is := Only(name)
		switch {
		case !is:
			got = none
		case got == "":
			got = only
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// TestAddresses: an address in a name is found whatever stands around, in both orders.
func TestAddresses(t *testing.T) {
	for name, want := range map[string][]string{
		"vm-10-1-0-2": {"10.1.0.2", "2.0.1.10"}, "pc010-001-000-002.example": {"10.1.0.2", "2.0.1.10"}, "web-01": nil, "vm-10-1-0-2a": nil, "vm-1-10-1-0-2": nil,
	} {
		if got := Addresses(name); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
