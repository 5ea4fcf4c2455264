package read

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// kept is what becomes of a document's entries of one type: the rows that stand, as the named attributes of each, and how many entries were
// united with one of them, were equal to it, or had its key and differed.
type kept struct {
	Rows                     []string
	United, Equal, Displaced int
}

// keptOf arranges the entries of a type that a document has of each machine.
func keptOf(t *testing.T, set *mapping.Set, content []byte, typ string, attributes ...string) kept {
	t.Helper()
	o := readAll(t, set, "", content)
	if o.err != nil {
		t.Fatal(o.err)
	}
	of := set.Types()[slices.IndexFunc(set.Types(), func(t *mapping.Type) bool { return t.Name() == typ })].Inventory
	byMachine := map[string][]inventory.Entry{}
	for i := range o.records {
		for _, values := range o.values[o.firsts[i]:o.firsts[i+1]] {
			if values["type"] == typ {
				who := subjectOf(&o.records[i])
				byMachine[who] = append(byMachine[who], of.EntryOf(values))
			}
		}
	}
	var all kept
	for _, rows := range byMachine {
		a := of.Arrange(rows)
		for _, u := range a.United {
			all.United += len(u.Others)
		}
		all.Equal, all.Displaced = all.Equal+len(a.Duplicates), all.Displaced+len(a.Displaced)
		for _, row := range a.Rows {
			var texts []string
			for _, name := range attributes {
				texts = append(texts, row[slices.Index(of.Attributes, name)])
			}
			all.Rows = append(all.Rows, strings.Join(texts, " "))
		}
	}
	slices.Sort(all.Rows)
	return all
}

