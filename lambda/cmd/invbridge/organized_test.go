package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
)

// TestCommandsSayWhere: one export of three accounts of which two have a machine of one name, and each command says in which account and region a
// node is.
func TestCommandsSayWhere(t *testing.T) {
	place := func(account string) organization.Place {
		return organization.Place{Account: account, Region: "eu-central-1"}
	}
	o, err := organization.New(organization.Config{
		Own: sandbox.Config{Nodes: []sandbox.ManagedNode{webNode(1, "build-1")}},
		Nodes: map[organization.Place][]sandbox.ManagedNode{
			place(firstAccount): {webNode(2, "web-1"), webNode(3, "db-1")}, place(secondAccount): {webNode(4, "web-1")},
		},
		ExternalID: "invbridge-8c1f",
	})
	if err != nil {
		t.Fatal(err)
	}
	env, dir := serve(t, o), t.TempDir()
	env["INVBRIDGE_STATE"] = filepath.Join(dir, "state")
	env["INVBRIDGE_TARGETS"] = write(t, dir, "targets.yaml", "externalId: invbridge-8c1f\ntargets:\n  - {account: \""+firstAccount+"\", region: eu-central-1}\n"+
		"  - {account: \""+secondAccount+"\", region: eu-central-1}\n")
	mappings := filepath.Join(dir, "mappings")
	write(t, mappings, "estate.yaml", "version: 1\nmapping: estate\nmatch:\n  - s3: {key: \"estate/**\"}\ndetect:\n  - csv: [Host, Account]\neach: $rows\n"+
		"identify: {hostname: Host, account: Account}\nCustom:Tag:\n  Name: {value: Owner}\n  Value: Owner\n")
	write(t, mappings, "types.yaml", "version: 1\ntypes:\n  Custom:Tag:\n    schemaVersion: \"1.0\"\n    about: a tag\n    key: [Name]\n    sort: [Name]\n    required: [Name]\n"+
		"    attributes:\n      Name: {max: 64}\n      Value: {max: 64}\n")
	export := write(t, dir, "estate.csv", "Host,Account,Owner\nbuild-1,123456789012,ops\nweb-1,"+firstAccount+",shop\ndb-1,"+firstAccount+",shop\nweb-1,"+secondAccount+",blog\n"+
		"web-2,"+secondAccount+",blog\ndb-1,"+secondAccount+",blog\nweb-7,999999999999,other\n")
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := runLine(t, env, "", append(args, "--mappings", mappings)...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out + errs
	}
	first, second := " in "+firstAccount+"/eu-central-1", " in "+secondAccount+"/eu-central-1"
	id := func(i int) string { return webNode(i, "").InstanceID }
	says := func(got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q is missing in:\n%s", w, got)
			}
		}
	}
	says(run(exitPartial, "explain", export),
		id(2)+first+" by hostname", id(4)+second+" by hostname", "contradiction", "skipped: elsewhere", "parked: no-such-node", id(1)+" by hostname")
	says(run(exitPartial, "plan", export), "web-1 ("+id(2)+")"+first, "web-1 ("+id(4)+")"+second, "the others beside it")
	put := run(exitPartial, "put", export)
	says(put, id(2)+first, id(4)+second, "4 put", "1 parked", "1 rejected", "1 skipped")
	for i, owner := range map[int]string{1: "ops", 2: "shop", 3: "shop", 4: "blog"} {
		account := map[int]string{1: "123456789012", 2: firstAccount, 3: firstAccount, 4: secondAccount}[i]
		at := organization.Place{Account: account, Region: "eu-central-1"}
		if i == 1 {
			at.Region = "us-east-1"
		}
		item, ok := o.At(at).Inventory(id(i), "Custom:Tag")
		if !ok || len(item.Entries) != 1 || item.Entries[0]["Value"] != owner {
			t.Errorf("node %d holds %+v", i, item)
		}
	}
	says(run(exitDone, "node", id(4)), "web-1 ("+id(4)+")"+second, "service     1 entry")
	says(run(exitDone, "node", id(4), "--json"), `"account":"`+secondAccount+`"`, `"region":"eu-central-1"`)
	says(run(exitFailed, "node", "web-1"), id(2)+first, id(4)+second, "2 nodes have this name")
	says(run(exitDone, "history", id(2)), "web-1 ("+id(2)+")"+first)
	says(run(exitDone, "source", "list"), "2 in "+firstAccount+"/eu-central-1, 1 in "+secondAccount+"/eu-central-1, 1 in the installation's own account and region")
	importID := put[strings.Index(put, "invbridge receipt ")+len("invbridge receipt "):]
	importID = importID[:strings.IndexByte(importID, ')')]
	code, receipt, errs := runLine(t, env, "", "receipt", importID)
	if code != exitDone {
		t.Fatal(errs)
	}
	says(run(exitDone, "rollback", "--plan", importID), "4 nodes would take 4 calls", "1s for "+firstAccount+"/eu-central-1, the others beside it")
	says(run(exitDone, "source", "remove", "--plan", "estate"), "4 calls", "1s for "+firstAccount+"/eu-central-1, the others beside it")
	says(receipt, "2 nodes in "+firstAccount+"/eu-central-1", "1 node in "+secondAccount+"/eu-central-1", "1 node in the installation's own account and region")
	says(run(exitFailed, "source", "remove", "--plan", "--node", "web-1", "estate"), "2 nodes are called web-1: "+id(2)+first+", "+id(4)+second+": name one by its ID")
	run(exitDone, "sweep")
	t.Setenv("AWS_REGION", "eu-central-1")
	says(run(exitFailed, "sweep"), "the state is that of an installation in 123456789012/us-east-1, and the credentials and region in use are those of 123456789012/eu-central-1")
}

