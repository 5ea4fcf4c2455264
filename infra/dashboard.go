package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// addDashboard shows what comes in, what becomes of it, and what is left to do.
func (s *service) addDashboard() {
	board := awscloudwatch.NewDashboard(s.stack, new("Dashboard"), &awscloudwatch.DashboardProps{DefaultInterval: days(7)})
	board.AddWidgets(
		graph("Imports", "Sum", config.MetricImports, config.MetricFailed, config.MetricRetried, config.MetricBrake),
		graph("Records by outcome", "Sum", outcomes()...),
		graph("Calls of PutInventory", "Sum", config.MetricCalls),
	)
	board.AddWidgets(
		graph("Nodes with an open intent", "Maximum", config.MetricOpen, config.MetricOpenLong),
		widget("Parked records, by mapping", byMapping()),
		widget("Age of the oldest message, in seconds",
			s.arriving.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum")),
			s.deliveries.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum"))),
	)
	board.AddWidgets(
		widget("Bytes put to a node in a day, of the 5,000,000 allowed", own(config.MetricNodeBytesMost, every(day, "Maximum")), perNode()),
		graph("Silent sources, imports whose absent nodes are undecided", "Maximum", config.MetricSilent, config.MetricUndecided),
		widget("Running time of the functions, in milliseconds", s.intake.MetricDuration(every(fiveMinutes, "p99")), s.delivery.MetricDuration(every(fiveMinutes, "p99"))),
	)
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
func byMapping() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("SEARCH('{" + config.Namespace + "," + config.MappingDimension + "} MetricName=\"" + config.MetricParkedOf + "\"', 'Maximum', 3600)"),
		Label:      new(""), UsingMetrics: &map[string]awscloudwatch.IMetric{},
	})
}

// perNode is the mean over the nodes of the imports.
func perNode() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("bytes/nodes"), Label: new("mean"), Period: seconds(day),
		UsingMetrics: &map[string]awscloudwatch.IMetric{
			"bytes": own(config.MetricBytes, every(day, "Sum")), "nodes": own(config.MetricNodes, every(day, "Sum")),
		},
	})
}

func graph(title, statistic string, names ...string) awscloudwatch.IWidget {
	var metrics []awscloudwatch.IMetric
	for _, name := range names {
		metrics = append(metrics, own(name, every(hour, statistic)))
	}
	return widget(title, metrics...)
}

func widget(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: &title, Left: &metrics, Width: new(float64(8))})
}
