package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestMachinesKnownByNumbers: explain, put and node say by which number a machine is known, and who has tied it to the node.
func TestMachinesKnownByNumbers(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"))
	dir := t.TempDir()
	write(t, dir, "m/types.yaml", "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n")
	write(t, dir, "m/hosts.yaml", "version: 1\nmapping: agent-hosts\nfamily: agents\ndetect:\n  - csv: [agent, host, note]\neach: $rows\n"+
		"key: agent\nidentify: {hostname: host}\nCustom:Note:\n  Id: note\n")
	write(t, dir, "m/notes.yaml", "version: 1\nmapping: agent-notes\nfamily: agents\ndetect:\n  - csv: [aid, text]\neach: $rows\nkey: aid\nCustom:Note:\n  Id: text\n")
	const number = "8fc65315612b4f6b96d356ad11cd0e6a"
	hosts, notes := write(t, dir, "hosts.csv", "agent,host,note\n"+number+",web-1,a\n"), write(t, dir, "notes.csv", "aid,text\n"+number+",b\n")
	own, state := []string{"--mappings", filepath.Join(dir, "m")}, []string{"--state", filepath.Join(dir, "state")}
	say := func(command string, args ...string) string {
		t.Helper()
		_, out, errs := runLine(t, env, "", append(append([]string{command}, args...), own...)...)
		return out + errs
	}
	const tied = "the source's own number of the machine was tied to a node by agent-hosts on "
	for _, step := range []struct{ said, want string }{
		{say("mapping", "check", "--sample", notes), "0 without an identifier; 0 findings"},
		{say("explain", notes), "parked: unidentified"},
		{say("explain", append(state, notes)...), "number     says nothing: no import has tied it to a managed node"},
		{say("put", append(state, "--rate", "0", hosts)...), "1 put"},
		{say("explain", append(state, notes)...), webNode(1, "").InstanceID + " by number (" + tied},
		{say("explain", append(state, notes)...), "number     agrees with " + webNode(1, "").InstanceID},
		{say("put", append(state, "--rate", "0", notes)...), "machines were found by their numbers in the source, which an earlier import had tied to their nodes"},
		{say("node", append(state, webNode(1, "").InstanceID)...), "number " + number + " of agents, tied to the node by agent-hosts on "},
		{say("node", append(state, "--json", webNode(1, "").InstanceID)...), `"numbers":{"agents":[{"key":"` + number + `"`},
	} {
		if !strings.Contains(step.said, step.want) {
			t.Errorf("%q is missing in:\n%s", step.want, step.said)
		}
	}
}

// TestMappingTestsNameMachinesByNumbers, since their samples may have no other identifier.
func TestMappingTestsNameMachinesByNumbers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "types.yaml", "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n")
	write(t, dir, "notes.csv", "aid,text\n8FC65315612b4f6b96d356ad11cd0e6a,b\n")
	write(t, dir, "nodes.csv", "InstanceId,ComputerName,IPAddress\ni-0123456789abcdef0,web-1,\n")
	mapping := "version: 1\nmapping: agent-notes\nfamily: agents\ndetect:\n  - csv: [aid, text]\neach: $rows\nkey: aid\nCustom:Note:\n  Id: text\n" +
		"tests:\n  - sample: notes.csv\n    nodes: nodes.csv\n    records: 1\n    subjects: {NUMBER: parked}\n    entries:\n      - {type: Custom:Note, subject: NUMBER, Id: b}\n"
	for number, want := range map[string]string{"8fc65315612b4f6b96d356ad11cd0e6a": "1 test, 0 failed", "8fc65315612b4f6b96d356ad11cd0e6b": "1 test, 1 failed"} {
		write(t, dir, "notes.yaml", strings.ReplaceAll(mapping, "NUMBER", number))
		_, out, errs := runLine(t, nil, "", "mapping", "test", dir)
		if !strings.Contains(out+errs, want) {
			t.Errorf("%q is missing in:\n%s%s", want, out, errs)
		}
	}
}
