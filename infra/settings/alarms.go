package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// parkedGrowth is the alarm about parked records, whose threshold is a setting of its own. That about those of one mapping is called after it:
// parkedGrowthOfBackupReport.
const parkedGrowth = "parkedGrowth"

// Unreachable is the alarm about targets that cannot be reached. Without targets there is none.
const Unreachable = "unreachableTargets"

// thresholds are the alarms, and from which value on each goes off. Ages are in seconds.
func thresholds() map[string]int {
	return map[string]int{
		"arrivingDead": 1, "deliveriesDead": 1, "sweepDead": 1, "objectsDead": 1, "eventsDead": 1, "findingsDead": 1,
		"arrivingAge": 3600, "deliveriesAge": 6 * 3600,
		"intakeErrors": 1, "intakeThrottles": 1, "deliveryErrors": 1, "deliveryThrottles": 1,
		"failed": 1, "openLong": 1, "brake": 1, "silent": 1, Unreachable: 1,
	}
}

// AlarmNames returns the names of all alarms but those about one mapping.
func AlarmNames() []string {
	return append(slices.Sorted(maps.Keys(thresholds())), parkedGrowth)
}

// Threshold returns from which value on an alarm goes off; 0: there is no such alarm.
func (p Props) Threshold(alarm string) int {
	if n, ok := p.Alarms[alarm]; ok {
		return n
	}
	if n, ok := thresholds()[alarm]; ok {
		return n
	}
	return p.ParkedGrowth
}

// checkAlarms refuses alarms that there are not. Which mappings are there, the bundle knows.
func (s Setting) checkAlarms(alarms map[string]int) []Problem {
	known := AlarmNames()
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(alarms)) {
		if slices.Contains(known, name) || regexp.MustCompile("^"+parkedGrowth+"Of[A-Z0-9]").MatchString(name) {
			continue
		}
		message := fmt.Sprintf("no alarm is called %s", name)
		if near := problem.Nearest(name, known); near != "" {
			message += " (did you mean " + near + "?)"
		}
		problems = append(problems, s.wrong(below("", name), "%s", message)...)
	}
	return problems
}

// checkCanary refuses a canary without the alarms that put the old version back.
func (p Props) checkCanary() []Problem {
	var problems []Problem
	for _, name := range []string{"intakeErrors", "deliveryErrors"} {
		if p.Canary && p.Threshold(name) == 0 {
			problems = append(problems, Problem{"alarms", below("", name), "with canary this alarm puts the old version back: leave it on"})
		}
	}
	return problems
}
