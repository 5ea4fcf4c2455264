package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestAMachineWithoutAnyFinding: formats that name a machine which was looked at, or that are of one machine alone, say that it has no weakness any more. Each row has the
// document with one and the document without.
func TestAMachineWithoutAnyFinding(t *testing.T) {
	none := []holds{on(web, vulnerability, "Id")}
	pair := func(with, without string) []doc { return texts("", with, without) }
	alone := func(with, without string) []doc { return texts(web, with, without) }
	detection := func(day int, list string) string {
		return fmt.Sprintf(`<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2026-01-%02dT08:00:00Z</DATETIME><HOST_LIST><HOST><ID>6</ID><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS>%s</HOST></HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`, 4+day, list)
	}
	report := func(day int, list string) string {
		return fmt.Sprintf(`<ASSET_DATA_REPORT><HEADER><GENERATION_DATETIME>2026-01-%02dT08:00:00Z</GENERATION_DATETIME></HEADER><HOST_LIST><HOST><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS>%s</HOST></HOST_LIST></ASSET_DATA_REPORT>`, 4+day, list)
	}
	nexpose := func(day int, tests string) string {
		return fmt.Sprintf(`<NexposeReport version="2.0"><scans><scan id="1" startTime="202601%02dT070000000" endTime="202601%02dT080000000" status="finished"/></scans><nodes><node address="10.9.0.11" status="alive" device-id="7"><names><name>web-01.example.test</name></names>%s</node></nodes></NexposeReport>`, 4+day, 4+day, tests)
	}
	simple := func(day int, flaws string) string {
		return fmt.Sprintf(`<NeXposeSimpleXML version="1.0"><generated>202601%02dT080000000</generated><devices><device address="10.9.0.11" id="7">%s</device></devices></NeXposeSimpleXML>`, 4+day, flaws)
	}
	zip := func(flaws string) string {
		return testfiles.Zip(t, "machines/m.json", `{"@odata.context":"https://api.security.microsoft.com/api/$metadata#Machines","value":[{"id":"m1","computerDnsName":"web-01.example.test"}]}`,
			"vulnerabilities/1.json", `{"@odata.context":"https://api.security.microsoft.com/api/$metadata#Collection(x)","value":[`+flaws+`]}`)
	}
	prisma := func(day int, count int, list string) string {
		return fmt.Sprintf(`[{"_id":"web-01.example.test","hostname":"web-01.example.test","type":"host","scanTime":"2026-01-%02dT08:00:00Z","distro":"Debian","vulnerabilitiesCount":%d,"complianceIssuesCount":0,"vulnerabilities":%s,"complianceIssues":null}]`, 4+day, count, list)
	}
	tanium := func(list string) string {
		return `{"data":{"endpoints":{"edges":[{"node":{"id":"7","computerID":"7","name":"web-01.example.test","compliance":{"cveFindings":[` + list + `]}}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false}}}}`
	}
	wazuh := func(n int, list string) string {
		return fmt.Sprintf(`{"data":{"affected_items":[%s],"total_affected_items":%d,"total_failed_items":0,"failed_items":[]},"message":"All selected vulnerabilities were returned","error":0}`, list, n)
	}
	errata := func(n int, list string) string {
		return fmt.Sprintf(`{"total":9,"subtotal":%d,"selectable":%d,"page":1,"per_page":20,"results":[%s]}`, n, n, list)
	}
	rapid7 := func(n int, list string) string {
		return fmt.Sprintf(`{"resources":[%s],"page":{"number":0,"size":10,"totalPages":%d,"totalResources":%d},"links":[{"href":"https://h/api/3/assets/7/vulnerabilities","rel":"self"}]}`, list, n, n)
	}
	trivy := func(list string) string {
		return `{"SchemaVersion":2,"ArtifactName":"/","ArtifactType":"filesystem","Metadata":{"OS":{"Family":"debian","Name":"12"}},"Results":[{"Target":"debian","Class":"os-pkgs","Type":"debian"` + list + `}]}`
	}
	grype := func(list string) string {
		return `{"matches":[` + list + `],"source":{"type":"directory","target":"/"},"distro":{"name":"debian"},"descriptor":{"name":"grype","version":"0.74.0"}}`
	}
	anchore := func(list string) string {
		return `{"imageDigest":"sha256:1","vulnerabilities":[` + list + `],"vulnerability_type":"all"}`
	}
	// An empty list of rows may be any product's, so its key has to say whose it is.
	named := func(with, without string) []doc {
		return []doc{{text: with, key: "xray/" + web + "/a.json"}, {text: without, key: "xray/" + web + "/a.json"}}
	}
	xray := func(n int, list string) string { return fmt.Sprintf(`{"total_rows":%d,"rows":[%s]}`, n, list) }
	snyk := func(list string) string {
		return `{"vulnerabilities":[` + list + `],"ok":false,"dependencyCount":7,"packageManager":"deb","projectName":"p","path":"p","uniqueCount":0}`
	}
	osv := func(list string) string {
		return `{"results":[` + list + `],"experimental_config":{"licenses":{"summary":false,"allowlist":null}}}`
	}
	wants(t, []row{
		{name: "qualys detections: an empty list", docs: pair(detection(0, "<DETECTION_LIST><DETECTION><QID>1</QID></DETECTION></DETECTION_LIST>"), detection(1, "<DETECTION_LIST></DETECTION_LIST>")), want: none},
		{name: "qualys detections: no list", docs: pair(detection(0, "<DETECTION_LIST><DETECTION><QID>1</QID></DETECTION></DETECTION_LIST>"), detection(1, "")), want: none},
		{name: "qualys asset report", docs: pair(report(0, "<VULN_INFO_LIST><VULN_INFO><QID>1</QID></VULN_INFO></VULN_INFO_LIST>"), report(1, "")), want: none},
		{name: "nexpose", docs: pair(nexpose(0, `<tests><test id="a" status="vulnerable-exploited"/></tests>`), nexpose(1, `<tests></tests>`)), want: none},
		{name: "nexpose, simple", docs: pair(simple(0, `<vulnerabilities><vulnerability id="a" resultCode="VE"/></vulnerabilities>`), simple(1, "<vulnerabilities/>")), nodes: "InstanceId,ComputerName,IPAddress\n" + web + ",,10.9.0.11\n", want: none},
		{name: "defender", docs: pair(zip(`{"cveId":"CVE-2026-1","machineId":"m1","productName":"a"}`), zip("")), want: none},
		{name: "prisma hosts", docs: pair(prisma(0, 1, `[{"cve":"CVE-2026-1","packageName":"a"}]`), prisma(1, 0, "null")), want: none},
		{name: "tanium", docs: pair(tanium(`{"cveId":"CVE-2026-1"}`), tanium("")), want: none},
		{name: "wazuh 4.7", docs: alone(wazuh(1, `{"cve":"CVE-2026-1","name":"a","status":"VALID"}`), wazuh(0, "")), want: none},
		{name: "satellite", docs: alone(errata(1, `{"errata_id":"RHSA-2026:1","title":"a"}`), errata(0, "")), want: none},
		{name: "insightvm", docs: alone(rapid7(1, `{"id":"a","instances":1,"since":"2026-01-01T00:00:00Z","status":"vulnerable","results":[]}`), rapid7(0, "")), want: none},
		{name: "trivy", docs: alone(trivy(`,"Vulnerabilities":[{"VulnerabilityID":"CVE-2026-1","PkgName":"a"}]`), trivy("")), want: none},
		{name: "grype", docs: alone(grype(`{"vulnerability":{"id":"CVE-2026-1"},"artifact":{"name":"a"}}`), grype("")), want: none},
		{name: "anchore", docs: alone(anchore(`{"vuln":"CVE-2026-1","package_name":"a"}`), anchore("")), want: none},
		{name: "xray", docs: named(xray(1, `{"issue_id":"XRAY-1","vulnerable_component":"deb://debian:12:a:1","impacted_artifact":"x","artifact_scan_time":"2026-01-05T08:00:00Z"}`), xray(0, "")), want: none},
		{name: "snyk", docs: alone(snyk(`{"id":"SNYK-1","title":"t","name":"a","version":"1"}`), snyk("")), want: none},
		{name: "osv-scanner", docs: alone(osv(`{"source":{"path":"/a","type":"lockfile"},"packages":[{"package":{"name":"a","version":"1","ecosystem":"Go"},"vulnerabilities":[{"id":"GO-1"}],"groups":[{"ids":["GO-1"]}]}]}`), osv("")), want: none},
	})
}

