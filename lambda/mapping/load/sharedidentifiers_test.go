package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// loaded reads a file of a user, without the built-in ones.
func loaded(t *testing.T, content string) (*mapping.Set, error) {
	t.Helper()
	l := &loader{}
	if err := l.read([]string{"mine.yaml"}, false, func(string) ([]byte, error) { return []byte(content), nil }); err != nil {
		t.Fatal(err)
	}
	return l.set()
}

// TestSharedIdentifiers reads a file of identifiers that many machines have, and reports where the mistakes of one stand.
func TestSharedIdentifiers(t *testing.T) {
	set, err := loaded(t, "version: 1\nsharedIdentifiers:\n  ip: [10.9.0.1, 10.8.0.0/24]\n  mac: \"02:11:22:*\"\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []mapping.SharedIdentifier{{Kind: "ip", Value: "10.9.0.1"}, {Kind: "ip", Value: "10.8.0.0/24"}, {Kind: "mac", Value: "02:11:22:*"}}
	if diff := cmp.Diff(want, set.Shared()); diff != "" {
		t.Error(diff)
	}
	_, err = loaded(t, "version: 1\nsharedIdentifiers:\n  ip: [10.9.0]\n  macs: [a]\n  mac: [\"*\"]\n  serial:\n    - \"*\"\n")
	const wrong = `mine.yaml:3:8: /sharedIdentifiers/ip/0: expected an IP address, or a network such as 10.9.0.0/24
mine.yaml:4:3: /sharedIdentifiers/macs: unknown kind macs of shared identifiers: they are ip, mac, serial, hostname, image, domain (did you mean mac?)
mine.yaml:5:9: /sharedIdentifiers/mac/0: expected a MAC address such as 02:50:41:00:00:01, or its beginning such as 02:50:41:*
mine.yaml:7:7: /sharedIdentifiers/serial/0: expected an identifier: this one would mean all`
	if err == nil {
		t.Fatal("no mistake was found")
	}
	if diff := cmp.Diff(wrong, err.Error()); diff != "" {
		t.Error(diff)
	}
}
