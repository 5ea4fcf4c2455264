package main

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

func TestVersion(t *testing.T) {
	code, out, _ := runLine(t, nil, "", "version", "--json")
	var v versions
	err := json.Unmarshal([]byte(out), &v)
	if code != exitDone || err != nil || v.State != 3 || v.Language < 1 || v.Go != runtime.Version() || v.Version == "" {
		t.Errorf("exit code %d, %s: %v", code, out, err)
	}
}

const export = "host,owner\nweb-1.corp.example,ada\nweb-2.corp.example,bob\n"

// ownMapping returns a folder with a mapping of an export, and that export.
func ownMapping(t *testing.T) (mappings, file string) {
	t.Helper()
	dir := t.TempDir()
	file, mappings = write(t, dir, "hosts.csv", export), filepath.Join(dir, "mine")
	if code, _, err := runLine(t, nil, "", "mapping", "new", "--from", file, "--name", "our-hosts", "--out", mappings); code != exitDone {
		t.Fatal(err)
	}
	return mappings, file
}

// TestEnvironmentNamesStateAndMappings shows that a flag goes before the environment, and that a state that no flag names is named.
func TestEnvironmentNamesStateAndMappings(t *testing.T) {
	_, env := against(t, webNode(1, "web-1.corp.example"), webNode(2, "web-2.corp.example"))
	mappings, file := ownMapping(t)
	env["INVBRIDGE_STATE"], env["INVBRIDGE_MAPPINGS"] = filepath.Join(t.TempDir(), "state"), mappings
	code, _, err := runLine(t, env, "", "put", "--mapping", "our-hosts", file)
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, err)
	}
	code, out, err := runLine(t, env, "", "source", "list")
	if code != exitDone || !strings.Contains(out, "our-hosts") || !strings.Contains(err, "state "+env["INVBRIDGE_STATE"]) {
		t.Errorf("exit code %d: %s%s", code, out, err)
	}
	code, out, err = runLine(t, env, "", "source", "list", "--state", filepath.Join(t.TempDir(), "none"))
	if code != exitFailed || !strings.Contains(err, "there is no state in") {
		t.Errorf("a state that is not there: exit code %d: %s%s", code, out, err)
	}
}

// TestStateOfASandboxThatIsGone shows that commands that only look need no service.
func TestStateOfASandboxThatIsGone(t *testing.T) {
	state := t.TempDir()
	if code, _, err := runLine(t, nil, "", "demo", "--keep", state); code != exitDone {
		t.Fatal(err)
	}
	state = filepath.Join(state, "state")
	code, out, err := runLine(t, nil, "", "source", "list", "--state", state)
	if code != exitDone || !strings.Contains(out, "servicenow") {
		t.Errorf("source list: exit code %d: %s%s", code, out, err)
	}
	code, out, err = runLine(t, nil, "", "state", "check", "--state", state)
	if code != exitDone || !strings.Contains(out, "something is wrong with 0") {
		t.Errorf("state check: exit code %d: %s%s", code, out, err)
	}
	t.Setenv("AWS_REGION", "us-east-1")
	code, out, err = runLine(t, nil, "", "node", "--state", state, "i-0e02a565560e16b71")
	if code != exitDone || !strings.Contains(err, "the service was not asked: ledger: this state was made for http://127.0.0.1:") {
		t.Errorf("node: exit code %d: %s%s", code, out, err)
	}
	if code, out, err := runLine(t, nil, "", "node", "--repair", "--state", state, "i-0e02a565560e16b71"); code != exitFailed || !strings.Contains(err, "nothing was repaired: the service cannot be asked") {
		t.Errorf("repair: exit code %d: %s%s", code, out, err)
	}
	code, byName, err := runLine(t, nil, "", "node", "--state", state, "shop-web-1")
	if code != exitDone || !strings.Contains(byName, "Custom:") || strings.Contains(byName, "no import has named it") {
		t.Errorf("node by a name: exit code %d: %s%s", code, byName, err)
	}
	code, out, err = runLine(t, nil, "", "node", "--state", state, "nobody")
	if code != exitFailed || !strings.Contains(err, "no document has named a node so, and what nodes are called was not asked") {
		t.Errorf("node by a name that nothing has: exit code %d: %s%s", code, out, err)
	}
}

// TestStopped shows that what is stopped is one line, and that the same file goes on where it was.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	box, err := sandbox.New(sandbox.Config{Nodes: []sandbox.ManagedNode{webNode(1, "web-1.corp.example"), webNode(2, "web-2.corp.example")}})
	if err != nil {
		t.Fatal(err)
	}
	env := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		box.ServeHTTP(w, r)
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutInventory") {
			stop()
		}
	}))
	mappings, file := ownMapping(t)
	line := []string{"put", "--mapping", "our-hosts", "--mappings", mappings, "--state", t.TempDir(), file}
	var out, errs strings.Builder
	code := run(ctx, line, session.Console{
		In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] },
	})
	if code != exitStopped || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), "put the file again") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	if code, _, err := runLine(t, env, "", line...); code != exitDone {
		t.Errorf("again: exit code %d: %s", code, err)
	}
	for i := range 2 {
		if got, _ := box.Inventory(webNode(i+1, "").InstanceID, "Custom:OurHosts"); len(got.Entries) != 1 {
			t.Errorf("node %d holds %d entries, want 1", i+1, len(got.Entries))
		}
	}
}

// TestSweepSaysWhyNodesStayOpen puts while the service refuses, and sweeps without the mappings.
func TestSweepSaysWhyNodesStayOpen(t *testing.T) {
	box, env := againstBox(t, sandbox.Config{
		Nodes:  []sandbox.ManagedNode{webNode(1, "web-1.corp.example"), webNode(2, "web-2.corp.example")},
		Faults: []sandbox.Fault{{Kind: sandbox.FaultError, Code: "InternalServerError", Operation: "PutInventory", Times: -1}},
	})
	mappings, file := ownMapping(t)
	state := t.TempDir()
	code, _, err := runLine(t, env, "", "put", "--mapping", "our-hosts", "--mappings", mappings, "--state", state, "--rate", "0", file)
	if code != exitPartial {
		t.Fatalf("exit code %d: %s", code, err)
	}
	box.ClearFaults()
	code, out, err := runLine(t, env, "", "sweep", "--state", state)
	if code != exitPartial || !strings.Contains(out, "open: 2 nodes for Custom:OurHosts: no mapping here declares it") {
		t.Errorf("exit code %d: %s%s", code, out, err)
	}
	code, out, err = runLine(t, env, "", "sweep", "--state", state, "--mappings", mappings, "--rate", "0")
	if code != exitDone || strings.Contains(out, "open: ") {
		t.Errorf("with the mappings: exit code %d: %s%s", code, out, err)
	}
}
