package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// Documents of the kinds that speak of a part of a machine, made here.

func TestPackageScansSpeakOfWhatTheyLookedAt(t *testing.T) {
	trivy := func(results string) string {
		return `{"SchemaVersion":2,"ArtifactName":"/","ArtifactType":"filesystem","Metadata":{"OS":{"Family":"debian","Name":"12.5"}},"Results":` + results + `}`
	}
	vulnerable := func(class, id string) string {
		return `{"Target":"t-` + class + `","Class":"` + class + `","Type":"x","Vulnerabilities":[{"VulnerabilityID":"` + id + `","PkgName":"p","InstalledVersion":"1","Severity":"HIGH"}]}`
	}
	folder := func(results string) string { return strings.ReplaceAll(trivy(results), `"Metadata"`, `"Was"`) }
	os, lang := vulnerable("os-pkgs", "CVE-2025-1"), vulnerable("lang-pkgs", "CVE-2025-2")
	both := trivy(`[` + os + `,` + lang + `]`)
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	wants(t, []row{
		{name: "trivy: secrets alone after packages", docs: texts(web, both, trivy(`[{"Target":"k","Class":"secret","Secrets":[{"RuleID":"r"}]}]`)), want: ids("CVE-2025-1", "CVE-2025-2")},
		{name: "trivy: no results though the system was recognised", docs: texts(web, both, trivy(`null`)), want: ids("CVE-2025-1", "CVE-2025-2")},
		{name: "trivy: no results of a folder", docs: texts(web, folder(`[`+lang+`]`), folder(`null`)), want: ids()},
		{name: "trivy: a folder without results after packages", docs: texts(web, both, folder(`null`)), want: ids("CVE-2025-1")},
		{name: "trivy: libraries of a folder after packages", docs: texts(web, both, folder(`[`+vulnerable("lang-pkgs", "CVE-2025-3")+`]`)), want: ids("CVE-2025-1", "CVE-2025-3")},
		{name: "trivy: packages without a weakness", docs: texts(web, both, trivy(`[{"Target":"t","Class":"os-pkgs","Type":"debian"}]`)), want: ids()},
		{name: "trivy: libraries alone after packages", docs: texts(web, both, trivy(`[{"Target":"t-lang-pkgs","Class":"lang-pkgs","Type":"x"}]`)), want: ids("CVE-2025-1")},
	})
}

func TestChecklistsSpeakOfTheirOwn(t *testing.T) {
	list := func(stig, site string, rules ...string) string {
		var vulns strings.Builder
		for _, r := range rules {
			fmt.Fprintf(&vulns, `<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>%s</ATTRIBUTE_DATA></STIG_DATA><STATUS>Open</STATUS></VULN>`, r)
		}
		return `<CHECKLIST><ASSET><HOST_NAME>web-01</HOST_NAME><HOST_FQDN>web-01.example.test</HOST_FQDN><WEB_DB_SITE>` + site + `</WEB_DB_SITE><WEB_DB_INSTANCE/></ASSET><STIGS><iSTIG><STIG_INFO><SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>` +
			stig + `</SID_DATA></SI_DATA></STIG_INFO>` + vulns.String() + `</iSTIG></STIGS></CHECKLIST>`
	}
	checks := func(list ...string) []holds { return []holds{on(web, check, "Benchmark Id Location", list...)} }
	wants(t, []row{
		{name: "ckl: two checklists", docs: texts("", list("A", "", "V-1", "V-2"), list("B", "", "V-1")), want: checks("A|V-1|", "A|V-2|", "B|V-1|")},
		{name: "ckl: one of two again", docs: texts("", list("A", "", "V-1", "V-2"), list("B", "", "V-1"), list("A", "", "V-2")), want: checks("A|V-2|", "B|V-1|")},
		{name: "ckl: two sites", docs: texts("", list("A", "intranet", "V-1", "V-2"), list("A", "shop", "V-1"), list("A", "intranet", "V-1")), want: checks("A|V-1|intranet", "A|V-1|shop")},
		{name: "ckl: no site after a site", docs: texts("", list("A", "shop", "V-1", "V-2"), list("A", "", "V-1")), want: checks("A|V-1|shop", "A|V-2|shop", "A|V-1|")},
		{name: "ckl: no site again", docs: texts("", list("A", "", "V-1", "V-2"), list("A", "", "V-1")), want: checks("A|V-1|")},
		{name: "ckl: the same site with a blank checklist", docs: texts("", list("A", "shop", "V-1"), list("A", "shop")), want: checks()},
	})
}