// TestReportsOfSomeWeaknesses: the appendix of an asset data report (asset_data_report.dtd) has the weaknesses of a selective template, hosts without any that fits, and hosts of which there are no results.
func TestReportsOfSomeWeaknesses(t *testing.T) {
	report := func(day int, appendix string, qids ...string) string {
		var b strings.Builder
		for _, q := range qids {
			fmt.Fprintf(&b, `<VULN_INFO><QID id="q">%s</QID><TYPE>Vuln</TYPE><VULN_STATUS>Active</VULN_STATUS></VULN_INFO>`, q)
		}
		hosts := ""
		if len(qids) > 0 {
			hosts = `<HOST_LIST><HOST><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS><VULN_INFO_LIST>` + b.String() + `</VULN_INFO_LIST></HOST></HOST_LIST>`
		}
		return fmt.Sprintf(`<ASSET_DATA_REPORT><HEADER><GENERATION_DATETIME>2026-01-%02dT08:00:00Z</GENERATION_DATETIME></HEADER>%s<APPENDICES>%s</APPENDICES></ASSET_DATA_REPORT>`, 4+day, hosts, appendix)
	}
	list := func(name, start, end string) string {
		return "<" + name + "><IP_LIST><RANGE><START>" + start + "</START><END>" + end + "</END></RANGE></IP_LIST></" + name + ">"
	}
	const some = "<TEMPLATE_DETAILS><VULN_LISTS>x</VULN_LISTS><SELECTIVE_VULNS>105, 38170-38173</SELECTIVE_VULNS></TEMPLATE_DETAILS>"
	all := report(0, "", "105", "38171", "90001")
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	byAddress := "InstanceId,ComputerName,IPAddress\n" + web + ",web-01.example.test,10.9.0.11\n"
	wants(t, []row{
		{name: "all", docs: texts("", all, report(1, "", "105")), want: flaws("105")},
		{name: "some, one of which is left", docs: texts("", all, report(1, some, "105")), want: flaws("105", "90001")},
		{name: "none of some", docs: texts("", all, report(1, list("NO_VULNS", "10.9.0.11", "10.9.0.11")+some)), nodes: byAddress, want: flaws("90001")},
		{name: "none at all", docs: texts("", all, report(1, list("NO_VULNS", "10.9.0.11", "10.9.0.11"))), nodes: byAddress, want: flaws()},
		{name: "a range", docs: texts("", all, report(1, list("NO_VULNS", "10.9.0.11", "10.9.0.14"))), nodes: byAddress, want: flaws("105", "38171", "90001")},
		{name: "no results", docs: texts("", all, report(1, list("NO_RESULTS", "10.9.0.11", "10.9.0.11"))), nodes: byAddress, want: flaws("105", "38171", "90001")},
	})
}
