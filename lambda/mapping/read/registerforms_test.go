package read

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestOrderOfDates: PowerShell's Export-Csv writes dates in the culture of whoever runs it (en-US 3/1/2026 5:05:44 AM, en-GB 01/03/2026 05:05:44), and
// consoles show them in that of their reader. The document tells the day from the month where one of its dates does; a date is never guessed.
func TestOrderOfDates(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const (
		devices  = "Name,ResourceID,SMSID,DeviceOS,DeviceOSBuild,SiteCode,LastActiveTime\n"
		report   = "AssetName,AssetID,AssetTypename,Statename,Lastseen\n"
		register = "sys_id,name,sys_class_name,sys_updated_on\n"
	)
	for _, tt := range []struct {
		name, in, captured, updated string // of the first record
		notes                       int
	}{
		{"American", devices + "a,1,g,W,1,S,3/1/2026 5:05:44 AM\nb,2,h,W,1,S,2/28/2026 1:00:00 PM\n", "2026-03-01T05:05:44Z", "", 0},
		{"British", devices + "a,1,g,W,1,S,03/01/2026 05:05:44\nb,2,h,W,1,S,28/02/2026 13:00:00\n", "2026-01-03T05:05:44Z", "", 0},
		{"neither", devices + "a,1,g,W,1,S,03/01/2026 05:05:44\n", "0001-01-01T00:00:00Z", "", 1},
		{"German", devices + "a,1,g,W,1,S,03.01.2026 05:05:44\n", "2026-01-03T05:05:44Z", "", 0},
		{"a report", report + "a,1,Server,Active,03/01/2026 05:05:44\nb,2,Server,Active,28/02/2026 13:00:00\n", "2026-01-03T05:05:44Z", "2026-01-03T05:05:44Z", 0},
		{"a register", register + "1,a,cmdb_ci_server,03-01-2026 05:05:44\n2,b,cmdb_ci_server,28-02-2026 13:00:00\n", "0001-01-01T00:00:00Z", "2026-01-03T05:05:44Z", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := readAll(t, set, "", []byte(tt.in))
			if o.err != nil || len(o.records) == 0 {
				t.Fatal(o.err)
			}
			captured, updated := o.records[0].Captured.UTC().Format("2006-01-02T15:04:05Z"), o.values[0]["UpdatedAt"]
			if captured != tt.captured || updated != tt.updated || o.notes != tt.notes {
				t.Errorf("captured %s, updated %s, %d notes", captured, updated, o.notes)
			}
		})
	}
}

// TestNumbersAsShown: a register's lists are exported with what stands between thousands in the language of their reader, and programs through which a table
// went (pandas, where a cell of the column is empty) write whole numbers with a fraction.
func TestNumbersAsShown(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"16384": "16384", "16,384": "16384", "16.384": "16384", "16\u00a0384": "16384", "1’048’576": "1048576", "1'048'576": "1048576", "16384.0": "16384", "16.384,00": "16384", "16,384.0": "16384", "512": "512", "": "", "-1": "",
	} {
		for _, document := range []string{
			"sys_id,name,sys_class_name,ram,cpu_count\n1,web-01,cmdb_ci_server,%q,4.0\n",
			"VM,Powerstate,DNS Name,Memory,CPUs\nweb-01,poweredOn,web-01,%q,4\n",
			`{"result":[{"sys_id":{"value":"1","display_value":"1"},"sys_class_name":{"value":"cmdb_ci_server","display_value":"Server"},"name":{"value":"web-01","display_value":"web-01"},"ram":{"display_value":%q},"cpu_count":{"value":"4","display_value":"4"}}]}`,
		} {
			document = strings.ReplaceAll(fmt.Sprintf(document, in), `\u00a0`, "\u00a0")
			o := readAll(t, set, "", []byte(document))
			if o.err != nil || len(o.values) != 1 {
				t.Fatalf("%q: %v", document, o.err)
			}
			if v := o.values[0]; v["MemoryMiB"] != want || v["CPUs"] != "4" {
				t.Errorf("%q: %s MiB, %s processors", document, v["MemoryMiB"], v["CPUs"])
			}
		}
	}
}

// TestRegisterIsCut: lists are exported, and the Table API answers (sysparm_limit), with 10,000 records where nobody asked for more, and nothing
// in the document says that there are others: https://www.servicenow.com/docs, Export limits, and Table API.
func TestRegisterIsCut(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for rows, cut := range map[int]bool{9_999: false, 10_000: true, 10_001: false} {
		o := readAll(t, set, "", []byte("sys_id,name,sys_class_name\n"+strings.Repeat("1,web-01,cmdb_ci_server\n", rows)))
		if o.err != nil || (o.part != nil) != cut {
			t.Errorf("%d rows: %v, %v", rows, o.part, o.err)
		}
	}
}
