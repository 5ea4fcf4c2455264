// Package region knows to which regions the stack can go.
package region

import (
	_ "embed" // for the list
	"fmt"
	"regexp"
	"slices"
	"strings"
)

//go:embed scheduler.txt
var scheduler string

// Check refuses a region that the stack is not made for, and one without EventBridge Scheduler. Lambda on arm64 with provided.al2023 and Systems
// Manager Inventory are assumed to be in each region of the partitions aws, aws-cn and aws-us-gov.
func Check(name string) error {
	if strings.Contains(name, "iso") || !regexp.MustCompile(`^[a-z]{2}(-gov)?-[a-z]+-\d$`).MatchString(name) {
		return fmt.Errorf("%s is no region of the partitions aws, aws-cn and aws-us-gov, for which this stack is made: "+
			"name one of theirs, or none, and the region of your credentials is taken", name)
	}
	if !slices.Contains(WithScheduler(), name) {
		return fmt.Errorf("%s is not known to have EventBridge Scheduler, which the hourly sweep needs: take another region; "+
			"if it has it by now, add it to infra/region/scheduler.txt, which says how to find out", name)
	}
	return nil
}

// WithScheduler returns the regions that are known to have EventBridge Scheduler.
func WithScheduler() []string {
	var names []string
	for line := range strings.Lines(scheduler) {
		if name := strings.TrimSpace(line); name != "" && name[0] != '#' {
			names = append(names, name)
		}
	}
	return names
}
