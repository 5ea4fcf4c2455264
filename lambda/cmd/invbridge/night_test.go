package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	if code, out, errs := run("receipt", "failed-"+short); code != exitDone || !strings.Contains(out, "(failed: ") {
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
