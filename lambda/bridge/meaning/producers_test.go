package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// Documents in the forms that the sources of their producers have, made here. Each row names the version and the place that it goes back to.

// prowlerRow is a row of Prowler 3.7's CSV about web-01: what a check found, and its state.
func prowlerRow(check, status string) string {
	return fmt.Sprintf("2026-01-05 08:00:00;f-%[1]s;aws;ENV;111122223333;us-east-1;%[1]s;t;%[2]s;x;high;%[3]s;arn:aws:ec2:us-east-1:111122223333:instance/%[3]s;AwsEc2Instance\n", check, status, web)
}

const prowlerHeader = "ASSESSMENT_START_TIME;FINDING_UNIQUE_ID;PROVIDER;PROFILE;ACCOUNT_ID;REGION;CHECK_ID;CHECK_TITLE;STATUS;STATUS_EXTENDED;SEVERITY;RESOURCE_ID;RESOURCE_ARN;RESOURCE_TYPE\n"

func TestChecksThatNobodyFailed(t *testing.T) {
	asff := func(day int, compliance, rest string) string {
		return fmt.Sprintf(`{"Findings":[{"SchemaVersion":"2018-10-08","Id":"f-1","ProductArn":"arn:aws:securityhub:us-east-1::product/prowler/prowler","AwsAccountId":"111122223333","Title":"t",`+
			`"UpdatedAt":"2026-01-%02dT08:00:00Z","Severity":{"Label":"HIGH"},"Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:111122223333:instance/%s"}],"RecordState":"ACTIVE","Compliance":{"Status":"%s"}%s}]}`, day, web, compliance, rest)
	}
	findings := func(list ...string) []holds { return []holds{on(web, finding, "Id Severity", list...)} }
	wants(t, []row{
		// prowler/providers/aws/lib/allowlist/allowlist.py of 3.7: an allowed finding has the state WARNING; a check by hand has INFO.
		{name: "prowler 3.7: allowed, and by hand", docs: texts("", prowlerHeader+prowlerRow("a", "WARNING")+prowlerRow("b", "INFO")+prowlerRow("c", "FAIL")), want: []holds{on(web, check, "Id Result", "a|NOT_APPLICABLE", "b|NOT_CHECKED", "c|FAIL")}},
		// A spreadsheet program writes a report again: booleans are words of its language.
		{name: "prowler 5: muted, saved in German", docs: texts("", strings.ReplaceAll(prowlerHeader, "STATUS_EXTENDED", "MUTED")+strings.ReplaceAll(prowlerRow("a", "FAIL"), ";x;", ";WAHR;")+strings.ReplaceAll(prowlerRow("b", "FAIL"), ";x;", ";FALSCH;")), want: []holds{on(web, check, "Id Result", "a|NOT_APPLICABLE", "b|FAIL")}},
		// ASFF, Compliance.Status; prowler/lib/outputs/asff/asff.py of 5 writes one for each check, whatever it found.
		{name: "asff: failed", docs: texts("", asff(1, "FAILED", "")), want: findings("f-1|HIGH")},
		{name: "asff: passed", docs: texts("", asff(1, "PASSED", "")), want: findings()},
		{name: "asff: failed, then passed", docs: texts("", asff(1, "FAILED", ""), asff(2, "PASSED", "")), want: findings()},
		{name: "asff: resolved, in the word of before Workflow", docs: texts("", asff(1, "FAILED", ""), asff(2, "WARNING", `,"WorkflowState":"RESOLVED"`)), want: findings()},
		{name: "asff: opened again", docs: texts("", asff(1, "FAILED", ""), asff(2, "FAILED", `,"WorkflowState":"RESOLVED","Workflow":{"Status":"NEW"}`)), want: findings("f-1|HIGH")},
	})
}

// gvmCSV is the CSV results report of gvmd 22 (csv_results/results.xsl): the column Severity is the result's threat.
func gvmCSV(rows ...string) string {
	return "IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD,Solution Type,NVT Name,Summary,Specific Result,NVT OID,CVEs,Task ID,Task Name,Timestamp,Result ID\n" + strings.Join(rows, "")
}

