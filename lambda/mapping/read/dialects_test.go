package read

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const (
	scanHeader = "Plugin ID,CVE,Risk,Host,Protocol,Port,Name\n"
	scanFirst  = "190001,CVE-2025-10001,High,10.9.0.11,tcp,443,old library\n"
	scanSecond = "190003,CVE-2025-10009,Medium,10.9.0.12,tcp,80,other\n"
	machines   = `{"@odata.context":"https://api.security.microsoft.com/api/$metadata#Machines","value":[{"id":"m1","computerDnsName":"web-01.example.test"}]}`
	weaknesses = `{"value":[{"cveId":"CVE-2025-10001","machineId":"m1","productName":"alpha","severity":"High"}]}`
	payload    = `{"__payload__": "{\"ansible_fqdn\": \"web-01.example.test\", \"ansible_nodename\": \"web-01\", \"ansible_distribution\": \"Ubuntu\", \"packages\": {\"a\": [{\"name\": \"a\", \"version\": \"1\"}]}}"}`
	dashboard  = `"agent.name","package.name","vulnerability.id","vulnerability.severity","vulnerability.score.base","vulnerability.detected_at","vulnerability.published_at"` + "\n" +
		`"web-01",alpha,"CVE-2025-10001",High,"7.5","Jan 5, 2026 @ 08:00:00.883","Jul 22, 2019 @ 18:15:11.000"` + "\n" + `"db-01",alpha,"CVE-2025-10002",-,"-","Jan 5, 2026 @ 08:00:00.883",-` + "\n"
	vmdr = `"Report,""04 Feb 2026""` + `"` + "\n" + `"CVE,""QID"",""Title"",""Severity"",""Asset Name"",""Asset IPV4"",""Results"""` + "\n" +
		`"CVE-2025-10001,""800001"",""Library"",""4"",""web-01"",""10.9.0.11"",""a, """"b""""` + "\n" + `c"""` + "\n"
	register = "Name,Class,Serial number,Asset tag,IP Address\napp-01,Linux Server,,A1,10.30.0.14\n"
)

// TestDialects reads documents that are written otherwise than their kind usually is. Each has what came out: machines, a value that is among the
// entries' ("-" before it: that is not), and how many rows are none of the records.
func TestDialects(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, mapping, in, machines, values string
		skipped, notes                      int
	}{
		{"a header inside", "tenable-csv", scanHeader + scanFirst + scanHeader + scanSecond, "10.9.0.11 10.9.0.12", "190001 190003 -Plugin_ID", 0, 0},
		{"another order inside", "tenable-csv", scanHeader + scanFirst + "\uFEFFHost,Plugin ID,Risk,CVE,Name,Port,Protocol\n10.9.0.12,190003,Low,,x,80,tcp\n", "10.9.0.11 10.9.0.12", "190003 LOW", 0, 0},
		{"quoted as a whole", "qualys-csv", vmdr, "web-01", "800001 CVE-2025-10001", 0, 0},
		{"two columns of a name", "servicenow", "Name,Class,Serial number,Asset tag,Name\napp-77,Linux Server,,A7,esx-01\n", "app-77", "A7 -esx-01", 0, 1},
		{"sums", "servicenow", register + "Total,,,2,\n", "app-01", "A1 -2", 1, 0},
		{"another table", "servicenow", register + "\nSoftware,Licences,Vendor\nOffice,20,X\napp-02,3,Y\n", "app-01", "A1 -20", 3, 0},
		{"JSON in a text", "ansible-facts", payload, "web-01.example.test", "Ubuntu a", 0, 0},
		{"lines of JSON in texts", "ansible-facts", payload + "\n" + strings.ReplaceAll(payload, "web-01", "web-02") + "\n", "web-01.example.test web-02.example.test", "Ubuntu", 0, 0},
		{"a folder around", "ms-defender", testfiles.Zip(t, "export/", "", "export/machines/m.json", machines, "export/vulnerabilities/v.json", weaknesses), "web-01.example.test", "CVE-2025-10001", 0, 0},
		{"two folders around", "ms-defender", testfiles.Zip(t, "./a/b c/machines/m.json", machines, "./a/b c/vulnerabilities/v.json", weaknesses, "__MACOSX/a/._b", "?"), "web-01.example.test", "CVE-2025-10001", 0, 0},
		{"no folder around", "ms-defender", testfiles.Zip(t, "vulnerabilities/1.json", weaknesses, "vulnerabilities/2.json", `{"value":[]}`), "", "CVE-2025-10001", 0, 0},
		{"escaped for HTML", "snipeit", `{"total":1,"rows":[{"id":7,"name":"bob&#039;s","asset_tag":"A&amp;B","serial":"VX-1","model":{"name":"14&quot; &lt;2&gt;"},"status_label":{"name":"a"}}]}`, "bob's", `A&B 14"_<2>`, 0, 0},
		{"a dashboard's dates", "wazuh", dashboard, "web-01 db-01", "2026-01-05T08:00:00Z 2019-07-22T18:15:11Z 7.5 UNKNOWN --", 0, 0},
		{"scores of minus one", "wazuh", `{"agent":{"id":"1","name":"web-01"},"package":{"name":"a"},"wazuh":{},"vulnerability":{"id":"CVE-2025-1","severity":"-","score":{"base":-1},"published_at":"1970-01-01T00:00:00.000Z"}}`, "web-01", "CVE-2025-1 --1 --", 0, 0},
		{"what firmware has", "glpi", `{"deviceid":"web-01-x","itemtype":"Computer","content":{"versionclient":"x","bios":{"assettag":"No Asset Information","smanufacturer":"To Be Filled By O.E.M.","smodel":"Default string"},"hardware":{"name":"web-01","lastloggeduser":"wtmp"}}}`, "web-01", "web-01-x -wtmp -No_Asset_Information -Default_string", 0, 0},
		{"a register's dashes", "servicenow", "Name,Class,Serial number,Asset tag,Location\napp-01,Server,\\N,-,N/A\n", "app-01", "Server -- -N/A -\\N", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := readAll(t, set, "", []byte(tt.in))
			if o.err != nil || o.choice.Mapping.Name != tt.mapping {
				t.Fatalf("%v, %v", o.choice.Why, o.err)
			}
			var found []string
			for i := range o.records {
				s := o.records[i].Subject
				found = append(found, slices.Concat(s.Hostname, s.IP)[:min(1, len(s.Hostname)+len(s.IP))]...)
			}
			if diff := cmp.Diff(strings.Fields(tt.machines), found); diff != "" && tt.machines != "" {
				t.Error(diff)
			}
			for _, want := range strings.Fields(tt.values) {
				value, not := strings.CutPrefix(want, "-")
				value = strings.ReplaceAll(value, "_", " ")
				if slices.ContainsFunc(o.values, func(values map[string]string) bool { return hasValue(values, value) }) == not {
					t.Errorf("%s: %v", want, o.values)
				}
			}
			skipped := 0
			for _, n := range o.skipped {
				skipped += n
			}
			if skipped != tt.skipped || o.notes != tt.notes {
				t.Errorf("%d skipped (%v), %d notes", skipped, o.skipped, o.notes)
			}
		})
	}
}

