package adopt

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// fakeBucket is a bucket as S3 describes it.
type fakeBucket struct {
	region, versioning, key, policy string
	plain                           bool // encrypted without KMS
	open                            bool // to the public
	events                          bool // to EventBridge
	tags                            map[string]string
	expires                         []string
	foreign                         bool // another account's
}

// fakeAccount is an account in memory. A call that is denied is in denied, by its name.
type fakeAccount struct {
	buckets map[string]*fakeBucket
	keys    map[string]*kmstypes.KeyMetadata // by ARN
	policy  string                           // of the keys
	stacks  map[string]*cfn.Stack            // by name and by ID
	made    []cfn.StackResourceSummary
	denied  map[string]bool
}

func refused(code string) error { return &smithy.GenericAPIError{Code: code, Message: code} }

func (f *fakeAccount) may(call string) error {
	if f.denied[call] {
		return refused("AccessDenied")
	}
	return nil
}

func (f *fakeAccount) DescribeStacks(_ context.Context, in *cloudformation.DescribeStacksInput, _ ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error) {
	s, ok := f.stacks[*in.StackName]
	if !ok {
		return nil, refused("ValidationError")
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []cfn.Stack{*s}}, f.may("DescribeStacks")
}

// ListStackResources answers with one resource a page.
func (f *fakeAccount) ListStackResources(_ context.Context, in *cloudformation.ListStackResourcesInput, _ ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error) {
	at := len(aws.ToString(in.NextToken))
	out := &cloudformation.ListStackResourcesOutput{StackResourceSummaries: f.made[at:min(at+1, len(f.made))]}
	if at+1 < len(f.made) {
		out.NextToken = aws.String(aws.ToString(in.NextToken) + "x")
	}
	return out, nil
}

func (f *fakeAccount) HeadBucket(_ context.Context, in *s3.HeadBucketInput, _ ...func(*s3.Options)) (*s3.HeadBucketOutput, error) {
	b, ok := f.buckets[*in.Bucket]
	switch {
	case !ok:
		return nil, refused("NotFound")
	case b.foreign || *in.ExpectedBucketOwner != ours:
		return nil, refused("Forbidden")
	}
	return &s3.HeadBucketOutput{BucketRegion: &b.region}, nil
}

func (f *fakeAccount) GetBucketVersioning(_ context.Context, in *s3.GetBucketVersioningInput, _ ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error) {
	return &s3.GetBucketVersioningOutput{Status: types.BucketVersioningStatus(f.buckets[*in.Bucket].versioning)}, f.may("GetBucketVersioning")
}

func (f *fakeAccount) GetBucketEncryption(_ context.Context, in *s3.GetBucketEncryptionInput, _ ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error) {
	with := types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}
	b := f.buckets[*in.Bucket]
	if b.key != "" {
		with.KMSMasterKeyID = &b.key
	}
	if b.plain {
		with.SSEAlgorithm = types.ServerSideEncryptionAes256
	}
	return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &with}},
	}}, nil
}

func (f *fakeAccount) GetPublicAccessBlock(_ context.Context, in *s3.GetPublicAccessBlockInput, _ ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error) {
	if f.buckets[*in.Bucket].open {
		return nil, refused("NoSuchPublicAccessBlockConfiguration")
	}
	on := aws.Bool(true)
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: on, BlockPublicPolicy: on, IgnorePublicAcls: on, RestrictPublicBuckets: on,
	}}, nil
}

func (f *fakeAccount) GetBucketNotificationConfiguration(_ context.Context, in *s3.GetBucketNotificationConfigurationInput, _ ...func(*s3.Options)) (*s3.GetBucketNotificationConfigurationOutput, error) {
	out := &s3.GetBucketNotificationConfigurationOutput{}
	if f.buckets[*in.Bucket].events {
		out.EventBridgeConfiguration = &types.EventBridgeConfiguration{}
	}
	return out, nil
}

func (f *fakeAccount) GetBucketTagging(_ context.Context, in *s3.GetBucketTaggingInput, _ ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error) {
	out := &s3.GetBucketTaggingOutput{}
	for k, v := range f.buckets[*in.Bucket].tags {
		out.TagSet = append(out.TagSet, types.Tag{Key: &k, Value: &v})
	}
	if out.TagSet == nil {
		return nil, refused("NoSuchTagSet")
	}
	return out, nil
}

func (f *fakeAccount) GetBucketPolicy(_ context.Context, in *s3.GetBucketPolicyInput, _ ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error) {
	if f.buckets[*in.Bucket].policy == "" {
		return nil, refused("NoSuchBucketPolicy")
	}
	return &s3.GetBucketPolicyOutput{Policy: &f.buckets[*in.Bucket].policy}, nil
}

func (f *fakeAccount) GetBucketLifecycleConfiguration(_ context.Context, in *s3.GetBucketLifecycleConfigurationInput, _ ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	out := &s3.GetBucketLifecycleConfigurationOutput{}
	for _, prefix := range f.buckets[*in.Bucket].expires {
		out.Rules = append(out.Rules, types.LifecycleRule{
			Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: &prefix}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(28)},
		})
	}
	if out.Rules == nil {
		return nil, refused("NoSuchLifecycleConfiguration")
	}
	return out, nil
}

func (f *fakeAccount) DescribeKey(_ context.Context, in *kms.DescribeKeyInput, _ ...func(*kms.Options)) (*kms.DescribeKeyOutput, error) {
	key, ok := f.keys[*in.KeyId]
	if !ok {
		return nil, refused("NotFoundException")
	}
	return &kms.DescribeKeyOutput{KeyMetadata: key}, f.may("DescribeKey")
}

func (f *fakeAccount) GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error) {
	return &kms.GetKeyPolicyOutput{Policy: &f.policy}, f.may("GetKeyPolicy")
}

// storeOf is a state in a directory.
func storeOf(t *testing.T, o ledger.Options) ledger.Store {
	t.Helper()
	store := ledger.Dir(t.TempDir())
	if _, err := ledger.Open(t.Context(), store, o); err != nil {
		t.Fatal(err)
	}
	return store
}
