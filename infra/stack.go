package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
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

	key            awskms.IKey // nil: AWS's keys
	uploads, state awss3.IBucket
	bus            awsevents.EventBus
	arriving       queue // documents, events and messages, for intake
	deliveries     queue // staged partitions and the sweep's signal, for delivery
	undelivered    []awssqs.Queue
	layer          awslambda.CfnLayerVersion // nil: no published mappings
	intake         awslambda.Function
	delivery       awslambda.Function
	asked          []output // what consumers ask
	sweepRole      awsiam.Role
	dashboard      awscloudwatch.Dashboard
	live           []live // with -c canary=true
	alarms         map[string]awscloudwatch.Alarm
}

// newStack makes the whole service. The order is that of a record's way.
func newStack(scope constructs.Construct, p settings.Props, b *bundle) awscdk.Stack {
	if p.Local {
		return newLocalStack(scope, p, b)
	}
	s := &service{props: p, bundle: b, alarms: map[string]awscloudwatch.Alarm{}}
	s.stack = awscdk.NewStack(scope, &p.Name, &awscdk.StackProps{
		Description: new("Inventory Bridge: records of other systems about machines become their Systems Manager Inventory"),
		Env:         environment(p), Synthesizer: b.synthesizer(),
	})
	s.stack.Node().SetContext(new(versionsByProperties), true)
	s.addKey()
	s.addBuckets()
	s.addQueues()
	s.addBus()
	s.addFunctions()
	s.addSweep()
	s.addAlarms()
	s.addCanary()
	s.addDashboard()
	s.addConsumers()
	s.addStackSet()
	s.beginLast()
	s.addOutputs()
	// A difference between templates shows which mappings and types come, go and change; an asset's hash shows only that something does.
	s.stack.TemplateOptions().SetMetadata(&b.contents)
	for _, name := range slices.Sorted(maps.Keys(p.Tags)) {
		awscdk.Tags_Of(s.stack).Add(&name, new(p.Tags[name]), nil)
	}
	return s.stack
}

// beginLast makes what calls the functions when all else is there, one after the other: delivery's queue, intake's, the schedule. What a first
// deployment made goes when it fails, and a bucket in which something was written already could not go. What is deleted ends in the opposite
// order.
func (s *service) beginLast() {
	part := func(id string) constructs.IConstruct { return s.stack.Node().FindChild(&id) }
	sources := []string{"DeliverySource", "IntakeSource", sweepID}
	first := part(sources[0])
	named := []string{"Deliveries", "Delivery", "DeliveryLive"} // by its own properties
	for _, c := range *s.stack.Node().Children() {
		if id := *c.Node().Id(); !slices.Contains(sources, id) && !slices.Contains(named, id) {
			first.Node().AddDependency(c)
		}
	}
	first.Node().AddDependency(s.deliveries.Node().FindChild(new("Policy")))
	for i, id := range sources[1:] {
		part(id).Node().AddDependency(part(sources[i]))
	}
}

// name is the stack's. Exports, metrics and the bus have it, so that two stacks of one account are two.
func (s *service) name() string { return *s.stack.StackName() }

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
