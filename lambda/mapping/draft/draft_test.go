package draft

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// sampleOf reads a sample: one in testdata, or one that other tests read too.
func sampleOf(t testing.TB, path string) shape.Sample {
	t.Helper()
	src, err := document.File(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := document.Open(t.Context(), src, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doc.Close() })
	if a := doc.Archive(); a != nil {
		return shape.Sample{Name: filepath.Base(path), Archive: a}
	}
	head, complete, err := doc.Head(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return shape.Sample{Name: filepath.Base(path), Text: slices.Clone(head), Complete: complete}
}

// drafted is what a test looks at in a draft.
type drafted struct {
	Each     string         `yaml:"each"`
	Key      any            `yaml:"key"`
	Identify map[string]any `yaml:"identify"`
	Types    map[string]any `yaml:",inline"`
}

func (d drafted) filled() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.Types)), func(name string) bool { return !strings.HasPrefix(name, "Custom:") })
}

// kindsOf gives the identifiers as "kind=path".
func (d drafted) kindsOf() string {
	var texts []string
	for _, kind := range append(slices.Clone(kinds), "account", "region") {
		switch v := d.Identify[kind].(type) {
		case string:
			texts = append(texts, kind+"="+v)
		case map[string]any:
			texts = append(texts, kind+"="+v["path"].(string))
		case []any:
			first, ok := v[0].(string)
			if !ok {
				first = v[0].(map[string]any)["path"].(string)
			}
			texts = append(texts, kind+"="+first+"…")
		}
	}
	return strings.Join(texts, " ")
}

