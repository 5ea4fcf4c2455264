package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
)

// addKey makes a key for everything that is stored or waits, where one is wanted. Services that write to the queues need it as well
// as our roles do: without this, events that meet an encrypted queue are lost to its dead letters.
func (s *service) addKey() {
	if s.props.Key != "" {
		s.key = awskms.Key_FromKeyArn(s.stack, new("Key"), &s.props.Key)
		return
	}
	if !s.props.CustomerKey {
		return
	}
	key := awskms.NewKey(s.stack, new("Key"), &awskms.KeyProps{
		Description: new("Inventory Bridge: buckets, queues and logs"), EnableKeyRotation: new(true),
		RemovalPolicy: retained, // as what it encrypts
	})
	keepID(key, "Key")
	s.key = key
	s.key.AddToResourcePolicy(statement(grant{
		service: "events.amazonaws.com", actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, resources: []string{"*"},
		when: equals(map[string]any{"aws:SourceAccount": *s.stack.Account()}),
	}), nil)
	for _, p := range s.props.Producers {
		s.key.AddToResourcePolicy(statement(grant{role: p.Role, actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, resources: []string{"*"}}), nil)
	}
	logs := "logs." + *s.stack.Region() + ".amazonaws.com"
	s.key.AddToResourcePolicy(statement(grant{
		service: logs, resources: []string{"*"},
		actions: []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"}, // as in its documentation
		when: map[string]any{"ArnLike": map[string]any{
			"kms:EncryptionContext:aws:logs:arn": *s.stack.FormatArn(&awscdk.ArnComponents{
				Service: new("logs"), Resource: new("log-group"), ResourceName: new("*"), ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
			}),
		}},
	}), nil)
}

// previousKeyGrant lets a role read what was encrypted with the key before this one.
func (s *service) previousKeyGrant() []awsiam.PolicyStatement {
	if s.props.PreviousKey == "" {
		return nil
	}
	return []awsiam.PolicyStatement{statement(grant{actions: []string{"kms:Decrypt"}, resources: []string{s.props.PreviousKey}})}
}

// keyGrant lets a role use the key, where there is one.
func (s *service) keyGrant() []awsiam.PolicyStatement {
	if s.key == nil {
		return nil
	}
	return []awsiam.PolicyStatement{statement(grant{
		actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, resources: []string{*s.key.KeyArn()},
	})}
}
