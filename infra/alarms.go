package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// Periods in seconds.
const (
	fiveMinutes = 300
	hour        = 3600
	day         = 86400
)

// alarm is one, in plain values.
type alarm struct {
	id, about string
	metric    awscloudwatch.IMetric
	least     int // from which value on
	periods   int // in a row; 0: one
}

func (s *service) addAlarms() {
	for _, a := range slices.Concat(s.queueAlarms(), s.functionAlarms(), s.stateAlarms(), s.parkedAlarms()) {
		s.addAlarm(a)
	}
}

func (s *service) addAlarm(a alarm) {
	made := awscloudwatch.NewAlarm(s.stack, new(a.id+"Alarm"), &awscloudwatch.AlarmProps{
		AlarmDescription: &a.about, Metric: a.metric, Threshold: new(float64(a.least)), EvaluationPeriods: new(float64(max(a.periods, 1))),
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
		TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING,
	})
	s.alarms[a.id] = made
	if s.props.AlarmTopic != "" {
		made.Node().DefaultChild().(awscloudwatch.CfnAlarm).SetAlarmActions(texts(s.props.AlarmTopic)) //nolint:errcheck // that is what an Alarm is made of
	}
}

func (s *service) queueAlarms() []alarm {
	var list []alarm
	for _, q := range s.undelivered {
		list = append(list, alarm{
			*q.Node().Id(), "Dead letters wait in this queue: read one, mend the cause, and move them back",
			q.MetricApproximateNumberOfMessagesVisible(every(fiveMinutes, "Maximum")), 1, 0,
		})
	}
	return append(list,
		alarm{
			"ArrivingAge", "A document has waited for an hour in the queue: more arrives than intake can read",
			s.arriving.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum")), hour, 0,
		},
		alarm{
			"DeliveriesAge", "A delivery has waited for six hours in the queue. At a first load that is to be expected",
			s.deliveries.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum")), 6 * hour, 0,
		})
}

func (s *service) functionAlarms() []alarm {
	var list []alarm
	for _, f := range []awslambda.Function{s.intake, s.delivery} {
		id := *f.Node().Id()
		list = append(list,
			alarm{id + "Errors", "The function ended with an error, or ran out of time or memory: the reason is in its log", f.MetricErrors(every(fiveMinutes, "Sum")), 1, 0},
			alarm{id + "Throttles", "The account's concurrency does not suffice for the function", f.MetricThrottles(every(fiveMinutes, "Sum")), 1, 3})
	}
	return list
}

func (s *service) stateAlarms() []alarm {
	return []alarm{
		{"Failed", "A document was not taken in: the reason is in its receipt under receipts/latest/", own(config.MetricFailed, every(fiveMinutes, "Sum")), 1, 0},
		{"OpenLong", "Nodes have had an open intent for more than a day: invbridge node NODE shows what is open", own(config.MetricOpenLong, every(hour, "Maximum")), 1, 0},
		{"Brake", "A document no longer names so many nodes that none was cleared: invbridge redrive --confirm-absent IMPORT clears them", own(config.MetricBrake, every(fiveMinutes, "Sum")), 1, 0},
		{"Silent", "A source has stated nothing for longer than its mapping allows: invbridge source list shows which", own(config.MetricSilent, every(hour, "Maximum")), 1, 0},
	}
}

// parkedAlarms are about parked records: about all together, and about those of each mapping of the user's.
func (s *service) parkedAlarms() []alarm {
	about := fmt.Sprintf("%d records more than a day before are parked: a source names machines that Systems Manager does not know", s.props.ParkedGrowth)
	list := []alarm{{"ParkedGrowth", about, growth(own(config.MetricParked, every(day, "Maximum"))), s.props.ParkedGrowth, 0}}
	for _, name := range s.bundle.own {
		options := every(day, "Maximum")
		options.DimensionsMap = &map[string]*string{config.MappingDimension: &name}
		list = append(list, alarm{"ParkedGrowthOf" + identifier(name), name + ": " + about, growth(own(config.MetricParkedOf, options)), s.props.ParkedGrowth, 0})
	}
	return list
}

// growth is how much more a metric is than it was a period before.
func growth(of awscloudwatch.IMetric) awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("DIFF(of)"), UsingMetrics: &map[string]awscloudwatch.IMetric{"of": of}, Period: seconds(day),
	})
}

func every(period int, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: seconds(period), Statistic: &statistic}
}

// own is a metric that the function writes.
func own(name string, o *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: new(config.Namespace), MetricName: &name, Period: o.Period, Statistic: o.Statistic, DimensionsMap: o.DimensionsMap, Label: o.Label,
	})
}

// identifier makes a name part of a construct's ID: backup-report becomes BackupReport.
func identifier(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
