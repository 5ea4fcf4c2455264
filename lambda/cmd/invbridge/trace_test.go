package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// traceTypes and traceMapping are of a fleet's weaknesses, in which two rows of one key differ, two are united, and two are the same.
const traceTypes = `version: 1
types:
  Custom:Hole:
    schemaVersion: "1.0"
    key: [Source, Id]
    sort: [Rank, Id]
    required: [Id]
    attributes:
      Source: {default: "{mapping}"}
      Id: {max: 8}
      Level: {default: low, map: {h: high, l: low}}
      Rank: {of: Level, map: {high: "0", low: "1"}}
      Ticket: {unite: list}
      Seen: {date: true}
      Text: {}
`

const traceMapping = `version: 1
mapping: holes
detect: [{csv: [Server, Hole]}]
each: $rows
where: r.State != "closed"
identify: {hostname: [FQDN, Server], ip: {path: IP, split: ','}}
dates: [dd.MM.yyyy]
Custom:Hole: {Id: {path: Hole, match: '^H-(.+)$'}, Level: Level, Ticket: Ticket, Seen: Seen, Text: [Text, Remark]}
`

const traced = "Server,IP,Hole,Level,Ticket,Seen,Text,State\n" +
	"WEB-1,\"10.1.0.1, 10.9.0.1\",H-1,h,T-1,24.12.2025,\"old \x1b[2J tls\",open\n" +
	"web-1,,H-1,h,T-2,24.12.2025,\"old \x1b[2J tls\",open\n" + // united with the first
	"web-1,,H-2,l,,,first,open\n" +
	"web-1,,H-2,l,,,second,open\n" + // differs: the one before stands
	"web-1,,H-3,l,,,same,open\n" +
	"web-1,,H-3,l,,,same,open\n" +
	"web-2,,H-4,l,,,gone,closed\n" +
	"web-9,,H-5,l,,,nowhere,open\n" +
	"web-3,,H-123456789,l,,,long,open\n" +
	"web-3,,H-123456780,l,,,long,open\n" +
	"twin,,H-6,l,,,two nodes,open\n"

// TestExplainTracesRecords is a session without any settings of AWS: how single records come about, which node, which entry stands.
func TestExplainTracesRecords(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	dir := t.TempDir()
	r := &planRig{t: t, dir: dir, env: map[string]string{"INVBRIDGE_MAPPINGS": filepath.Join(dir, "mine")}}
	write(t, filepath.Join(dir, "mine"), "types.yaml", traceTypes)
	write(t, filepath.Join(dir, "mine"), "holes.yaml", traceMapping)
	nodes := write(t, dir, "nodes.csv", "InstanceId,ComputerName,IPAddress\n"+
		"i-000000000000b0001,web-1,10.1.0.1\ni-000000000000b0002,web-2,10.1.0.2\ni-000000000000b0003,web-3,10.1.0.3\ni-000000000000b0004,twin,\ni-000000000000b0005,twin,\n")
	file := write(t, dir, "holes.csv", traced)
	for _, q := range []struct {
		code int
		args []string
	}{
		{exitDone, []string{"--record", "1"}},
		{exitDone, []string{"--record", "4"}},
		{exitDone, []string{"--record", "6"}},
		{exitDone, []string{"--record", "7"}},
		{exitPartial, []string{"--record", "8"}},
		{exitPartial, []string{"--record", "11"}},
		{exitPartial, []string{"--node", "web-9", "--most", "1"}},
		{exitDone, []string{"--node", "web-3", "--most", "1"}},
		{exitFailed, []string{"--record", "99"}},
		{exitFailed, []string{"--node", "web-77"}},
		{exitUsage, []string{"--record", "1", "--node", "web-3"}},
	} {
		r.run(q.code, append(append([]string{"explain"}, q.args...), "--nodes", nodes, file)...)
	}
	for line := range strings.SplitSeq(r.shown.String(), "\n") {
		if n := len([]rune(line)); n > 160 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
		if strings.Contains(line, "\x1b") {
			t.Errorf("a control character reaches the terminal: %q", line)
		}
	}
	testfiles.Golden(t, filepath.Join("testdata", "questions", "how-did-this-record-come-about.golden.txt"), []byte(r.shown.String()))
}

// TestTraceAsJSON: the same as objects, without a number of records or entries that is cut.
func TestTraceAsJSON(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine")
	write(t, mine, "types.yaml", traceTypes)
	write(t, mine, "holes.yaml", traceMapping)
	nodes := write(t, dir, "nodes.csv", "InstanceId,ComputerName,IPAddress\ni-000000000000b0001,web-1,10.1.0.1\n")
	t.Setenv("AWS_REGION", "us-east-1")
	code, out, errs := runLine(t, nil, "", "explain", "--json", "--node", "WEB-1", "--most", "0", "--mappings", mine, "--nodes", nodes, write(t, dir, "holes.csv", traced))
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for want, n := range map[string]int{
		`"type":"Custom:Hole"`: 6, `"outcome":"matched"`: 6, `"stands":"stands"`: 2, `"stands":"stands, united with record`: 2, `"stands":"displaced: the entry of record 3 `: 1,
		`"stands":"duplicate: the entry of record 5 is the same"`: 1, `"what":"map of Level","before":["high"],"after":["0"]`: 2, `{"summary":`: 1,
	} {
		if got := strings.Count(out, want); got < n {
			t.Errorf("%s is there %d times, want %d:\n%s", want, got, n, out)
		}
	}
}
