package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
)

// takenUp is a bucket that is there already, from a stack before. Of what the stack sets on buckets of its own it can only set the policy;
// that the rest is there is looked at before a deployment (infra/check).
func (s *service) takenUp(id, name string) awss3.IBucket {
	// The policy stands where that of a bucket of the stack's own does, and so has the same logical ID: a stack whose bucket becomes one
	// that is taken up keeps its policy.
	place := constructs.NewConstruct(s.stack, &id)
	b := awss3.Bucket_FromBucketName(place, new("TakenUp"), &name)
	p := awss3.NewBucketPolicy(place, new("Policy"), &awss3.BucketPolicyProps{Bucket: b})
	p.Document().AddStatements(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Effect: awsiam.Effect_DENY, Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()}, Actions: texts("s3:*"),
		Resources:  texts(*b.BucketArn(), *b.ArnForObjects(new("*"))),
		Conditions: &map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	}))
	if id == uploadsID {
		for _, producer := range s.producersOf(b) {
			p.Document().AddStatements(producer)
		}
	}
	return b
}

// producersOf are what others may do with a bucket: upload, each under its prefix.
func (s *service) producersOf(b awss3.IBucket) []awsiam.PolicyStatement {
	var list []awsiam.PolicyStatement
	for _, p := range s.props.Producers {
		list = append(list, statement(grant{
			role: p.Role, actions: []string{"s3:PutObject", "s3:AbortMultipartUpload"}, resources: under(*b.BucketArn(), p.Prefix+"*"),
		}))
	}
	return list
}
