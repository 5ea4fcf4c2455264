package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
)

// grant is a statement of a policy in plain values.
type grant struct {
	service    string   // principal of a resource's policy: an AWS service
	role       string   // or a role
	account    string   // or an account
	actions    []string // each by its name
	resources  []string
	when       map[string]any
	everywhere string // why the resource is "*": the service has no finer one
}

func statement(g grant) awsiam.PolicyStatement {
	p := &awsiam.PolicyStatementProps{Actions: texts(g.actions...)}
	if g.resources != nil { // a role's trust names none
		p.Resources = texts(g.resources...)
	}
	if g.everywhere != "" {
		p.Resources = texts("*")
	}
	if g.when != nil {
		p.Conditions = &g.when
	}
	switch {
	case g.service != "":
		p.Principals = &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(&g.service, nil)}
	case g.account != "":
		p.Principals = &[]awsiam.IPrincipal{awsiam.NewAccountPrincipal(&g.account)}
	case g.role != "":
		p.Principals = &[]awsiam.IPrincipal{awsiam.NewArnPrincipal(&g.role)}
	}
	return awsiam.NewPolicyStatement(p)
}

// equals is a condition: each key has one value, or one of a list.
func equals(keys map[string]any) map[string]any { return map[string]any{"StringEquals": keys} }

// ours is the condition that a service acts for something of this stack.
func (s *service) ours(arn string) map[string]any {
	return map[string]any{
		"ArnEquals": map[string]any{"aws:SourceArn": arn}, "StringEquals": map[string]any{"aws:SourceAccount": *s.stack.Account()},
	}
}

// under are the ARNs of a bucket's objects, by patterns of their keys.
func under(bucketARN string, patterns ...string) []string {
	arns := make([]string, len(patterns))
	for i, p := range patterns {
		arns[i] = bucketARN + "/" + p
	}
	return arns
}

// newRole makes a role of exactly these statements; no managed policy stands behind it.
func (s *service) newRole(id, service string, trust map[string]any, statements ...awsiam.PolicyStatement) awsiam.Role {
	var principal awsiam.IPrincipal = awsiam.NewServicePrincipal(&service, nil)
	if trust != nil {
		principal = awsiam.NewServicePrincipal(&service, &awsiam.ServicePrincipalOpts{Conditions: &trust})
	}
	return awsiam.NewRole(s.stack, &id, &awsiam.RoleProps{
		AssumedBy: principal,
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"exactly": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
		},
	})
}

func texts(list ...string) *[]*string {
	pointers := make([]*string, len(list))
	for i := range list {
		pointers[i] = &list[i]
	}
	return &pointers
}

// keepID sets the logical ID of a resource that holds data, so that no change of the code changes it: another ID is another resource.
func keepID(c constructs.IConstruct, id string) {
	c.Node().DefaultChild().(awscdk.CfnResource).OverrideLogicalId(&id) //nolint:errcheck // every construct that holds data is one resource
}
