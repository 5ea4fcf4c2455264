package adopt

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// described begins the description of each stack of ours.
const described = "Inventory Bridge"

// present is the stack as it is deployed now; the zero value is that there is none.
type present struct {
	id        string
	key       string            // ID of the key that it made
	buckets   map[string]string // that it made, by logical ID
	policies  map[string]bool   // buckets whose policy is its own
	inService bool              // it was deployed once
	roles     []string          // names of roles that it made
}

// checkStack looks at the stack of this name, if there is one.
func (c *check) checkStack(ctx context.Context) error {
	found, err := c.stackCalled(ctx, c.props.Name)
	if err != nil || found == nil {
		return err
	}
	if !strings.HasPrefix(aws.ToString(found.Description), described) {
		c.problem("name: there is a stack %s, and it is no Inventory Bridge: set name to another one", c.props.Name)
		return nil
	}
	c.now = present{id: aws.ToString(found.StackId), buckets: map[string]string{}, policies: map[string]bool{}}
	if err := c.resources(ctx); err != nil {
		return err
	}
	if named := c.props.Name + "-" + c.Region + "-Intake"; c.props.Targets == "" && slices.Contains(c.now.roles, named) { // as it is called where there are targets
		c.Notes = append(c.Notes, "targets: the stack serves other accounts or regions, and would not any longer: what their nodes hold stays, and ends 30 days after its last refresh")
	}
	for _, b := range []struct{ logical, setting, name string }{{"Uploads", "uploads", c.props.Uploads}, {"State", "state", c.props.State}} {
		own := c.now.buckets[b.logical]
		switch {
		case c.now.inService && own == "" && b.name == "":
			c.problem("%s: the stack uses a bucket that it took up, and would make another, empty one: set %s again (the stack's outputs name it)", b.setting, b.setting)
		case own != "" && b.name != "" && b.name != own:
			c.Notes = append(c.Notes, b.setting+": the stack leaves its bucket "+own+", which stays, for "+b.name)
		}
	}
	return nil
}

// stackCalled finds a stack by name or ID; nil where there is none, or it is deleted.
func (c *check) stackCalled(ctx context.Context, name string) (*types.Stack, error) {
	out, err := c.Stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if codeOf(err) == "ValidationError" { // which is how CloudFormation calls what is not there
		return nil, nil
	}
	if err != nil || len(out.Stacks) == 0 {
		return nil, c.asked("the stack "+name, err)
	}
	switch out.Stacks[0].StackStatus {
	case types.StackStatusDeleteComplete, types.StackStatusReviewInProgress: // the latter has a name, and nothing else yet
		return nil, nil
	}
	return &out.Stacks[0], nil
}

// resources reads what the stack is made of.
func (c *check) resources(ctx context.Context) error {
	pages := cloudformation.NewListStackResourcesPaginator(c.Stacks, &cloudformation.ListStackResourcesInput{StackName: &c.now.id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return c.asked("the resources of the stack "+c.props.Name, err)
		}
		for _, r := range page.StackResourceSummaries {
			if r.ResourceStatus != types.ResourceStatusDeleteComplete {
				c.now.take(r)
			}
		}
	}
	return nil
}

func (p *present) take(r types.StackResourceSummary) {
	logical, name := aws.ToString(r.LogicalResourceId), aws.ToString(r.PhysicalResourceId)
	switch aws.ToString(r.ResourceType) {
	case "AWS::S3::Bucket":
		p.buckets[logical] = name
	case "AWS::S3::BucketPolicy":
		p.policies[name] = true
	case "AWS::KMS::Key":
		p.key = name
	case "AWS::IAM::Role":
		p.roles = append(p.roles, name)
	case "AWS::Lambda::Function":
		p.inService = true
	}
}
