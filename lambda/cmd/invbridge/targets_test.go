package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
)

const (
	firstAccount, secondAccount, thirdAccount = "111122223333", "444455556666", "777788889999"

	targetsFile = `externalId: invbridge-8c1f
targets:
  - {account: "` + firstAccount + `", region: eu-central-1}
  - {account: "` + firstAccount + `", region: ap-east-1}
  - {account: "` + secondAccount + `", region: eu-central-1}
  - {account: "` + thirdAccount + `", region: eu-central-1, role: "arn:aws:iam::` + thirdAccount + `:role/Other"}
  - {account: "123456789012", region: us-east-1}
`
)

// organized serves an organization of four accounts, and writes a file of targets.
func organized(t *testing.T) (o *organization.Organization, env map[string]string, file string) {
	t.Helper()
	central := func(account string) organization.Place {
		return organization.Place{Account: account, Region: "eu-central-1"}
	}
	o, err := organization.New(organization.Config{
		Own: sandbox.Config{Nodes: []sandbox.ManagedNode{webNode(1, "")}},
		Nodes: map[organization.Place][]sandbox.ManagedNode{
			central(firstAccount): {webNode(2, ""), webNode(3, "")}, central(secondAccount): {webNode(4, "")}, central(thirdAccount): {webNode(5, "")},
		},
		ExternalID: "invbridge-8c1f",
		Units:      []organization.Unit{{ID: "ou-ab12-11111111", Accounts: []string{secondAccount}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, serve(t, o), write(t, t.TempDir(), "targets.yaml", targetsFile)
}

func TestTargetCheck(t *testing.T) {
	o, env, file := organized(t)
	o.TurnOff(organization.Place{Account: firstAccount, Region: "ap-east-1"}, true)
	code, out, errs := runLine(t, env, "", "target", "check", "--targets", file)
	want := firstAccount + "/ap-east-1: the region is off in the account, or the role was deleted a moment ago (UnrecognizedClientException): turn the region on there, or remove the target from the file\n" +
		firstAccount + "/eu-central-1: 2 nodes\n" +
		secondAccount + "/eu-central-1: 1 node\n" +
		thirdAccount + "/eu-central-1: the role cannot be assumed (AssumeRole.AccessDenied): deploy the target's template in this account, "
	if code != exitPartial || !strings.HasPrefix(out, want) || !strings.HasSuffix(out, "\n4 targets, 2 of them cannot be reached\n") {
		t.Errorf("exit code %d, %s%s\nwant %s", code, out, errs, want)
	}
	for what, c := range map[string]struct {
		change func()
		want   string
	}{
		"suspended": {func() { o.Suspend(secondAccount, true) }, `"code":"AssumeRole.AccessDenied"`},
		"denied": {func() {
			o.Suspend(secondAccount, false)
			o.At(organization.Place{Account: secondAccount, Region: "eu-central-1"}).Inject(sandbox.Fault{Kind: sandbox.FaultError, Code: "AccessDeniedException"})
		}, `"wrong":"the role may not list nodes"`},
	} {
		c.change()
		env["INVBRIDGE_TARGETS"] = write(t, t.TempDir(), "t.yaml", "externalId: invbridge-8c1f\norganization: {units: [ou-ab12-11111111], regions: [eu-central-1]}\n"+
			"targets: [{account: \""+secondAccount+"\", region: eu-central-1}]\n")
		code, out, errs := runLine(t, env, "", "target", "check", "--json")
		if code != exitPartial || !strings.Contains(out, c.want) || !strings.Contains(out, `{"summary":{"targets":1,"unreachable":1}}`) {
			t.Errorf("%s: exit code %d, %s%s", what, code, out, errs)
		}
		o.Suspend(secondAccount, false)
	}
	if code, out, errs := runLine(t, env, "", "target", "check"); code != exitDone {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

// TestTargetList: before the first sweep the file's are known, and then what the sweep saw of each; one that leaves the file is kept.
func TestTargetList(t *testing.T) {
	o, env, file := organized(t)
	env["INVBRIDGE_TARGETS"] = file
	env["INVBRIDGE_STATE"] = filepath.Join(t.TempDir(), "state")
	sweep := func() {
		t.Helper()
		if code, out, errs := runLine(t, env, "", "sweep", "--rate", "0"); code != exitDone {
			t.Fatalf("exit code %d, %s%s", code, out, errs)
		}
	}
	list := func(want ...string) {
		t.Helper()
		code, out, errs := runLine(t, env, "", "target", "list")
		for _, part := range want {
			if code != exitDone || !strings.Contains(out, part) {
				t.Errorf("exit code %d, %s%s\nwant %s", code, out, errs, part)
			}
		}
	}
	o.Revoke(secondAccount, true)
	if _, out, _ := runLine(t, env, "", "sweep", "--rate", "0"); !strings.Contains(out, "account and region "+secondAccount+"/eu-central-1 could not be listed (AssumeRole.AccessDenied), since 20") {
		t.Errorf("the sweep says nothing of it: %s", out)
	}
	list(firstAccount+"/eu-central-1: 2 nodes, listed 20", secondAccount+"/eu-central-1: never listed; cannot be reached since 20", "(AssumeRole.AccessDenied): see invbridge target check")
	o.Revoke(secondAccount, false)
	sweep()
	list(secondAccount + "/eu-central-1: 1 node, listed 20")
	env["INVBRIDGE_TARGETS"] = write(t, t.TempDir(), "t.yaml", strings.Replace(targetsFile, secondAccount, "999999999999", 1))
	list(`999999999999/eu-central-1: never listed` + "\n")
	sweep()
	list(secondAccount+"/eu-central-1: 1 node, listed 20", "; neither in the file nor in the organization since 20", "999999999999/eu-central-1: never listed; cannot be reached since")
	if code, out, errs := runLine(t, env, "", "target", "list", "--json"); code != exitDone || strings.Contains(out, "invbridge-8c1f") || !strings.Contains(out, `"summary":{"targets":5,"unreachable":2}`) {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

func TestWrongTargets(t *testing.T) {
	o, env, _ := organized(t)
	for content, says := range map[string]string{
		"targets: [{account: \"1\", region: eu-central-1}]\nexternalId: ab\n":                               "t.yaml:1:",
		"externalId: ab\norganization: {units: [ou-ab12-22222222], regions: [eu-central-1]}\ntargets: []\n": "ParentNotFoundException",
	} {
		code, out, errs := runLine(t, env, "", "target", "check", "--targets", write(t, t.TempDir(), "t.yaml", content))
		if code != exitFailed || !strings.Contains(errs, says) {
			t.Errorf("%s: exit code %d, %s%s", content, code, out, errs)
		}
	}
	if code, _, errs := runLine(t, env, "", "target", "check"); code != exitUsage || !strings.Contains(errs, "--targets FILE") {
		t.Errorf("no file: exit code %d, %s", code, errs)
	}
	if got := o.Calls()["AssumeRole"]; got > 0 {
		t.Errorf("%d roles were assumed", got)
	}
}

// TestNodesOfAFileInAnOrganization: accounts that the organization has count for the nodes of a file, before any sweep.
func TestNodesOfAFileInAnOrganization(t *testing.T) {
	_, env, _ := organized(t)
	dir := t.TempDir()
	env["INVBRIDGE_TARGETS"] = write(t, dir, "targets.yaml", "externalId: invbridge-8c1f\norganization: {units: [ou-ab12-11111111], regions: [eu-central-1]}\n")
	nodes := write(t, dir, "nodes.csv", "InstanceId,ComputerName,Account,Region\ni-0123456789abcdef0,app-1,"+secondAccount+",eu-central-1\ni-0123456789abcdef1,app-1,999999999999,eu-central-1\n")
	export := write(t, dir, "servers.csv", exportHead+"a,cmdb_ci_server,app-1,,,Linux\n")
	code, out, errs := runLine(t, env, "", "explain", "--nodes", nodes, export)
	if code != exitDone || !strings.Contains(out, "i-0123456789abcdef0 in "+secondAccount+"/eu-central-1 by hostname") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}
