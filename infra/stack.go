package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// service is the stack with what its parts need of each other.
type service struct {
	stack  awscdk.Stack
	props  settings.Props
	bundle *bundle

	key            awskms.Key // nil: AWS's keys
	uploads, state awss3.Bucket
	bus            awsevents.EventBus
	arriving       queue // documents, events and messages, for intake
	deliveries     queue // staged partitions and the sweep's signal, for delivery
	undelivered    []awssqs.Queue
	layer          awslambda.CfnLayerVersion // nil: no published mappings
	intake         awslambda.Function
	delivery       awslambda.Function
}

// newStack makes the whole service. The order is that of a record's way.
func newStack(scope constructs.Construct, p settings.Props, b *bundle) awscdk.Stack {
	s := &service{props: p, bundle: b}
	s.stack = awscdk.NewStack(scope, &p.Name, &awscdk.StackProps{
		Description: new("Inventory Bridge: records of other systems about machines become their Systems Manager Inventory"),
		Env:         environment(p), Synthesizer: b.synthesizer(),
	})
	s.addKey()
	s.addBuckets()
	s.addQueues()
	s.addBus()
	s.addFunctions()
	s.addSweep()
	s.addAlarms()
	s.addDashboard()
	s.addConsumers()
	s.addOutputs()
	return s.stack
}

// environment is where the stack goes; what is not set is taken from whoever deploys it.
func environment(p settings.Props) *awscdk.Environment {
	e := &awscdk.Environment{}
	if p.Region != "" {
		e.Region = &p.Region
	}
	if p.Account != "" {
		e.Account = &p.Account
	}
	return e
}

func (s *service) addOutputs() {
	for _, o := range []struct {
		id, value, about string
	}{
		{"Uploads", *s.uploads.BucketName(), "drop files here, under <mapping>/ or incoming/"},
		{"State", *s.state.BucketName(), "ledger, receipts, parked and rejected records"},
		{"Bus", *s.bus.EventBusName(), "send events here; events about completed imports come from here"},
		{"Messages", *s.arriving.QueueUrl(), "send documents and pointers here"},
	} {
		awscdk.NewCfnOutput(s.stack, new(o.id+"Output"), &awscdk.CfnOutputProps{Value: &o.value, Description: &o.about})
	}
}