func TestFactsThatWereNotAskedForStay(t *testing.T) {
	facts := func(day, subset, more string) string {
		return `{"ansible_facts":{"ansible_os_family":"Debian","ansible_nodename":"web-01","ansible_distribution":"Ubuntu","ansible_fqdn":"web-01.example.test","ansible_machine_id":"m1","gather_subset":[` + subset + `]` + more +
			`,"ansible_date_time":{"iso8601":"2026-01-` + day + `T08:00:00Z"}}}`
	}
	full := facts("05", `"all"`, `,"ansible_memtotal_mb":4096,"ansible_processor_vcpus":2`)
	said := func(values string) []holds { return []holds{on(web, asset, "OS MemoryMiB CPUs", values)} }
	wants(t, []row{
		{name: "ansible: some facts after all", docs: texts("", full, facts("06", `"!all","network"`, "")), want: said("Ubuntu|4096|2")},
		{name: "ansible: other facts after all", docs: texts("", full, facts("06", `"!all","hardware"`, `,"ansible_memtotal_mb":8192`)), want: said("Ubuntu|8192|2")},
		{name: "ansible: all facts again", docs: texts("", full, facts("06", `"all"`, `,"ansible_memtotal_mb":8192`)), want: said("Ubuntu|8192|")},
	})
}

func TestInventoriesWithoutASection(t *testing.T) {
	inventory := func(day, more string) string {
		return `{"action":"inventory","deviceid":"web-01-1","itemtype":"Computer","content":{"versionclient":"x","accesslog":{"logdate":"2026-01-` + day + ` 08:00:00"},"hardware":{"name":"web-01","memory":2048}` + more + `}}`
	}
	system := `,"operatingsystem":{"full_name":"Debian 12","fqdn":"web-01.example.test","version":"12"}`
	all := inventory("05", `,"bios":{"ssn":"VX-1001"},"cpus":[{"core":2,"thread":4}]`+system+`,"softwares":[{"name":"alpha"},{"name":"beta"}]`)
	said := func(os, serial string, components ...string) []holds {
		return []holds{on(web, asset, "OS SerialNumber CPUs?", os+"|"+serial+"|yes"), on(web, software, "Name", components...)}
	}
	wants(t, []row{
		{name: "glpi: no system", docs: texts("", all, inventory("06", `,"bios":{"ssn":"VX-1001"},"softwares":[{"name":"alpha"}]`)), want: said("Debian 12", "VX-1001", "alpha", "beta")},
		{name: "glpi: no firmware", docs: texts("", all, inventory("06", system+`,"softwares":[{"name":"gamma"}]`)), want: said("Debian 12", "VX-1001", "alpha", "beta", "gamma")},
		{name: "glpi: no software", docs: texts("", all, inventory("06", `,"bios":{"ssn":"VX-1001"},"cpus":[{"core":2,"thread":4}]`+strings.ReplaceAll(system, "12", "13"))), want: said("Debian 13", "VX-1001", "alpha", "beta")},
	})
}

func TestMachinesWithoutAListOfWeaknesses(t *testing.T) {
	machines := `{"value":[{"id":"m1","computerDnsName":"web-01.example.test"},{"id":"m2","computerDnsName":"db-01.example.test"}]}`
	both := testfiles.Zip(t, "machines/m.json", machines, "vulnerabilities/v.json", `{"value":[{"cveId":"CVE-2025-1","machineId":"m1","productName":"alpha","severity":"High"}]}`)
	none := testfiles.Zip(t, "machines/m.json", machines, "vulnerabilities/v.json", `{"value":[]}`)
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	wants(t, []row{
		{name: "defender: machines alone", docs: texts("", both, testfiles.Zip(t, "machines/m.json", machines)), want: ids("CVE-2025-1")},
		{name: "defender: machines and an empty list", docs: texts("", both, none), want: ids()},
		{name: "defender: machines alone, in an answer", docs: texts("", both, strings.Replace(machines, `{"value"`, `{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Machines","@odata.count":2,"value"`, 1)), want: ids("CVE-2025-1")},
	})
}

