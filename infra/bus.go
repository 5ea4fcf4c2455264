package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
)

// ownSource is the source of the function's own events, which must never come back to it. TestOwnNames keeps it what the function sends.
const ownSource = "inventory-bridge"

// addBus makes our own bus, and the rules that lead to intake. AWS services send to the default bus only.
func (s *service) addBus() {
	s.bus = awsevents.NewEventBus(s.stack, new("Bus"), &awsevents.EventBusProps{
		EventBusName: new(*s.stack.StackName()), Description: new("Events of users' own systems for Inventory Bridge, and its events about completed imports"),
	})
	s.addRule("Objects", nil, map[string]any{
		"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
		"detail": map[string]any{"bucket": map[string]any{"name": []any{*s.uploads.BucketName()}}},
	})
	s.addRule("Events", s.bus.EventBusName(), map[string]any{
		"account": []any{*s.stack.Account()}, "source": []any{map[string]any{"anything-but": []any{ownSource}}},
	})
	if s.props.Findings {
		s.addFindings()
	}
}

// addFindings lets through the events of AWS services that a mapping matches: the rule is made of the mappings' own sources and detail types.
func (s *service) addFindings() {
	var either []any
	for _, source := range slices.Sorted(maps.Keys(s.bundle.events)) {
		one := map[string]any{"source": []any{source}}
		types := s.bundle.events[source]
		slices.Sort(types)
		if !slices.Contains(types, "") {
			one["detail-type"] = slices.Compact(types)
		}
		either = append(either, one)
	}
	if own := s.bundle.published; own != nil && len(own.sources) > 0 {
		one := map[string]any{"source": own.sources}
		if len(own.details) > 0 {
			one["detail-type"] = own.details
		}
		either = append(either, one)
	}
	s.addRule("Findings", nil, map[string]any{"account": []any{*s.stack.Account()}, "$or": either})
}

// addRule sends events to intake; those that its queue cannot take become dead letters of the rule.
func (s *service) addRule(id string, bus *string, pattern map[string]any) {
	dead := s.newDeadLetters(id+"Dead", false)
	rule := awsevents.NewCfnRule(s.stack, new(id+"Rule"), &awsevents.CfnRuleProps{
		EventBusName: bus, EventPattern: pattern,
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: new("intake"), Arn: s.arriving.QueueArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: dead.QueueArn()},
			RetryPolicy:      &awsevents.CfnRule_RetryPolicyProperty{MaximumEventAgeInSeconds: new(float64(86400)), MaximumRetryAttempts: new(float64(185))},
		}},
	})
	for _, q := range []awssqs.Queue{s.arriving.Queue, dead} {
		q.AddToResourcePolicy(statement(grant{
			service: "events.amazonaws.com", actions: []string{"sqs:SendMessage"}, resources: []string{*q.QueueArn()},
			when: s.ours(*rule.AttrArn()),
		}))
	}
}