// TestPlansSayWhatWaits: where an account cannot be reached, the plans of what takes rows away say that its nodes wait, and so does what they plan.
func TestPlansSayWhatWaits(t *testing.T) {
	o, env := larkspur(t)
	file := documents + "/uploads/servicenow/organization/three accounts.csv"
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := runLine(t, env, "", args...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out
	}
	run(exitDone, "sweep", "--rate", "0")
	put := run(exitPartial, "put", "--rate", "0", file)
	importID := put[strings.Index(put, "invbridge receipt ")+len("invbridge receipt "):]
	importID = importID[:strings.IndexByte(importID, ')')]
	const waits = "2 nodes would wait as pending, since the account and region cannot be reached: see invbridge target check"
	for _, args := range [][]string{{"rollback", "--plan", importID}, {"source", "remove", "--plan", "servicenow"}} {
		if out := run(exitDone, args...); strings.Contains(out, "would wait") || !strings.Contains(out, "6 calls") {
			t.Errorf("%v, all reached: %s", args, out)
		}
	}
	o.Revoke("444455556666", true)
	run(exitDone, "sweep", "--rate", "0")
	if out := run(exitPartial, "rollback", "--plan", importID); !strings.Contains(out, waits) || !strings.Contains(out, "2 pending") || !strings.Contains(out, "4 calls") {
		t.Errorf("rollback: %s", out)
	}
	if out := run(exitDone, "source", "remove", "--plan", "servicenow"); !strings.Contains(out, waits) || !strings.Contains(out, "by 4 calls") {
		t.Errorf("source remove: %s", out)
	}
	if out := run(exitDone, "source", "remove", "--plan", "--json", "servicenow"); !strings.Contains(out, `{"summary":{"calls":4,"nodes":6,"waiting":2}}`) {
		t.Errorf("source remove: %s", out)
	}
	if out := run(exitPartial, "source", "remove", "--rate", "0", "servicenow"); !strings.Contains(out, "4 calls") || !strings.Contains(out, "2 nodes still open") {
		t.Errorf("source remove: %s", out)
	}
}

