package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

// TestLocal keeps what plain `sam local` needs: one function, so that it need not be named, on this machine's architecture, and variables
// that are literal, since SAM puts in the place of a reference what no service knows.
func TestLocal(t *testing.T) {
	p := everything()
	p.Local = true
	tmpl, _ := synthesised(t, p)
	if diff := cmp.Diff([]string{localName}, slices.Collect(maps.Keys(tmpl.Resources))); diff != "" {
		t.Fatal(diff)
	}
	f := tmpl.Resources[localName]
	delete(f.Properties, "Code") // SAM takes the folder that the metadata name
	properties, err := json.Marshal(f.Properties)
	if err != nil {
		t.Fatal(err)
	}
	for _, intrinsic := range []string{`"Ref":`, `"Fn::`} {
		if strings.Contains(string(properties), intrinsic) {
			t.Errorf("the function has a %s, which nothing resolves", intrinsic)
		}
	}
	want := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	if got := resolved(f.at("Architectures")); want != "" && got != want {
		t.Errorf("it is for %s, and this machine is %s", got, want)
	}
	variables := f.at("Environment.Variables").(map[string]any)
	if variables["AWS_ENDPOINT_URL_SSM"] != localEndpoint || variables["AWS_ENDPOINT_URL_S3"] != localEndpoint || variables["AWS_ENDPOINT_URL_STS"] != localEndpoint || variables["AWS_ENDPOINT_URL"] != nil {
		t.Errorf("it calls something else than the sandbox: %v", variables)
	}
	got, err := config.Read(func(name string) string { text, _ := variables[name].(string); return text })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Settings{State: localState, Mappings: mappingsFolder, Targets: targetsFile, Partitions: 64, Rate: -1}, got); diff != "" {
		t.Error(diff)
	}
}

// TestLocalPort keeps the port that the README of testevents starts the sandbox on what the template calls.
func TestLocalPort(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "testevents", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(localEndpoint, "internal:")
	if !strings.Contains(string(readme), "sandbox --addr 0.0.0.0:"+port+" ") {
		t.Errorf("testevents/README.md starts no sandbox for containers on port %s", port)
	}
}
