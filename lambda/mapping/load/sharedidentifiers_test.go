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
	l.parse("mine.yaml", false, []byte(content))
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
	for content, want := range map[string]string{
		"sharedIdentifiers:\n  ip: [10.9.0.1]\n":                         "mine.yaml:1:1: version is missing: 1",
		"version: 1\nsharedIdentifiers:\n  image: [\"???*\"]\n":          "mine.yaml:3:11: /sharedIdentifiers/image/0: expected an identifier: this one would mean all",
		"version: 1\nsharedIdentifiers:\n  ip: [0.0.0.0/0]\n":            "mine.yaml:3:8: /sharedIdentifiers/ip/0: expected a network of /8 or smaller: this one would mean nearly all addresses",
		"version: 1\nsharedIdentifiers:\n  ip: [10.0.0.0/8, \"::/0\"]\n": "mine.yaml:3:20: /sharedIdentifiers/ip/1: expected a network of /8 or smaller: this one would mean nearly all addresses",
	} {
		if _, err := loaded(t, content); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", content, err, want)
		}
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
