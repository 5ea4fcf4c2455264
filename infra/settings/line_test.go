package settings

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseLine reads the CDK's arguments as the CDK does, and the context of cdk.json below them.
func TestParseLine(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("cdk.json", []byte(`{"app":"x","context":{"@aws-cdk/core:checkSecretUsage":true,"rate":0.5,"name":"FromFile"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ParseLine(strings.Fields("-c name=Bridge --require-approval never --context state=a-bucket --context=uploads=b=c --profile operations --verbose"))
	if err != nil {
		t.Fatal(err)
	}
	want := Line{Profile: "operations", Context: map[string]any{
		"@aws-cdk/core:checkSecretUsage": true, "rate": 0.5, "name": "Bridge", "state": "a-bucket", "uploads": "b=c",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ParseLine([]string{"-c", "name"}); err == nil {
		t.Error("-c without a value")
	}
	if err := os.WriteFile("cdk.json", []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseLine(nil); err == nil || !strings.Contains(err.Error(), "cdk.json") {
		t.Errorf("a broken cdk.json: %v", err)
	}
}
