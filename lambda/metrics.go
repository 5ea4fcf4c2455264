package main

import (
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/metric"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// ofStack is the dimension of all metrics of a stack's functions, so that those of two stacks are two.
func ofStack(name string) []metric.Dimension {
	if name == "" {
		return nil
	}
	return []metric.Dimension{{Name: config.StackDimension, Value: name}}
}

// measure writes metrics of what the bridge does. One that cannot be written is one line less in a log that nobody could write.
func measure(c *bridge.Config, log *metric.Log) {
	write := func(dimensions []metric.Dimension, values ...metric.Value) {
		if err := log.Write(dimensions, values...); err != nil {
			slog.Error("metrics not written", "error", err)
		}
	}
	c.Answered = func(a bridge.MessageAnswer) {
		write(nil, ofAnswer(a)...)
		if a.Swept == nil {
			return
		}
		parked := map[string]int{} // by mapping, which may have any number of sources: each value of a dimension costs
		for source, n := range a.Swept.ParkedBy {
			name, _, _ := strings.Cut(source, "/")
			parked[name] += n
		}
		for _, name := range slices.Sorted(maps.Keys(parked)) {
			write([]metric.Dimension{{Name: config.MappingDimension, Value: name}}, count(config.MetricParkedOf, parked[name]))
		}
	}
	c.Completed = func(r receipt.Receipt) { write(nil, ofReceipt(r)...) }
}

func count(name string, n int) metric.Value {
	return metric.Value{Name: name, Unit: metric.Count, Value: int64(n)}
}

// ofAnswer returns the values of a message: calls count when they are made, not when an import is done.
func ofAnswer(a bridge.MessageAnswer) []metric.Value {
	values := some(count(config.MetricCalls, a.Calls))
	switch a.Class {
	case bridge.Reject:
		values = append(values, count(config.MetricFailed, 1))
	case bridge.Retry:
		values = append(values, count(config.MetricRetried, 1))
	}
	if s := a.Swept; s != nil && a.Class == "" { // one that did not come to its end does not know what is left
		values = append(values, some(metric.Value{Name: config.MetricBytes, Unit: metric.Bytes, Value: s.Bytes})...)
		values = append(values, count(config.MetricOpen, s.Open), count(config.MetricOpenLong, s.OpenLong), count(config.MetricParked, s.Parked),
			count(config.MetricUndecided, len(s.Undecided)), count(config.MetricSilent, len(s.Silent)),
			metric.Value{Name: config.MetricNodeBytesMost, Unit: metric.Bytes, Value: s.NodeBytes})
		if s.Targets > 0 {
			values = append(values, count(config.MetricUnreachable, len(s.Unreachable)))
		}
	}
	return values
}

// ofReceipt returns the values of an import that is done.
func ofReceipt(r receipt.Receipt) []metric.Value {
	values := []metric.Value{count(config.MetricImports, 1)}
	if r.Absence != nil && !r.Absence.Cleared {
		values = append(values, count(config.MetricBrake, 1))
	}
	values = append(values, some(count(config.MetricNodes, r.Nodes), metric.Value{Name: config.MetricBytes, Unit: metric.Bytes, Value: r.Bytes})...)
	for _, o := range receipt.Outcomes() {
		word := string(o)
		values = append(values, some(count(config.MetricRecords+strings.ToUpper(word[:1])+word[1:], r.Counts.Of(o)))...)
	}
	return values
}

// some leaves out what is zero and would only add zeros up.
func some(values ...metric.Value) []metric.Value {
	return slices.DeleteFunc(values, func(v metric.Value) bool { return v.Value == 0 })
}
