package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// compared is the list of assets that InsightVM's cloud API 4 answers on a day (POST /vm/v4/integration/assets), with one: its lists of findings, and what else it has.
func compared(day int, lists string) string {
	return fmt.Sprintf(`{"data":[{"id":"o-default-asset-7","host_name":"web-01.example.test","ip":"10.9.0.11","os_description":"Ubuntu Linux 22.04","risk_score":5656,"assessed_for_vulnerabilities":true,`+
		`"last_assessed_for_vulnerabilities":"2026-01-%02dT08:00:00.000Z",%s}],"metadata":{"number":0,"size":2,"totalResources":1,"totalPages":1,"cursor":"x"},"links":[{"href":"https://h/assets","rel":"self"},{"href":"https://h/assets?cursor=x","rel":"next"}]}`, 4+day, lists)
}

// found is one of these lists, with findings as "id/status/port".
func found(list string, findings ...string) string {
	items := make([]string, 0, len(findings))
	for _, f := range findings {
		p := strings.Split(f, "/")
		items = append(items, fmt.Sprintf(`{"check_id":null,"first_found":"2025-05-14T13:52:10Z","key":"","port":%s,"protocol":"TCP","status":"%s","vulnerability_id":"%s"}`, p[2], p[1], p[0]))
	}
	return `"` + list + `":[` + strings.Join(items, ",") + `]`
}

// TestFindingsThatWereCompared: an asset has "same" where it was asked for with includeSame, and then all that it has; else what changed since comparisonTime alone
// (operation searchIntegrationAssets of the API's page; recorded answers of 2025 in elastic/integrations, packages/rapid7_insightvm 2.x). Each page of a list with a
// cursor names a next one and has the number 0; the one behind the last is empty.
func TestFindingsThatWereCompared(t *testing.T) {
	const a, b, c = "alpha-cve-2025-10001/VULNERABLE_VERS/443", "beta/VULNERABLE_EXPL/null", "gamma/VULNERABLE_POTENTIAL/22"
	all := compared(0, found("same", a, b)+","+found("new")+","+found("remediated"))
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id CVE Port", list...)} }
	const alpha, beta, gamma = "alpha-cve-2025-10001|CVE-2025-10001|443", "beta||", "gamma||22"
	wants(t, []row{
		{name: "all that it has", docs: texts("", all), want: ids(alpha, beta)},
		{name: "what is the same and what is new", docs: texts("", all, compared(1, found("same", a)+","+found("new", c)+","+found("remediated", b))), want: ids(alpha, gamma)},
		{name: "nothing any more", docs: texts("", all, compared(1, found("same")+","+found("new")+","+found("remediated"))), want: ids()},
		{name: "it was not looked at", docs: texts("", all, strings.Replace(compared(1, found("same")), `vulnerabilities":true`, `vulnerabilities":false`, 1)), want: ids(alpha, beta)},
		{name: "changes alone", docs: texts("", all, compared(1, found("new", c)+","+found("remediated", b))), want: ids(alpha, gamma)},
		{name: "no changes", docs: texts("", all, compared(1, found("new")+","+found("remediated"))), want: ids(alpha, beta)},
		{name: "an exception", docs: texts("", compared(0, found("same", a, "beta/EXCEPTION_VULN_EXPL/null"))), want: ids(alpha)},
		{name: "lines of assets", docs: texts("", all, `{"id":"o-default-asset-7","ip":"10.9.0.11","host_name":"web-01.example.test","risk_score":1,"assessed_for_vulnerabilities":true,"last_scan_end":"2026-01-06T08:00:00Z",`+found("same", a)+"}\n"), want: ids(alpha)},
	})
}

// TestResultsOfNexposeAsCSV: the seven columns that its CSV export of vulnerability results has unless others are chosen, with the codes of its guide (Vulnerability result codes).
func TestResultsOfNexposeAsCSV(t *testing.T) {
	results := func(rows ...string) string {
		return "Asset IP Address,Service Port,Vulnerability Test Result Code,Vulnerability ID,Vulnerability CVE IDs,Vulnerability Severity Level,Vulnerability Title\n" + strings.Join(rows, "\n") + "\n"
	}
	at := func(rest string) string { return "10.9.0.11," + rest }
	all := results(at(`443,VE,alpha,"CVE-2026-1,CVE-2026-2",8,a`), at("0,VV,beta,,4,b"), at("22,VP,gamma,,1,c"))
	flaws := func(list ...string) []holds {
		return []holds{on(web, vulnerability, "Id Port CVE Severity", list...)}
	}
	wants(t, []row{
		{name: "all", docs: texts("", all), want: flaws("alpha|443|CVE-2026-1,CVE-2026-2|HIGH", "beta|||MEDIUM", "gamma|22||LOW")},
		{name: "an exception, and one that is gone", docs: texts("", all, results(at("443,EE,alpha,,8,a"), at("0,VV,beta,,4,b"))), want: flaws("beta|||MEDIUM")},
		{name: "nothing found", docs: texts("", all, results(at("443,NV,alpha,,8,a"))), want: flaws()},
		{name: "codes in small letters", docs: texts("", results(at("443,vv,alpha,,8,a"), at("0,nv,beta,,4,b"))), want: flaws("alpha|443||HIGH")},
	})
}