// qualysFetched is a scan's result as the API of VM 2.0 fetches it (action=fetch, output_format=json_extended), that was launched on a day.
func qualysFetched(day, status string, rows ...string) string {
	return fmt.Sprintf(`[{"username":"u","scan_report_template_title":"Scan Results","result_date":"01/20/2026 12:16:42"},{"status":"%s","reference":"scan/1.2","launch_date":"01/%s/2026 08:04:26","total_hosts":"1"},%s,{"hosts_not_scanned_host_not_alive_ip":"10.9.0.13"}]`,
		status, day, strings.Join(rows, ","))
}

// qualysRow is a finding of web-01 of such a scan.
func qualysRow(qid, kind, severity string) string {
	return fmt.Sprintf(`{"ip":"10.9.0.11","dns":"No registered hostname","netbios":null,"os":"Linux","ip_status":"host scanned, found vuln","qid":%s,"title":"t","type":"%s","severity":"%s","port":"443","protocol":"tcp","cve_id":null}`, qid, kind, severity)
}

func TestScansOfProducers(t *testing.T) {
	gvm := func(oid, cvss, threat string) string {
		return "10.9.0.11,web-01.example.test,443,tcp," + cvss + "," + threat + `,80,"","t","","",` + oid + `,"",t,"task",2026-01-05T08:00:00Z,u` + oid + "\n"
	}
	const hosts = "IP,DNS,NetBIOS,OS,IP Status,QID,Title,Type,Severity,Port\n"
	const found = `10.9.0.11,web-01.example.test,,Linux,"host scanned, found vuln",38170,t,Vuln,3,443` + "\n"
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id Severity", list...)} }
	wants(t, []row{
		{name: "openvas-csv: an override", docs: texts("", gvmCSV(gvm("1.1", "7.5", "High"), gvm("1.2", "-1.0", "False Positive"))), want: flaws("1.1|HIGH")},
		{name: "openvas-csv: nothing but one", docs: texts("", gvmCSV(gvm("1.1", "7.5", "High")), gvmCSV(gvm("1.1", "-1.0", "False Positive"))), want: flaws()},
		{name: "qualys: what can be learnt has levels of its own", docs: texts("", hosts+found+`10.9.0.11,web-01.example.test,,Linux,"host scanned, found vuln",45242,t,Ig,3,`+"\n"), want: flaws("38170|MEDIUM", "45242|INFORMATIONAL")},
		{name: "qualys: did not answer", docs: texts("", hosts+found, hosts+`10.9.0.11,web-01.example.test,,,"host not scanned, host not alive",,,,,`+"\n"), want: flaws("38170|MEDIUM")},
		{name: "qualys: scanned, nothing", docs: texts("", hosts+found, hosts+`10.9.0.11,web-01.example.test,,,"host scanned, no vuln",,,,,`+"\n"), want: flaws()},
		{name: "qualys: JSON of a scan", docs: texts("", qualysFetched("05", "Finished", qualysRow("1", "Vuln", "4"), qualysRow("2", "Vuln", "5")), qualysFetched("06", "Finished", qualysRow("2", "Vuln", "5"), qualysRow("3", "Ig", "2"))), want: flaws("2|CRITICAL")},
		{name: "qualys: JSON of a scan that was cancelled", docs: texts("", qualysFetched("05", "Finished", qualysRow("1", "Vuln", "4")), qualysFetched("06", "Canceled", qualysRow("2", "Vuln", "5"))), want: flaws("1|HIGH", "2|CRITICAL")},
		{name: "qualys: JSON of an older scan", docs: texts("", qualysFetched("06", "Finished", qualysRow("2", "Vuln", "5")), qualysFetched("05", "Finished", qualysRow("1", "Vuln", "4"))), want: flaws("2|CRITICAL")},
		// masscan --ping (out-xml.c): an answer is an element port of the protocol icmp.
		{
			name: "masscan: a ping", docs: texts("", `<?xml version="1.0"?><nmaprun scanner="masscan" start="1767600000" version="1.3" xmloutputversion="1.03"><scaninfo type="syn" protocol="tcp"/><host endtime="1767600001"><address addr="10.9.0.11" addrtype="ipv4"/><ports><port protocol="icmp" portid="0"><state state="open" reason="none"/></port></ports></host>`+
				`<host endtime="1767600001"><address addr="10.9.0.11" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port></ports></host><runstats><finished time="1767600002"/></runstats></nmaprun>`),
			nodes: "InstanceId,ComputerName,IPAddress\n" + web + ",,10.9.0.11\n", want: []holds{on(web, service, "Port Protocol", "22|tcp")},
		},
		// nmap -sO (portlist.cc of 7.94): protocol numbers in elements that are else ports.
		{
			name: "nmap: which protocols of IP", docs: texts("", nmap(0, looked("tcp", "1-100"), host("", "22/tcp")), nmap(60, `<scaninfo type="ipproto" protocol="ip" numservices="256" services="0-255"/>`, host("", "1/ip", "6/ip"))),
			want: []holds{on(web, service, "Port Protocol", "22|tcp")},
		},
	})
}