// TestDrafts makes drafts of files that have little in common. Make itself loads each and reads its sample with it.
func TestDrafts(t *testing.T) {
	for _, test := range []struct{ file, each, identify, types string }{
		{"backups.csv", "$rows", "hostname=Server", "Custom:Trial"},
		{"accounts.csv", "$rows", "hostname=Server account=Account ID region=Availability Zone", "Custom:Trial"},
		{"inventarliste.csv", "$rows", "serial=Seriennummer hostname=Rechnername ip=IP-Adresse", "Custom:Asset"},
		{"sites.json", "sites.machines", "hostname=fqdn ip=nics.ip mac=nics.mac", "Custom:SoftwareComponent"},
		{"jobs.ndjson", "$rows", "nodeId=cloud.instanceId region=cloud.region", "Custom:Trial"},
		{"racks.xml", "racks.rack.server", "serial=serial hostname=hostname", "Custom:TrialDisk"},
		{"hosts.json", "hosts.*", "hostname=$name ip=address", "Custom:Trial"},
		{"weaknesses.csv", "$rows", "hostname=Asset Hostname ip=Asset IP", "Custom:Vulnerability"},
		{"software.json", "$rows", "hostname=computer", "Custom:SoftwareComponent"},
		{"machines-ja.csv", "$rows", "hostname=ホスト名 ip=IPアドレス", "Custom:Trial"},
		{"certificates.csv", "$rows", "hostname=host name", "Custom:Trial"},
		{"licences.xml", "entry", "", "Custom:Trial"},
		{"two-lists.json", "inventory.servers", "hostname=name ip=primary.ipv4", "Custom:Trial"},
		{"quoted.csv", "$rows", "hostname=Host", "Custom:Trial"},
		{"numbers.csv", "$rows", "hostname=device ip=address", "Custom:Trial"},

		{"parts.json", "$rows", "serial=serial hostname=id ip=(children)*.children(class=network).configuration.ip mac=(children)*.children(class=network).serial", "Custom:Trial"},
		{"minions.json", "*", "hostname=fqdn… ip=ipv4 mac=hwaddr_interfaces.*", "Custom:Trial"},
		{"one-minion.json", "*", "hostname=$name", "Custom:Trial"},
		{"variables.json", "_meta.hostvars.*", "hostname=$name", "Custom:Trial"},
		{"cluster.json", "items", "hostname=status.addresses(type=Hostname).address ip=status.addresses(type=InternalIP).address…", "Custom:Trial"},
		{"audit.dat", "", "hostname=hostname ip=address mac=mac", "Custom:Trial"},
		{"keys.txt", "", "serial=Serial Number hostname=Host Name", "Custom:Trial"},
		{"messages.json", "finding", "", "Custom:Trial"},
		{"wrapped.json", "$rows", "nodeId=Message.item.instanceId hostname=Message.item.configuration.privateDnsName", "Custom:Trial"},
		{"endings.json", "data", "nodeId=unit_id hostname=name", "Custom:Trial"},
		{"answers.json", "devices", "hostname=name ip=nics.inet…", "Custom:Trial"},

		{"nessus/weekly.nessus", "Report.ReportHost", "nodeId=HostProperties.tag(name=aws-instance-instanceId) hostname=HostProperties.tag(name=host-fqdn)… ip=HostProperties.tag(name=host-ip) mac=HostProperties.tag(name=mac-address) account=HostProperties.tag(name=aws-instance-accountId) region=HostProperties.tag(name=aws-instance-region)", "Custom:Trial Custom:Vulnerability"},
		{"encodings/weekly.nessus.gz", "Report.ReportHost", "nodeId=HostProperties.tag(name=aws-instance-instanceId) hostname=HostProperties.tag(name=host-fqdn)… ip=HostProperties.tag(name=host-ip) mac=HostProperties.tag(name=mac-address) account=HostProperties.tag(name=aws-instance-accountId) region=HostProperties.tag(name=aws-instance-region)", "Custom:Trial Custom:Vulnerability"},
		{"nmap/nmap-two-hosts.xml", "host", "hostname=hostnames.hostname.name ip=address(addrtype=ipv4).addr… mac=address(addrtype=mac).addr", "Custom:Trial Custom:TrialPort"},
		{"netbox/netbox-devices.json", "results", "nodeId=custom_fields.instance serial=serial hostname=name ip=primary_ip.address…", "Custom:Trial"},
		{"encodings/servers-bom-semicolon.csv", "$rows", "serial=Serial number hostname=Name ip=IP Address", "Custom:Trial"},
		{"encodings/servers-utf16.csv", "$rows", "serial=Serial number hostname=Name ip=IP Address", "Custom:Trial"},
		{"openvas-csv/openvas-csv-report.csv", "$rows", "hostname=Hostname ip=IP", "Custom:Vulnerability"},
		{"tenable-csv/tenable-csv-cloud.csv", "$rows", "hostname=Host… ip=IP Address mac=MAC Address", "Custom:Vulnerability"},
		{"rapid7-assets/rapid7-assets-page.json", "resources", "hostname=hostName ip=ip… mac=addresses.mac…", "Custom:Trial Custom:TrialHistory"},
		{"fleet/fleet-hosts.json", "hosts", "serial=hardware_serial hostname=hostname ip=primary_ip… mac=primary_mac", "Custom:Asset Custom:SoftwareComponent"},
		{"nexpose/nexpose-v2.xml", "nodes.node", "hostname=names.name ip=address mac=hardware-address", "Custom:Trial Custom:TrialTest"},
		{"osquery/osqueryd.results.log", "$rows", "nodeId=decorations.instance_id hostname=decorations.hostname", "Custom:Trial Custom:TrialSnapshot"},
		{"workbooks/vinfo.xlsx", "$rows", "hostname=DNS Name… ip=Primary IP Address", "Custom:Trial"},
		{"workbooks/servers.xlsx", "$rows", "serial=Serial number hostname=Name ip=IP Address", "Custom:Trial"},
		{"wazuh/wazuh-index.json", "hits.hits", "hostname=_source.agent.name", "Custom:Vulnerability"},
		{"xccdf/xccdf-arf.xml", "reports.report", "hostname=content.TestResult.target… ip=content.TestResult.target-address mac=content.TestResult.target-facts.fact(name=urn:xccdf:fact:ethernet:MAC)", "Custom:Trial Custom:TrialRuleResult"},

		{"nessus_v2/derived_7hosts.nessus.gz", "Report.ReportHost", "hostname=HostProperties.tag(name=host-fqdn)… ip=HostProperties.tag(name=host-ip) mac=HostProperties.tag(name=mac-address)", "Custom:Trial Custom:Vulnerability"},
		{"nmap_xml/2_hosts_version.xml", "host", "ip=address.addr", "Custom:Trial Custom:TrialOsclass"},
		{"netbox_json/devices.json", "results", "serial=serial hostname=name ip=primary_ip.address…", "Custom:Trial"},
		{"servicenow_csv/cmdb_ci_server_40_labels_semicolon_bom.csv", "$rows", "serial=Serial number hostname=Name", "Custom:Asset"},
		{"openvas_csv/many_vuln.csv", "$rows", "hostname=Hostname ip=IP", "Custom:Vulnerability"},
		{"tenable_csv/nessus_many_vuln2-all.csv", "$rows", "ip=Host", "Custom:Vulnerability"},
		{"rapid7_api_json/assets_page.json", "resources", "hostname=hostName ip=ip… mac=addresses.mac…", "Custom:Trial Custom:TrialLinks"},
		{"fleet_json/host_1_macos.json", "$rows", "serial=host.hardware_serial hostname=host.hostname mac=host.primary_mac", "Custom:SoftwareComponent Custom:Trial Custom:TrialPolicies"},
		{"nexpose_xml/report_auth.xml", "nodes.node", "ip=address", "Custom:Trial Custom:TrialTest"},
		{"osquery_ndjson/osqueryd.results.darwin.log", "$rows", "hostname=hostIdentifier", "Custom:Trial"},
		{"rvtools/example1.xlsx", "$rows", "hostname=VM ip=Primary IP Address", "Custom:Trial"},
		{"servicenow_xlsx/cmdb_ci_server_40.xlsx", "$rows", "serial=Serial number hostname=Name", "Custom:Asset"},
		{"wazuh_json/v4-8_many_findings.json", "hits.hits", "hostname=_source.agent.name", "Custom:Vulnerability"},
		{"xccdf_xml/no_vuln_rhsa.xml", "", "hostname=TestResult.target ip=TestResult.target-address", "Custom:Trial Custom:TrialRuleResult Custom:Vulnerability"},
		{"asff/inspector_ec2_cve.json", "Findings", "nodeId=ProductFields.aws inspector instanceId region=Region", "Custom:Trial Custom:TrialResources Custom:Vulnerability"},
		{"qualys_scan_xml/qualys_infrascan_webgui_multiple.xml", "IP", "hostname=name ip=value", "Custom:TrialCAT Custom:Vulnerability"},
	} {
		path := filepath.Join("testdata", test.file)
		if strings.Contains(test.file, "/") {
			var there bool
			if path, there = testfiles.SamplePath(t, test.file); !there {
				continue
			}
		}
		t.Run(test.file, func(t *testing.T) {
			d, err := Make(sampleOf(t, path), Options{Name: "trial"})
			if err != nil {
				t.Fatal(err)
			}
			var got drafted
			if err := yaml.Unmarshal(d.Mapping, &got); err != nil {
				t.Fatal(err)
			}
			types := strings.Join(got.filled(), " ")
			if got.Each != test.each || got.kindsOf() != test.identify || types != test.types {
				t.Errorf("each %q, identify %q, types %q; want %q, %q, %q\n%s", got.Each, got.kindsOf(), types, test.each, test.identify, test.types, d.Mapping)
			}
		})
	}
}

