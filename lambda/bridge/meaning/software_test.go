package meaning

import (
	"fmt"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// Documents of checks and findings in forms that their specifications have, made here.

func TestBenchmarksOfResults(t *testing.T) {
	result := func(day int, benchmark, one, two string) string {
		return fmt.Sprintf(`<TestResult id="run-%[1]d" start-time="2026-01-%02[1]dT08:00:00" end-time="2026-01-%02[1]dT08:00:00">%[2]s<target>web-01.example.test</target>`+
			`<rule-result idref="r1"><result>%[3]s</result></rule-result><rule-result idref="r2"><result>%[4]s</result></rule-result></TestResult>`, day, benchmark, one, two)
	}
	inside := func(id, result string) string {
		return `<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.1" id="` + id + `"><Rule id="r1"><title>one</title></Rule>` + result + `</Benchmark>`
	}
	// XCCDF 1.1.4 (NISTIR 7275r3), TestResult: "benchmark" has an href alone, and is only needed where the result is outside its benchmark. oscap 1.2 and before leaves it out.
	const a, b = `<benchmark href="a.xml"/>`, `<benchmark href="b.xml"/>`
	results := func(list ...string) []holds { return []holds{on(web, check, "Benchmark Id Result", list...)} }
	wants(t, []row{
		{name: "by reference", docs: texts("", result(5, a, "fail", "pass"), result(6, b, "pass", "notselected")), want: results("a.xml|r1|FAIL", "a.xml|r2|PASS", "b.xml|r1|PASS", "b.xml|r2|NOT_APPLICABLE")},
		{name: "by reference, again", docs: texts("", result(5, a, "fail", "pass"), result(6, a, "pass", "pass")), want: results("a.xml|r1|PASS", "a.xml|r2|PASS")},
		{name: "by what is around", docs: texts("", inside("A", result(5, "", "fail", "pass")), inside("B", result(6, "", "pass", "fail"))), want: results("A|r1|FAIL", "A|r2|PASS", "B|r1|PASS", "B|r2|FAIL")},
		{name: "by what is around, again", docs: texts("", inside("A", result(5, "", "fail", "pass")), inside("A", result(6, "", "pass", "fail"))), want: results("A|r1|PASS", "A|r2|FAIL")},
		{name: "by nothing", docs: texts("", result(5, "", "fail", "pass"), result(6, "", "pass", "fail")), want: results("|r1|PASS", "|r2|FAIL")},
	})
}

// Version 1.0 of SARIF has its results in another form: a tool has no driver, a message is a string, and the file is resultFile.
func TestVersionsOfFindings(t *testing.T) {
	log := func(version, tool, message string) string {
		return `{"$schema":"http://json.schemastore.org/sarif-` + version + `","version":"` + version + `","runs":[{"tool":` + tool + `,"results":[{"ruleId":"A1","message":` + message + `,"level":"error"}]}]}`
	}
	wants(t, []row{
		{name: "sarif 1.0", refused: true, docs: texts(web, log("1.0.0", `{"name":"T"}`, `"m"`))},
		{name: "sarif 2.1 before it was final", docs: texts(web, log("2.1.0-rtm.1", `{"driver":{"name":"T"}}`, `{"text":"m"}`)), want: []holds{on(web, finding, "Product Rule", "T|A1")}},
	})
}

func TestChecklistsInAZipFile(t *testing.T) {
	ckl := func(host, rule, status string) string {
		return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><!--DISA STIG Viewer :: 2.17--><CHECKLIST><ASSET><HOST_NAME>%[1]s</HOST_NAME><HOST_FQDN>%[1]s.example.test</HOST_FQDN></ASSET><STIGS><iSTIG><STIG_INFO><SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>S</SID_DATA></SI_DATA></STIG_INFO>`+
			`<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>%[2]s</ATTRIBUTE_DATA></STIG_DATA><STATUS>%[3]s</STATUS></VULN></iSTIG></STIGS></CHECKLIST>`, host, rule, status)
	}
	cklb := func(host, status string) string {
		return fmt.Sprintf(`{"title":"t","target_data":{"host_name":"%[1]s","fqdn":"%[1]s.example.test"},"stigs":[{"stig_id":"S","rules":[{"group_id":"V-1","severity":"high","status":"%[2]s"}]}],"cklb_version":"1.0"}`, host, status)
	}
	// Version 1 (SV_VERSION "DISA STIG Viewer : 1.2.0") has its rules outside of STIGS and iSTIG.
	first := func(host string) string {
		return `<CHECKLIST><SV_VERSION>DISA STIG Viewer : 1.2.0</SV_VERSION><ASSET><HOST_NAME>` + host + `</HOST_NAME></ASSET><STIG_INFO><STIG_TITLE>T</STIG_TITLE></STIG_INFO>` +
			`<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>V-9</ATTRIBUTE_DATA></STIG_DATA><STATUS>NotAFinding</STATUS></VULN></CHECKLIST>`
	}
	zip := func(members ...string) []doc { return texts("", testfiles.Zip(t, members...)) }
	checks := func(node string, list ...string) holds { return on(node, check, "Benchmark Id Result", list...) }
	two := zip("web-01.ckl", ckl("web-01", "V-1", "Open"), "site/app.cklb", cklb("app-01", "open"))
	wants(t, []row{
		{
			name: "each is of its own machine", docs: zip("web-01.ckl", ckl("web-01", "V-1", "NotAFinding"), "site a/db.CKL", ckl("db-01", "V-2", "Open"), "site a/b/app.cklb", cklb("app-01", "open"), "read me.txt", "for people"),
			want: []holds{checks(web, "S|V-1|PASS"), checks(db, "S|V-2|FAIL"), checks(app, "S|V-1|FAIL")},
		},
		{name: "one machine in two", docs: zip("a.ckl", ckl("web-01", "V-1", "Open"), "b.ckl", ckl("web-01", "V-2", "Open")), want: []holds{checks(web, "S|V-1|FAIL", "S|V-2|FAIL")}},
		{name: "version 1", docs: append(two, texts("", first("web-01"))...), want: []holds{checks(web, "S|V-1|FAIL", "T|V-9|PASS")}},
		{name: "version 1 again", docs: texts("", first("web-01"), first("web-01")), want: []holds{checks(web, "T|V-9|PASS")}},
		{name: "version 1 in a zip file", docs: zip("a.ckl", first("web-01"), "b.ckl", ckl("app-01", "V-1", "Open")), want: []holds{checks(web, "T|V-9|PASS"), checks(app, "S|V-1|FAIL")}},
	})
	for name, member := range map[string]string{
		"cut off": ckl("app-01", "V-1", "Open")[:200], "empty": "", "a page of an error": "<html><body>no</body></html", "words": "no longer available\n", "of nothing": `{"target_data":`,
	} {
		wants(t, []row{{name: "a member that is " + name, refused: true, docs: zip("web-01.ckl", ckl("web-01", "V-2", "Open"), "app.ckl", member), want: []holds{checks(web), checks(app)}}})
	}
}

// Inspector's API, VulnerablePackage: name and version are required, release and epoch are of packages of a system.
func TestReleasesOfPackages(t *testing.T) {
	reported := func(packages string) []doc {
		return texts("", `{"findings":[{"findingArn":"f-1","awsAccountId":"111122223333","type":"PACKAGE_VULNERABILITY","severity":"HIGH","status":"ACTIVE","updatedAt":"2026-01-05T08:00:00Z","packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-1","vulnerablePackages":[`+packages+`]},`+
			`"resources":[{"type":"AWS_EC2_INSTANCE","id":"`+web+`","region":"us-east-1"}]}]}`)
	}
	affected := func(list string) []holds { return []holds{on(web, vulnerability, "Affected", list)} }
	wants(t, []row{
		{name: "of a system", docs: reported(`{"name":"openssh","version":"8.7p1","release":"8.amzn2023.0.10","epoch":0},{"name":"openssh-server","version":"8.7p1","release":"8.amzn2023.0.10"}`), want: affected("openssh 8.7p1-8.amzn2023.0.10, openssh-server 8.7p1-8.amzn2023.0.10")},
		{name: "of a language", docs: reported(`{"name":"requests","version":"2.1"},{"name":"urllib3","version":"2.1"}`), want: affected("requests 2.1, urllib3 2.1")},
		{name: "of both", docs: reported(`{"name":"python3-requests","version":"2.1","release":"3.el9"},{"name":"requests","version":"2.1"}`), want: affected("python3-requests 2.1, requests 2.1")},
	})
}
