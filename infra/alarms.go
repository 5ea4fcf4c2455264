package main

import (
	"slices"
	"strconv"
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
	least     int // from which value on; 0: there is no such alarm
	periods   int // in a row
}

func (s *service) addAlarms() {
	for _, a := range slices.Concat(s.queueAlarms(), s.functionAlarms(), s.stateAlarms(), s.parkedAlarms(), s.targetAlarms()) {
		if a.least > 0 {
			s.addAlarm(a)
		}
	}
}

func (s *service) addAlarm(a alarm) {
	made := awscloudwatch.NewAlarm(s.stack, new(a.id+"Alarm"), &awscloudwatch.AlarmProps{
		AlarmDescription: &a.about, Metric: a.metric, Threshold: new(float64(a.least)), EvaluationPeriods: new(float64(a.periods)),
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
		TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING,
	})
	s.alarms[a.id] = made
	if s.props.AlarmTopic != "" {
		made.Node().DefaultChild().(awscloudwatch.CfnAlarm).SetAlarmActions(texts(s.props.AlarmTopic)) //nolint:errcheck // that is what an Alarm is made of
	}
}

// newAlarm is an alarm with the threshold of the settings, for which {least} stands in what it means. Its description says that, and then
// what to do.
func (s *service) newAlarm(id, means, todo string, periods int, metric awscloudwatch.IMetric) alarm {
	least := s.props.Threshold(settingOf(id))
	return alarm{id: id, about: strings.ReplaceAll(means, "{least}", strconv.Itoa(least)) + ". " + todo, metric: metric, least: least, periods: periods}
}

// settingOf is what the settings call an alarm.
func settingOf(id string) string { return strings.ToLower(id[:1]) + id[1:] }

// ifDamaged is what to do where the state is the likely cause.
const ifDamaged = ". Where an error in the log names an object of the state, invbridge state check lists what is damaged or missing, and invbridge state repair puts back what it can"

func (s *service) queueAlarms() []alarm {
	var list []alarm
	for _, q := range s.undelivered {
		todo := "Read one, mend the cause, and move them back: invbridge redrive --dead-letters URL --again"
		if q == s.deliveries.dead {
			todo = "Look for errors in the log of delivery, mend the cause, and move them back: invbridge redrive --dead-letters URL --again" + ifDamaged
		}
		list = append(list, s.newAlarm(*q.Node().Id(), "Dead letters wait in this queue", todo, 1, q.MetricApproximateNumberOfMessagesVisible(every(fiveMinutes, "Maximum"))))
	}
	return append(list,
		s.newAlarm("ArrivingAge", "A document has waited for {least} seconds in the queue, since more arrives than intake can read",
			"Raise intakeConcurrency, or send less at once", 1, s.arriving.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum"))),
		s.newAlarm("DeliveriesAge", "A delivery has waited for {least} seconds in the queue",
			"At a first load that is to be expected; else look for errors in the log of delivery, or raise rate"+ifDamaged, 1,
			s.deliveries.MetricApproximateAgeOfOldestMessage(every(fiveMinutes, "Maximum"))))
}

func (s *service) functionAlarms() []alarm {
	var list []alarm
	for _, f := range []awslambda.Function{s.intake, s.delivery} {
		id := *f.Node().Id()
		list = append(list,
			s.newAlarm(id+"Errors", "The function ended with an error, or ran out of time or memory",
				"The reason is in its log; the message comes again by itself, and is a dead letter in the end"+ifDamaged, 1, f.MetricErrors(every(fiveMinutes, "Sum"))),
			s.newAlarm(id+"Throttles", "The account's concurrency does not suffice for the function",
				"Ask AWS for more, or let other functions have less; the messages come again by themselves", 3, f.MetricThrottles(every(fiveMinutes, "Sum"))))
	}
	return list
}

func (s *service) stateAlarms() []alarm {
	return []alarm{
		s.newAlarm("Failed", "A document was not taken in",
			"The reason is in its receipt under receipts/latest/: mend the document or its mapping, and send it again", 1, s.own(config.MetricFailed, every(fiveMinutes, "Sum"))),
		s.newAlarm("OpenLong", "Nodes have had an open intent for more than a day",
			"invbridge sweep shows why, and invbridge node NODE what is open"+ifDamaged, 1, s.own(config.MetricOpenLong, every(hour, "Maximum"))),
		s.newAlarm("Brake", "A document no longer names so many nodes that none was cleared",
			"Where they are gone, invbridge redrive --confirm-absent IMPORT clears them; else mend the export", 1, s.own(config.MetricBrake, every(fiveMinutes, "Sum"))),
		s.newAlarm("Silent", "A source has stated nothing for longer than its mapping allows",
			"invbridge source list shows which: mend its feed, or end it with invbridge source remove", 1, s.own(config.MetricSilent, every(hour, "Maximum"))),
	}
}

// parkedAlarms are about parked records: about all together, and about those of each mapping of the user's.
func (s *service) parkedAlarms() []alarm {
	const means = "{least} records more than a day before are parked, since a source names machines that Systems Manager does not know"
	const todo = "invbridge redrive lists them: make the machines managed nodes, or leave them out of the export"
	list := []alarm{s.newAlarm("ParkedGrowth", means, todo, 1, growth(s.own(config.MetricParked, every(day, "Maximum"))))}
	for _, name := range s.bundle.own {
		metric := s.ownOf(config.MetricParkedOf, every(day, "Maximum"), map[string]string{config.MappingDimension: name})
		list = append(list, s.newAlarm(parkedGrowthOf(name), name+": "+means, todo, 1, growth(metric)))
	}
	return list
}

// parkedGrowthOf is the alarm about the parked records of a mapping.
func parkedGrowthOf(mapping string) string { return "ParkedGrowthOf" + identifier(mapping) }

// growth is how much more a metric is than it was a period before.
func growth(of awscloudwatch.IMetric) awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("DIFF(of)"), UsingMetrics: &map[string]awscloudwatch.IMetric{"of": of}, Period: seconds(day),
	})
}

func every(period int, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: seconds(period), Statistic: &statistic}
}

// own is a metric that the functions of this stack write.
func (s *service) own(name string, o *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	return s.ownOf(name, o, nil)
}

// ownOf is one with further dimensions.
func (s *service) ownOf(name string, o *awscloudwatch.MetricOptions, further map[string]string) awscloudwatch.Metric {
	dimensions := map[string]*string{config.StackDimension: new(s.name())}
	for dimension, value := range further {
		dimensions[dimension] = &value
	}
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: new(config.Namespace), MetricName: &name, Period: o.Period, Statistic: o.Statistic, DimensionsMap: &dimensions,
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
