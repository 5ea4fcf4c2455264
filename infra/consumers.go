package main

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/inventory-bridge/inventory-bridge/infra/consumers"
)

// resultDays is how long the results of queries are kept.
const resultDays = 30

// addConsumers makes a copy of the inventory that can be queried, where one is wanted. None of the functions' roles may reach it, and its bucket
// tells nobody of its objects: what comes out of the inventory must not go in again.
func (s *service) addConsumers() {
	if !s.props.Consumers {
		return
	}
	accounts := others(*s.stack.Account(), s.props.SyncAccounts)
	bucket := s.newSyncBucket(accounts)
	p := consumers.Props{
		Sync: s.props.Name, Database: database(s.props.Name), Workgroup: s.props.Name,
		Bucket: bucket, Written: bucket.Policy(), Region: *s.stack.Region(), Account: *s.stack.Account(),
		Accounts: accounts, Regions: others(*s.stack.Region(), s.props.SyncRegions),
		QueryBytes: queryBytes(s.props.QueryMiB), Tables: s.bundle.tables,
	}
	if s.key != nil {
		p.Key = s.key
		p.Sync += "-key" // CloudFormation replaces a sync whose key changes, and cannot where the new one has the same name
	}
	consumers.Add(s.stack, p)
	s.asked = []output{
		{"Inventory", *bucket.BucketName(), "bucket: the inventory's copy, and results of queries"},
		{"Database", p.Database, "database of the inventory's tables"},
		{"Workgroup", p.Workgroup, "workgroup with the saved queries"},
	}
}

// database is the database's name, by the stack's: Glue has no capitals.
func database(stack string) string { return strings.ReplaceAll(strings.ToLower(stack), "-", "_") }

// queryBytes is how many bytes a query may read.
func queryBytes(mib int) int { return mib << 20 }

// others puts the stack's own first.
func others(own string, list []string) []string {
	return append([]string{own}, slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == own })...)
}

// newSyncBucket makes the bucket of the sync's objects and of the queries' results. Objects do not expire: one that is old is that of a node
// whose inventory has not changed.
func (s *service) newSyncBucket(accounts []string) awss3.Bucket {
	bucket := s.newBucket("Inventory", expiry("old-results", consumers.Results+"/", resultDays))
	if s.key == nil {
		encryptByS3(bucket)
	}
	// Systems Manager asks for this before it writes, and not in anybody's name.
	bucket.AddToResourcePolicy(statement(grant{service: "ssm.amazonaws.com", actions: []string{"s3:GetBucketAcl"}, resources: []string{*bucket.BucketArn()}}))
	for _, account := range accounts {
		write := s.syncOf(account)
		write["StringEquals"] = map[string]any{"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
		bucket.AddToResourcePolicy(statement(grant{
			service: "ssm.amazonaws.com", actions: []string{"s3:PutObject"},
			resources: under(*bucket.BucketArn(), consumers.Inventory+"/*/accountid="+account+"/*"), when: write,
		}))
		if s.key != nil {
			s.key.AddToResourcePolicy(statement(grant{
				service: "ssm.amazonaws.com", actions: []string{"kms:GenerateDataKey"}, resources: []string{"*"}, when: s.syncOf(account),
			}), nil)
		}
	}
	return bucket
}

// encryptByS3 takes the place of AWS's key for S3, with which only an account's own principals can write: Systems Manager is none.
func encryptByS3(bucket awss3.Bucket) {
	bucket.Node().DefaultChild().(awss3.CfnBucket).SetBucketEncryption(&awss3.CfnBucket_BucketEncryptionProperty{ //nolint:errcheck // that is what a Bucket is made of
		ServerSideEncryptionConfiguration: []any{&awss3.CfnBucket_ServerSideEncryptionRuleProperty{
			ServerSideEncryptionByDefault: &awss3.CfnBucket_ServerSideEncryptionByDefaultProperty{SseAlgorithm: new("AES256")},
		}},
	})
}

// syncOf is the condition that Systems Manager acts for a data sync of an account.
func (s *service) syncOf(account string) map[string]any {
	arn := *s.stack.FormatArn(&awscdk.ArnComponents{
		Service: new("ssm"), Region: new("*"), Account: &account, Resource: new("resource-data-sync"), ResourceName: new("*"),
	})
	return map[string]any{"ArnLike": map[string]any{"aws:SourceArn": arn}, "StringEquals": map[string]any{"aws:SourceAccount": account}}
}
