package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// TestTargetsAreReached: the function knows its own account, which the file may list, too, and calls the other with the role there.
func TestTargetsAreReached(t *testing.T) {
	o, err := organization.New(organization.Config{
		ExternalID: "invbridge-8c1f",
		Nodes:      map[organization.Place][]sandbox.ManagedNode{{Account: "111122223333", Region: "eu-central-1"}: {{InstanceID: "i-0123456789abcdef0"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(o)
	defer served.Close()
	file := filepath.Join(t.TempDir(), "targets.yaml")
	content := "externalId: invbridge-8c1f\ntargets:\n  - {account: \"111122223333\", region: eu-central-1}\n  - {account: \"123456789012\", region: us-east-1}\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	goodStart(t)
	t.Setenv("AWS_ENDPOINT_URL", served.URL)
	t.Setenv("INVBRIDGE_TARGETS", file)
	f, err := start()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f.config.Account != "123456789012" || f.config.Targets.Len() != 1 || f.config.Targets.Own() != (target.Key{Account: "123456789012", Region: "us-east-1"}) {
		t.Fatalf("account %q, targets %+v", f.config.Account, f.config.Targets)
	}
	out, err := f.config.Reach(f.config.Targets.Targets()[0]).DescribeInstanceInformation(t.Context(), &ssm.DescribeInstanceInformationInput{})
	if err != nil || len(out.InstanceInformationList) != 1 {
		t.Errorf("%v, %v", out, err)
	}
}