// TestDraftsOfSharedSamples has, of each file of a folder that no mapping was made for when drafts were, the list and the identifiers that a
// draft of it proposes, or why there is none.
func TestDraftsOfSharedSamples(t *testing.T) {
	folder, ok := testfiles.Shared(t, "samples-2")
	if !ok {
		return // testfiles.TestShared says so
	}
	var lines []string
	for _, path := range testfiles.Files(t, folder) {
		name, err := filepath.Rel(folder, path)
		if err != nil {
			t.Fatal(err)
		}
		if name = filepath.ToSlash(name); !strings.Contains(name, "/") { // beside the samples stand lists of them
			continue
		}
		d, err := Make(sampleOf(t, path), Options{Name: "trial"})
		if err != nil {
			lines = append(lines, name+": "+err.Error()+"\n")
			continue
		}
		var got drafted
		if err := yaml.Unmarshal(d.Mapping, &got); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s: each %q, %s, %s\n", name, got.Each, cmp.Or(got.kindsOf(), "named from outside"), strings.Join(got.filled(), " ")))
	}
	slices.Sort(lines)
	testfiles.Golden(t, filepath.Join("testdata", "shared.txt"), []byte(strings.Join(lines, "")))
}

func TestNoDraft(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", " \n", "is empty: take a sample with some records in it"},
		{"no text", "PK\x03\x04\x00\x01", "is not text: a draft is made from CSV"},
		{"prose", "Dear all,\nplease find nothing here\n", "none of its first 50 rows names columns"},
		{"columns between spaces", "  VMID NAME     STATUS     MEM\n   100 web-01   running    4096\n   101 db-01    stopped    8192\n", "lined up with spaces"},
		{"no header", "10.0.0.1,5,2026-01-01\n10.0.0.2,6,2026-01-02\n", "put a row with the columns' names above the data"},
		{"quotes with backslashes", "\"host\",\"os\"\n\"web-01\",\\N\n\"db-01\",\"a \\\"b\\\", c\"\n", "s is no table that can be read: scan: line 3, column 13 (record 2): a quote inside quotes is written twice, not with a backslash before it"},
		{"header alone", "host,os\n", "has no records"},
		{"no list", `{"hosts":[]}`, "has no records"},
		{"cut off", `{"hosts":[{"name":"a"`, "mend the sample, or take another one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Make(shape.Sample{Name: "s", Text: []byte(test.text), Complete: true}, Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v; want %q in it", err, test.want)
			}
		})
	}
}

