package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
)

// layerMappings is where the functions find the mappings of a layer.
const layerMappings = "/opt/" + mappingsFolder

// synthesizer is nil for the CDK's own; a published template must not need what `cdk bootstrap` makes.
func (b *bundle) synthesizer() awscdk.IStackSynthesizer {
	if b.published == nil {
		return nil
	}
	return awscdk.NewLegacyStackSynthesizer()
}

// code is the functions' program: a directory for the CDK to take up, or a published zip.
func (s *service) code(id string) awslambda.Code {
	if s.bundle.published == nil {
		return awslambda.Code_FromAsset(&s.bundle.dir, nil)
	}
	at := s.bundle.published.Code
	return awslambda.Code_FromBucketV2(awss3.Bucket_FromBucketName(s.stack, new(id+"Code"), &at.Bucket), &at.Key, nil)
}

// addLayer makes a layer of the published mappings, where there are any: both functions have it.
func (s *service) addLayer() {
	if s.bundle.published == nil || s.bundle.published.Layer.Key == "" {
		return
	}
	at := s.bundle.published.Layer
	s.layer = awslambda.NewCfnLayerVersion(s.stack, new("OwnMappings"), &awslambda.CfnLayerVersionProps{
		Description: new("Inventory Bridge: mappings of your own"), CompatibleRuntimes: texts("provided.al2023"),
		Content: &awslambda.CfnLayerVersion_ContentProperty{S3Bucket: &at.Bucket, S3Key: &at.Key},
	})
}

// allowed are the types that published mappings may declare.
func (b *bundle) allowed() []string {
	if b.published == nil {
		return nil
	}
	return b.published.Types
}