func TestChangesOfAnExport(t *testing.T) {
	line := func(cve, more string) string {
		return `{"deviceId":"m1","deviceName":"web-01.example.test","cveId":"` + cve + `","softwareVendor":"house","softwareName":"alpha","softwareVersion":"1.0"` + more + `}` + "\n"
	}
	all := line("CVE-2025-1", "") + line("CVE-2025-2", "")
	changes := line("CVE-2025-1", `,"status":"Fixed","eventTimestamp":"2026-12-09T06:00:30Z"`) + line("CVE-2025-3", `,"status":"New","eventTimestamp":"2026-12-09T06:00:40Z"`)
	wants(t, []row{
		{name: "defender: all, then changes", docs: texts("", all, changes), want: []holds{on(web, vulnerability, "Id", "CVE-2025-2", "CVE-2025-3")}},
		{
			name: "defender: changes in an answer", docs: texts("", all, `{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Collection(x)","value":[`+strings.ReplaceAll(strings.TrimSpace(changes), "\n", ",")+`]}`),
			want: []holds{on(web, vulnerability, "Id", "CVE-2025-2", "CVE-2025-3")},
		},
		{name: "defender: all twice", docs: texts("", all, line("CVE-2025-2", "")), want: []holds{on(web, vulnerability, "Id", "CVE-2025-2")}},
	})
}

func TestPagesOfHostsAreShortOfHostsOnly(t *testing.T) {
	more := `<WARNING><CODE>1980</CODE><TEXT>1 record limit exceeded.</TEXT><URL>https://qualys.example.test/?id_min=7</URL></WARNING>`
	first, second := qualysHosts(more), strings.NewReplacer("38170", "38171", "T08", "T09").Replace(qualysHosts(more))
	other := strings.NewReplacer("<ID>6<", "<ID>7<", "10.9.0.11", "10.9.0.12", "web-01", "db-01", "T08", "T09").Replace(qualysHosts(""))
	wants(t, []row{
		{name: "qualys: a host's detections of a later page", docs: texts("", first, second), want: []holds{on(web, vulnerability, "Id", "38171")}},
		{name: "qualys: two pages", docs: texts("", first, other), want: []holds{on(web, vulnerability, "Id", "38170"), on(db, vulnerability, "Id", "38170")}},
	})
}

// TestPagesThatSayWhichTheyAre: the last one that makes a set complete turns all into one snapshot.
func TestPagesThatSayWhichTheyAre(t *testing.T) {
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	old := strings.ReplaceAll(rapid7(0, 1), "p0-", "old-")
	sat := strings.ReplaceAll(satellite(2, 1, 20), "RHSA-2026:1", "RHSA-2025:")
	wants(t, []row{
		{name: "all pages after a whole", docs: texts(web, old, rapid7(0, 3), rapid7(1, 3), rapid7(2, 3)), want: ids("p0-cve-2025-10001", "p1-cve-2025-10001", "p2-cve-2025-10001")},
		{name: "not all pages after a whole", docs: texts(web, old, rapid7(0, 3), rapid7(2, 3)), want: ids("old-cve-2025-10001", "p0-cve-2025-10001", "p2-cve-2025-10001")},
		{name: "a page twice", docs: texts(web, old, rapid7(0, 2), rapid7(0, 2)), want: ids("old-cve-2025-10001", "p0-cve-2025-10001")},
		{name: "a page twice, and the other", docs: texts(web, old, rapid7(0, 2), rapid7(0, 2), rapid7(1, 2)), want: ids("p0-cve-2025-10001", "p1-cve-2025-10001")},
		{name: "pages, then a whole", docs: texts(web, rapid7(0, 2), rapid7(1, 2), old), want: ids("old-cve-2025-10001")},
		{name: "errata in pages", docs: texts(web, sat, satellite(4, 1, 2), satellite(4, 2, 2)), want: ids("RHSA-2026:11", "RHSA-2026:12", "RHSA-2026:21", "RHSA-2026:22")},
		{name: "results in pages", docs: texts("", openvas("Done", "7", "-1", "2", ""), openvas("Done", "1", "2", "3", ""), openvas("Done", "3", "2", "3", "")), want: ids("1.3.6.1.1", "1.3.6.1.2", "1.3.6.3.1", "1.3.6.3.2")},
	})
}