// TestNames: names that are taken are not taken again.
func TestNames(t *testing.T) {
	for _, test := range []struct {
		sample, asked string
		want          string // "": an error
	}{
		{"Backup Report 2026-01-12.csv", "", "backup-report"},
		{"dir/größe.ndjson.gz", "", "groesse"},
		{"taken.json", "", "our-taken"},
		{"機器.csv", "", "drafted"},
		{"2026-01-12.csv", "", "2026"},
		{"x.csv", "mine", "mine"},
		{"x.csv", "taken", ""},
		{"x.csv", "Mine!", ""},
	} {
		got, err := Options{Name: test.asked, Mappings: []string{"taken"}}.name(test.sample)
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%s, %q: %q, %v; want %q", test.sample, test.asked, got, err, test.want)
		}
	}
	if got := naming.OfType("asset", []string{"Custom:ASSET", "Custom:AssetRecord"}); got != "Custom:AssetRecord2" {
		t.Error(got)
	}
}

// FuzzMake: whatever the sample, there is a draft that works, or an error that is no fault of ours.
func FuzzMake(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range names {
		f.Add(sampleOf(f, name).Text)
	}
	f.Add([]byte(`{"":[{"":0,"0":""}]}`)) // lists and fields without names
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 64<<10 {
			t.Skip()
		}
		if _, err := Make(shape.Sample{Name: "s", Text: text, Complete: true}, Options{}); err != nil && strings.Contains(err.Error(), "fault of the program") {
			t.Error(err)
		}
	})
}

// TestDraftsOfDialects makes drafts of tables as databases and programs write them: what is no value there is none in the draft, and rows that
// are quoted as a whole are rows.
func TestDraftsOfDialects(t *testing.T) {
	for _, test := range []struct{ name, text, want, not string }{
		{"databases' text", "hostname\tserial\tnote\tseen\nweb-01\tSN-1001\t\\N\t2026-01-05\ndb-01\tSN-1002\ttwo\\nlines\t\\N\napp-01\tSN-1003\tx\t2026-01-06\n", "hostname: hostname", `\N`},
		{"quoted as a whole", "\"hostname,\"\"serial\"\",\"\"note\"\"\"\n\"web-01,\"\"SN-1001\"\",\"\"a, b\"\"\"\n\"db-01,\"\"SN-1002\"\",\"\"c\"\"\"\n", "csv: [serial, hostname, note]", "errors"},
	} {
		d, err := Make(shape.Sample{Name: "s.tsv", Text: []byte(test.text), Complete: true}, Options{})
		if err != nil || !strings.Contains(string(d.Mapping), test.want) || strings.Contains(string(d.Mapping), test.not) {
			t.Errorf("%s: %v\n%s", test.name, err, d.Mapping)
		}
	}
}