// TestUnitedAndToldApart: of entries that would have an equal key, those of one finding are united, and those of several stand apart.
func TestUnitedAndToldApart(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	shared, there := testfiles.Shared(t, "cases")
	for _, test := range []struct {
		file, typ  string
		attributes []string
		want       kept
	}{
		{"own/tenable-csv-audit.csv", "Custom:Vulnerability", []string{"Id", "CVE", "CVSS"}, kept{Rows: []string{"190001 CVE-2025-10001,CVE-2025-10002 9.1"}, United: 1}},
		{"own/qualys-csv-cves.csv", "Custom:Vulnerability", []string{"Id", "CVE", "CVSS", "Severity"}, kept{Rows: []string{"800001 CVE-2025-10001,CVE-2025-10002 9.8 HIGH"}, United: 1}},
		{"own/osquery-ports.log", "Custom:NetworkService", []string{"Port", "Process"}, kept{Rows: []string{"22 sshd", "80 nginx,php-fpm"}, United: 1, Equal: 1}},
		{"own/spdx-licences.json", "Custom:SoftwareComponent", []string{"Name", "Licence"}, kept{Rows: []string{"lib Apache-2.0 AND MIT"}, United: 1}},
		{"own/fleet-two-sources.json", "Custom:SoftwareComponent", []string{"Name", "Type"}, kept{Rows: []string{"alpha deb_packages", "six deb_packages", "six python_packages"}}},
		{"own/nessus-audit.nessus", "Custom:ConfigurationCheck", []string{"Id", "Result"}, kept{Rows: []string{
			"1.1 tmp has its own partition FAIL", "1.2 nodev on tmp PASS", "1.3 odd ERROR", "2.1 roles NOT_CHECKED",
		}}},
		{"meaning/nessus_compliance.nessus", "Custom:ConfigurationCheck", []string{"Id", "Result"}, kept{Rows: []string{
			"1.1 tmp has its own partition FAIL", "1.2 nodev on tmp PASS", "5.2 root may not log in by ssh FAIL", "5.3 password age NOT_CHECKED", "6.1 mode of passwd file PASS",
		}}},
		{"meaning/nessus_compliance.nessus", "Custom:Vulnerability", []string{"Id"}, kept{Rows: []string{"70658"}}},
		{"meaning/nessus_csv_row_per_cve.csv", "Custom:Vulnerability", []string{"Id", "CVE"}, kept{Rows: []string{"190001 CVE-2025-10001,CVE-2025-10002,CVE-2025-10003", "190002 "}, United: 2}},
		{"meaning/nessus_csv_row_per_cve.csv", "Custom:ConfigurationCheck", []string{"Id", "Result"}, kept{Rows: []string{
			"1.1 tmp has its own partition FAIL", "1.2 nodev on tmp PASS", "5.2 root may not log in by ssh FAIL",
		}}},
		{"meaning/openvas_full.xml", "Custom:Vulnerability", []string{"Id", "Port", "Location"}, kept{Rows: []string{
			"1.3.6.1.4.1.25623.1.0.900001 443 ", "1.3.6.1.4.1.25623.1.0.900001 8443 ", "1.3.6.1.4.1.25623.1.0.900002  /usr/lib/one",
			"1.3.6.1.4.1.25623.1.0.900002  /usr/lib/two", "1.3.6.1.4.1.25623.1.0.900003 22 ",
		}}},
		{"meaning/openvas_full.csv", "Custom:Vulnerability", []string{"Id", "Location"}, kept{Rows: []string{
			"1.3.6.1.4.1.25623.1.0.900001 ", "1.3.6.1.4.1.25623.1.0.900001 ", "1.3.6.1.4.1.25623.1.0.900002 /usr/lib/one", "1.3.6.1.4.1.25623.1.0.900002 /usr/lib/two", "1.3.6.1.4.1.25623.1.0.900003 ",
		}}},
		{"meaning/fleet_same_name_two_sources.json", "Custom:SoftwareComponent", []string{"Name"}, kept{Rows: []string{"alpha", "six", "six"}}},
		{"tools/syft-1.57.1-spdx.json", "Custom:SoftwareComponent", []string{"Name", "Architecture"}, kept{Rows: []string{"bash amd64", "demo-app ", "libssl3 amd64", "libssl3 i386", "ms "}}},
	} {
		t.Run(test.file, func(t *testing.T) {
			name, own := strings.CutPrefix(test.file, "own/")
			path := filepath.Join("testdata", name)
			if !own && !there {
				t.Skip("no shared cases")
			} else if !own {
				path = filepath.Join(shared, filepath.FromSlash(test.file))
			}
			if diff := cmp.Diff(test.want, keptOf(t, set, testfiles.Read(t, path), test.typ, test.attributes...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhatIsCutLast: what does not fit is cut from the end of the type's order, where files and hardware stand behind packages of languages,
// and these behind packages of the operating system.
func TestWhatIsCutLast(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	document := `{"bomFormat":"CycloneDX","components":[{"type":"file","name":"a-file","version":"1"},{"type":"device","name":"a-board"},
{"type":"library","name":"b-module","purl":"pkg:npm/b-module@1"},{"type":"library","name":"c-module"},
{"type":"library","name":"zlib1g","purl":"pkg:deb/debian/zlib1g@1"},{"type":"library","name":"xz-libs","purl":"pkg:rpm/rocky/xz-libs@1"},{"type":"operating-system","name":"rocky"}]}`
	o := readAll(t, set, "", []byte(document))
	of := set.Types()[slices.IndexFunc(set.Types(), func(t *mapping.Type) bool { return t.Name() == "Custom:SoftwareComponent" })].Inventory
	var rows []inventory.Entry
	for _, values := range o.values {
		rows = append(rows, of.EntryOf(values))
	}
	var names []string
	for _, row := range of.Arrange(rows).Rows {
		names = append(names, row[slices.Index(of.Attributes, "Name")])
	}
	if diff := cmp.Diff([]string{"rocky", "xz-libs", "zlib1g", "b-module", "c-module", "a-board", "a-file"}, names); diff != "" {
		t.Error(diff)
	}
}