func TestDocumentsWithoutAList(t *testing.T) {
	bom := func(more string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1` + more + `}`
	}
	all := bom(`,"components":[{"type":"library","name":"alpha","version":"1"}]`)
	xml := func(more string) string {
		return `<bom xmlns="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:1" version="1"><metadata/>` + more + `</bom>`
	}
	// SPDX 2.3, clause 7: a document may have files and no package; reuse spdx (4.0) writes such ones, as tags. Version 3 has elements of any kind.
	const made, later = `"creationInfo":{"created":"2026-01-05T08:00:00Z"}`, `"creationInfo":{"created":"2026-01-06T08:00:00Z"}`
	spdx := func(created, rest string) string {
		return `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"web",` + created + rest + `}`
	}
	packages := spdx(made, `,"packages":[{"SPDXID":"SPDXRef-a","name":"alpha"}]`)
	tags := "SPDXVersion: SPDX-2.1\nSPDXID: SPDXRef-DOCUMENT\nDocumentNamespace: http://sbom.example.com/1\nCreated: 2026-01-06T08:00:00Z\n\nFileName: ./a\nSPDXID: SPDXRef-f\n"
	graph := `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","created":"2026-01-06T08:00:00Z"},{"type":"software_File","name":"f"}]}`
	names := func(list ...string) []holds { return []holds{on(web, software, "Name", list...)} }
	wants(t, []row{
		{name: "spdx: files alone", docs: texts(web, packages, spdx(later, `,"files":[{"SPDXID":"SPDXRef-f","fileName":"./a"}]`)), want: names("alpha")},
		{name: "spdx: files alone, tags", docs: texts(web, packages, tags), want: names("alpha")},
		{name: "spdx: files alone, version 3", docs: texts(web, packages, graph), want: names("alpha")},
		{name: "spdx: no packages", docs: texts(web, packages, spdx(later, `,"packages":[]`)), want: names()},
		{name: "cyclonedx: vulnerabilities alone", docs: texts(web, all, bom(`,"vulnerabilities":[{"id":"CVE-2025-1"}]`)), want: names("alpha")},
		{name: "cyclonedx: no components", docs: texts(web, all, bom(`,"components":[]`)), want: names()},
		{name: "cyclonedx: only files", docs: texts(web, all, bom(`,"components":[{"type":"file","name":"/bin/a"}]`)), want: names()},
		{name: "cyclonedx: vulnerabilities alone, xml", docs: texts(web, xml(`<components><component type="library"><name>alpha</name><version>1</version></component></components>`), xml(`<vulnerabilities/>`)), want: names("alpha")},
		{name: "cyclonedx: no components, xml", docs: texts(web, xml(`<components><component type="library"><name>alpha</name><version>1</version></component></components>`), xml(`<components/>`)), want: names()},
	})
}

