package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// goodStart sets what the function needs to start.
func goodStart(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": "", "INVBRIDGE_STATE": "s3://state/ledger",
	} {
		t.Setenv(name, value)
	}
}

// TestStartErrorsNameTheVariable gives each setting a value that is wrong. Config's own tests have those that it reads by itself.
func TestStartErrorsNameTheVariable(t *testing.T) {
	mappings := t.TempDir()
	if err := os.WriteFile(filepath.Join(mappings, "wrong.yaml"), []byte("version: 1\nmapping: wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(mappings, "targets")
	if err := os.WriteFile(broken, []byte("externalId: invbridge-secret\ntargets: [{account: 1}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []struct{ name, value string }{
		{"INVBRIDGE_TARGETS", "missing-secret"},
		{"INVBRIDGE_TARGETS", broken},
		{"AWS_ENDPOINT_URL_STS", "secret"},
		{"AWS_ENDPOINT_URL_ORGANIZATIONS", "secret"},
		{"INVBRIDGE_STATE", ""},
		{"INVBRIDGE_ROLE", "boss-secret"},
		{"INVBRIDGE_MAPPINGS", filepath.Join(mappings, "missing")},
		{"INVBRIDGE_MAPPINGS", mappings},
		{"INVBRIDGE_QUEUE", "Deliveries-secret"}, // what a reference is made where nothing resolves it
		{"AWS_ENDPOINT_URL", "127.0.0.1:4599-secret"},
		{"AWS_ENDPOINT_URL_SSM", "secret"},
		{"AWS_ENDPOINT_URL_S3", "ftp://secret"},
		{"AWS_ENDPOINT_URL_SQS", "http://"},
		{"AWS_ENDPOINT_URL_EVENTBRIDGE", "/secret"},
		{"AWS_USE_FIPS_ENDPOINT", "secret"},
		{"AWS_USE_DUALSTACK_ENDPOINT", "secret"},
		{"AWS_REGION", ""},
	} {
		t.Run(bad.name, func(t *testing.T) {
			goodStart(t)
			t.Setenv(bad.name, bad.value)
			_, err := start()
			if err == nil || !strings.Contains(err.Error(), bad.name) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v: want an error that names the variable and not its value", err)
			}
		})
	}
	goodStart(t)
	if _, err := start(); err != nil {
		t.Errorf("nothing is wrong, and it does not start: %v", err)
	}
}

// TestCallsLeaveInOnePiece looks at the client that puts: it is not the SDK's own, which sends a body in pieces.
func TestCallsLeaveInOnePiece(t *testing.T) {
	goodStart(t)
	f, err := start()
	if err != nil {
		t.Fatal(err)
	}
	client, ok := f.config.SSM.(*actions.Client).Options().HTTPClient.(*awshttp.BuildableClient)
	if !ok || client.GetTransport().WriteBufferSize != put.Client().GetTransport().WriteBufferSize {
		t.Error("the function puts with another client than the command line")
	}
}

// TestStateErrorsNameTheVariable opens a state in a bucket that may not be read.
func TestStateErrorsNameTheVariable(t *testing.T) {
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer s3.Close()
	goodStart(t)
	t.Setenv("AWS_ENDPOINT_URL", s3.URL)
	f, err := start()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.open(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "INVBRIDGE_STATE: ") {
		t.Errorf("got %v", err)
	}
}

// TestPartitionsOfSettings keeps the bound of the setting what the ledger takes.
func TestPartitionsOfSettings(t *testing.T) {
	for n, good := range map[int]bool{1: true, 1024: true, 1025: false} {
		env := map[string]string{"INVBRIDGE_STATE": "s3://state", "INVBRIDGE_PARTITIONS": strconv.Itoa(n)}
		_, settingErr := config.Read(func(name string) string { return env[name] })
		_, ledgerErr := ledger.Open(t.Context(), ledger.Dir(t.TempDir()), ledger.Options{Partitions: n})
		if (settingErr == nil) != good || (ledgerErr == nil) != good {
			t.Errorf("%d partitions: the setting says %v, the ledger %v", n, settingErr, ledgerErr)
		}
	}
}
