package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// TestWhatWasPutComesBack drops what the service answers about types of ours, and what a data sync writes of them: nobody states that anew, so
// it causes no call, and goes when the source that stated it does not state it any more.
func TestWhatWasPutComesBack(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"), webNode(2, "web-2"))
	dir, id := t.TempDir(), webNode(1, "").InstanceID
	state := filepath.Join(dir, "state")
	put := func(path string, calls int) {
		t.Helper()
		code, out, errs := runLine(t, env, "", "put", path, "--state", state, "--json", "--rate", "0")
		if sum := summaryOf[putSummary](t, out); code != exitDone || sum.Calls != calls || !sum.Complete {
			t.Errorf("%s: exit code %d, %+v, %s; want %d calls", filepath.Base(path), code, sum, errs, calls)
		}
	}
	put(write(t, dir, "export.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,web-2,,,Linux\n"), 2)
	answer, rows := entriesOf(t, id, "Custom:Asset")
	if len(rows) != 1 || rows[0]["Source"] != "servicenow" {
		t.Fatalf("the node holds %v", rows)
	}
	put(write(t, dir, "inventory.json", answer), 0)
	lines := ""
	for _, row := range rows {
		row["resourceId"], row["captureTime"], row["schemaVersion"] = id, "2026-01-18T08:00:00Z", "1.0"
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		lines += string(line) + "\n"
	}
	put(write(t, dir, "sync/Custom_Asset"+syncFolder+id+".json", lines), 0)
	code, out, errs := runLine(t, env, "", "source", "remove", "servicenow", "--state", state, "--rate", "0")
	if code != exitDone {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	if _, rows := entriesOf(t, id, "Custom:Asset"); len(rows) != 0 {
		t.Errorf("the node still holds %v", rows)
	}
}

// TestMovedFromAnotherAccount drops what ListInventoryEntries answers in another account. The node there is none here, so nothing is put unless
// somebody says that it is to be moved, and where.
func TestMovedFromAnotherAccount(t *testing.T) {
	_, env := against(t, webNode(1, "web-1.example.com"))
	dir, id := t.TempDir(), webNode(1, "").InstanceID
	there := write(t, dir, "there.json", `{"TypeName":"Custom:NetworkService","InstanceId":"mi-0a1b2c3d4e5f60718","SchemaVersion":"1.0","CaptureTime":"2026-01-18T08:00:00Z",
		"Entries":[{"Source":"nmap","Address":"192.0.2.1","Port":"22","Protocol":"tcp","Service":"ssh"},{"Source":"nmap","Address":"192.0.2.1","Port":"443","Protocol":"tcp"}]}`)
	for _, step := range []struct {
		args  []string
		calls int
	}{
		{nil, 0},
		{[]string{"--mapping", "ssm-inventory-moved", "--as", "nodeId=" + id}, 1},
		{[]string{"--mapping", "ssm-inventory-moved", "--as", "nodeId=" + id}, 0},
	} {
		args := append([]string{"put", there, "--state", filepath.Join(dir, "state"), "--json", "--rate", "0"}, step.args...)
		code, out, errs := runLine(t, env, "", args...)
		if sum := summaryOf[putSummary](t, out); sum.Calls != step.calls {
			t.Errorf("%v: exit code %d, %+v, %s; want %d calls", step.args, code, sum, errs, step.calls)
		}
	}
	_, rows := entriesOf(t, id, "Custom:NetworkService")
	if len(rows) != 2 || rows[0]["Port"] != "22" || rows[0]["Service"] != "ssh" || rows[0]["Source"] != "ssm-inventory-moved" {
		t.Errorf("the node holds %v", rows)
	}
}

// entriesOf returns what ListInventoryEntries answers about a node and a type, as the command line prints it, and the entries.
func entriesOf(t *testing.T, id, typeName string) (answer string, rows []map[string]string) {
	t.Helper()
	aws, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := ssm.NewFromConfig(aws).ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &id, TypeName: &typeName})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{
		"TypeName": out.TypeName, "InstanceId": out.InstanceId, "SchemaVersion": out.SchemaVersion, "CaptureTime": out.CaptureTime, "Entries": out.Entries,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text), out.Entries
}
