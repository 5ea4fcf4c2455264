package targets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// written writes a file of targets and returns its name.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "targets.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// listing is a file with so many accounts of GovCloud, every tenth with a role of another name.
func listing(accounts int) string {
	var b strings.Builder
	b.WriteString("externalId: ab\ntargets:\n")
	for i := range accounts {
		role := ""
		if i%10 == 9 {
			role = fmt.Sprintf(", role: 'arn:aws-us-gov:iam::%d:role/ops/Inventory'", 200000000000+i)
		}
		for _, region := range []string{"us-gov-west-1", "us-gov-east-1"} {
			fmt.Fprintf(&b, "  - {account: '%d', region: %s%s}\n", 200000000000+i, region, role)
		}
	}
	return b.String()
}

// TestRoles: few roles are written out, each once; many are a pattern a name, bound to their accounts.
func TestRoles(t *testing.T) {
	few, err := Read(written(t, listing(3)), target.Key{Account: "200000000001", Region: "us-gov-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	arn := "arn:aws-us-gov:iam::20000000000%d:role/InventoryBridgeTarget"
	want := []Roles{{ARNs: []string{fmt.Sprintf(arn, 0), fmt.Sprintf(arn, 1), fmt.Sprintf(arn, 2)}}} // that of the own account: for its other region
	if diff := cmp.Diff(want, few.Roles()); diff != "" {
		t.Error(diff)
	}
	many, err := Read(written(t, listing(50)), target.Key{})
	if err != nil {
		t.Fatal(err)
	}
	var plain, named []string
	for i := range 50 {
		if account := fmt.Sprint(200000000000 + i); i%10 == 9 {
			named = append(named, account)
		} else {
			plain = append(plain, account)
		}
	}
	want = []Roles{
		{[]string{"arn:aws-us-gov:iam::*:role/InventoryBridgeTarget"}, plain},
		{[]string{"arn:aws-us-gov:iam::*:role/ops/Inventory"}, named},
	}
	if diff := cmp.Diff(want, many.Roles()); diff != "" {
		t.Error(diff)
	}
	alone, err := Read(written(t, "externalId: ab\ntargets: [{account: '200000000001', region: us-east-1}]\n"), target.Key{Account: "200000000001", Region: "us-east-1"})
	if err != nil || alone.Roles() != nil {
		t.Errorf("the own account and region needs a role: %v, %v", alone, err)
	}
}

// TestOrganization: what is asked for, and where accounts must stand.
func TestOrganization(t *testing.T) {
	f, err := Read(written(t, "externalId: ab\nrole: Reader\norganization: {units: [ou-ab12-11111111, ou-ab12-22222222, r-cd34], regions: [cn-north-1]}\n"), target.Key{Region: "cn-northwest-1"})
	if err != nil {
		t.Fatal(err)
	}
	for id, within := range map[string]string{"": "*", "o-abcdefghij": "o-abcdefghij"} {
		paths := []string{within + "/*/ou-ab12-11111111/*", within + "/*/ou-ab12-22222222/*", within + "/r-cd34/*"}
		parents := []string{
			"arn:aws-cn:organizations::*:ou/" + within + "/ou-ab12-*", "arn:aws-cn:organizations::*:root/" + within + "/r-cd34", "arn:aws-cn:organizations::*:ou/" + within + "/ou-cd34-*",
		}
		if !slices.Equal(f.Paths(id), paths) || !slices.Equal(f.Parents(id), parents) {
			t.Errorf("%q: %v, %v", id, f.Paths(id), f.Parents(id))
		}
	}
	if got := f.OrganizationRole(); got != "arn:aws-cn:iam::*:role/Reader" || f.Roles() != nil {
		t.Errorf("%s, %v", got, f.Roles())
	}
}
