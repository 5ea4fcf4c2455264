package main

import (
	"maps"
	"runtime"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// localName is the function's logical ID in the local template, by which `sam local start-lambda` calls it.
const localName = "InventoryBridge"

// A sandbox on this machine, as the function's container reaches it, and where the state lives there.
const (
	localEndpoint = "http://host.docker.internal:4599"
	localState    = "s3://state/ledger"
)

// newLocalStack makes the template for `sam local`: the function alone, which takes documents in and puts what they state in one process.
// All its variables are literal, since SAM resolves no references to other resources, and passes no variable that the template does not have.
func newLocalStack(scope constructs.Construct, p settings.Props, b *bundle) awscdk.Stack {
	stack := awscdk.NewStack(scope, &p.Name, &awscdk.StackProps{
		Description: new("Inventory Bridge for sam local, against invbridge sandbox; it is not meant to be deployed"),
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{GenerateBootstrapVersionRule: new(false)}),
	})
	variables := config.Settings{State: localState, Mappings: b.mappings, Targets: b.targetsName(), AWSTypes: p.AWSTypes, Partitions: p.Partitions, Limits: p.Limits, Rate: -1}.Environment()
	called := []string{"SSM", "S3"}
	if b.targets != nil {
		called = append(called, "STS", "ORGANIZATIONS")
	}
	for _, service := range called { // each by itself, since SAM takes a shell's AWS_ENDPOINT_URL for the function's
		variables["AWS_ENDPOINT_URL_"+service] = localEndpoint
	}
	f := awslambda.NewFunction(stack, new(localName), &awslambda.FunctionProps{
		Description: new("Inventory Bridge against a sandbox on this machine"), Runtime: awslambda.Runtime_PROVIDED_AL2023(), Handler: new("bootstrap"),
		Architecture: architectureOf(p), Code: awslambda.Code_FromAsset(&b.dir, nil),
		MemorySize: new(float64(p.Intake.MemoryMiB)), Timeout: seconds(p.Intake.TimeoutSeconds), Environment: pointers(variables),
		// SAM reads no role, and a template must have one.
		Role: awsiam.Role_FromRoleArn(stack, new("Role"), new("arn:aws:iam::111122223333:role/unused"), &awsiam.FromRoleArnOptions{Mutable: new(false)}),
	})
	keepID(f, localName)
	return stack
}

// localArch is this machine's architecture as Go calls it, so that Docker need not emulate another.
func localArch() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "amd64"
}

// pointers makes variables what the CDK takes, in the order of their names.
func pointers(variables map[string]string) *map[string]*string {
	all := map[string]*string{}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		all[name] = new(variables[name])
	}
	return &all
}
