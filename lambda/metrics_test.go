package main

import (
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/metric"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestStacksAreTwo: with a stack's name all metrics have it, and without one none has.
func TestStacksAreTwo(t *testing.T) {
	for name, want := range map[string][]string{"A": {`"Stack":"A"`, `"Dimensions":[["Stack"]]`, `"Dimensions":[["Stack","Mapping"]]`}, "": {`"Dimensions":[[]]`, `"Dimensions":[["Mapping"]]`}} {
		var b strings.Builder
		var c bridge.Config
		measure(&c, &metric.Log{Writer: &b, Namespace: "Bridge", Dimensions: ofStack(name), Now: time.Now})
		c.Completed(receipt.Receipt{})
		c.Answered(bridge.MessageAnswer{Swept: &bridge.SweepResult{ParkedBy: map[string]int{"a": 2}}})
		for line := range strings.Lines(b.String()) {
			if strings.Contains(line, `"Stack"`) != (name != "") {
				t.Errorf("%q: %s", name, line)
			}
		}
		for _, want := range want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("no %s in %s", want, b.String())
			}
		}
	}
}

func TestMeasure(t *testing.T) {
	var b strings.Builder
	var c bridge.Config
	measure(&c, &metric.Log{Writer: &b, Namespace: "Bridge", Now: time.Now})
	counts := receipt.Counts{}
	counts.Add(receipt.Parked, 2)
	for _, step := range []struct {
		do   func()
		want []string
	}{
		{func() { c.Answered(bridge.MessageAnswer{Nothing: "a test"}) }, nil},
		{func() { c.Answered(bridge.MessageAnswer{Class: bridge.Retry, Calls: 3}) }, []string{`"RetriedMessages":1`, `"Calls":3`}},
		{func() { c.Answered(bridge.MessageAnswer{Class: bridge.Reject}) }, []string{`"FailedDocuments":1`}},
		{func() {
			c.Answered(bridge.MessageAnswer{Swept: &bridge.SweepResult{
				Targets: 2, Unreachable: make([]bridge.Unreachable, 1), Open: 1, Parked: 5, ParkedBy: map[string]int{"a/1": 2, "a/2": 1, "b": 2}, Silent: make([]bridge.Silent, 2),
			}})
		}, []string{`"OpenIntents":1`, `"OpenLong":0`, `"UnreachableTargets":1`, `"Parked":5`, `"SilentFeeds":2`, `"Mapping":"a","ParkedOf":3`, `"Mapping":"b","ParkedOf":2`}},
		{func() {
			c.Completed(receipt.Receipt{Counts: counts, Bytes: 7, Absence: &receipt.Absence{}})
		}, []string{`"Imports":1`, `"RecordsParked":2`, `"Bytes":7`, `"BrakeApplied":1`}},
	} {
		b.Reset()
		step.do()
		for _, want := range step.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("no %s in %s", want, b.String())
			}
		}
		if len(step.want) == 0 && b.Len() > 0 {
			t.Errorf("nothing happened, and it wrote %s", b.String())
		}
	}
}
