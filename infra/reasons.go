package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// reason is why a rule of a checker does not hold for a resource. Rules of cdk-nag begin with AwsSolutions-, those of checkov with CKV.
type reason struct{ rule, why string }

// reasoned writes reasons into a resource's metadata, where the checkers look for them: at the resource that they are about.
func reasoned(c constructs.IConstruct, reasons ...reason) {
	resource, ok := c.(awscdk.CfnResource)
	if !ok {
		resource = c.Node().DefaultChild().(awscdk.CfnResource) //nolint:errcheck // a construct without a resource has no rules
	}
	var nag, checkov []any
	for _, r := range reasons {
		if strings.HasPrefix(r.rule, "CKV") {
			checkov = append(checkov, map[string]any{"id": r.rule, "comment": r.why})
			continue
		}
		nag = append(nag, map[string]any{"id": r.rule, "reason": r.why})
	}
	if nag != nil {
		resource.AddMetadata(new("cdk_nag"), map[string]any{"rules_to_suppress": nag})
	}
	if checkov != nil {
		resource.AddMetadata(new("checkov"), map[string]any{"skip": checkov})
	}
}