// debsbom 0.10.2 lists the source packages of a system beside the installed ones, and gives all of them its vendor as their group.
func TestPackagesOfADistribution(t *testing.T) {
	component := func(group, name, purl string) string {
		return fmt.Sprintf(`{"type":"library","group":%q,"name":%q,"version":"1","purl":%q}`, group, name, purl)
	}
	bom := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[` + strings.Join([]string{
		component("debian", "libc6", "pkg:deb/debian/libc6@1?arch=amd64"),
		component("debian", "glibc", "pkg:deb/debian/glibc@1?arch=source"),
		component("", "bash", "pkg:rpm/redhat/bash@1?arch=src&epoch=1"),
		component("", "zlib", "pkg:rpm/redhat/zlib@1?epoch=1&arch=s390x"),
		component("org.a", "core", "pkg:maven/org.a/core@1?classifier=sources"),
	}, ",") + `]}`
	packages := func(name, purl string) string {
		return fmt.Sprintf(`{"SPDXID":"SPDXRef-%[1]s","name":%[1]q,"primaryPackagePurpose":"SOURCE","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":%[2]q}]}`, name, purl)
	}
	spdx := `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"web","packages":[` + strings.Join([]string{
		packages("libc6", "pkg:deb/debian/libc6@1?arch=amd64"),
		packages("glibc", "pkg:deb/debian/glibc@1?arch=source"),
		packages("zlib", "pkg:rpm/redhat/zlib@1?arch=s390x"),
		packages("module", "pkg:golang/example.com/module@v1"),
	}, ",") + `]}`
	tags := "SPDXVersion: SPDX-2.3\nDocumentNamespace: https://sbom.example.com/1\n"
	for _, p := range [][2]string{{"libc6", "amd64"}, {"glibc", "source"}} {
		tags += "\nPackageName: " + p[0] + "\nSPDXID: SPDXRef-" + p[0] + "\nExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/" + p[0] + "@1?arch=" + p[1] + "\n"
	}
	graph := `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","created":"2026-11-01T00:00:00Z"},` +
		`{"type":"software_Package","name":"libc6","software_packageUrl":"pkg:deb/debian/libc6@1?arch=amd64"},` +
		`{"type":"software_Package","name":"glibc","software_packageUrl":"pkg:deb/debian/glibc@1?arch=source"},` +
		`{"type":"software_Package","name":"apache2","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"packageUrl","identifier":"pkg:deb/debian/apache2@1?arch=source"}]}]}`
	// Composer's and Maven's packages are often called as their vendor or group is: laravel/laravel, commons-codec/commons-codec (bom-examples of CycloneDX).
	called := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[` + component("laravel", "laravel", "pkg:composer/laravel/laravel@1") + `,` + component("", "laravel", "") + `]}`
	// 1.7, component.isExternal: "not part of an assembly, but is expected to be provided by the environment".
	external := `{"bomFormat":"CycloneDX","specVersion":"1.7","version":1,"components":[{"type":"library","name":"libc","isExternal":true,"versionRange":"vers:generic/>=2"},{"type":"library","name":"own","isExternal":false}]}`
	externalXML := `<bom xmlns="http://cyclonedx.org/schema/bom/1.7" version="1"><components><component type="library" isExternal="true"><name>libc</name></component><component type="library"><name>own</name></component></components></bom>`
	// The statement of an attestation, as builders of images and repository hosts keep it (in-toto attestation framework, predicate CycloneDX).
	statement := `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"web","digest":{"sha256":"00"}}],"predicateType":"https://cyclonedx.org/bom","predicate":` + bom + `}`
	names := func(list ...string) []holds { return []holds{on(web, software, "Name", list...)} }
	wants(t, []row{
		{name: "cyclonedx, a group that is called as the package", docs: texts(web, called), want: names("laravel", "laravel/laravel")},
		{name: "cyclonedx, external", docs: texts(web, external), want: names("own")},
		{name: "cyclonedx, external, xml", docs: texts(web, externalXML), want: names("own")},
		{name: "cyclonedx, an attestation", docs: texts(web, statement), want: names("libc6", "org.a/core", "zlib")},
		{name: "cyclonedx", docs: texts(web, bom), want: names("libc6", "org.a/core", "zlib")},
		{name: "spdx", docs: texts(web, spdx), want: names("libc6", "module", "zlib")},
		{name: "spdx, tags", docs: texts(web, tags), want: names("libc6")},
		{name: "spdx 3", docs: texts(web, graph), want: names("libc6")},
	})
}
