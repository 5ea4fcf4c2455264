package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const backupMapping = `version: 1
mapping: backup
detect:
  - csv: [Server, Policy, Result]
match:
  - s3: {key: "backup/**"}
each: $rows
where: r.Server != "total"
identify: {hostname: Server}
Custom:BackupJob:
  Policy: Policy
  Result: {path: Result, map: {ok: SUCCESS, "*": FAILED}}
`

const backupTypes = `version: 1
types:
  Custom:BackupJob:
    schemaVersion: "1.0"
    key: [Policy]
    required: [Policy]
    attributes:
      Policy: {max: 16}
      Result: {}
      FinishedAt: {date: true}
`

const backupSample = "Server,Policy,Result\nweb-1,daily,ok\nweb-1.example.com,weekly,bad\nweb-2,,ok\ntotal,3,\n"

// backupDir writes a mapping with its types and sample, and what is added to the mapping.
func backupDir(t *testing.T, more string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "backup.yaml", backupMapping+more)
	write(t, dir, "backup-types.yaml", backupTypes)
	write(t, dir, "samples/backup.csv", backupSample)
	write(t, dir, "samples/nodes.csv", "InstanceId,ComputerName,IPAddress\ni-0123456789abcdef0,web-1,\n")
	return dir
}

func TestMappingTest(t *testing.T) {
	for _, test := range []struct{ name, tests, want string }{
		{"all as expected", `tests:
  - sample: samples/backup.csv
    nodes: samples/nodes.csv
    records: 4
    skipped: 1
    rejected: 1
    subjects: {web-1: i-0123456789abcdef0, WEB-2: parked}
    entries:
      - {type: Custom:BackupJob, Policy: daily, Result: SUCCESS}
      - {type: Custom:BackupJob, subject: web-1, Result: FAILED, count: 1}
      - {type: Custom:BackupJob, Policy: monthly, count: 0}
      - {type: Custom:BackupJob, FinishedAt: ""}
`, "1 test, 0 failed\n"},
		{"none as expected", `tests:
  - sample: samples/backup.csv
    nodes: samples/nodes.csv
    records: 5
    skipped: 0
    rejected: 0
    subjects: {web-1: parked, web-2: i-0123456789abcdef0, web-3: parked}
    entries:
      - {type: Custom:BackupJob, Policy: daily, Result: FAILED}
      - {type: Custom:BackupJob, subject: web-1, count: 7}
      - {type: Custom:BackupJob, subject: web-3}
  - sample: samples/none.csv
    records: 1
`, `DIR/backup.yaml:16:14: samples/backup.csv: records: 5 are expected, 4 came out
DIR/backup.yaml:17:14: samples/backup.csv: skipped records: 0 are expected, 1 came out
DIR/backup.yaml:18:15: samples/backup.csv: rejected records: 0 are expected, 1 came out (missing required attribute "Policy")
DIR/backup.yaml:19:16: samples/backup.csv: this machine is the node i-0123456789abcdef0, by its hostname
DIR/backup.yaml:19:31: samples/backup.csv: this machine is parked: no-such-node
DIR/backup.yaml:19:59: samples/backup.csv: no machine of the sample has this identifier
DIR/backup.yaml:21:9: samples/backup.csv: no entry of Custom:BackupJob is like this: the nearest one differs in Result
DIR/backup.yaml:22:9: samples/backup.csv: entries of Custom:BackupJob like this: 7 are expected, 2 came out
DIR/backup.yaml:23:9: samples/backup.csv: no entry of Custom:BackupJob came out for this machine
DIR/backup.yaml:24:5: samples/none.csv: document: DIR/samples/none.csv: it does not exist
2 tests, 2 failed
`},
		{"no tests", "", "no tests in 1 mapping of your own: write tests: in one, with a sample and what must come out\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := backupDir(t, test.tests)
			code, out, errs := runLine(t, nil, "", "mapping", "test", dir)
			got := strings.ReplaceAll(out, filepath.ToSlash(dir), "DIR")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d, errs)
			}
			if failed := strings.Contains(test.want, "DIR"); failed != (code == exitFailed) {
				t.Errorf("exit code %d", code)
			}
			if _, out, _ := runLine(t, nil, "", "mapping", "test", "--json", dir); len(linesOf(t, out)) != max(1, strings.Count(test.want, "\n")) {
				t.Error(out)
			}
		})
	}
}

// TestMappingTestAs: a document that names no machine.
func TestMappingTestAs(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "kernel.yaml", `version: 1
mapping: kernel
detect:
  - json: [kernel]
match:
  - s3: {key: "kernel/{nodeId}/**"}
Custom:Kernel:
  Release: kernel.release
tests:
  - sample: a.json
    as: {nodeId: i-0123456789abcdef0}
    nodes: nodes.csv
    subjects: {i-0123456789abcdef0: i-0123456789abcdef0}
    entries: {type: Custom:Kernel, subject: i-0123456789abcdef0, Release: 6.1}
---
version: 1
types:
  Custom:Kernel: {schemaVersion: "1.0", attributes: {Release: {}}}
`)
	write(t, dir, "a.json", `{"kernel":{"release":"6.1"}}`)
	write(t, dir, "nodes.csv", "InstanceId,ComputerName,IPAddress\ni-0123456789abcdef0,a,\n")
	if code, out, errs := runLine(t, nil, "", "mapping", "test", dir); code != exitDone || out != "1 test, 0 failed\n" {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}
