package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// output is what others want to know of the stack. It is exported by the stack's name and its own: InventoryBridge-Uploads.
type output struct{ id, value, about string }

func (s *service) addOutputs() {
	list := []output{
		{"Uploads", *s.uploads.BucketName(), "bucket: drop files here, under <mapping>/ or incoming/"},
		{"State", *s.state.BucketName(), "bucket: ledger, receipts, parked and rejected records"},
		{"Bus", *s.bus.EventBusName(), "event bus: send events here; events about completed imports come from here"},
		{"Messages", *s.arriving.QueueUrl(), "URL of the queue: send documents and pointers here"},
		{"Deliveries", *s.deliveries.QueueUrl(), "URL of the queue of staged deliveries"},
		{"Dashboard", s.dashboardURL(), "URL of the dashboard"},
	}
	for _, q := range s.undelivered {
		list = append(list, output{*q.Node().Id(), *q.QueueUrl(), "URL of a queue of dead letters: invbridge redrive --dead-letters URL"})
	}
	for _, f := range []awslambda.Function{s.intake, s.delivery} {
		list = append(list, output{*f.Node().Id(), *f.FunctionName(), "function"})
	}
	for _, r := range []awsiam.IRole{s.intake.Role(), s.delivery.Role(), s.sweepRole} {
		list = append(list, output{*r.Node().Id(), *r.RoleName(), "role"})
	}
	for _, o := range append(list, s.asked...) {
		awscdk.NewCfnOutput(s.stack, new(o.id+"Output"), &awscdk.CfnOutputProps{
			Value: &o.value, Description: &o.about, ExportName: new(s.name() + "-" + o.id),
		})
	}
}

// dashboardURL is where the console of the stack's partition shows the dashboard.
func (s *service) dashboardURL() string {
	consoles := awscdk.NewCfnMapping(s.stack, new("Consoles"), &awscdk.CfnMappingProps{Mapping: &map[string]*map[string]any{
		"aws": {"domain": "console.aws.amazon.com"}, "aws-cn": {"domain": "console.amazonaws.cn"}, "aws-us-gov": {"domain": "console.amazonaws-us-gov.com"},
	}})
	region := *s.stack.Region()
	return "https://" + *consoles.FindInMap(s.stack.Partition(), new("domain"), nil) + "/cloudwatch/home?region=" + region + "#dashboards/dashboard/" + *s.dashboard.DashboardName()
}
