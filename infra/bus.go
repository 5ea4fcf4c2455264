package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
)

// ownSource is the source of the function's own events, which must never come back to it. TestOwnNames keeps it what the function sends.
const ownSource = "inventory-bridge"

// addBus makes our own bus, and the rules that lead to intake. AWS services send to the default bus only.
func (s *service) addBus() {
	s.bus = awsevents.NewEventBus(s.stack, new("Bus"), &awsevents.EventBusProps{
		EventBusName: new(s.name()), Description: new("Events of users' own systems for Inventory Bridge, and its events about completed imports"),
	})
	s.addRule("Objects", nil, map[string]any{
		"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
		"detail": map[string]any{"bucket": map[string]any{"name": []any{*s.uploads.BucketName()}}},
	})
	s.addSenders()
	pattern := map[string]any{"source": []any{map[string]any{"anything-but": []any{ownSource}}}}
	if s.props.Organization == "" { // else only the bus knows which accounts these are
		accounts := []any{*s.stack.Account()}
		for _, account := range s.props.Senders {
			accounts = append(accounts, account)
		}
		pattern["account"] = accounts
	}
	s.addRule("Events", s.bus.EventBusName(), pattern)
	if s.props.Findings {
		s.addFindings()
	}
}

// addSenders lets other accounts send to our own bus, and an organisation's. They send what they like: which node it is about, the mapping's
// allow decides.
func (s *service) addSenders() {
	var before awscdk.CfnResource
	allow := func(id string, principal any, when map[string]any) {
		statement := map[string]any{
			"Sid": id, "Effect": "Allow", "Principal": principal, "Action": "events:PutEvents", "Resource": *s.bus.EventBusArn(),
		}
		if when != nil {
			statement["Condition"] = when
		}
		// Not its own construct, which warns of a property that is not used here.
		policy := awscdk.NewCfnResource(s.stack, &id, &awscdk.CfnResourceProps{Type: new("AWS::Events::EventBusPolicy"), Properties: &map[string]any{
			"EventBusName": s.bus.EventBusName(), "StatementId": id, "Statement": statement,
		}})
		if before != nil {
			policy.AddResourceDependency(before, nil) // EventBridge refuses two changes of one bus at a time
		}
		before = policy
	}
	if len(s.props.Senders) > 0 {
		var roots []any
		for _, account := range s.props.Senders {
			roots = append(roots, "arn:"+*s.stack.Partition()+":iam::"+account+":root")
		}
		allow("Senders", map[string]any{"AWS": roots}, nil)
	}
	if s.props.Organization != "" {
		allow("Organization", "*", equals(map[string]any{"aws:PrincipalOrgID": s.props.Organization}))
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
	if own := s.bundle.published; own != nil && len(own.Sources) > 0 {
		one := map[string]any{"source": own.Sources}
		if len(own.Details) > 0 {
			one["detail-type"] = own.Details
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
