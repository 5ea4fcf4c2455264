package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// TestErrorsNameTheNextStep: what is asked for in a wrong way, or is damaged, ends with what to do.
func TestErrorsNameTheNextStep(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"))
	file := write(t, t.TempDir(), "servers.csv", register)
	dir := filepath.Join(t.TempDir(), "state")
	env["INVBRIDGE_STATE"] = dir
	broken := write(t, t.TempDir(), "broken.nessus", "<NessusClientData_v2><Report>")
	run := func(args ...string) (int, string, string) { return runLine(t, env, "", args...) }
	run("put", "--rate", "0", file)
	run("put", "--rate", "0", broken)
	for _, c := range []struct{ args, want string }{
		{"receipt d", "see invbridge import list"},
		{"redrive --confirm-absent nope", "see invbridge redrive, or invbridge import list"},
		{"source remove nope", "source nope: there is no such source: invbridge source list names all"},
		{"node nope", "invbridge explain FILE shows"},
		{"put --mapping nope " + file, "invbridge mapping list names them"},
	} {
		if code, out, errs := run(strings.Fields(c.args)...); code != exitFailed || !strings.Contains(errs, c.want) || strings.Contains(out, "0 calls") {
			t.Errorf("%s: exit code %d, %s%s", c.args, code, out, errs)
		}
	}
	_, list, _ := run("import", "list")
	_, short, _ := strings.Cut(list, "  failed-")
	short, _, _ = strings.Cut(short, " ")
	if strings.Count(list, broken) != 1 || len(short) != 8 {
		t.Errorf("the list of imports repeats names, or its IDs are too short: %s", list)
	}
	if code, out, errs := run("receipt", "failed-"+short); code != exitDone || !strings.Contains(out, "\nfailed    mapping: ") || !strings.Contains(out, "nothing of it was put") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	heads, err := filepath.Glob(filepath.Join(dir, "heads", "*.json"))
	if err != nil || len(heads) == 0 {
		t.Fatal("no heads", err)
	}
	for _, head := range heads {
		if err := os.WriteFile(head, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"source", "list"}, {"sweep", "--rate", "0"}, {"put", "--rate", "0", file}, {"node", "web-1"}} {
		if code, out, errs := run(args...); code != exitFailed || !strings.Contains(errs, "invbridge state check lists what is damaged") {
			t.Errorf("%v: exit code %d, %s%s", args, code, out, errs)
		}
	}
	code, out, errs := run("state", "repair")
	if code != exitPartial || strings.Contains(out, "invbridge state repair") || !strings.Contains(out, "cannot be repaired: the store keeps no older version of it that is whole") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

// TestPagesAsJSON: also what is a page for people is an object a line with --json.
func TestPagesAsJSON(t *testing.T) {
	file := filepath.Join("..", "..", "..", "testevents", "documents", "uploads", "nessus", "weekly.nessus")
	for _, args := range []string{"mapping show nessus", "mapping types", "mapping types Asset", "mapping formats", "mapping schema", "mapping new --from " + file} {
		code, out, errs := runLine(t, nil, "", strings.Fields(args+" --json")...)
		var object map[string]any
		if err := json.Unmarshal([]byte(out), &object); code != exitDone || err != nil || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: exit code %d, %v: %.200s%s", args, code, err, out, errs)
		}
		_, text, _ := runLine(t, nil, "", strings.Fields(args)...)
		if !strings.HasSuffix(args, "schema") && object["text"] != text {
			t.Errorf("%s: the object has another text", args)
		}
	}
}

// TestAPlanThatIsStopped is none: what was not asked would stand in it as pending.
func TestAPlanThatIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	box, err := sandbox.New(sandbox.Config{Nodes: []sandbox.ManagedNode{webNode(1, "web-1"), webNode(2, "web-2"), webNode(3, "web-3")}})
	if err != nil {
		t.Fatal(err)
	}
	asked := false
	env := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetInventorySchema") {
			asked = true
			stop()
		}
		box.ServeHTTP(w, r)
	}))
	var out, errs strings.Builder
	code := run(ctx, []string{"plan", "--state", t.TempDir(), write(t, t.TempDir(), "servers.csv", register)}, session.Console{
		In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] },
	})
	if code != exitStopped || !asked || out.String() != "" || !strings.Contains(errs.String(), "stopped") {
		t.Errorf("exit code %d: %s%s", code, out.String(), errs.String())
	}
}
