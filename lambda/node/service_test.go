package node

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// service is a local Systems Manager with the nodes of the test events.
func service(t *testing.T) API {
	t.Helper()
	f, err := os.Open("../../testevents/documents/nodes.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	nodes, err := sandbox.ParseNodes(f)
	if err != nil {
		t.Fatal(err)
	}
	local, err := sandbox.New(sandbox.Config{Nodes: nodes})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(local)
	t.Cleanup(server.Close)
	return ssm.New(ssm.Options{
		BaseEndpoint: aws.String(server.URL), Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// TestAgainstTheService loads the same fleet over the wire as from its file, and finds by tag and MAC what no list gives.
func TestAgainstTheService(t *testing.T) {
	api := service(t)
	d, err := Load(t.Context(), api, Options{Tags: map[string][]string{"Role": {"erp"}}})
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 17 {
		t.Errorf("%d nodes", d.Len())
	}
	a := d.Asking(t.Context(), api, nil)
	tests := []struct {
		name    string
		subject Subject
		rules   Rules
		want    string
	}{
		{"stopped, by name", Subject{Hostname: []string{"data-batch-1"}}, Rules{}, "data-batch-1.kestrel-bikes.example"},
		{"stopped, by address", Subject{IP: []string{"10.20.5.20"}}, Rules{}, "data-batch-1.kestrel-bikes.example"},
		{"by the name of the activation", Subject{Hostname: []string{"warehouse-print-1"}}, Rules{}, "WH-PRINT-1"},
		{"two of one name", Subject{Hostname: []string{"build-runner-1"}}, Rules{}, ReasonAmbiguous},
		{"the one online", Subject{Hostname: []string{"build-runner-1"}}, Rules{OnAmbiguousOnline: true}, "build-runner-1"},
		{"by tag", Subject{Tags: map[string][]string{"Role": {"frame-scale"}}}, Rules{}, "factory-scale-1"},
		{"by a tag of several", Subject{Tags: map[string][]string{"Role": {"web"}}}, Rules{}, ReasonAmbiguous},
		{"by MAC", Subject{Hostname: []string{"no-such-host"}, MAC: []string{"06:85:a3:c9:e0:00", macOf(t, "ERP-DB-1.corp.kestrel-bikes.example")}}, Rules{}, "ERP-DB-1.corp.kestrel-bikes.example"},
		{"allowed", Subject{Hostname: []string{"erp-app-1"}}, Rules{AllowTags: map[string]string{"Role": "erp"}}, "ERP-APP-1.corp.kestrel-bikes.example"},
		{"not allowed", Subject{Hostname: []string{"shop-web-1"}}, Rules{AllowTags: map[string]string{"Role": "erp"}}, ReasonNotAllowed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := a.Resolve(test.subject.Normalise(), test.rules)
			n, _ := d.Lookup(got.Node)
			if a.Err() != nil || n.ComputerName+got.Reason != test.want {
				t.Errorf("got %+v, %v", got, a.Err())
			}
		})
	}
}

// macOf looks a MAC up in the fleet's file.
func macOf(t *testing.T, computer string) string {
	t.Helper()
	for n := range demoFleet(t).Nodes() {
		if n.ComputerName == computer && len(n.MACs) > 0 {
			return n.MACs[0]
		}
	}
	t.Fatalf("%s has no MAC", computer)
	return ""
}