// cluster is a trivy report of a cluster (pkg/k8s/report/report.go): its list, what kind of result a workload has, and the CVEs found in it.
func cluster(list, class, rest string, cves ...string) string {
	flaws := make([]string, 0, len(cves))
	for _, c := range cves {
		flaws = append(flaws, fmt.Sprintf(`{"VulnerabilityID":"%s","PkgName":"alpha","InstalledVersion":"1","Severity":"HIGH"}`, c))
	}
	return fmt.Sprintf(`{"ClusterName":"c","%s":[{"Namespace":"n","Kind":"Deployment","Name":"w","Results":[{"Target":"t","Class":"%s","Type":"debian","Vulnerabilities":[%s]}]}%s]}`, list, class, strings.Join(flaws, ","), rest)
}

func TestClusters(t *testing.T) {
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id Location", list...)} }
	all := cluster("Resources", "os-pkgs", "", "CVE-2026-1", "CVE-2026-2")
	both := flaws("CVE-2026-1|n/Deployment/w", "CVE-2026-2|n/Deployment/w")
	none := strings.ReplaceAll(cluster("Resources", "config", ""), `,"Vulnerabilities":[]`, "")
	wants(t, []row{
		{name: "trivy 0.50: a summary", docs: texts(web, cluster("Findings", "os-pkgs", "", "CVE-2026-1")), want: flaws("CVE-2026-1|n/Deployment/w")},
		{name: "trivy 0.30: lists of their own", docs: texts(web, strings.Replace(cluster("Vulnerabilities", "os-pkgs", "", "CVE-2026-1"), `]}]}]}`, `]}]}],"Misconfigurations":[{"Namespace":"n","Kind":"Deployment","Name":"w","Results":[{"Target":"t","Class":"config"}]}]}`, 1)), want: flaws("CVE-2026-1|n/Deployment/w")},
		{name: "trivy 0.30: nothing found", docs: texts(web, all, `{"ClusterName":"c","Vulnerabilities":[{"Namespace":"n","Kind":"Deployment","Name":"w"}]}`), want: flaws()},
		{name: "trivy: neither the cluster nor the image has a name", docs: texts(web, strings.Replace(all, `"ClusterName":"c"`, `"ClusterName":""`, 1),
			`{"SchemaVersion":2,"ArtifactName":"","ArtifactType":"container_image","Results":[{"Target":"t","Class":"os-pkgs","Type":"debian","Vulnerabilities":[{"VulnerabilityID":"CVE-2026-3","PkgName":"alpha","InstalledVersion":"1","Severity":"HIGH"}]}]}`), want: flaws("CVE-2026-3|")},
		{name: "trivy: mended", docs: texts(web, all, cluster("Resources", "os-pkgs", "", "CVE-2026-2")), want: flaws("CVE-2026-2|n/Deployment/w")},
		{name: "trivy: a workload could not be scanned", docs: texts(web, all, cluster("Resources", "os-pkgs", `,{"Namespace":"n","Kind":"Pod","Name":"x","Error":"scan error"}`, "CVE-2026-2")), want: both},
		{name: "trivy: other checks alone", docs: texts(web, all, none), want: both},
	})
}

// ocsfFinding is one of web-01 on a day of January: its class, and what it says besides.
func ocsfFinding(day int, class, resource, rest string) string {
	return fmt.Sprintf(`{"class_uid":%s,"category_uid":2,"severity_id":4,"time":%d,"metadata":{"version":"1.1.0","product":{"name":"Hub"}},"finding_info":{"uid":"f-1","title":"t"},%s%s}`, class, 1767600000000+int64(day)*86400000, resource, rest)
}

