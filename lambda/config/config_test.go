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
		{"nothing", nil, Settings{}},
		{"all", map[string]string{
			"INVBRIDGE_ROLE": "intake", "INVBRIDGE_STATE": "s3://state/ledger", "INVBRIDGE_UPLOADS": "uploads,more", "INVBRIDGE_MAPPINGS": "mappings",
			"INVBRIDGE_OWN_TYPES":  "Custom:A,Custom:B",
			"INVBRIDGE_PARTITIONS": "1024", "INVBRIDGE_RATE": "0.5", "INVBRIDGE_CONCURRENCY": "4",
			"INVBRIDGE_QUEUE": "https://sqs.example/deliveries.fifo", "INVBRIDGE_BUS": "bridge", "INVBRIDGE_METRICS": "on",
			"INVBRIDGE_STACK": "Bridge",
		}, Settings{
			Role: "intake", State: "s3://state/ledger", Uploads: []string{"uploads", "more"}, Mappings: "mappings", OwnTypes: []string{"Custom:A", "Custom:B"}, Partitions: 1024, Rate: 0.5, Concurrency: 4,
			Queue: "https://sqs.example/deliveries.fifo", Bus: "bridge", Metrics: true,
			Stack: "Bridge",
		}},
		{"no limit", map[string]string{"INVBRIDGE_RATE": "-1"}, Settings{Rate: -1}},
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

func TestBadVariables(t *testing.T) {
	for name, value := range map[string]string{
		"INVBRIDGE_PARTITIONS": "many-secret", "INVBRIDGE_RATE": "NaN", "INVBRIDGE_CONCURRENCY": "-1", "INVBRIDGE_ROLE": "boss", "INVBRIDGE_METRICS": "perhaps",
	} {
		_, err := Read(func(k string) string { return map[string]string{name: value}[k] })
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), value) {
			t.Errorf("%s: error %v: want one that names the variable and not the value", name, err)
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
