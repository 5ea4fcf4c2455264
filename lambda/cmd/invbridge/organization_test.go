package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
	"github.com/inventory-bridge/inventory-bridge/testevents"
)

const documents = "../../../testevents/documents"

// larkspur serves the test events' organization of three accounts.
func larkspur(t *testing.T) (*organization.Organization, map[string]string) {
	t.Helper()
	file, err := session.ReadFile(filepath.Join(documents, "targets.yaml"), func(r io.Reader) (*target.File, error) {
		var content bytes.Buffer
		if _, err := content.ReadFrom(r); err != nil {
			return nil, err
		}
		return target.ParseFile("targets.yaml", content.Bytes())
	})
	if err != nil {
		t.Fatal(err)
	}
	own := organization.Place{Account: "123456789012", Region: "us-east-1"}
	nodes, err := session.ReadFile(filepath.Join(documents, "organization.csv"), func(r io.Reader) (map[organization.Place][]sandbox.ManagedNode, error) {
		return organization.ParseNodes(r, own)
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err := organization.New(organization.Config{Nodes: nodes, ExternalID: file.ExternalID})
	if err != nil {
		t.Fatal(err)
	}
	env := serve(t, o)
	env["INVBRIDGE_TARGETS"] = filepath.Join(documents, "targets.yaml")
	env["INVBRIDGE_STATE"] = filepath.Join(t.TempDir(), "state")
	return o, env
}

// TestOneExportOfThreeAccounts: each machine is found in its account, though another account has its name and address, too.
func TestOneExportOfThreeAccounts(t *testing.T) {
	o, env := larkspur(t)
	event, err := testevents.Files.ReadFile("s3-organization.json")
	if err != nil {
		t.Fatal(err)
	}
	export, err := testevents.Files.ReadFile("documents/uploads/servicenow/organization/three accounts.csv")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.At(organization.Place{Account: "123456789012", Region: "us-east-1"}).PutObject("uploads", "servicenow/organization/three accounts.csv", export); err != nil {
		t.Fatal(err)
	}
	listed, err := testevents.Files.ReadFile("documents/organization.csv")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for range 2 {
		code, out, errs := runLine(t, env, string(event), "invoke", "-", "--json", "--rate", "0")
		fmt.Fprintf(&b, "%s%sexit code %d\n", ids.ReplaceAllString(out, `"import":"…"`), errs, code)
	}
	nodes, err := session.ReadFile(filepath.Join(documents, "organization.csv"), func(r io.Reader) (map[organization.Place][]sandbox.ManagedNode, error) {
		return organization.ParseNodes(r, organization.Place{Account: "123456789012", Region: "us-east-1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for at, list := range nodes {
		for _, n := range list {
			line := at.Account + "/" + at.Region + " " + n.InstanceID + " " + n.ComputerName + ": "
			item, ok := o.At(at).Inventory(n.InstanceID, "Custom:Asset")
			if !ok {
				lines = append(lines, line+"nothing")
				continue
			}
			lines = append(lines, line+output.Plural(len(item.Entries), "row")+", "+item.Entries[0]["AssetId"])
		}
	}
	b.WriteString(strings.Join(slices.Sorted(slices.Values(lines)), "\n") + "\n")
	file := documents + "/uploads/servicenow/organization/three accounts.csv"
	// The nodes of a file are of the accounts that stand beside them, and those of other accounts are nobody's.
	_, explained, errs := runLine(t, env, "", "explain", file)
	b.WriteString(strings.ReplaceAll(explained+errs, documents+"/", ""))
	more := write(t, t.TempDir(), "nodes.csv", string(listed)+"i-0a7d3c5e1f2b40008,till-9.larkspur-foods.example,10.40.1.19,,,999988887777,us-east-1,\n")
	if _, again, errs := runLine(t, env, "", "explain", "--nodes", more, file); strings.ReplaceAll(again+errs, documents+"/", "") != strings.ReplaceAll(explained, documents+"/", "") {
		t.Errorf("by the nodes of a file: %s%s", again, errs)
	}
	testfiles.Golden(t, filepath.Join("testdata", "organization.golden.txt"), b.Bytes())
}

// TestARoleIsRevokedAndBack: what is for its account waits, all else is put, and once it is back the nodes hold what they would have held.
func TestARoleIsRevokedAndBack(t *testing.T) {
	o, env := larkspur(t)
	file := documents + "/uploads/servicenow/organization/three accounts.csv"
	if code, out, errs := runLine(t, env, "", "sweep", "--rate", "0"); code != exitDone {
		t.Fatalf("exit code %d, %s%s", code, out, errs)
	}
	there := organization.Place{Account: "444455556666", Region: "eu-central-1"}
	holds := func() (n int) {
		for _, id := range []string{"i-0a7d3c5e1f2b40005", "mi-0a7d3c5e1f2b40006"} {
			if _, ok := o.At(there).Inventory(id, "Custom:Asset"); ok {
				n++
			}
		}
		return n
	}
	o.Revoke(there.Account, true)
	code, out, errs := runLine(t, env, "", "put", "--rate", "0", "--json", file)
	if code != exitPartial || !strings.Contains(out, `"put":4,`) || !strings.Contains(out, `"pending":2,`) || !strings.Contains(out, "target-unreachable") || holds() > 0 {
		t.Errorf("revoked: exit code %d, %s%s", code, out, errs)
	}
	if _, out, _ := runLine(t, env, "", "sweep", "--rate", "0"); !strings.Contains(out, "open: 2 nodes") {
		t.Errorf("the sweep does not say that nodes are open: %s", out)
	}
	o.Revoke(there.Account, false)
	if code, out, errs := runLine(t, env, "", "sweep", "--rate", "0"); code != exitDone || holds() != 2 {
		t.Errorf("back: exit code %d, %d nodes: %s%s", code, holds(), out, errs)
	}
	if code, out, errs := runLine(t, env, "", "put", "--rate", "0", "--json", "--as-of", "now", file); code != exitPartial || !strings.Contains(out, `"unchanged":6,`) {
		t.Errorf("again: exit code %d, %s%s", code, out, errs)
	}
}
