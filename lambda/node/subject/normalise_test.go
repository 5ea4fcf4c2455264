package subject

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

func TestNormalise(t *testing.T) {
	got := Subject{
		NodeID:   []string{"", "vm-1", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60718"},
		Tags:     map[string][]string{"AssetTag": {"KB-1", "KB-1", "n/a", "kb-1"}, "Empty": {""}, " ": {"x"}},
		Serial:   []string{"None", "S1", "s1"},
		Hostname: []string{"WEB1.corp.example.", "10.0.0.9", "127.0.0.1", "web1.corp.example", "localhost", "web1"},
		IP:       []string{"10.0.0.5/24", "10.0.0.5", "169.254.1.1"},
		MAC:      []string{"0A-1B-2C-3D-4E-5F", "0a:1b:2c:3d:4e:5f"},
	}.Normalise()
	want := Subject{
		NodeID:   []string{"i-0a1b2c3d4e5f60718"},
		Tags:     map[string][]string{"AssetTag": {"KB-1", "kb-1"}},
		Serial:   []string{"s1"},
		Hostname: []string{"web1.corp.example", "web1"},
		IP:       []string{"10.0.0.5", "10.0.0.9"},
		MAC:      []string{"0a:1b:2c:3d:4e:5f"},
		Account:  "111122223333", Region: "eu-west-1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmpty(t *testing.T) {
	if !(Subject{Hostname: []string{"localhost"}, IP: []string{"::1"}, Serial: []string{"None"}, Tags: map[string][]string{"a": {"-"}}}).Normalise().Empty() {
		t.Error("placeholders are taken for identifiers")
	}
	if (Subject{MAC: []string{"0a:1b:2c:3d:4e:5f"}}).Normalise().Empty() {
		t.Error("a MAC is no identifier")
	}
}

func TestNormaliseIsBounded(t *testing.T) {
	many := Subject{Tags: map[string][]string{}}
	for i := range 1000 {
		name := strings.Repeat("x", i%200+1) + string(rune('a'+i%26))
		many.Hostname = append(many.Hostname, name)
		many.Tags[name] = []string{"v"}
	}
	got := many.Normalise()
	if len(got.Hostname) != identifier.MaxCandidates || len(got.Tags) != maxTagKeys {
		t.Errorf("%d names, %d tags", len(got.Hostname), len(got.Tags))
	}
}

func TestUnion(t *testing.T) {
	a := Subject{Hostname: []string{"web1"}, Tags: map[string][]string{"A": {"1"}}}
	b := Subject{NodeID: []string{"i-0a1b2c3d4e5f60718"}, Hostname: []string{"web1", "web1.corp"}, Tags: map[string][]string{"A": {"2"}, "B": {"3"}}}
	want := Subject{
		NodeID: []string{"i-0a1b2c3d4e5f60718"}, Hostname: []string{"web1", "web1.corp"}, Tags: map[string][]string{"A": {"1", "2"}, "B": {"3"}},
	}
	if diff := cmp.Diff(want, a.Union(b)); diff != "" {
		t.Error(diff)
	}
}

// FuzzNormalise holds that normalising twice is the same as once, and that limits are kept.
func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{
		`CORP\web1$.`, "https://a:1/b", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718", "VMware-42 1c 5e 0b 77 d2 4a 10-9f 3e 61 b8 2c 40 aa 07",
		"::ffff:10.0.0.1%x/3", "0A1B.2C3D.4E5F", "\xff\u0130\u200b ", "[::1]:1", "10.0.0.1:80", "a:b\\c://d",
		"\x000(0", "0 \\00\"", "0(0:0", "' 0000000000000000000000000000002", "''0012",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := []string{text}
		once := Subject{NodeID: list, Serial: list, Hostname: list, IP: list, MAC: list, Tags: map[string][]string{text: list}}.Normalise()
		if diff := cmp.Diff(once, once.Normalise()); diff != "" {
			t.Errorf("%q: normalising again changes it:\n%s", text, diff)
		}
		for _, name := range once.Hostname {
			if len(name) > 253 {
				t.Errorf("a name of %d bytes", len(name))
			}
		}
	})
}
