package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/reading"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// machineCase are files that are explained with a file of nodes, each alone, and what must come of their machines.
type machineCase struct {
	nodes, files string
	more         []string // arguments
	want         string   // of each machine: the node and the rule, or the outcome and the reason
}

func TestWhichMachineItIs(t *testing.T) {
	const none = "parked no-such-node"
	cases := []machineCase{
		{nodes: "01-docker-bridge/nodesA.csv", files: "ansA.json glpiA.json r7A.json tenA.json xccA.xml fleetA.json", want: none},
		{nodes: "01-docker-bridge/nodesA.csv", files: "ansA3.json", want: "i-0aaaaaaaaaaaaaaa2 ip"},
		{nodes: "01-docker-bridge/nodesA2.csv", files: "ansA.json", want: none},
		{nodes: "01-docker-bridge/nodesBr.csv", files: "snBr.csv", want: strings.TrimSuffix(strings.Repeat(none+", ", 8), ", ")},
		{nodes: "02-short-name-other-domain/nodesB.csv", files: "ansB.json flB.json glpiB.json nbB.json nesB.nessus ohB.json pupB.json qB.csv rvB.csv snB.csv tenB.json", want: none},
		{nodes: "03-ip-reuse/nodesE.csv", files: "nbE.json", want: none + ", i-0eeeeeeeeeeeeeee1 hostname"},
		{nodes: "03-ip-reuse/nodesP1.csv", files: "scanP.nessus", want: "parked address-only"},
		{nodes: "04-two-machines-one-node/nodesI.csv", files: "nbI.json ansI1.json nesI.nessus", want: "i-0abcdef0123456791 hostname, rejected same-node"},
		{nodes: "04-two-machines-one-node/nodesI2.csv", files: "nbI.json", want: "i-0abcdef0123456791 hostname, i-0abcdef0123456792 hostname"},
		{nodes: "05-shared-mac/nodesM.json", files: "glpiM.json", want: none},
		{nodes: "05-shared-mac/nodesM.json", files: "snM.csv", want: none + ", " + none},
		{nodes: "05-shared-mac/nodesM.json", files: "snMac1.csv", want: "mi-0123456789abcde01 mac"},
		{nodes: "06-nat-address/nodesF.csv", files: "flF.json", want: none + ", " + none},
		{nodes: "10-reimaged/nodesC.json", files: "snC.csv", want: "i-0ccccccccccccccc2 hostname, i-0ccccccccccccccc3 hostname, rejected ambiguous"},
		{nodes: "10-reimaged/nodesS.json", files: "snS.csv", want: "i-0ccccccccccccccc2 hostname"},
		{nodes: "10-reimaged/nodesC.json", files: "snC.csv", more: []string{"--mappings", "mapOn", "--mapping", "servicenow-online"}, want: "i-0ccccccccccccccc2 hostname, i-0ccccccccccccccc3 hostname, rejected ambiguous"},
		{nodes: "10-reimaged/nodesC.json", files: "snC.csv", more: []string{"--mappings", "mapAl", "--mapping", "servicenow-ec2"}, want: "i-0ccccccccccccccc2 hostname, i-0ccccccccccccccc3 hostname, rejected ambiguous"},
		{nodes: "11-clone-serial/nodesD2.json", files: "flD.json", want: "i-0ddddddddddddddd1 hostname, i-0ddddddddddddddd2 hostname"},
		{nodes: "11-clone-serial/nodesD1.json", files: "flD.json", want: "i-0ddddddddddddddd1 hostname, " + none},
		{nodes: "11-clone-serial/nodesD.json", files: "flD.json", want: "i-0ddddddddddddddd1 hostname, i-0ddddddddddddddd2 hostname"},
		{nodes: "11-clone-serial/nodesL.json", files: "glpiL.json", want: "rejected contradiction"},
		{nodes: "11-clone-serial/nodesU.json", files: "rvU.csv snipeS.json", want: "mi-0abcdef0123456796 serial"},
		{nodes: "12-several-addresses-in-a-cell/nodesMV.json", files: "snMV1.csv snMV2.csv snMV3.csv snMV5.csv nbMV.csv siMV.csv flMV.csv", want: "mi-0123456789abcde11 ip"},
		{nodes: "12-several-addresses-in-a-cell/nodesMV.json", files: "snMV4.csv", want: "mi-0123456789abcde11 mac"},
		{nodes: "14-csv-xlsx/nodesH.csv", files: "trail.csv trail2.csv qnl.csv hiddenrow.xlsx", want: "i-0abcdef0123456781 hostname, i-0abcdef0123456782 hostname"},
		{nodes: "14-csv-xlsx/nodesH.csv", files: "nbsp.csv sep.csv d1904.xlsx", want: "i-0abcdef0123456781 hostname"},
		{nodes: "14-csv-xlsx/nodesH.csv", files: "merged.xlsx", want: "i-0abcdef0123456781 hostname, i-0abcdef0123456782 ip"},
		{nodes: "14-csv-xlsx/nodesH.csv", files: "numbers.xlsx multiip.csv", want: "i-0abcdef0123456781 hostname, parked address-only"},
		{nodes: "15-right-names/nodesK.csv", files: "snK.csv", want: "i-0abcdef01234567b1 hostname, i-0abcdef01234567b2 hostname, i-0abcdef01234567b3 hostname"},
		{nodes: "15-right-names/nodesV6.csv", files: "snV6-1.csv snV6-2.csv snV6-3.csv snV6-4.csv", want: "mi-0abcdef0123456795 ip"},
		{nodes: "15-right-names/nodesV6.csv", files: "snV6-5.csv snV6-6.csv", want: none},
	}
	root, there := machineCases(t)
	if !there {
		return // TestOwnCases has cases of our own
	}
	for _, c := range cases {
		for _, file := range strings.Fields(c.files) {
			t.Run(c.nodes+" "+file, func(t *testing.T) {
				dir := filepath.Join(root, filepath.Dir(c.nodes))
				if got := explained(t, nil, append([]string{filepath.Join(dir, file), "--nodes", filepath.Join(root, c.nodes)}, inFolder(dir, c.more)...)); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		}
	}
}

// TestOwnCases explains the cases of our own, which stand in where those beside the repository are absent: each a file of nodes, one of
// records, and what must come of them.
func TestOwnCases(t *testing.T) {
	t.Setenv("AWS_REGION", "us-east-1")
	dirs, err := filepath.Glob("testdata/machine/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no cases")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join(dir, "want.txt"))
			if err != nil {
				t.Fatal(err)
			}
			got := explained(t, nil, []string{filepath.Join(dir, "records.csv"), "--nodes", filepath.Join(dir, "nodes.csv")})
			if got+"\n" != string(want) {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestSharedIdentifiersOfAUser: what a file of the mappings directory lists names nobody; a cell without an address is noted on the receipt.
func TestSharedIdentifiersOfAUser(t *testing.T) {
	_, env := against(t, webNode(1, ""))
	dir := t.TempDir()
	file := write(t, dir, "export.csv", exportHead+"a,cmdb_ci_server,,10.1.0.1,,\nb,cmdb_ci_server,,see ticket,,\n")
	if got := explained(t, env, []string{file}); got != webNode(1, "").InstanceID+" ip, parked unidentified" {
		t.Error(got)
	}
	write(t, dir, "mine/shared.yaml", "version: 1\nsharedIdentifiers:\n  ip: [10.1.0.0/24]\n")
	mine := filepath.Join(dir, "mine")
	if got := explained(t, env, []string{file, "--mappings", mine}); got != "parked no-such-node, parked unidentified" {
		t.Error(got)
	}
	_, out, _ := runLine(t, env, "", "plan", file, "--state", filepath.Join(dir, "state"))
	if !strings.Contains(out, "an IP address could not be read") {
		t.Error(out)
	}
	write(t, dir, "mine/shared.yaml", "version: 1\nsharedIdentifiers:\n  ip: [10.1.0]\n")
	if code, _, errs := runLine(t, env, "", "explain", file, "--mappings", mine); code != exitFailed || !strings.Contains(errs, "shared.yaml:3:8: /sharedIdentifiers/ip/0: expected an IP address") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// machineCases is where cases after public reports lie, beside the repository; there is false where they do not.
func machineCases(t *testing.T) (dir string, there bool) {
	t.Helper()
	t.Setenv("AWS_REGION", "us-east-1")
	return testfiles.Shared(t, "cases", "machine")
}

// inFolder returns arguments with the folders of mappings among them where they are.
func inFolder(dir string, args []string) []string {
	var list []string
	for i, a := range args {
		if i > 0 && args[i-1] == "--mappings" {
			a = filepath.Join(dir, a)
		}
		list = append(list, a)
	}
	return list
}

// explained runs explain and returns what came of each machine.
func explained(t *testing.T, env map[string]string, args []string) string {
	t.Helper()
	code, out, errs := runLine(t, env, "", append([]string{"explain", "--json"}, args...)...)
	if code != exitDone && code != exitPartial {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var list []string
	for line := range strings.Lines(out) {
		var m reading.ExplainLine
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		switch {
		case m.Node != "":
			list = append(list, m.Node+" "+m.Rule)
		case m.Outcome != "":
			list = append(list, string(m.Outcome)+" "+m.Reason)
		}
	}
	return strings.Join(list, ", ")
}

// boxOf is a sandbox with the nodes of a file.
func boxOf(t *testing.T, path string) (*sandbox.Sandbox, map[string]string) {
	t.Helper()
	return boxWith(t, path, "")
}

// boxWith is a sandbox with the nodes of a file and the objects of a folder.
func boxWith(t *testing.T, path, objects string) (*sandbox.Sandbox, map[string]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	nodes, err := sandbox.ParseNodes(f)
	if err != nil {
		t.Fatal(err)
	}
	return againstBox(t, sandbox.Config{Nodes: nodes, Objects: objects})
}

// TestCasesAgainstTheService goes the ways of the cases that need one.
func TestCasesAgainstTheService(t *testing.T) {
	root, there := machineCases(t)
	if !there {
		return
	}
	at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	t.Run("a recycled address is not swept", func(t *testing.T) {
		box, env := boxOf(t, at("03-ip-reuse/nodesP1.csv"))
		state := filepath.Join(t.TempDir(), "state")
		runLine(t, env, "", "put", "--nodes", at("03-ip-reuse/nodesP0.csv"), "--state", state, "--rate", "0", at("03-ip-reuse/scanP.nessus"))
		runLine(t, env, "", "sweep", "--state", state, "--rate", "0")
		if calls := box.Counts().Calls["PutInventory"]; calls != 0 {
			t.Errorf("%d calls", calls)
		}
	})
	t.Run("two machines are not put on one node", func(t *testing.T) {
		_, env := boxOf(t, at("04-two-machines-one-node/nodesI.csv"))
		code, out, _ := runLine(t, env, "", "put", "--json", "--state", filepath.Join(t.TempDir(), "state"), "--rate", "0", at("04-two-machines-one-node/nesI.nessus"))
		sum := summaryOf[putSummary](t, out)
		if got := fmt.Sprint(code, " ", output.Counts(sum.Outcomes)); got != "3 1 put, 1 rejected" {
			t.Errorf("got %s", got)
		}
	})
	for name, refused := range map[string]string{"extra.csv": "more cells", "nul.csv": "", "u16nobom.csv": ""} {
		t.Run("refused: "+name, func(t *testing.T) {
			code, _, errs := runLine(t, nil, "", "explain", "--nodes", at("14-csv-xlsx/nodesH.csv"), at("14-csv-xlsx/"+name))
			if code != exitFailed || !strings.Contains(errs, refused) {
				t.Errorf("exit code %d: %s", code, errs)
			}
		})
	}
	t.Run("events about a bridge's address and a short name", func(t *testing.T) {
		for _, event := range []string{"evA.json", "evB.json"} {
			if got := invoked(t, at("01-docker-bridge/nodesAB.csv"), at("01-docker-bridge/s3b"), at("01-docker-bridge/"+event)); got != "1 parked" {
				t.Errorf("%s: %s", event, got)
			}
		}
	})
	t.Run("events of S3", func(t *testing.T) {
		events, err := filepath.Glob(at("13-s3-events/ev/*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range events {
			want := "not about a new object"
			switch name := filepath.Base(event); {
			case strings.HasPrefix(name, "eb1"), strings.HasPrefix(name, "eb2"), strings.HasPrefix(name, "eb3"), strings.HasPrefix(name, "n"):
				want = "1 put"
			case strings.Contains(name, "folder") && name != "console_folder.json":
				want = "a folder's marker"
			case name == "console_folder.json", name == "missing.json":
				want = "reject"
			case name == "test.json":
				want = "s3:TestEvent: the bucket's notifications have been set up"
			}
			if got := invoked(t, at("13-s3-events/nodesG.csv"), at("13-s3-events/s3"), event); got != want {
				t.Errorf("%s: got %s, want %s", filepath.Base(event), got, want)
			}
		}
	})
	t.Run("many MACs at once", func(t *testing.T) {
		box, env := boxOf(t, at("05-shared-mac/nodesM.json"))
		var want []string
		for range 130 {
			want = append(want, "parked no-such-node")
		}
		got := explained(t, env, []string{at("05-shared-mac/snMac.csv")})
		if diff := cmp.Diff(strings.Join(append(want, "mi-0123456789abcde01 mac"), ", "), got); diff != "" {
			t.Error(diff)
		}
		if calls := box.Counts().Calls["GetInventory"]; calls > 25 {
			t.Errorf("%d calls", calls)
		}
		if got := explained(t, env, []string{at("05-shared-mac/snM.csv")}); got != "parked no-such-node, parked no-such-node" {
			t.Error(got)
		}
	})
	t.Run("the service gives no serials", func(t *testing.T) {
		_, env := boxOf(t, at("11-clone-serial/nodesU.json"))
		_, out, _ := runLine(t, env, "", "explain", at("11-clone-serial/rvU.csv"))
		if !strings.Contains(out, "parked: no-such-node") || !strings.Contains(out, "the service has none; a file of nodes (--nodes) or a tag can have them") {
			t.Error(out)
		}
	})
}

// invoked hands an event to a fresh installation with the objects of a folder, and returns what came of it.
func invoked(t *testing.T, nodes, objects, event string) string {
	t.Helper()
	_, env := boxWith(t, nodes, objects)
	_, out, errs := runLine(t, env, "", "invoke", event, "--json", "--rate", "0", "--state", filepath.Join(t.TempDir(), "state"))
	var got struct {
		Messages []struct {
			Outcomes       *receipt.Counts
			Nothing, Class string
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || len(got.Messages) != 1 {
		t.Fatalf("%v: %s %s", err, out, errs)
	}
	m := got.Messages[0]
	if m.Outcomes != nil && m.Outcomes.Sum() > 0 {
		return output.Counts(*m.Outcomes)
	}
	return m.Nothing + m.Class
}