func TestFindingsOfProducers(t *testing.T) {
	const (
		arn    = `"arn:aws:ec2:us-east-1:111122223333:instance/` + web + `"`
		listed = `"resources":[{"type":"AwsEc2Instance","uid":` + arn + `}]`
		single = `"resource":{"type":"AwsEc2Instance","uid":` + arn + `}`
		plain  = `"resources":[{"uid":` + arn + `}]`
	)
	findings := func(list ...string) []holds { return []holds{on(web, finding, "Id Severity", list...)} }
	then := func(class, rest string) []doc {
		return texts("", ocsfFinding(1, class, listed, ""), ocsfFinding(2, class, listed, rest))
	}
	wants(t, []row{
		// The OCSF schema 1.1: vulnerability and compliance findings have `resource`; `type` of a resource is optional.
		{name: "ocsf 1.1: one resource", docs: texts("", ocsfFinding(1, "2002", single, "")), want: findings("f-1|HIGH")},
		{name: "ocsf: a resource without a type", docs: texts("", ocsfFinding(1, "2004", plain, "")), want: findings("f-1|HIGH")},
		{name: "ocsf: another resource without a type", docs: texts("", ocsfFinding(1, "2004", `"resources":[{"uid":"arn:aws:s3:::bucket"}]`, "")), want: findings()},
		// Words are optional beside their numbers; class 2001 of 1.0.0-rc.2, as Security Lake wrote it first, has a state.
		{name: "ocsf: resolved, by its number", docs: then("2004", `,"status_id":4`), want: findings()},
		{name: "ocsf: in progress, by its number", docs: then("2004", `,"status_id":2`), want: findings("f-1|HIGH")},
		{name: "ocsf: closed, by its number", docs: then("2004", `,"activity_id":3`), want: findings()},
		{name: "ocsf 1.0 rc: a state", docs: then("2001", `,"state":"Resolved","state_id":4,"status":"Success","status_id":1`), want: findings()},
		{name: "ocsf: a check that passed", docs: then("2003", `,"compliance":{"status":"Pass","status_id":1},"status":"New","status_id":1`), want: findings()},
		{name: "ocsf: a check that failed", docs: then("2003", `,"compliance":{"status_id":3}`), want: findings("f-1|HIGH")},
	})
}

// gvmReport is a Greenbone report of web-01 on a day of January, with what stands beside its results; a result is "oid rest".
func gvmReport(day int, rest string, results ...string) string {
	list := make([]string, 0, len(results))
	for _, r := range results {
		oid, more, _ := strings.Cut(r, " ")
		list = append(list, `<result id="r`+oid+`"><host>10.9.0.11</host><port>443/tcp</port><nvt oid="`+oid+`"><name>n</name></nvt>`+more+`</result>`)
	}
	return fmt.Sprintf(`<report id="a"><report id="a"><scan_run_status>Done</scan_run_status>%s<host><ip>10.9.0.11</ip><end>2026-01-%02dT08:00:00Z</end></host><results start="1" max="100">%s</results></report></report>`, rest, day, strings.Join(list, ""))
}

func TestReportsOfGreenbone(t *testing.T) {
	const high = "<threat>High</threat><severity>7.5</severity>"
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id Severity", list...)} }
	all := gvmReport(1, "", "1.1 "+high, "1.2 "+high)
	wants(t, []row{
		{name: "all", docs: texts("", all, gvmReport(2, "", "1.2 "+high)), want: flaws("1.2|HIGH")},
		// GMP 22.4, get_reports with delta_report_id: each result has its delta, and by the filter not all are listed.
		{name: "a difference", docs: texts("", all, gvmReport(2, "", "1.2 "+high+"<delta>gone</delta>", "1.3 "+high+"<delta>new</delta>")), want: flaws("1.1|HIGH", "1.2|HIGH", "1.3|HIGH")},
		{name: "a difference alone", docs: texts("", gvmReport(2, "", "1.2 "+high+"<delta>gone</delta>", "1.3 "+high+"<delta>new</delta>")), want: flaws("1.3|HIGH")},
		// An audit counts what complies where a scan counts results.
		{name: "an audit", docs: texts("", all, gvmReport(2, "<compliance_count>3</compliance_count>", "1.4 <severity>0.0</severity><compliance>no</compliance>")), want: flaws("1.1|HIGH", "1.2|HIGH", "1.4|INFORMATIONAL")},
		// gvmd's severities below zero: false positive, debug, error.
		{name: "the scanner's own trouble", docs: texts("", gvmReport(1, "", "1.1 "+high, "1.5 <threat>Error</threat><severity>-3.0</severity>", "1.6 <severity>-1.0</severity>")), want: flaws("1.1|HIGH")},
	})
}

