package main

import (
	"math"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// TestRate keeps that as many deliveries as the queue lets run at once make the calls a second that were asked for, and no more: each takes
// what its own variables say. (TestRateOfAllProcesses lets such processes run.)
func TestRate(t *testing.T) {
	for _, c := range []struct {
		rate     float64
		most     int
		reserved int
	}{
		{2, 2, 0}, {2, 5, 0}, {2, 10, 10}, {0.5, 2, 7}, {7, 3, 0},
	} {
		p := stub()
		p.Rate, p.Delivery.Concurrency, p.Delivery.Reserved = c.rate, c.most, c.reserved
		tmpl, _ := synthesised(t, p)
		f := tmpl.one(t, "Delivery")
		settings, err := config.Read(func(name string) string {
			if v := f.at("Environment.Variables." + name); v != nil {
				return resolved(v)
			}
			return ""
		})
		if err != nil {
			t.Fatal(err)
		}
		most, _ := tmpl.one(t, "DeliverySource").at("ScalingConfig.MaximumConcurrency").(float64)
		if together := settings.PerProcess() * most; most != float64(c.most) || math.Abs(together-c.rate) > 1e-9 {
			t.Errorf("%+v: %v deliveries make %v calls a second", c, most, together)
		}
		if got, _ := f.at("ReservedConcurrentExecutions").(float64); got != float64(c.reserved) {
			t.Errorf("%+v: %v are reserved", c, got)
		}
		if q := resolved(tmpl.one(t, "Sweep").at("Target.Arn")); q != "Deliveries" || len(tmpl.of("AWS::Lambda::EventSourceMapping")) != 2 {
			t.Errorf("the sweep takes no place of the deliveries: it goes to %s", q)
		}
	}
}
