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
		graph("Nodes that do not hold yet what they shall", "Maximum", config.MetricOpen, config.MetricOpenLong),
		widget("Records that wait for a node, by mapping", byMapping()),
		widget("Age of the oldest message, in seconds",
			s.arriving.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum")),
			s.deliveries.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum"))),
	)
	board.AddWidgets(
		widget("Bytes put to a node a day: of 5,000,000 that it may have", own(config.MetricNodeBytesMost, every(day, "Maximum")), perNode()),
		graph("Feeds that are silent, imports that wait for a word", "Maximum", config.MetricSilent, config.MetricUndecided),
		widget("Running time of the functions, in milliseconds", s.intake.MetricDuration(every(fiveMinutes, "p99")), s.delivery.MetricDuration(every(fiveMinutes, "p99"))),
	)
}

// outcomes are the metrics of records, the good ones first.
func outcomes() []string {
	var names []string
	for _, o := range []string{"Put", "Unchanged", "Duplicate", "Skipped", "Stale", "Truncated", "Parked", "Rejected", "Pending", "Failed"} {
		names = append(names, config.MetricRecords+o)
	}
	return names
}

// byMapping finds the mappings of which anything waits.
func byMapping() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("SEARCH('{" + config.Namespace + "," + config.MappingDimension + "} MetricName=\"" + config.MetricParkedOf + "\"', 'Maximum', 3600)"),
		Label:      new(""), UsingMetrics: &map[string]awscloudwatch.IMetric{},
	})
}

// perNode is the mean over the nodes that imports spoke about.
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
