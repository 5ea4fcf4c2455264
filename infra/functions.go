package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// addFunctions deploys the program twice: once to take in documents of strangers, once to put what they state.
func (s *service) addFunctions() {
	both := config.Settings{
		State: "s3://" + *s.state.BucketName(), Mappings: s.bundle.mappings, Targets: s.bundle.targetsName(), OwnTypes: s.bundle.allowed(), AWSTypes: s.props.AWSTypes, Partitions: s.props.Partitions, Limits: s.props.Limits,
		Queue: *s.deliveries.QueueUrl(), Bus: *s.bus.EventBusArn(), Metrics: true,
		Stack: s.name(),
	}
	s.addLayer()
	intake, delivery := both, both
	intake.Role, intake.Uploads = "intake", []string{*s.uploads.BucketName()}
	delivery.Role, delivery.Rate, delivery.Concurrency = "delivery", s.props.Rate, s.props.Delivery.Concurrency
	s.intake = s.newFunction("Intake", "takes documents in", s.props.Intake, intake, s.arriving, s.intakeGrants())
	s.delivery = s.newFunction("Delivery", "puts what documents state", s.props.Delivery, delivery, s.deliveries, s.deliveryGrants())
}

func (s *service) newFunction(id, about string, p settings.Function, c config.Settings, from queue, grants []grant) awslambda.Function {
	logs := s.newLogGroup(id + "Logs")
	f := awslambda.NewFunction(s.stack, &id, &awslambda.FunctionProps{
		Description: new("Inventory Bridge " + about), Runtime: awslambda.Runtime_PROVIDED_AL2023(), Handler: new("bootstrap"),
		Architecture: architectureOf(s.props), Code: s.code(id),
		MemorySize: new(float64(p.MemoryMiB)), EphemeralStorageSize: awscdk.Size_Mebibytes(new(float64(p.EphemeralMiB))),
		Timeout:     seconds(p.TimeoutSeconds),
		Environment: pointers(c.Environment()), LogGroup: logs, Role: s.functionRole(id, logs, from, grants),
	})
	resource := f.Node().DefaultChild().(awslambda.CfnFunction) //nolint:errcheck // that is what a Function is made of
	resource.AddDeletionOverride(new("DependsOn"))              // it names its role, so CloudFormation makes that first anyway
	if s.key != nil {
		resource.SetKmsKeyArn(s.key.KeyArn())
	}
	if p.Reserved > 0 {
		resource.SetReservedConcurrentExecutions(new(float64(p.Reserved)))
	}
	if s.layer != nil {
		resource.SetLayers(texts(*s.layer.Ref()))
	}
	reasoned(f, append(s.addTracing(resource),
		reason{"CKV_AWS_115", "Its event source has a maximum. Reserved concurrency is taken from the account's, which may have 10 in all; -c intakeReserved and deliveryReserved set it"},
		reason{"CKV_AWS_116", "A queue calls it, and that queue has a queue of dead letters"},
		reason{"CKV_AWS_117", "It calls AWS's own endpoints only; a VPC would need one for each of four services"},
		reason{"CKV_AWS_173", "Its environment holds names and numbers, no secrets; -c customerKey=true encrypts it with a key of yours all the same"})...)
	source := awslambda.NewEventSourceMapping(s.stack, new(id+"Source"), &awslambda.EventSourceMappingProps{
		Target: f, EventSourceArn: from.QueueArn(), ReportBatchItemFailures: new(true), MaxConcurrency: new(float64(p.Concurrency)),
		BatchSize: new(float64(1)), // so one document's failure or memory does not concern another
	})
	s.addLive(f, source)
	return f
}

// addTracing lets Lambda trace calls of the function, where that is wanted; else it returns why not.
func (s *service) addTracing(f awslambda.CfnFunction) []reason {
	if s.props.Tracing {
		f.SetTracingConfig(&awslambda.CfnFunction_TracingConfigProperty{Mode: new("Active")})
		return nil
	}
	return []reason{{"CKV_AWS_50", "One hop from a queue: receipts and metrics show more than a trace; -c tracing=true sends traces to X-Ray, which needs rights on all resources"}}
}

// architectureOf is that of the program, as the CDK calls it.
func architectureOf(p settings.Props) awslambda.Architecture {
	if architecture(p) == "amd64" {
		return awslambda.Architecture_X86_64()
	}
	return awslambda.Architecture_ARM_64()
}

func (s *service) newLogGroup(id string) awslogs.LogGroup {
	p := &awslogs.LogGroupProps{Retention: awslogs.RetentionDays_INFINITE, RemovalPolicy: awscdk.RemovalPolicy_DESTROY}
	if s.key != nil {
		p.EncryptionKey = s.key
	}
	g := awslogs.NewLogGroup(s.stack, &id, p)
	g.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(new(float64(s.props.LogDays))) //nolint:errcheck // that is what a LogGroup is made of
	reasoned(g,
		reason{"CKV_AWS_158", "CloudWatch encrypts logs, and these hold no values from documents; -c customerKey=true takes a key of yours"},
		reason{"CKV_AWS_338", "Receipts are the record of what was done, and are kept for longer; -c logDays sets another time"})
	return g
}

// functionRole may write the function's log, read its queue, and do what the function's grants allow: nothing else.
func (s *service) functionRole(id string, logs awslogs.LogGroup, from queue, grants []grant) awsiam.Role {
	statements := append(s.keyGrant(), s.previousKeyGrant()...)
	if s.props.Tracing {
		grants = append(grants, grant{actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, everywhere: "X-Ray has no resources"})
	}
	for _, g := range append([]grant{
		{actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, resources: []string{*logs.LogGroupArn()}},
		{actions: []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, resources: []string{*from.QueueArn()}},
		{actions: []string{"events:PutEvents"}, resources: []string{*s.bus.EventBusArn()}, when: equals(map[string]any{
			"events:source": ownSource, "events:detail-type": "Inventory Import Completed",
		})},
	}, grants...) {
		statements = append(statements, statement(g))
	}
	role := s.newRole(id+"Role", "lambda.amazonaws.com", nil, statements...)
	why := wildcards
	if s.bundle.targets != nil {
		why += assumedNames
		s.nameRole(role, id)
	}
	reasoned(role, reason{"AwsSolutions-IAM5", why}, reason{"CKV_AWS_111", why})
	return role
}
