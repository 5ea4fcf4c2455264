package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

const syncFolder = "/accountid=111122223333/region=us-east-1/resourcetype=ManagedInstanceInventory/"

// TestNodesOfADataSync looks machines up among the nodes that a data sync's objects list, in a directory and in S3, beside other objects.
func TestNodesOfADataSync(t *testing.T) {
	id := webNode(1, "").InstanceID
	dir := t.TempDir()
	for name, body := range map[string]string{
		"AWS_InstanceInformation" + syncFolder + id + ".json":    `{"ComputerName":"web-1.example.com","IpAddress":"10.9.9.1","InstanceStatus":"Active","resourceId":"` + id + `"}` + "\n",
		"AWS_Network" + syncFolder + id + ".json":                `{"Name":"eth0","MacAddress":"06:11:22:33:44:55","IPV4":"10.9.9.1"}` + "\n",
		"AWS_Application" + syncFolder + id + ".json":            "not read at all",
		"AWS_InstanceInformation/accountid=111122223333/x.json":  "",
		"AWS_InstanceInformation" + syncFolder + "mi-broken.txt": "",
	} {
		write(t, dir, "sync/deep/prefix/"+name, body)
	}
	file := write(t, t.TempDir(), "nodes.csv", exportHead+"a,cmdb_ci_server,web-1.example.com,,,Linux\n")
	write(t, dir, "broken/AWS_InstanceInformation"+syncFolder+"i-0a1b2c3d4e5f60718.json", `{"ComputerName":"SECR`)
	_, env := againstBox(t, sandbox.Config{Objects: dir})
	t.Chdir(filepath.Join(dir, "sync", "deep", "prefix", "AWS_InstanceInformation", "accountid=111122223333"))
	for _, place := range []string{filepath.Join(dir, "sync"), ".", "s3://sync/deep/prefix/", "s3://sync", "s3://sync/deep/prefix/AWS_InstanceInformation/accountid=111122223333/"} {
		code, out, errs := runLine(t, env, "", "explain", file, "--nodes", place)
		if code != exitDone || !strings.Contains(out, id+" by hostname") {
			t.Errorf("%s: exit code %d, %s%s", place, code, out, errs)
		}
	}
	for place, says := range map[string]string{
		filepath.Join(dir, "broken"): "i-0a1b2c3d4e5f60718.json: nodefile: line 1: expected an entry of inventory",
		"s3://broken":                "i-0a1b2c3d4e5f60718.json: nodefile: line 1: expected an entry of inventory",
		"s3://sync/none/":            "nothing under that prefix",
		t.TempDir():                  "no managed node: expected objects as",
		filepath.Join(dir, "none"):   "none",
	} {
		code, out, errs := runLine(t, env, "", "explain", file, "--nodes", place)
		if code != exitFailed || !strings.Contains(errs, says) || strings.Contains(errs, "SECR") {
			t.Errorf("%s: exit code %d, %s%s", place, code, out, errs)
		}
	}
}
