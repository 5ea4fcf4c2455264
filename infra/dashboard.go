package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// addDashboard shows what comes in, what becomes of it, and what is left to do.
func (s *service) addDashboard() {
	s.dashboard = awscloudwatch.NewDashboard(s.stack, new("Dashboard"), &awscloudwatch.DashboardProps{DefaultInterval: days(7)})
	s.dashboard.AddWidgets(
		s.graph("Imports", "Sum", config.MetricImports, config.MetricFailed, config.MetricRetried, config.MetricBrake),
		s.graph("Records by outcome", "Sum", outcomes()...),
		s.graph("Calls of PutInventory", "Sum", config.MetricCalls),
	)
	s.dashboard.AddWidgets(
		s.graph("Nodes with an open intent", "Maximum", config.MetricOpen, config.MetricOpenLong),
		widget("Parked records, by mapping", s.byMapping()),
		widget("Age of the oldest message, in seconds",
			s.arriving.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum")),
			s.deliveries.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum"))),
	)
	s.dashboard.AddWidgets(
		widget("Bytes put to a node in a day, of the 5,000,000 allowed", s.own(config.MetricNodeBytesMost, every(day, "Maximum")), s.perNode()),
		s.graph("Silent sources, imports whose absent nodes are undecided", "Maximum", config.MetricSilent, config.MetricUndecided),
		widget("Running time of the functions, in milliseconds", s.intake.MetricDuration(every(fiveMinutes, "p99")), s.delivery.MetricDuration(every(fiveMinutes, "p99"))),
	)
	if s.bundle.targets != nil {
		s.dashboard.AddWidgets(s.graph("Accounts and regions that could not be listed", "Maximum", config.MetricUnreachable))
	}
}

// outcomes are the metrics of records, the good ones first.
func outcomes() []string {
	var names []string
	for _, o := range []string{"Put", "Unchanged", "Duplicate", "Skipped", "Stale", "Truncated", "Displaced", "Parked", "Rejected", "Pending", "Failed"} {
		names = append(names, config.MetricRecords+o)
	}
	return names
}

// byMapping is a search for the mappings that have parked records.
func (s *service) byMapping() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new(fmt.Sprintf(`SEARCH('{%s,%s,%s} MetricName="%s" %s="%s"', 'Maximum', 3600)`,
			config.Namespace, config.StackDimension, config.MappingDimension, config.MetricParkedOf, config.StackDimension, s.name())),
		Label: new(""), UsingMetrics: &map[string]awscloudwatch.IMetric{},
	})
}

// perNode is the mean over the nodes of the imports.
func (s *service) perNode() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("bytes/nodes"), Label: new("mean"), Period: seconds(day),
		UsingMetrics: &map[string]awscloudwatch.IMetric{
			"bytes": s.own(config.MetricBytes, every(day, "Sum")), "nodes": s.own(config.MetricNodes, every(day, "Sum")),
		},
	})
}

func (s *service) graph(title, statistic string, names ...string) awscloudwatch.IWidget {
	var metrics []awscloudwatch.IMetric
	for _, name := range names {
		metrics = append(metrics, s.own(name, every(hour, statistic)))
	}
	return widget(title, metrics...)
}

func widget(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: &title, Left: &metrics, Width: new(float64(8))})
}
