package node

import (
	"encoding/csv"
	"maps"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDemoExport resolves each row of the asset export among the test events, with the directory out of the file, which knows serials,
// and with that of the service, which does not. Both come to the same.
func TestDemoExport(t *testing.T) {
	want := map[string]int{"matched": 12, "rejected ambiguous": 1, "parked no-such-node": 1, "parked unidentified": 1}
	changed := maps.Clone(want)
	changed["matched"]++
	served, err := Load(t.Context(), service(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const dir = "../../testevents/documents/uploads/servicenow/"
	for name, d := range map[string]*Directory{"file": demoFleet(t), "service": served} {
		for file, want := range map[string]map[string]int{"servers 2026 - Zurich.csv": want, "changed/servers 2026 - Zurich.csv": changed} {
			t.Run(name+" "+file, func(t *testing.T) {
				got := map[string]int{}
				for _, s := range exported(t, dir+file) {
					decision := d.Resolve(s, Rules{})
					outcome := string(decision.Outcome)
					if decision.Reason != "" {
						outcome += " " + decision.Reason
					}
					got[outcome]++
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func demoFleet(t *testing.T) *Directory {
	t.Helper()
	f, err := os.Open("../../testevents/documents/nodes.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := ParseFile(f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// exported gives the subjects of an export's rows.
func exported(t *testing.T, file string) []Subject {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var subjects []Subject
	for _, row := range rows[1:] {
		cell := map[string]string{}
		for i, name := range rows[0] {
			cell[name] = row[i]
		}
		subjects = append(subjects, Subject{
			NodeID: []string{cell["object_id"]}, Serial: []string{cell["serial_number"]}, Hostname: []string{cell["fqdn"], cell["host_name"], cell["name"]},
			IP: []string{cell["ip_address"]}, MAC: []string{cell["mac_address"]},
		}.Normalise())
	}
	return subjects
}
