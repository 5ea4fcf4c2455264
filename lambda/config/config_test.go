package config

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want Settings
	}{
		{"the state alone", map[string]string{"INVBRIDGE_STATE": "s3://state"}, Settings{State: "s3://state"}},
		{"all", map[string]string{
			"INVBRIDGE_ROLE": "intake", "INVBRIDGE_STATE": "s3://state/ledger", "INVBRIDGE_UPLOADS": "uploads,more", "INVBRIDGE_MAPPINGS": "mappings", "INVBRIDGE_TARGETS": "targets.yaml",
			"INVBRIDGE_OWN_TYPES":  "Custom:A,Custom:B",
			"INVBRIDGE_PARTITIONS": "1024", "INVBRIDGE_RATE": "0.5", "INVBRIDGE_CONCURRENCY": "4",
			"INVBRIDGE_QUEUE": "https://sqs.example/deliveries.fifo", "INVBRIDGE_BUS": "bridge", "INVBRIDGE_METRICS": "on",
			"INVBRIDGE_STACK": "Bridge", "INVBRIDGE_LIMITS": "depth=100,text=1000",
		}, Settings{
			Role: "intake", State: "s3://state/ledger", Uploads: []string{"uploads", "more"}, Mappings: "mappings", Targets: "targets.yaml", OwnTypes: []string{"Custom:A", "Custom:B"}, Partitions: 1024, Rate: 0.5, Concurrency: 4,
			Queue: "https://sqs.example/deliveries.fifo", Bus: "bridge", Metrics: true,
			Stack: "Bridge", Limits: []string{"depth=100", "text=1000"},
		}},
		{"no limit", map[string]string{"INVBRIDGE_STATE": "s3://state", "INVBRIDGE_RATE": "-1"}, Settings{State: "s3://state", Rate: -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read(func(k string) string { return c.env[k] })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.env, got.Environment(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("what is written is not what was read: %s", diff)
			}
		})
	}
}

// TestBadVariables has settings that are wrong alone. The words in them are invented, so that none stands in what must be said.
func TestBadVariables(t *testing.T) {
	for _, bad := range []struct{ name, value string }{
		{"INVBRIDGE_PARTITIONS", "many-secret"},
		{"INVBRIDGE_PARTITIONS", "1025"},
		{"INVBRIDGE_RATE", "NaN"},
		{"INVBRIDGE_CONCURRENCY", "-1"},
		{"INVBRIDGE_ROLE", "boss"},
		{"INVBRIDGE_METRICS", "perhaps"},
		{"INVBRIDGE_STATE", ""},
		{"INVBRIDGE_STATE", "State"},
		{"INVBRIDGE_STATE", "s3:///secret"},
		{"INVBRIDGE_UPLOADS", "s3://secret"},
		{"INVBRIDGE_UPLOADS", "secret,,other"},
		{"INVBRIDGE_AWS_TYPES", "Secret"},
		{"INVBRIDGE_LIMITS", "secret"},
	} {
		env := map[string]string{"INVBRIDGE_STATE": "s3://state", bad.name: bad.value}
		_, err := Read(func(k string) string { return env[k] })
		if err == nil || !strings.Contains(err.Error(), bad.name+" must be ") || bad.value != "" && strings.Contains(err.Error(), bad.value+" ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v: want one that names the variable and not the value", bad.name, err)
		}
	}
}

func TestAllBadVariablesAtOnce(t *testing.T) {
	_, err := Read(func(string) string { return "secret, " })
	for _, name := range []string{"ROLE", "STATE", "UPLOADS", "AWS_TYPES", "OWN_TYPES", "PARTITIONS", "RATE", "CONCURRENCY", "METRICS"} {
		if err == nil || strings.Count(err.Error(), Variable(name)+" must be ") != 1 || strings.Contains(err.Error(), "secret") {
			t.Fatalf("%s: error %v", name, err)
		}
	}
}

func TestShareOfTheRate(t *testing.T) {
	for _, c := range []struct {
		s    Settings
		want float64
	}{
		{Settings{}, 2},
		{Settings{Concurrency: 1}, 2},
		{Settings{Concurrency: 4}, 0.5},
		{Settings{Rate: 10, Concurrency: 2}, 5},
		{Settings{Rate: -1, Concurrency: 2}, math.Inf(1)},
	} {
		if got := c.s.PerProcess(); got != c.want {
			t.Errorf("%+v: %v calls a second, want %v", c.s, got, c.want)
		}
	}
}
