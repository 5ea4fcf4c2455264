package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/reading"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestMappingNew drafts mappings of files of ten kinds, and reads each file with its draft at once. Where a built-in mapping knows
// the file too, the draft goes before it.
func TestMappingNew(t *testing.T) {
	own := filepath.Join("..", "..", "mapping", "draft", "testdata")
	for _, test := range []struct {
		file     string // of those that drafts are tested with, or a sample
		subjects int
	}{
		{"backups.csv", 3},
		{"inventarliste.csv", 3},
		{"sites.json", 3},
		{"jobs.ndjson", 2},
		{"racks.xml", 3},
		{"nmap/nmap-two-hosts.xml", 3},
		{"encodings/weekly.nessus.gz", 6},
		{"encodings/servers-bom-semicolon.csv", 3},
		{"netbox/netbox-devices.json", 2},
		{"openvas-csv/openvas-csv-report.csv", 1},
		{"nmap_xml/2_hosts_version.xml", 2},
		{"nessus_v2/derived_7hosts.nessus.gz", 7},
		{"servicenow_csv/cmdb_ci_server_40_labels_semicolon_bom.csv", 40},
		{"netbox_json/devices.json", 11},
		{"openvas_csv/many_vuln.csv", 1},
	} {
		file := filepath.Join(own, test.file)
		if strings.Contains(test.file, "/") {
			var there bool
			if file, there = testfiles.SamplePath(t, test.file); !there {
				continue
			}
		}
		t.Run(test.file, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "mine")
			if code, _, errs := runLine(t, nil, "", "mapping", "new", "--from", file, "--out", dir, "--name", "ours"); code != exitDone {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			if code, out, errs := runLine(t, nil, "", "mapping", "check", dir); code != exitDone {
				t.Fatalf("check: exit code %d: %s%s", code, out, errs)
			}
			code, out, errs := runLine(t, nil, "", "records", "--mappings", dir, "--json", file)
			sum := summaryOf[reading.RecordsSummary](t, out)
			if code != exitDone || sum.Mapping != "ours" || sum.Subjects != test.subjects || sum.Rejected > 0 || !sum.Complete {
				t.Errorf("records: exit code %d, %+v, want %d subjects: %s", code, sum, test.subjects, errs)
			}
		})
	}
}

// TestMappingNewToStdout: what is printed can be kept as one file; names that are there are not taken again, files not overwritten.
func TestMappingNewToStdout(t *testing.T) {
	dir := t.TempDir()
	csv := "Server;Policy;Result\nweb-1;daily;ok\nweb-1;weekly;ok\n"
	_, out, _ := runLine(t, nil, csv, "mapping", "new", "--from", "-", "--name", "backup")
	write(t, dir, "backup.yaml", out)
	if code, out, errs := runLine(t, nil, csv, "records", "--mappings", dir, "-"); code != exitDone {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	for _, test := range []struct{ name, want string }{
		{"backup", "a mapping is called backup already: choose another --name"},
		{"nessus", "a mapping is called nessus already: choose another --name"},
		{"Backup", "lower-case letters"},
	} {
		if code, _, errs := runLine(t, nil, csv, "mapping", "new", "--from", "-", "--name", test.name, "--out", dir); code != exitFailed || !strings.Contains(errs, test.want) {
			t.Errorf("exit code %d, %q; want %q", code, errs, test.want)
		}
	}
	if code, _, errs := runLine(t, nil, csv, "mapping", "new"); code != exitUsage || !strings.Contains(errs, "--from FILE") {
		t.Errorf("exit code %d, %q", code, errs)
	}
}

// linesOf reads JSON lines.
func linesOf(t *testing.T, out string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, v)
	}
	return lines
}

// TestMappingNewBesideAnother: a draft that is not chosen for its own sample says so.
func TestMappingNewBesideAnother(t *testing.T) {
	dir := t.TempDir()
	sample := write(t, dir, "backup.csv", "Server;Policy;Result\nweb-1;daily;ok\nweb-2;weekly;ok\n")
	mine := filepath.Join(dir, "mine")
	for _, test := range []struct{ name, want string }{
		{"backup", ""},
		{"backup-2", "but backup and backup-2 fit such files equally well, so that neither is chosen"},
	} {
		code, _, errs := runLine(t, nil, "", "mapping", "new", "--from", sample, "--out", mine, "--name", test.name)
		if code != exitDone || !strings.Contains(errs, test.want) || strings.Contains(errs, "\nbut ") != (test.want != "") {
			t.Errorf("%s: exit code %d, %q; want %q", test.name, code, errs, test.want)
		}
	}
}
