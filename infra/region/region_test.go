package region

import (
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for name, want := range map[string]string{
		"eu-central-1": "", "us-gov-west-1": "", "cn-north-1": "", "ap-southeast-7": "",
		"us-iso-east-1": "no region of the partitions", "Frankfurt": "no region of the partitions", "": "no region of the partitions",
		"xx-nowhere-1": "EventBridge Scheduler", "eu-centrall-1": "infra/region/scheduler.txt",
	} {
		err := Check(name)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), name)) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestList keeps the list readable: sorted, each region once, and each of a partition that the stack is made for.
func TestList(t *testing.T) {
	names := WithScheduler()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) || len(names) < 30 {
		t.Errorf("%d regions, not sorted or twice: %v", len(names), names)
	}
	for _, name := range names {
		if err := Check(name); err != nil {
			t.Error(err)
		}
	}
}
