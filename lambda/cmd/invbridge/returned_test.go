package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRejectedRecordsOnTheCommandLine puts a file, mends what comes back of it, and puts that.
func TestRejectedRecordsOnTheCommandLine(t *testing.T) {
	box, env := against(t, webNode(1, "web-1"), webNode(2, "twin"), webNode(3, "twin"))
	dir := t.TempDir()
	file := write(t, dir, "export.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,twin,,,Linux\n")
	state := filepath.Join(dir, "state")
	code, out, errs := runLine(t, env, "", "put", file, "--state", state, "--json", "--rate", "0")
	sum := summaryOf[putSummary](t, out)
	if code != exitPartial || sum.RejectedFile == "" {
		t.Fatalf("exit code %d, %+v, stderr %q", code, sum, errs)
	}
	if _, out, _ := runLine(t, env, "", "receipt", sum.Import, "--state", state); !strings.Contains(out, "rejected  "+sum.RejectedFile) {
		t.Errorf("the receipt does not say where the rejected records are: %s", out)
	}
	back, err := os.ReadFile(filepath.Join(state, filepath.FromSlash(sum.RejectedFile)))
	if err != nil {
		t.Fatal(err)
	}
	mended := write(t, dir, filepath.Base(sum.RejectedFile), strings.Replace(string(back), ",twin,", ",web-1,", 1))
	code, out, errs = runLine(t, env, "", "put", mended, "--state", state, "--rate", "0")
	if code != exitDone || !strings.Contains(out, "mends     import "+sum.Import) {
		t.Errorf("exit code %d, printed %q, stderr %q", code, out, errs)
	}
	if item, _ := box.Inventory(webNode(1, "").InstanceID, "Custom:Asset"); len(item.Entries) != 2 {
		t.Errorf("the node holds %d entries", len(item.Entries))
	}
}

// TestMendedFilesLeaveTheList: a file of rejected records is listed until all of its records were mended, and where nobody knows; receipts name each other.
func TestMendedFilesLeaveTheList(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"), webNode(2, "twin"), webNode(3, "twin"))
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	env["INVBRIDGE_STATE"] = state
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := runLine(t, env, "", args...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out
	}
	has := func(out, want string) {
		t.Helper()
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
	file := write(t, dir, "export.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,twin,,,Linux\nc,cmdb_ci_server,twin,,,Linux\n")
	sum := summaryOf[putSummary](t, run(exitPartial, "put", file, "--json", "--rate", "0"))
	has(run(exitDone, "redrive"), "rejected  in "+sum.RejectedFile)
	back, err := os.ReadFile(filepath.Join(state, filepath.FromSlash(sum.RejectedFile)))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(back), "\n")
	if len(lines) != 4 {
		t.Fatalf("rejected: %q", back)
	}
	name := filepath.Base(sum.RejectedFile)
	mend := func(folder, body string) putSummary {
		return summaryOf[putSummary](t, run(exitDone, "put", "--json", "--rate", "0", write(t, filepath.Join(dir, folder), name, strings.ReplaceAll(body, ",twin,", ",web-1,"))))
	}
	first := mend("one", lines[0]+lines[1])
	has(run(exitDone, "redrive"), "1 of 2 of its records were mended by import "+first.Import)
	second := mend("two", lines[0]+lines[2])
	has(run(exitDone, "redrive"), "nothing waits")
	out := run(exitDone, "receipt", sum.Import)
	has(out, "mended    by import "+first.Import)
	has(out, "mended    by import "+second.Import)
	has(run(exitDone, "receipt", second.Import), "mends     import "+sum.Import)
	has(run(exitDone, "receipt", sum.Import, "--json"), `"mendedBy":[{"import":`)

	intake := filepath.Join(state, "receipts", sum.Import, "intake.json")
	whole, err := os.ReadFile(intake)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(intake, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	has(run(exitDone, "redrive"), "2 of an unknown number of its records were mended")
	if err := os.Remove(intake); err != nil {
		t.Fatal(err)
	}
	has(run(exitDone, "redrive"), "2 of an unknown number of its records were mended")
	has(run(exitDone, "receipt", sum.Import), "it is still at work, or was stopped before its end: put the document again")
	if err := os.WriteFile(intake, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	has(run(exitDone, "redrive"), "nothing waits")
}