func TestSeveralMachinesInOneFile(t *testing.T) {
	cklb := func(host, ip, status string) string {
		return fmt.Sprintf(`{"title":"t","target_data":{"host_name":"%s","fqdn":"%s.example.test","ip_address":"%s"},"stigs":[{"stig_id":"S","rules":[{"group_id":"V-1","severity":"high","status":"%s"}]}],"cklb_version":"1.0"}`, host, host, ip, status)
	}
	agent := func(host, serial, kind string) string {
		return fmt.Sprintf(`{"action":"inventory","content":{"bios":{"ssn":"%[2]s"},"hardware":{"name":"%[1]s","osname":"o"},"operatingsystem":{"fqdn":"%[1]s.example.test"},"versionclient":"GLPI-Agent_v1.7"},"deviceid":"%[1]s-1","itemtype":"%[3]s"}`, host, serial, kind)
	}
	checks := []holds{on(web, check, "Id Result", "V-1|PASS"), on(db, check, "Id Result", "V-1|FAIL")}
	const lynis = "report_version_major=1\nreport_datetime_start=2026-01-05 08:00:00\nlynis_version=3.1.4\nhostname=%s\ntests_executed=A-1|\nwarning[]=A-1|text|-|-|\nfinish=true\n"
	wants(t, []row{
		// STIG Viewer 3 writes a checklist a file; scripts put them into one.
		{name: "cklb: lines", docs: texts("", cklb("web-01", "10.9.0.11", "not_a_finding")+"\n"+cklb("db-01", "10.9.0.12", "open")), want: checks},
		{name: "cklb: a list", docs: texts("", "["+cklb("web-01", "10.9.0.11", "not_a_finding")+","+cklb("db-01", "10.9.0.12", "open")+"]"), want: checks},
		{name: "cklb: one of them is not managed", docs: texts("", cklb("web-01", "10.9.0.11", "not_a_finding")+"\n"+cklb("old-01", "10.9.0.99", "open")), want: checks[:1]},
		// GLPI's agent 1.7 writes a document a machine; a directory of them is often one file of lines.
		{
			name: "glpi: lines", docs: texts("", agent("web-01", "VX1", "Computer")+"\n"+agent("db-01", "VX2", "Computer")+"\n"+agent("app-01", "VX3", "Phone")),
			want: []holds{on(web, asset, "AssetId", "web-01-1"), on(db, asset, "AssetId", "db-01-1"), on(app, asset, "AssetId")},
		},
		{
			name: "dependency-track: two projects", docs: texts(web, `{"version":"1.2","meta":{"application":"Dependency-Track","timestamp":"2026-01-05T08:00:00Z"},"project":{"uuid":"1","name":"a"},"findings":[{"component":{"name":"x","version":"1"},"vulnerability":{"vulnId":"CVE-2026-1","severity":"LOW"},"matrix":"1:2:3"}]}`+"\n"+
				`{"version":"1.2","meta":{"application":"Dependency-Track","timestamp":"2026-01-05T08:00:00Z"},"project":{"uuid":"2","name":"b"},"findings":[{"component":{"name":"x","version":"1"},"vulnerability":{"vulnId":"CVE-2026-1","severity":"LOW"},"matrix":"1:2:3"}]}`),
			want: []holds{on(web, vulnerability, "Id Location", "CVE-2026-1|a", "CVE-2026-1|b")},
		},
		{name: "lynis: one report", docs: texts("", fmt.Sprintf(lynis, "web-01")), want: []holds{on(web, check, "Id", "A-1")}},
		{name: "lynis: two reports, of one managed machine", docs: texts("", fmt.Sprintf(lynis, "web-01")+fmt.Sprintf(lynis, "old-01")), want: []holds{on(web, check, "Id")}},
	})
}

