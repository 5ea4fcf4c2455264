package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParse reads the CDK's arguments as the CDK does, and the context of cdk.json below them.
func TestParse(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("cdk.json", []byte(`{"app":"x","context":{"@aws-cdk/core:checkSecretUsage":true,"rate":0.5,"name":"FromFile"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := parse(strings.Fields("-c name=Bridge --require-approval never --context state=a-bucket --context=uploads=b=c --profile operations --verbose"))
	if err != nil {
		t.Fatal(err)
	}
	want := line{profile: "operations", context: map[string]any{
		"@aws-cdk/core:checkSecretUsage": true, "rate": 0.5, "name": "Bridge", "state": "a-bucket", "uploads": "b=c",
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(line{})); diff != "" {
		t.Error(diff)
	}
	if _, err := parse([]string{"-c", "name"}); err == nil {
		t.Error("-c without a value")
	}
	if err := os.WriteFile("cdk.json", []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := parse(nil); err == nil || !strings.Contains(err.Error(), "cdk.json") {
		t.Errorf("a broken cdk.json: %v", err)
	}
}

// TestSettingsFirst: what is wrong with the settings is said before anything is asked.
func TestSettingsFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	var out strings.Builder
	if err := run(t.Context(), []string{"-c", "uploads=s3://b"}, &out); err == nil || !strings.Contains(err.Error(), "-c uploads: must be a bucket's name") {
		t.Errorf("%v", err)
	}
	if err := run(t.Context(), []string{"-c", "local=true"}, &out); err == nil || !strings.Contains(err.Error(), "sam local alone") {
		t.Errorf("a template for sam local: %v", err)
	}
}
