package adopt

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// checkKeys looks at the keys that the settings name, and at the one that the stack would no longer read with.
func (c *check) checkKeys(ctx context.Context) error {
	for _, k := range []struct{ setting, arn string }{{"key", c.props.Key}, {"previousKey", c.props.PreviousKey}} {
		if k.arn == "" {
			continue
		}
		if err := c.checkKey(ctx, k.setting, k.arn); err != nil {
			return err
		}
	}
	if c.now.key == "" || c.props.CustomerKey && c.props.Key == "" || c.reads(c.now.key) {
		return nil
	}
	arn, err := c.customerKey(ctx, c.now.key)
	c.problem("customerKey: what the stack has stored is encrypted with its key, and could not be read any more: "+
		"set previousKey to %[1]s, or set key to it, and the stack goes on with it", arn)
	return err
}

// reads reports whether the functions may read what a key encrypted, by the settings that name keys.
func (c *check) reads(id string) bool {
	return keyID(c.props.Key) == id || keyID(c.props.PreviousKey) == id
}

func (c *check) checkKey(ctx context.Context, setting, arn string) error {
	out, err := c.Keys.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &arn})
	if codeOf(err) == "NotFoundException" {
		c.problem("%s: there is no key %s: what it encrypted is lost with it; leave the setting out", setting, arn)
		return nil
	}
	if err != nil {
		return c.asked("the key "+arn, err)
	}
	key, usable := out.KeyMetadata, true
	switch {
	case key.KeyState == types.KeyStatePendingDeletion || key.KeyState == types.KeyStatePendingReplicaDeletion:
		c.problem("%[1]s: the key %[2]s is pending deletion: aws kms cancel-key-deletion --key-id %[3]s, and aws kms enable-key --key-id %[3]s", setting, arn, keyID(arn))
		usable = false
	case key.KeyState != types.KeyStateEnabled:
		c.problem("%s: the key %s is %s: aws kms enable-key --key-id %s", setting, arn, strings.ToLower(string(key.KeyState)), keyID(arn))
		usable = false
	case key.KeySpec != types.KeySpecSymmetricDefault:
		c.problem("%s: the key %s does not encrypt symmetrically, as buckets and queues need it: name another", setting, arn)
		usable = false
	}
	if setting != "key" || !usable {
		return nil
	}
	return c.checkPolicy(ctx, arn)
}

// checkPolicy looks whether a key's policy allows what the stack's own would: roles of the account by their own policies, events into the
// queues, and the logs.
func (c *check) checkPolicy(ctx context.Context, arn string) error {
	out, err := c.Keys.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &arn, PolicyName: aws.String("default")})
	if err != nil {
		return c.asked("the policy of the key "+arn, err)
	}
	allowed, err := principals(aws.ToString(out.Policy))
	if err != nil {
		return fmt.Errorf("the policy of the key %s: %w", arn, err)
	}
	type need struct{ who, principal string }
	needs := []need{
		{"roles of the account", "iam::" + c.ID + ":root"},
		{"events for the queues", "events.amazonaws.com"},
		{"the logs", "logs." + c.Region + ".amazonaws.com"},
	}
	if c.props.Consumers {
		needs = append(needs, need{"the data sync", "ssm.amazonaws.com"})
	}
	for _, need := range needs {
		if !allows(allowed, need.principal) {
			c.problem("key: the policy of %s lets no %s use it, and %s could not: infra/README.md has the statements", arn, need.principal, need.who)
		}
	}
	return nil
}

func allows(principals []string, want string) bool {
	for _, p := range principals {
		if p == "*" || p == want || strings.HasSuffix(p, ":"+want) {
			return true
		}
	}
	return false
}

// principals are those that a policy's statements allow something.
func principals(policy string) ([]string, error) {
	var p struct {
		Statement []struct {
			Effect    string
			Principal json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(policy), &p); err != nil {
		return nil, err
	}
	var list []string
	for _, s := range p.Statement {
		if s.Effect == "Allow" {
			list = append(list, named(s.Principal)...)
		}
	}
	return list, nil
}

// named are the principals of a statement, which stand there as "*", or as one or several of each kind.
func named(raw json.RawMessage) []string {
	var everybody string
	if json.Unmarshal(raw, &everybody) == nil {
		return []string{everybody}
	}
	var kinds map[string]json.RawMessage
	if json.Unmarshal(raw, &kinds) != nil {
		return nil
	}
	var list []string
	for _, kind := range kinds {
		var one string
		var several []string
		switch {
		case json.Unmarshal(kind, &one) == nil:
			list = append(list, one)
		case json.Unmarshal(kind, &several) == nil:
			list = append(list, several...)
		}
	}
	return list
}