func TestScoresOfProducers(t *testing.T) {
	flaws := func(attributes string, list ...string) []holds {
		return []holds{on(web, vulnerability, attributes, list...)}
	}
	wants(t, []row{
		// grype 0.40 (grype/presenter/models/vulnerability.go): the scores of all versions in a list, in any order.
		{
			name: "grype: a list that begins with version 2", docs: texts(web, `{"descriptor":{"name":"grype"},"matches":[{"artifact":{"name":"a","version":"1"},"vulnerability":{"id":"CVE-2026-1","severity":"High","cvss":[{"version":"2.0","metrics":{"baseScore":7.5}},{"version":"3.1","metrics":{"baseScore":9.8}}]}},`+
				`{"artifact":{"name":"b","version":"1"},"vulnerability":{"id":"CVE-2026-2","severity":"Low","cvss":[{"version":"2.0","metrics":{"baseScore":2.1}}]}},`+
				`{"artifact":{"name":"c","version":"1"},"vulnerability":{"id":"CVE-2026-3","severity":"Low","cvss":[]},"relatedVulnerabilities":[{"id":"CVE-2026-3","cvss":[{"version":"2.0","metrics":{"baseScore":2.1}},{"version":"4.0","metrics":{"baseScore":3.3}}]}]}]}`),
			want: flaws("Id CVSS", "CVE-2026-1|9.8", "CVE-2026-2|2.1", "CVE-2026-3|3.3"),
		},
		// Inspector's API of 2021-03: packageVulnerabilityDetails.cvss is a list of CvssScore.
		{name: "inspector: a list that begins with version 2", docs: texts("", `{"findings":[{"findingArn":"f-1","awsAccountId":"111122223333","type":"PACKAGE_VULNERABILITY","severity":"HIGH","status":"ACTIVE","updatedAt":"2026-01-05T08:00:00Z","packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-1","cvss":[{"baseScore":5.0,"version":"2.0"},{"baseScore":7.2,"version":"3.1"}]},`+
			`"resources":[{"type":"AWS_EC2_INSTANCE","id":"`+web+`","region":"us-east-1"}]}]}`), want: flaws("CVE CVSS", "CVE-2026-1|7.2")},
		// Trivy 0.58 (pkg/types: CVSS): version 4 beside version 3.
		{name: "trivy: version 4", docs: texts(web, `{"SchemaVersion":2,"ArtifactName":"a","ArtifactType":"filesystem","Results":[{"Target":"t","Class":"os-pkgs","Vulnerabilities":[{"VulnerabilityID":"CVE-2026-1","PkgName":"a","InstalledVersion":"1","Severity":"LOW","CVSS":{"ghsa":{"V3Score":5.5,"V40Score":2.3},"nvd":{"V3Score":5.5}}}]}]}`), want: flaws("Id CVSS", "CVE-2026-1|2.3")},
		// Wazuh 4.7's API and Tenable's export write 0 for a score that there is not.
		{
			name: "wazuh 4.7: 0 for none", docs: texts(web, `{"data":{"affected_items":[{"cve":"CVE-2026-1","name":"a","version":"1","severity":"High","cvss2_score":7.5,"cvss3_score":0,"condition":"Package less than 2.0","status":"VALID"},{"cve":"CVE-2026-2","name":"a","version":"1","severity":"Untriaged","cvss2_score":0,"cvss3_score":0,"condition":"Package unfixed","status":"VALID"}],"total_affected_items":2,"total_failed_items":0}}`),
			want: flaws("Id CVSS FixedIn", "CVE-2026-1|7.5|2.0", "CVE-2026-2||"),
		},
		{name: "tenable: 0 for none", docs: texts("", `[{"asset":{"uuid":"u1","fqdn":"web-01.example.test","ipv4":"10.9.0.11"},"plugin":{"id":1,"name":"n","cvss3_base_score":0,"cvss_base_score":5.0},"port":{"port":80,"protocol":"TCP"},"severity":"medium","state":"OPEN","last_found":"2026-01-05T00:00:00Z"}]`), want: flaws("Id CVSS", "1|5.0")},
		// InsightVM's API v3 (CheckResult.status): exceptions are listed with what they except.
		{name: "insightvm: exceptions", docs: texts(web, `{"resources":[{"id":"a","instances":2,"status":"vulnerable","since":"2026-01-01T00:00:00Z","results":[{"port":22,"protocol":"tcp","status":"vulnerable-version"},{"port":2222,"protocol":"tcp","status":"vulnerable-version-with-exception-applied","exceptions":[7]}]},`+
			`{"id":"b","instances":1,"status":"vulnerable-with-exception-applied","since":"2026-01-01T00:00:00Z","results":[{"port":443,"protocol":"tcp","status":"vulnerable-with-exception-applied"}]}],"page":{"number":0,"size":10,"totalPages":1,"totalResources":2},"links":[]}`), want: flaws("Id Port Location", "a|22|")},
	})
}

