package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
)

// sweepGroup is the group of the sweep's signal, as that of one which is moved back from its dead letters. TestOwnNames keeps the two equal.
const sweepGroup = "sweep"

// sweepID is the ID of the schedule.
const sweepID = "Sweep"

// addSweep sends the sweep's signal once an hour. It goes to the deliveries' queue, in a group of its own: so there is never more than one
// sweep, and it takes one of delivery's places as a partition does.
func (s *service) addSweep() {
	dead := s.newDeadLetters("SweepDead", false)
	group := awsscheduler.NewCfnScheduleGroup(s.stack, new("Schedules"), nil)
	s.sweepRole = s.newRole("SweepRole", "scheduler.amazonaws.com", s.ours(*group.AttrArn()), append(s.keyGrant(),
		statement(grant{actions: []string{"sqs:SendMessage"}, resources: []string{*s.deliveries.QueueArn(), *dead.QueueArn()}}))...)
	schedule := awsscheduler.NewCfnSchedule(s.stack, new(sweepID), &awsscheduler.CfnScheduleProps{
		Description: new("Finishes what is open, tries parked records, refreshes what grows old"), GroupName: group.Ref(),
		ScheduleExpression: new("rate(1 hour)"), FlexibleTimeWindow: &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: new("OFF")},
		Target: &awsscheduler.CfnSchedule_TargetProperty{
			Arn: s.deliveries.QueueArn(), RoleArn: s.sweepRole.RoleArn(), Input: new(`{"sweep":{}}`),
			SqsParameters:    &awsscheduler.CfnSchedule_SqsParametersProperty{MessageGroupId: new(sweepGroup)},
			DeadLetterConfig: &awsscheduler.CfnSchedule_DeadLetterConfigProperty{Arn: dead.QueueArn()},
			RetryPolicy:      &awsscheduler.CfnSchedule_RetryPolicyProperty{MaximumEventAgeInSeconds: new(float64(3600)), MaximumRetryAttempts: new(float64(10))},
		},
	})
	if s.key != nil {
		schedule.SetKmsKeyArn(s.key.KeyArn())
	}
}
