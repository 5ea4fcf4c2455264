package config

import (
	"regexp"
	"slices"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestVariablesInReadme: the table of lambda/README.md has each variable that is read, and no other.
func TestVariablesInReadme(t *testing.T) {
	read := map[string]bool{}
	_, err := Read(func(name string) string {
		read[name] = true
		return ""
	})
	if err == nil {
		t.Error("a state is required")
	}
	var written []string
	for _, row := range regexp.MustCompile("(?m)^\\| `INVBRIDGE_.*?\\|").FindAllString(string(testfiles.Read(t, testfiles.Path(t, "lambda", "README.md"))), -1) {
		written = append(written, regexp.MustCompile("INVBRIDGE_[A-Z_]+").FindAllString(row, -1)...)
	}
	for name := range read {
		if !slices.Contains(written, name) {
			t.Errorf("the README says nothing of %s", name)
		}
	}
	for _, name := range written {
		if !read[name] {
			t.Errorf("the README has %s, which nobody reads", name)
		}
	}
}

// TestMetricsInReadme: infra/README.md says something of each metric.
func TestMetricsInReadme(t *testing.T) {
	text := string(testfiles.Read(t, testfiles.Path(t, "infra", "README.md")))
	metrics := regexp.MustCompile(`(?m)^\tMetric\w+ += "(\w+)"`).FindAllStringSubmatch(string(testfiles.Read(t, "metrics.go")), -1)
	if len(metrics) < 10 {
		t.Fatalf("%d metrics: they are not found any more", len(metrics))
	}
	for _, metric := range metrics {
		if !regexp.MustCompile("(?m)^\\|.*`" + metric[1] + "`.*\\|$").MatchString(text) {
			t.Errorf("infra/README.md has no %s", metric[1])
		}
	}
}