// TestFactsOfACache: the file's name names the machine where the facts do not.
func TestFactsOfACache(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const nameless = `{"__payload__": "{\"packages\": {\"a\": [{\"name\": \"a\"}]}}"}`
	for _, tt := range []struct{ file, in, want string }{
		{"cache/s1_web-07.example.test", nameless, "[web-07.example.test]"},
		{"s1_web-07.json", nameless, "[web-07]"},
		{"facts.json", nameless, "[]"},
		{"s1_web-07", payload, "[web-01.example.test web-01]"},
	} {
		in := Input{}
		choice, err := chosen(t, set, choose.Origin{Local: true}, []byte(tt.in), &in)
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range Document(t.Context(), in, choice, Facts{Name: tt.file}).Records() {
			if got := fmt.Sprint(rec.Subject.Hostname); err != nil || got != tt.want {
				t.Errorf("%s: %s, %v", tt.file, got, err)
			}
		}
	}
}

// TestDialectCases reads the shared cases of this kind: how many machines, entries and skipped rows each has.
func TestDialectCases(t *testing.T) {
	folder, ok := testfiles.Shared(t, "cases")
	if !ok {
		t.Skip("there are no shared cases")
	}
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file, mapping              string
		machines, entries, skipped int
	}{
		{"meaning/ansible_219_cache.json", "ansible-facts", 1, 1, 0},
		{"tools/ansible-core-2.19.14-fact-cache-s1_web-01.json", "ansible-facts", 1, 11, 0},
		{"tools/ansible-unwrapped.json", "ansible-facts", 1, 11, 0},
		{"meaning/qualys_vmdr_cve_outer_quoted.csv", "qualys-csv", 2, 4, 0}, // of five rows one is fixed
		{"meaning/defender_rootfolder.zip", "ms-defender", 2, 3, 0},
		{"meaning/defender_dirs.zip", "ms-defender", 2, 3, 0},
		{"meaning/defender_backslash.zip", "ms-defender", 2, 3, 0},
		{"meaning/concat_header_inside.csv", "tenable-csv", 2, 2, 0},
		{"meaning/concat_openvas.csv", "openvas-csv", 2, 2, 0},
		{"meaning/prowler_two_runs.csv", "prowler", 1, 3, 0},
		{"machine/07-duplicate-headers/dup3.csv", "servicenow", 2, 2, 0},
		{"machine/07-duplicate-headers/dup.xlsx", "servicenow", 1, 1, 0},
		{"machine/14-csv-xlsx/totals.csv", "servicenow", 2, 2, 1},
		{"machine/14-csv-xlsx/totals2.csv", "servicenow", 2, 2, 1},
		{"machine/14-csv-xlsx/totals.xlsx", "servicenow", 2, 2, 1},
		{"machine/14-csv-xlsx/twotables.xlsx", "servicenow", 1, 1, 3},
		{"machine/14-csv-xlsx/merged.xlsx", "servicenow", 2, 2, 0},
	} {
		o := readAll(t, set, "", testfiles.Read(t, folder+"/"+tt.file))
		entries, skipped := 0, 0
		for _, n := range o.entries {
			entries += n
		}
		for _, n := range o.skipped {
			skipped += n
		}
		got := fmt.Sprint(o.choice.Candidate.Name, len(o.subjects), entries, skipped, o.err)
		if want := fmt.Sprint(tt.mapping, tt.machines, tt.entries, tt.skipped, nil); got != want {
			t.Errorf("%s: got %s, want %s", tt.file, got, want)
		}
	}
}
