package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
)

// historyDays is how long older versions are kept: rows that no head names are for as long, so a head of that time can be brought back.
const historyDays = 30

// stagedDays is how long staged deliveries are kept: as long as their messages can wait, and then lie among the dead letters.
const stagedDays = 2 * keptDays

// retained keeps what holds data when the stack goes, and removes it where the deployment that made it fails: nothing is in it then, and the next
// deployment would make another.
const retained = awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE

// The logical IDs of the buckets.
const (
	uploadsID = "Uploads"
	stateID   = "State"
)

// addBuckets makes the bucket for uploads and that for the state. They are two so that what we write ourselves never calls us.
func (s *service) addBuckets() {
	s.uploads = s.addUploads()
	if s.props.State != "" {
		s.state = s.takenUp(stateID, s.props.State)
		return
	}
	s.state = s.newBucket(stateID,
		expiry("old-staging", "staging/", stagedDays),
		expiry("old-rejected", "rejected/", s.props.RejectedDays),
		expiry("old-receipts", "receipts/", s.props.ReceiptDays))
}

func (s *service) addUploads() awss3.IBucket {
	if s.props.Uploads != "" {
		return s.takenUp(uploadsID, s.props.Uploads)
	}
	b := s.newBucket(uploadsID, expiry("old-uploads", "", s.props.UploadDays))
	// By the resource's own property: the construct's switch would bring a function, a role and a custom resource.
	b.Node().DefaultChild().(awss3.CfnBucket).SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{ //nolint:errcheck // that is what a Bucket is made of
		EventBridgeConfiguration: &awss3.CfnBucket_EventBridgeConfigurationProperty{EventBridgeEnabled: new(true)},
	})
	for _, producer := range s.producersOf(b) {
		b.AddToResourcePolicy(producer)
	}
	return b
}

func (s *service) newBucket(id string, rules ...*awss3.LifecycleRule) awss3.Bucket {
	rules = append(rules, &awss3.LifecycleRule{
		Id: new("history"), NoncurrentVersionExpiration: days(historyDays), AbortIncompleteMultipartUploadAfter: days(7),
		ExpiredObjectDeleteMarker: new(true),
	})
	props := &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), ObjectOwnership: awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL: new(true), Versioned: new(true), Encryption: awss3.BucketEncryption_KMS_MANAGED, BucketKeyEnabled: new(true),
		LifecycleRules: &rules, RemovalPolicy: retained,
	}
	if s.key != nil {
		props.Encryption, props.EncryptionKey = awss3.BucketEncryption_KMS, s.key
	}
	b := awss3.NewBucket(s.stack, &id, props)
	keepID(b, id)
	const accessLogs = "CloudTrail's data events show who read and wrote, where that is wanted; access logs would need a bucket of their own"
	reasoned(b, reason{"AwsSolutions-S1", accessLogs}, reason{"CKV_AWS_18", accessLogs})
	return b
}

func expiry(id, prefix string, after int) *awss3.LifecycleRule {
	r := &awss3.LifecycleRule{Id: &id, Expiration: days(after)}
	if prefix != "" {
		r.Prefix = &prefix
	}
	return r
}

func days(n int) awscdk.Duration { return awscdk.Duration_Days(new(float64(n))) }

func seconds(n int) awscdk.Duration { return awscdk.Duration_Seconds(new(float64(n))) }
