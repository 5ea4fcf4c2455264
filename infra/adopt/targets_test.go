package adopt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// fakeRoles are roles that can be assumed, with the external IDs that they ask for.
type fakeRoles struct {
	mu    sync.Mutex
	trust map[string]string
	asked map[string]int
}

func (f *fakeRoles) AssumeRole(_ context.Context, in *sts.AssumeRoleInput, _ ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[*in.RoleArn]++
	if id, ok := f.trust[*in.RoleArn]; !ok || id != *in.ExternalId || *in.RoleSessionName != "invbridge-command" {
		return nil, refused("AccessDenied")
	}
	return &sts.AssumeRoleOutput{}, nil
}

// TestTargetsThatGo: it is said where a stack would serve other accounts no longer, and only there.
func TestTargetsThatGo(t *testing.T) {
	for role, want := range map[string]bool{"InventoryBridge-eu-central-1-Intake": true, "InventoryBridge-IntakeRole8913C69A-1A2B3C": false} {
		s := stayed()
		s.deployed("IntakeRole8913C69A", "AWS::IAM::Role", role)
		if got := strings.Contains(strings.Join(s.check(t).Notes, "\n"), "targets: the stack serves other accounts"); got != want {
			t.Errorf("%s: said: %v", role, got)
		}
	}
}

// TestTargets: roles that cannot be assumed are named and are no reason against the deployment; a file that is wrong is.
func TestTargets(t *testing.T) {
	role := func(account int) string { return fmt.Sprintf("arn:aws:iam::%d:role/InventoryBridgeTarget", account) }
	text := "externalId: mine\ntargets:\n"
	for i := range 20 {
		for _, region := range []string{"eu-central-1", "us-east-1"} {
			text += fmt.Sprintf("  - {account: '%d', region: %s}\n", 200000000000+i, region)
		}
	}
	text += "  - {account: '" + ours + "', region: eu-central-1}\n"
	every := make([]int, 20)
	for i := range every {
		every[i] = i
	}
	for _, c := range []struct {
		name, text string
		broken     []int // accounts whose roles ask for another external ID
		note       string
		problem    string
		calls      int
	}{
		{"all but two", text, []int{3, 17}, "targets: 2 of 20 roles cannot be assumed with these credentials: " +
			role(200000000003) + " (AccessDenied), " + role(200000000017) + " (AccessDenied). Where they are not there yet", "", 20},
		{"all", text, nil, "", "", 20},
		{"none", text, every, "targets: 20 of 20 roles cannot be assumed with these credentials: " + role(200000000000) + " (AccessDenied), ", "", 20},
		{
			"another partition", "externalId: mine\ntargets: [{account: '200000000000', region: cn-north-1}]\n", nil, "",
			":2:45: /targets/0/region: the region is of the partition aws-cn, and eu-central-1 is of aws", 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeRoles{trust: map[string]string{}, asked: map[string]int{}}
			for i := range every {
				f.trust[role(200000000000+i)] = "mine"
			}
			for _, i := range c.broken {
				f.trust[role(200000000000+i)] = "theirs"
			}
			s := &scene{props: settings.Defaults()}
			s.props.Targets = filepath.Join(t.TempDir(), "targets.yaml")
			if err := os.WriteFile(s.props.Targets, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Account{ID: ours, Region: "eu-central-1", Stacks: &s.account, Buckets: &s.account, Keys: &s.account, Roles: f}.Check(t.Context(), s.props)
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(got.Notes, "\n"); !strings.HasPrefix(notes, c.note) || (notes == "") != (c.note == "") || strings.Count(notes, "(AccessDenied)") > mostNamed {
				t.Errorf("notes: %s", notes)
			}
			if problems := strings.Join(got.Problems, "\n"); !strings.Contains(problems, c.problem) || (problems == "") != (c.problem == "") {
				t.Errorf("problems: %s", problems)
			}
			if len(f.asked) != c.calls || f.asked[role(111122223333)] != 0 {
				t.Errorf("%d roles are asked for: %v", len(f.asked), f.asked)
			}
		})
	}
}