func TestRegistersOfProducers(t *testing.T) {
	const vms = "VM,Powerstate,Template,SRM Placeholder,DNS Name,CPUs,Memory,Primary IP Address,VM UUID\n"
	const own = "web-01,poweredOn,False,False,web-01.example.test,2,4096,10.9.0.11,500b\n"
	assets := func(list ...string) []holds { return []holds{on(web, asset, "Name AssetId", list...)} }
	wants(t, []row{
		// RVTools 4.4 (columns of vInfo): a template, and what Site Recovery Manager holds a machine's place with, under its name.
		{name: "rvtools: a template and a placeholder", docs: texts("", vms+own+"web-01,poweredOff,False,True,,2,4096,,500c\nweb-01,poweredOff,WAHR,False,web-01.example.test,2,4096,,500d\n"), want: assets("web-01|500b")},
		// InsightVM's cloud API v4 (integration/assets): neither host_name nor anything else of a name.
		{
			name: "insightvm: a page of machines without names", docs: texts("", `{"data":[{"id":"x-1","ip":"10.9.0.11","assessed_for_vulnerabilities":true,"risk_score":0,"last_scan_end":"2026-01-05T08:00:00Z","os_description":"Linux"}],"metadata":{"number":0,"size":1,"totalResources":1,"totalPages":1},"links":[]}`), nodes: "InstanceId,ComputerName,IPAddress\n" + web + ",,10.9.0.11\n",
			want: []holds{on(web, asset, "AssetId OS", "x-1|Linux")},
		},
		// NetBox 4: a virtual machine may stand in a site, and in no cluster.
		{
			name: "netbox: a virtual machine without a cluster", docs: texts("", `{"id":5,"url":"https://netbox.example.test/api/virtualization/virtual-machines/5/","name":"web-01.example.test","status":{"value":"active","label":"Active"},"site":{"name":"Berlin"},"cluster":null,"vcpus":2.0,"memory":4096}`),
			want: []holds{on(web, asset, "AssetId CPUs Location", "5|2|Berlin")},
		},
		// community.vmware 3 (plugins/inventory/vmware_vm_inventory.py): hostnames are config.name + "_" + config.uuid, and templates are listed.
		{
			name: "ansible-inventory: of vSphere", docs: texts("", `{"_meta":{"hostvars":{"web-01_4207072c-edd8-3bd5-64dc-903fd3a0db04":{"ansible_host":"10.9.0.11","config.name":"web-01","config.uuid":"4207072c-edd8-3bd5-64dc-903fd3a0db04","config.template":false,"config.hardware.numCPU":2,"guest.hostName":null},`+
				`"db-01_4207072c-edd8-3bd5-64dc-903fd3a0db05":{"config.name":"db-01","config.uuid":"4207072c-edd8-3bd5-64dc-903fd3a0db05","config.template":true,"guest.hostName":null}}},"all":{"children":["ungrouped"]},"ungrouped":{"hosts":["web-01_4207072c-edd8-3bd5-64dc-903fd3a0db04","db-01_4207072c-edd8-3bd5-64dc-903fd3a0db05"]}}`),
			want: []holds{on(web, asset, "AssetId CPUs", "web-01_4207072c-edd8-3bd5-64dc-903fd3a0db04|2"), on(db, asset, "AssetId")},
		},
		// azure.azcollection (plugins/inventory/azure_rm.py): the name, and four digits of a hash of the ID.
		{name: "ansible-inventory: of Azure", docs: texts("", `{"_meta":{"hostvars":{"web-01_a1b2":{"ansible_host":"10.9.0.11","computer_name":null,"name":"web-01","default_inventory_hostname":"web-01_a1b2","virtual_machine_size":"Standard_B2s"},`+
			`"db-01_a1b2":{"name":"db-01","ansible_host":"10.9.0.12"}}},"all":{"children":["ungrouped"]}}`), want: []holds{on(web, asset, "AssetId Model", "web-01_a1b2|Standard_B2s"), on(db, asset, "AssetId")}},
		// Fleet 4 (server/utils.go, NeverTimestamp): a host that never reported.
		{name: "fleet: enrolled and never seen", docs: texts("", `{"hosts":[{"id":7,"hostname":"web-01.example.test","osquery_version":"5.9","uuid":"","hardware_serial":"VX1","primary_mac":"","detail_updated_at":"2000-01-01T00:00:00Z","seen_time":"2026-01-05T08:00:00Z"}]}`), want: []holds{on(web, asset, "AssetId UpdatedAt", "7|")}},
	})
}
