package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// endings are how the calls to come end: the codes of their errors, "cut", or "" for success.
func endings(t *testing.T, calls int, seed int64, faults ...Fault) []string {
	t.Helper()
	s, client, _ := inProcess(t, Config{Seed: seed})
	for _, f := range faults {
		s.Inject(f)
	}
	var list []string
	for range calls {
		_, err := client.PutInventory(t.Context(), putInput("", "A=1"))
		var refusal smithy.APIError
		switch {
		case err == nil:
			list = append(list, "")
		case errors.As(err, &refusal):
			list = append(list, refusal.ErrorCode())
		default:
			list = append(list, "cut")
		}
	}
	return list
}

func TestFaultsExclude(t *testing.T) {
	never := Fault{Kind: FaultError, Code: "Never", Times: -1}
	for name, test := range map[string]struct {
		faults []Fault
		want   []string
	}{
		"the first":         {[]Fault{{Kind: FaultThrottle, Times: 2}, {Kind: FaultCutAfter, Times: 3}}, []string{codeThrottling, codeThrottling, "cut", ""}},
		"all is given away": {[]Fault{{Kind: FaultThrottle, Times: -1}, never, {Kind: FaultCutBefore, Times: -1, Probability: 1}}, []string{codeThrottling, codeThrottling}},
		"one is certain":    {[]Fault{{Kind: FaultThrottle, Times: 2, Probability: 1}, never}, []string{codeThrottling, codeThrottling, "Never"}},
		"delays do not":     {[]Fault{{Kind: FaultDelay, Delay: 1, Times: -1}, {Kind: FaultDelay, Delay: 1, Probability: 0.5}, {Kind: FaultCutAfter}}, []string{"cut", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, endings(t, len(test.want), 0, test.faults...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultProbability(t *testing.T) {
	const calls = 4000
	faults := []Fault{
		{Kind: FaultThrottle, Times: -1, Probability: 0.3},
		{Kind: FaultError, Times: -1, Probability: 0.05},
		{Kind: FaultCutBefore, Times: -1, Probability: 0.05},
	}
	first := endings(t, calls, 1, faults...)
	count := map[string]int{}
	for _, e := range first {
		count[e]++
	}
	for ending, percent := range map[string]int{codeThrottling: 30, codeInternal: 5, "cut": 5, "": 60} {
		if got := count[ending] * 100 / calls; got < percent-2 || got > percent+2 {
			t.Errorf("%q ends %d of 100 calls, not %d", ending, got, percent)
		}
	}
	if diff := cmp.Diff(first[:100], endings(t, 100, 1, faults...)); diff != "" {
		t.Errorf("another run of the same seed: %s", diff)
	}
	if cmp.Equal(first[:100], endings(t, 100, 2, faults...)) {
		t.Error("another seed gives the same")
	}
}

func TestFaultJSON(t *testing.T) {
	var got Fault
	err := json.Unmarshal([]byte(`{"operation":"PutInventory","times":-1,"kind":"late","delay":"90s","probability":0.25}`), &got)
	want := Fault{Operation: "PutInventory", Times: -1, Kind: FaultLate, Delay: 90 * time.Second, Probability: 0.25}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestLate executes late calls as the service of that time would: between deletions, against the nodes that there are, on the day that
// they fall due.
func TestLate(t *testing.T) {
	begin := time.Date(2026, 1, 2, 23, 0, 0, 0, time.UTC)
	w := newWorld(t, Config{Clock: func() time.Time { return begin }, DeletionDelay: 2 * time.Hour})
	w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
	late := func(node string, delay time.Duration, content ...string) {
		t.Helper()
		w.sandbox.Inject(Fault{Kind: FaultLate, Delay: delay})
		if w.put(node, with("Custom:T", "", entries(content...))) == nil {
			t.Error("a cut connection is an answer")
		}
	}
	w.remove("Custom:T", types.InventorySchemaDeleteOptionDeleteSchema)
	late(nodeA, 3*time.Hour, "A=3")
	late(nodeA, time.Hour, "a=1")
	late(nodeB, time.Hour, "A=b")
	late(nodeStopped, time.Hour, "A=1 a=1")
	late(nodeLost, 24*time.Hour, "a=lost")
	w.sandbox.RemoveNode(nodeB)
	w.sandbox.Advance(5 * time.Hour)

	held, ok := w.sandbox.Inventory(nodeA, "Custom:T")
	if !ok || len(held.Entries) != 1 || held.Entries[0]["a"] != "1" || !held.Refreshed.Equal(begin.Add(time.Hour)) {
		t.Errorf("%+v", held) // A=3 clashes with the schema that a=1 made
	}
	for _, node := range []string{nodeB, nodeStopped, nodeLost} {
		if held, ok := w.sandbox.Inventory(node, "Custom:T"); ok {
			t.Errorf("%s: %+v", node, held)
		}
	}
	if got := fmt.Sprint(w.sandbox.DayBytes(nodeA)); got != "map[2026-01-02:11 2026-01-03:11]" {
		t.Errorf("by day: %s", got)
	}
	if c := w.sandbox.Counts(); c.Items.Full != 2 || len(c.Errors) != 0 {
		t.Errorf("%+v", c)
	}
	w.sandbox.Advance(day)
	if _, ok := w.sandbox.Inventory(nodeLost, "Custom:T"); !ok {
		t.Error("the last late call was not executed")
	}
}