// TestAccountsWithoutTheirZeros: a spreadsheet has dropped the zeros at the beginning of accounts. Where that is one of the installation's, it is that
// one, and else none.
func TestAccountsWithoutTheirZeros(t *testing.T) {
	const own, other = "000000123456", "001122223333"
	o, err := organization.New(organization.Config{
		Own:        sandbox.Config{Account: own, Nodes: []sandbox.ManagedNode{webNode(1, "web-1")}},
		Nodes:      map[organization.Place][]sandbox.ManagedNode{{Account: other, Region: "eu-central-1"}: {webNode(2, "web-1"), webNode(3, "web-3")}},
		ExternalID: "invbridge-8c1f",
	})
	if err != nil {
		t.Fatal(err)
	}
	env, dir := serve(t, o), t.TempDir()
	env["INVBRIDGE_STATE"] = filepath.Join(dir, "state")
	env["INVBRIDGE_TARGETS"] = write(t, dir, "targets.yaml", "externalId: invbridge-8c1f\ntargets:\n  - {account: \""+other+"\", region: eu-central-1}\n")
	mappings := filepath.Join(dir, "mappings")
	write(t, mappings, "estate.yaml", "version: 1\nmapping: estate\ndetect:\n  - csv: [Host, Account]\neach: $rows\nidentify: {hostname: Host, account: Account}\n"+
		"Custom:Asset:\n  AssetId: Host\n")
	export := write(t, dir, "estate.csv", "Host,Account\nweb-1,123456\nweb-1,1122223333\nweb-3,123456\nweb-3,77\n")
	code, out, errs := runLine(t, env, "", "put", "--rate", "0", "--mappings", mappings, export)
	if code != exitPartial || !strings.Contains(out, "3 put") || !strings.Contains(out, "1 rejected") || // the own account has no web-3
		!strings.Contains(out, "an account could not be read: it is not twelve digits, and counts as none (1×)") { // and 77 is nobody's
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	for _, at := range []struct {
		of organization.Place
		id int
	}{{organization.Place{Account: own, Region: "us-east-1"}, 1}, {organization.Place{Account: other, Region: "eu-central-1"}, 2}} {
		if _, ok := o.At(at.of).Inventory(webNode(at.id, "").InstanceID, "Custom:Asset"); !ok {
			t.Errorf("node %d holds nothing", at.id)
		}
	}
}

// TestAnAccountBecomesATarget: records that were skipped since their account was none are named with their document once it is one, and are put with it.
func TestAnAccountBecomesATarget(t *testing.T) {
	place := func(account string) organization.Place {
		return organization.Place{Account: account, Region: "eu-central-1"}
	}
	o, err := organization.New(organization.Config{
		Own:        sandbox.Config{Nodes: []sandbox.ManagedNode{webNode(1, "web-1")}},
		Nodes:      map[organization.Place][]sandbox.ManagedNode{place(firstAccount): {webNode(2, "web-2")}, place(secondAccount): {webNode(3, "web-3"), webNode(4, "web-4")}},
		ExternalID: "invbridge-8c1f",
	})
	if err != nil {
		t.Fatal(err)
	}
	env, dir := serve(t, o), t.TempDir()
	env["INVBRIDGE_STATE"] = filepath.Join(dir, "state")
	mappings := filepath.Join(dir, "mappings")
	write(t, mappings, "estate.yaml", "version: 1\nmapping: estate\ndetect:\n  - csv: [Host, Account]\neach: $rows\nidentify: {hostname: Host, account: Account}\nCustom:Asset:\n  AssetId: Host\n")
	const header = "externalId: invbridge-8c1f\ntargets:\n  - {account: \"" + firstAccount + "\", region: eu-central-1}\n"
	env["INVBRIDGE_TARGETS"] = write(t, dir, "targets.yaml", header)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := runLine(t, env, "", append(args, "--mappings", mappings)...)
		if code != want {
			t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out
	}
	lines := "Host,Account\nweb-1,123456789012\nweb-2," + firstAccount + "\nweb-3," + secondAccount + "\nweb-4," + secondAccount + "\nweb-9,999999999999\n"
	run(exitDone, "put", "--rate", "0", write(t, dir, "estate monday.csv", lines))
	file := write(t, dir, "estate tuesday.csv", lines+"web-8,999999999999\n")
	put := run(exitDone, "put", "--rate", "0", file)
	for _, want := range []string{"  elsewhere: 2 records of account " + secondAccount + ", which was no target\n", "  elsewhere: 2 records of account 999999999999, which was no target\n"} {
		if !strings.Contains(put, want) {
			t.Errorf("%q is missing in %s", want, put)
		}
	}
	if out := run(exitDone, "redrive"); out != "nothing waits\n" {
		t.Errorf("before: %s", out)
	}
	write(t, dir, "targets.yaml", header+"  - {account: \""+secondAccount+"\", region: eu-central-1}\n")
	if out := run(exitDone, "sweep", "--rate", "0"); !strings.Contains(out, "is a target from now on: invbridge redrive") {
		t.Errorf("the sweep does not say so: %s", out)
	}
	out := run(exitDone, "redrive")
	if !strings.Contains(out, "elsewhere      2 records of import ") || !strings.Contains(out, "to try them: invbridge put '"+file+"'\n") || !strings.Contains(out, "also in 1 document of its mapping before it\n") || strings.Count(out, "\n") != 3 {
		t.Errorf("once it is one: %s", out)
	}
	if out := run(exitDone, "redrive", "--json"); !strings.Contains(out, `"count":2`) || !strings.Contains(out, `"elsewhere":2`) {
		t.Errorf("as JSON: %s", out)
	}
	run(exitDone, "put", "--rate", "0", file)
	for i, at := range map[int]organization.Place{2: place(firstAccount), 3: place(secondAccount), 4: place(secondAccount)} {
		if _, ok := o.At(at).Inventory(webNode(i, "").InstanceID, "Custom:Asset"); !ok {
			t.Errorf("node %d holds nothing", i)
		}
	}
	if out := run(exitDone, "redrive"); out != "nothing waits\n" {
		t.Errorf("after: %s", out)
	}
}
