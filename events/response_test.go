package events

import (
	"encoding/json"
	"testing"
)

func TestResponse(t *testing.T) {
	tests := []struct {
		name       string
		messages   []Message
		failed     []bool
		want       string
		unreported int
	}{
		{"none failed", []Message{{ID: "a"}, {ID: "b"}}, []bool{false, false}, `[]`, 0},
		{"one", []Message{{ID: "a"}, {ID: "b"}}, []bool{false, true}, `["b"]`, 0},
		{"an ID once", []Message{{ID: "a"}, {ID: "a"}}, []bool{true, true}, `["a"]`, 0},
		{"no ID", []Message{{ID: ""}, {ID: "b"}}, []bool{true, true}, `["b"]`, 1},
		{
			"group stops",
			[]Message{{ID: "a", Group: "1"}, {ID: "b", Group: "2"}, {ID: "c", Group: "1"}, {ID: "d", Group: "2"}},
			[]bool{true, false, false, false},
			`["a","c"]`, 0,
		},
		{"before stays", []Message{{ID: "a", Group: "1"}, {ID: "b", Group: "1"}, {ID: "c", Group: "1"}}, []bool{false, true, false}, `["b","c"]`, 0},
		{"no group stops nothing", []Message{{ID: "a"}, {ID: "b"}}, []bool{true, false}, `["a"]`, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, unreported := Batch{Messages: test.messages}.Response(func(i int) bool { return test.failed[i] })
			ids := []string{}
			for _, f := range response.BatchItemFailures {
				ids = append(ids, f.ItemIdentifier)
			}
			if got, _ := json.Marshal(ids); string(got) != test.want || unreported != test.unreported {
				t.Errorf("got %s and %d, want %s and %d", got, unreported, test.want, test.unreported)
			}
		})
	}
}

func TestResponseIsNeverNull(t *testing.T) {
	response, _ := Batch{}.Response(func(int) bool { return false })
	if got, _ := json.Marshal(response); string(got) != `{"batchItemFailures":[]}` {
		t.Errorf("got %s", got)
	}
}