// TestTables: what people have in tables that nobody made for a program.
func TestTables(t *testing.T) {
	for _, test := range []struct{ name, text, has, lacks string }{
		{"two columns of a name in a small file", "Host;Status;Status\na1;up;ok\nb2;down;ok\n", "csv: [Host, Status]|hostname: Host|Status: Status\n|Status2: Status 2", ""},
		{"titles above them", "Servers of the south\nMade on 12.11.2025\n\nHost,Owner,Status,Status\nweb-1,ann,up,ok\nweb-2,bob,down,ok\n", "csv: [Host, Owner, Status]|Status2: Status 2|CSV, 2 records", ""},
		{"a column called so", "Host,Status,Status,Status 2\nweb-1,a,b,c\nweb-2,b,c,d\n", "Status2: Status 2|Status3: Status 3", ""},
		{"headings of groups", "Machine,Machine,State,State\nHost,Owner,Now,Before\nweb-1,ann,up,up\nweb-2,bob,up,up\n", "csv: [Host, Owner, Now, Before]", ""},
		{"rows that a program numbered", ",Host,Owner\n0,a1,ann\n1,b2,bob\n", "csv: [Host, Owner]|CSV, 2 records", ""},
		{"rows that a person numbered", "#;Host;Owner\n1;a1;ann\n2;b2;bob\n", "csv: [Host, Owner]|CSV, 2 records", ""},
		{"an entry a machine", "No,Host,Owner\n1,a1,ann\n2,b2,bob\n3,c3,ann\n", "# key: none is needed: a machine has one entry", "required"},
		{"a key that always has a value", "Host,Volume,Note,Size\na1,C,x,1\na1,,y,2\na1,D,z,3\nb2,,x,1\nb2,E,q,9\n", "key: [Note]|required: [Note]", ""},
		{"no key that always has a value", "Host,Volume,Size\na1,C,1\na1,,1\na1,D,1\nb2,,1\nb2,E,1\n", "# key: no few attributes that always have a value", "required"},
		{"times without a zone", "Host,Seen\na1,31.12.2025 23:30\nb2,30.12.2025 22:30\n", "zone: UTC  ", ""},
		{"times with a zone", "Host,Seen\na1,2025-12-31T23:30:00Z\nb2,2025-12-30T22:30:00+01:00\n", "", "zone: UTC"},
		{"days or months", "Host,Bought\na1,01/02/2025\nb2,03/04/2025\n", `date: ["NN/NN/yyyy"]|write that here`, ""},
		{"days before months", "Host,Bought,Ends\na1,01/02/2025,31/12/2025\nb2,03/04/2025,30/12/2025\n", `Bought: {path: Bought, date: ["dd/MM/yyyy"]} # days and months as in the other dates`, "NN"},
		{"short years", "Host,Bought,Version,Updated\na1,31.12.25,2.4.58,31/Dec/25 10:00 AM\nb2,1.2.25,2.4.62,1/Feb/25 9:00 PM\n", `Bought: {path: Bought, date: ["dd.MM.yy"]}|Updated: {path: Updated, date: ["dd/MMM/yy hh:mm a"]}|Version: Version`, ""},
		{"the name of its system", "Name,Serial number,Operating System - Name\nweb-1,CZJ0420Q7M,debian\nweb-2,CZJ0420Q7N,ubuntu\n", "hostname: Name", "hostname: Operating"},
		{"days of cells and of texts", "Host,Bought\na1,2025-12-31\nb2,31.12.2025\n", `Bought: {path: Bought, date: ["dd.MM.yyyy"]}`, ""},
		{"days", "Host,Bought\na1,31.12.2025\nb2,30.12.2025\n", "dd.MM.yyyy", "zone: UTC"},
		{"what looks like a machine's name", `{"controls":[{"id":"os-01","code":{"ref":"a.rb"}},{"id":"os-02","code":{"ref":"b.rb"}}]}`, "# identify: no field names a machine", ""},
		{"a total", "Host,Price\na1,3\nb2,4\nTotal,7\n", "# 1 row of the sample left out: it has sums of the rows before it", "#   where:"},
		{"a last row like a total", "Host,Price,Owner,Room\na1,3,x,1\nb2,4,y,1\nc3,5,y,2\nAnzahl,3,,\n", "# The last record has few of the fields that all others have.|#   where: r[\"Owner\"] != \"\"", "left out"},
		{"units", "Host,Memory,Disk\n,GB,GB\nweb-1,4,100\nweb-2,8,200\n", "# The first record names no machine.|#   where: r[\"Host\"] != \"\"", "last record"},
		{"no total", "Host,Price,Owner,Room\na1,3,x,1\nb2,4,y,1\nc3,5,y,\n", "", "#   where:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := Make(shape.Sample{Name: "s.csv", Text: []byte(test.text), Complete: true}, Options{Name: "trial"})
			if err != nil {
				t.Fatal(err)
			}
			got := string(d.Mapping) + string(d.Types)
			for want := range strings.SplitSeq(test.has, "|") {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in it:\n%s", want, got)
				}
			}
			if test.lacks != "" && strings.Contains(got, test.lacks) {
				t.Errorf("%q is in it:\n%s", test.lacks, got)
			}
		})
	}
}

// TestSerialsAreShown: a serial names the machine and is shown, too, where a machine has one record; of several records it would stand in each.
func TestSerialsAreShown(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"one record a machine": {"Hostname,Serial Number,Asset Number,Colour\nweb-1,ABC123,A-1,red\nweb-2,ABC124,A-2,red\nweb-3,ABC125,A-3,blue\n", true},
		"several":              {"Hostname,Serial Number,Job,Colour\nweb-1,ABC123,J-1,red\nweb-1,ABC123,J-2,red\nweb-2,ABC125,J-3,blue\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Make(shape.Sample{Name: "x.csv", Text: []byte(c.text), Complete: true}, Options{Name: "x"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(d.Mapping), "\n  SerialNumber: Serial Number\n"); got != c.want || !strings.Contains(string(d.Mapping), "serial: Serial Number") {
				t.Errorf("shown: %t\n%s", got, d.Mapping)
			}
		})
	}
}
