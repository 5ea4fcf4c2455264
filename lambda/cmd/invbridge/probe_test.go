package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

const probed = "Custom:InventoryBridgeProbe"

// TestProbe probes a sandbox, and starts another that answers alike.
func TestProbe(t *testing.T) {
	node := webNode(1, "web-1")
	box, env := againstBox(t, sandbox.Config{Nodes: []sandbox.ManagedNode{node}, Switches: sandbox.Switches{PartialCommit: true, ShortPages: true}})
	file := filepath.Join(t.TempDir(), "account.json")
	line := []string{"probe", "--rate", "0", "-o", file, node.InstanceID}
	for _, answer := range []string{"", "n\n"} {
		code, _, err := runLine(t, env, answer, line...)
		if code != exitUsage || !strings.Contains(err, "delete-inventory --type-name "+probed) || box.Counts().Calls["PutInventory"] > 0 {
			t.Fatalf("answered %q: exit code %d: %s", answer, code, err)
		}
	}
	code, out, err := runLine(t, env, "y\n", line...)
	if code != exitDone || !strings.Contains(out, "OTHERWISE  5.1") || !strings.Contains(out, "2 answers not as stated") {
		t.Fatalf("exit code %d: %s%s", code, out, err)
	}
	if box.Counts().Calls["DeleteInventory"] > 0 {
		t.Error("DeleteInventory was called")
	}
	found, readErr := session.ReadFile(file, sandbox.ParseBehaviour)
	if readErr != nil || found.Switches != box.Switches() {
		t.Errorf("%v: %+v", readErr, found.Switches)
	}
}

// TestProbeStopped shows that ^C leaves the type empty and says so.
func TestProbeStopped(t *testing.T) {
	node := webNode(1, "web-1")
	_, env := against(t, node)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stderr bytes.Buffer
	code := run(ctx, []string{"probe", "--yes", "--rate", "0", "-o", filepath.Join(t.TempDir(), "out.json"), node.InstanceID}, session.Console{
		In: strings.NewReader(""), Out: new(bytes.Buffer), Err: &stderr, Getenv: func(k string) string { return env[k] },
	})
	if code != exitStopped || !strings.Contains(stderr.String(), "stopped: nothing was put") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

func TestBehaviourThatIsNone(t *testing.T) {
	for text, want := range map[string]string{
		`{"switches":{"partialComit":true}}`: "partialCommit", `[]`: "behaviour", `{}`: `"switches"`,
		`{"switches":{},"rate":{"perSecond":-1}}`: "negative",
	} {
		file := filepath.Join(t.TempDir(), "b.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, err := runLine(t, nil, "", "sandbox", "--behaviour", file)
		if code != exitFailed || !strings.Contains(err, want) || !strings.Contains(err, file) {
			t.Errorf("%s: exit code %d: %s", text, code, err)
		}
	}
}
