// Package adopt knows what must be true of an account before a stack goes there: what buckets and a key must be like that it takes up, and what
// would be lost with settings that went. It asks, and changes nothing.
package adopt

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/infra/region"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Stacks are CloudFormation's calls that are needed. *cloudformation.Client has them.
type Stacks interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
	ListStackResources(context.Context, *cloudformation.ListStackResourcesInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error)
}

// Buckets are S3's calls that are needed. *s3.Client has them.
type Buckets interface {
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error)
	GetBucketVersioning(context.Context, *s3.GetBucketVersioningInput, ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	GetBucketNotificationConfiguration(context.Context, *s3.GetBucketNotificationConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketNotificationConfigurationOutput, error)
	GetBucketTagging(context.Context, *s3.GetBucketTaggingInput, ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error)
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
	GetBucketLifecycleConfiguration(context.Context, *s3.GetBucketLifecycleConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error)
}

// Keys are KMS's calls that are needed. *kms.Client has them.
type Keys interface {
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
}

// Account is the account and region that a stack goes to.
type Account struct {
	ID, Region string
	Stacks     Stacks
	Buckets    Buckets
	Keys       Keys
	Roles      Roles
	State      func(bucket string) ledger.Store // what a bucket holds
}

// Report is what was found.
type Report struct {
	Problems []string // why the deployment must not be, each with the way out
	Notes    []string // what somebody may want to know
}

// Check looks at what a deployment with these settings finds in the account. The error is that something could not be asked.
func (a Account) Check(ctx context.Context, p settings.Props) (Report, error) {
	c := &check{Account: a, props: p}
	if err := region.Check(a.Region); err != nil {
		c.problem("region: %v", err)
	}
	if p.Account != "" && p.Account != a.ID {
		c.problem("account: the credentials are of %s, and the setting says %s: use those of the other account, or change the setting", a.ID, p.Account)
	}
	for _, n := range []struct{ setting, arn string }{{"alarmTopic", p.AlarmTopic}, {"key", p.Key}} {
		if parts := strings.Split(n.arn, ":"); len(parts) > 3 && parts[3] != a.Region {
			c.problem("%s: it is in %s, and the stack goes to %s: name one that is there", n.setting, parts[3], a.Region)
		}
	}
	for _, step := range []func(context.Context) error{c.checkStack, c.checkKeys, c.checkUploads, c.checkState, c.checkTargets} {
		if err := step(ctx); err != nil {
			return c.Report, fmt.Errorf("adopt: %w", err)
		}
	}
	if c.uploads.stack != "" && c.state.stack != "" && c.uploads.stack != c.state.stack {
		c.problem("uploads, state: %s was made by the stack %s, and %s by %s: name two that belong together", p.Uploads, c.uploads.stack, p.State, c.state.stack)
	}
	return c.Report, nil
}

// check is a check under way.
type check struct {
	Account
	Report
	props          settings.Props
	now            present
	uploads, state origin
}

func (c *check) problem(format string, args ...any) {
	c.Problems = append(c.Problems, fmt.Sprintf(format, args...))
}

// asked takes an error of a call: a right that whoever deploys does not have is a note, and the deployment goes on.
func (c *check) asked(what string, err error) error {
	if code := codeOf(err); code == "AccessDenied" || code == "AccessDeniedException" {
		c.Notes = append(c.Notes, what+" could not be looked at: these credentials may not")
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking for %s: %w", what, err)
	}
	return nil
}

// codeOf is the code of a service's error; "" where there is none.
func codeOf(err error) string {
	if of, ok := errors.AsType[smithy.APIError](err); ok {
		return of.ErrorCode()
	}
	return ""
}

// keyID is the last part of a key's ARN, or the ID itself.
func keyID(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
