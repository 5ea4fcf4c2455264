package adopt

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// origin is the stack that made a bucket; "" where nobody knows.
type origin struct{ stack string }

// bucket is one that is taken up, by the setting that names it.
type bucket struct{ setting, name string }

func (c *check) checkUploads(ctx context.Context) error {
	b := bucket{"uploads", c.props.Uploads}
	if b.name == "" {
		return nil
	}
	there, err := c.checkBucket(ctx, b, &c.uploads)
	if err != nil || !there {
		return err
	}
	out, err := c.Buckets.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &b.name})
	if err == nil && out.EventBridgeConfiguration == nil {
		c.problem("uploads: %[1]s sends no events to EventBridge, so no upload would be taken in: "+
			"aws s3api put-bucket-notification-configuration --bucket %[1]s --notification-configuration '{\"EventBridgeConfiguration\":{}}' (with what is configured there already)", b.name)
	}
	return c.asked("the notifications of "+b.name, err)
}

func (c *check) checkState(ctx context.Context) error {
	b := bucket{"state", c.props.State}
	if b.name == "" {
		return nil
	}
	there, err := c.checkBucket(ctx, b, &c.state)
	if err != nil || !there {
		return err
	}
	if err := c.expires(ctx, b, "staging/", "rejected/", "receipts/"); err != nil {
		return err
	}
	return c.checkInstallation(ctx, b)
}

// checkInstallation looks whether the bucket holds a state, and one that the function would take.
func (c *check) checkInstallation(ctx context.Context, b bucket) error {
	store := c.State(b.name)
	l, err := ledger.Open(ctx, store, ledger.Options{Guest: true})
	if refused, ok := errors.AsType[*ledger.StateError](err); ok {
		c.problem("state: %s: %s: %s", b.name, refused.Problem, refused.WayOut)
		return nil
	}
	if err != nil {
		return c.asked("the state in "+b.name, err)
	}
	_, _, err = store.Get(ctx, "installation.json")
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		c.problem("state: %s holds no state (there is no installation.json): name the bucket that the stack before left, or leave state out, and the stack makes one", b.name)
		return nil
	case err == nil && l.Partitions() != c.props.Partitions:
		c.problem("state: %[1]s has %[2]d partitions, and the setting says %[3]d: a state's number never changes, so set partitions to %[2]d", b.name, l.Partitions(), c.props.Partitions)
	}
	return err
}

// checkBucket looks at what the stack would set on a bucket of its own. It reports whether the bucket can be looked at.
func (c *check) checkBucket(ctx context.Context, b bucket, from *origin) (there bool, err error) {
	head, err := c.Buckets.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &b.name, ExpectedBucketOwner: &c.ID})
	switch code := codeOf(err); {
	case code == "NotFound" || code == "NoSuchBucket":
		c.problem("%s: there is no bucket %s: name one that is there, or leave %[1]s out, and the stack makes one", b.setting, b.name)
		return false, nil
	case code == "Forbidden" || code == "AccessDenied":
		c.problem("%s: %s is another account's, or these credentials may not see it: name one of this account", b.setting, b.name)
		return false, nil
	case err != nil:
		return false, c.asked("the bucket "+b.name, err)
	}
	if at := aws.ToString(head.BucketRegion); at != "" && at != c.Region {
		c.problem("%s: %s is in %s, and the stack goes to %s: take one of that region", b.setting, b.name, at, c.Region)
		return false, nil
	}
	for _, look := range []func(context.Context, bucket) error{c.checkVersioning, c.checkEncryption, c.checkPublic, c.checkPolicyOf} {
		if err := look(ctx, b); err != nil {
			return false, err
		}
	}
	return true, c.checkOrigin(ctx, b, from)
}

func (c *check) checkVersioning(ctx context.Context, b bucket) error {
	out, err := c.Buckets.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &b.name})
	if err == nil && out.Status != types.BucketVersioningStatusEnabled {
		c.problem("%s: %[2]s is not versioned, so nothing in it could be brought back: "+
			"aws s3api put-bucket-versioning --bucket %[2]s --versioning-configuration Status=Enabled", b.setting, b.name)
	}
	return c.asked("the versioning of "+b.name, err)
}

func (c *check) checkPublic(ctx context.Context, b bucket) error {
	out, err := c.Buckets.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &b.name})
	if codeOf(err) == "NoSuchPublicAccessBlockConfiguration" {
		out, err = &s3.GetPublicAccessBlockOutput{}, nil
	}
	if err != nil {
		return c.asked("the public access block of "+b.name, err)
	}
	p := out.PublicAccessBlockConfiguration
	if p == nil || !aws.ToBool(p.BlockPublicAcls) || !aws.ToBool(p.BlockPublicPolicy) || !aws.ToBool(p.IgnorePublicAcls) || !aws.ToBool(p.RestrictPublicBuckets) {
		c.problem("%s: public access to %[2]s is not blocked: aws s3api put-public-access-block --bucket %[2]s --public-access-block-configuration "+
			"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true", b.setting, b.name)
	}
	return nil
}

