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
