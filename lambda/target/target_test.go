package target

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const good = `externalId: invbridge-1
rate: 2
targets:
  - {account: "111122223333", region: eu-central-1}
  - {account: "444455556666", region: cn-north-1, role: "arn:aws-cn:iam::444455556666:role/path/Own", rate: 0.5}
organization:
  units: [ou-ab12-11111111, r-ab12]
  regions: [eu-central-1, us-gov-west-1]
`

func TestParseFile(t *testing.T) {
	f, err := ParseFile("targets.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := &File{
		ExternalID: "invbridge-1", Role: RoleName, Rate: 2,
		Targets: []Target{
			{Key{"111122223333", "eu-central-1"}, "arn:aws:iam::111122223333:role/InventoryBridgeTarget", "invbridge-1", 2},
			{Key{"444455556666", "cn-north-1"}, "arn:aws-cn:iam::444455556666:role/path/Own", "invbridge-1", 0.5},
		},
		Organization: &Organization{Units: []string{"ou-ab12-11111111", "r-ab12"}, Regions: []string{"eu-central-1", "us-gov-west-1"}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if got := f.Of("777788889999")[1].Role; got != "arn:aws-us-gov:iam::777788889999:role/InventoryBridgeTarget" {
		t.Errorf("the role of a found account: %s", got)
	}
}

func TestParseFileProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "targets.yaml: the file is empty"},
		{"nothing", "rate: 1\n", "targets.yaml:1:1: a file of targets has targets or organization"},
		{"no external ID", "targets: [{account: \"111122223333\", region: eu-central-1}]\n", "targets.yaml:1:1: externalId is missing: the roles are assumed with it, and refuse whoever does not know it"},
		{
			"twice", "externalId: ab\ntargets:\n  - {account: \"111122223333\", region: eu-central-1}\n  - {account: \"111122223333\", region: eu-central-1}\n",
			"targets.yaml:4:5: /targets/1: the target is given twice, first in line 3",
		},
		{"account", "externalId: ab\ntargets:\n  - {account: 1, region: eu-central-1}\n", "targets.yaml:3:15: /targets/0/account: account must be twelve digits in quotes"},
		{"no region", "externalId: ab\ntargets:\n  - {account: \"111122223333\"}\n", "targets.yaml:3:5: /targets/0: region is missing in a target"},
		{"word", "externalId: ab\ntarget: []\ntargets: []\n", "targets.yaml:2:1: /target: target is unknown in a file of targets (did you mean targets?)"},
		{
			"role of another", "externalId: ab\ntargets:\n  - {account: \"111122223333\", region: eu-central-1, role: \"arn:aws:iam::444455556666:role/A\"}\n",
			"targets.yaml:3:59: /targets/0/role: the role is of another account than the target",
		},
		{"units", "externalId: ab\norganization: {units: [all], regions: [eu-central-1]}\n", "targets.yaml:2:24: /organization/units/0: units must be IDs of organizational units, as ou-ab12-11111111, or of the root, as r-ab12"},
		{"a unit that is too short", "externalId: ab\norganization: {units: [ou-ab12-1111], regions: [eu-central-1]}\n", "targets.yaml:2:24: /organization/units/0: units must be IDs of organizational units, as ou-ab12-11111111, or of the root, as r-ab12"},
		{"no regions", "externalId: ab\norganization: {units: [r-ab12], regions: []}\n", "targets.yaml:2:15: /organization: regions is missing in organization"},
		{"rate", "externalId: ab\nrate: 0\ntargets: []\n", "targets.yaml:2:7: /rate: rate must be a number of calls a second, more than 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseFile("targets.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestSet(t *testing.T) {
	own := Key{"111122223333", "eu-central-1"}
	other := Target{Key: Key{"444455556666", "eu-central-1"}, Role: "arn"}
	s := NewSet(own, []Target{other, {Key: own}, other})
	if s.Len() != 1 || s.Named("111122223333", "eu-central-1") != (Key{}) || s.Named("444455556666", "eu-central-1") != other.Key {
		t.Errorf("%+v", s)
	}
	if got, ok := s.Find(other.Key); !ok || got != other {
		t.Errorf("%+v %v", got, ok)
	}
	var none *Set
	if _, ok := none.Find(other.Key); ok || none.Len() != 0 || !none.Own().IsOwn() {
		t.Error("a nil set has something")
	}
}

// TestSession keeps the names that the roles of targets ask for: another name is refused there.
func TestSession(t *testing.T) {
	for _, c := range []struct{ stack, part, want string }{
		{"InventoryBridge", "intake", "invbridge-InventoryBridge-intake"},
		{"InventoryBridge", "delivery", "invbridge-InventoryBridge-delivery"},
		{"", "", "invbridge-function-both"},
	} {
		if got := Session(c.stack, c.part); got != c.want {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
}