// checkPolicyOf looks for a policy that CloudFormation would not replace.
func (c *check) checkPolicyOf(ctx context.Context, b bucket) error {
	if c.now.policies[b.name] {
		return nil
	}
	_, err := c.Buckets.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &b.name})
	if codeOf(err) == "NoSuchBucketPolicy" {
		return nil
	}
	if err == nil {
		c.problem("%s: %[2]s has a policy, and CloudFormation does not replace one: look at it, and then aws s3api delete-bucket-policy --bucket %[2]s", b.setting, b.name)
	}
	return c.asked("the policy of "+b.name, err)
}

// checkEncryption looks whether what is put into the bucket is encrypted with a key that the functions may use.
func (c *check) checkEncryption(ctx context.Context, b bucket) error {
	out, err := c.Buckets.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &b.name})
	if codeOf(err) == "ServerSideEncryptionConfigurationNotFoundError" {
		out, err = &s3.GetBucketEncryptionOutput{}, nil
	}
	if err != nil {
		return c.asked("the encryption of "+b.name, err)
	}
	var with types.ServerSideEncryptionByDefault
	if e := out.ServerSideEncryptionConfiguration; e != nil {
		for _, r := range e.Rules {
			if r.ApplyServerSideEncryptionByDefault != nil {
				with = *r.ApplyServerSideEncryptionByDefault
			}
		}
	}
	if with.SSEAlgorithm != types.ServerSideEncryptionAwsKms && with.SSEAlgorithm != types.ServerSideEncryptionAwsKmsDsse {
		c.problem("%s: %s is not encrypted with KMS: aws s3api put-bucket-encryption, as infra/README.md says", b.setting, b.name)
		return nil
	}
	arn, err := c.customerKey(ctx, aws.ToString(with.KMSMasterKeyID))
	switch {
	case err != nil:
		return err
	case arn != "" && keyID(arn) != keyID(c.props.Key):
		c.problem("%s: %s is encrypted with %s, with which the functions may do nothing: set key to it; or change the bucket's encryption and set previousKey to it", b.setting, b.name, arn)
	case arn == "" && c.props.OwnKey():
		c.problem("%s: %s is encrypted with AWS's key, and the settings want one of your own: aws s3api put-bucket-encryption, as infra/README.md says", b.setting, b.name)
	}
	return nil
}

// customerKey is the ARN of a key if it is a customer's; "" for AWS's own.
func (c *check) customerKey(ctx context.Context, id string) (string, error) {
	if id == "" || strings.Contains(id, "alias/aws/") {
		return "", nil
	}
	out, err := c.Keys.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &id})
	if err != nil {
		return id, c.asked("the key "+id, err)
	}
	if out.KeyMetadata.KeyManager == kmstypes.KeyManagerTypeAws {
		return "", nil
	}
	return aws.ToString(out.KeyMetadata.Arn), nil
}

// checkOrigin looks whether a bucket still is another stack's, by the tags that CloudFormation sets.
func (c *check) checkOrigin(ctx context.Context, b bucket, from *origin) error {
	out, err := c.Buckets.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &b.name})
	if codeOf(err) == "NoSuchTagSet" {
		return nil
	}
	if err != nil {
		return c.asked("the tags of "+b.name, err)
	}
	tags := map[string]string{}
	for _, t := range out.TagSet {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	from.stack = tags["aws:cloudformation:stack-name"]
	id := tags["aws:cloudformation:stack-id"]
	if id == "" || id == c.now.id {
		return nil
	}
	other, err := c.stackCalled(ctx, id)
	if other != nil {
		c.problem("%s: %s belongs to the stack %s, which is at work: two installations with one bucket would undo each other's work. Destroy that stack first, or set name to it", b.setting, b.name, from.stack)
	}
	return err
}

// expires notes prefixes under which nothing ever expires: the stack sets such rules on a bucket of its own alone.
func (c *check) expires(ctx context.Context, b bucket, prefixes ...string) error {
	out, err := c.Buckets.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &b.name})
	if codeOf(err) == "NoSuchLifecycleConfiguration" {
		out, err = &s3.GetBucketLifecycleConfigurationOutput{}, nil
	}
	if err != nil {
		return c.asked("the lifecycle of "+b.name, err)
	}
	for _, prefix := range prefixes {
		if !expiring(out.Rules, prefix) {
			c.Notes = append(c.Notes, b.setting+": nothing under "+prefix+" of "+b.name+" ever expires: it has no lifecycle rule for it")
		}
	}
	return nil
}

func expiring(rules []types.LifecycleRule, prefix string) bool {
	for _, r := range rules {
		of := aws.ToString(r.Prefix) //nolint:staticcheck // older rules have it there
		if r.Filter != nil && r.Filter.Prefix != nil {
			of = *r.Filter.Prefix
		}
		if r.Status == types.ExpirationStatusEnabled && r.Expiration != nil && aws.ToInt32(r.Expiration.Days) > 0 && strings.HasPrefix(prefix, of) {
			return true
		}
	}
	return false
}
