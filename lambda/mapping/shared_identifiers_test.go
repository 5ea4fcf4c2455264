package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSharedIdentifiers reads a file of identifiers that many machines have, and says of one with mistakes where they stand.
func TestSharedIdentifiers(t *testing.T) {
	l := &loader{}
	l.add("mine.yaml", false, []byte("version: 1\nsharedIdentifiers:\n  ip: [10.9.0.1, 10.8.0.0/24]\n  mac: \"02:11:22:*\"\n"))
	set, err := l.set()
	if err != nil {
		t.Fatal(err)
	}
	want := []SharedIdentifier{{"ip", "10.9.0.1"}, {"ip", "10.8.0.0/24"}, {"mac", "02:11:22:*"}}
	if diff := cmp.Diff(want, set.Shared()); diff != "" {
		t.Error(diff)
	}
	l = &loader{}
	l.add("mine.yaml", false, []byte("version: 1\nsharedIdentifiers:\n  ip: [10.9.0]\n  macs: [a]\n  mac: [\"*\"]\n  serial:\n    - \"*\"\n"))
	_, err = l.set()
	const wrong = `mine.yaml:3:8: /sharedIdentifiers/ip/0: expected an IP address, or a network such as 10.9.0.0/24
mine.yaml:4:3: /sharedIdentifiers/macs: unknown kind macs of shared identifiers: they are ip, mac, serial, hostname, image, domain (did you mean mac?)
mine.yaml:5:9: /sharedIdentifiers/mac/0: expected a MAC address such as 02:50:41:00:00:01, or its beginning such as 02:50:41:*
mine.yaml:7:7: /sharedIdentifiers/serial/0: expected an identifier: this one would stand for all`
	if err == nil {
		t.Fatal("no mistake was found")
	}
	if diff := cmp.Diff(wrong, err.Error()); diff != "" {
		t.Error(diff)
	}
}
