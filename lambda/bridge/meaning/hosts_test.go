package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// greenbone is a report on two machines that ended so many days after the first of January, with tests that web-01 did not pass and errors as "address/text".
func greenbone(day int, errors []string, tests ...string) string {
	end := fmt.Sprintf("2026-01-%02dT10:00:00Z", 1+day)
	var b strings.Builder
	fmt.Fprintf(&b, `<report id="a"><report id="a"><scan_run_status>Done</scan_run_status><scan_start>%s</scan_start><results max="-1" start="1">`, end)
	for _, test := range tests {
		oid, description, _ := strings.Cut(test, "/")
		fmt.Fprintf(&b, `<result id="r"><name>n</name><host>10.9.0.11<hostname>web-01.example.test</hostname></host><port>443/tcp</port><nvt oid="%s"><name>n</name></nvt><threat>High</threat><severity>7.5</severity><description>%s</description></result>`, oid, description)
	}
	fmt.Fprintf(&b, `</results><result_count>%d<filtered>%d</filtered></result_count>`, len(tests), len(tests))
	for _, ip := range []string{"10.9.0.11", "10.9.0.12"} {
		fmt.Fprintf(&b, `<host><ip>%s</ip><end>%s</end></host>`, ip, end)
	}
	fmt.Fprintf(&b, `<scan_end>%s</scan_end><errors>`, end)
	for _, e := range errors {
		ip, text, _ := strings.Cut(e, "/")
		fmt.Fprintf(&b, `<error><host>%s<asset asset_id=""/></host><port>general/tcp</port><description>%s</description></error>`, ip, text)
	}
	return b.String() + `</errors></report></report>`
}

func TestAReportInWhichATestTimedOutOnlyAdds(t *testing.T) {
	const timedOut = "NVT timed out after 320 seconds."
	all := greenbone(0, nil, "1.1", "1.2")
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id Location", list...)} }
	wants(t, []row{
		{name: "openvas: the same again", docs: texts("", all, greenbone(1, nil, "1.1")), want: ids("1.1|")},
		{name: "openvas: a test timed out on another host", docs: texts("", all, greenbone(1, []string{"10.9.0.12/" + timedOut}, "1.1")), want: ids("1.1|", "1.2|")},
		{name: "openvas: a test timed out on the host", docs: texts("", all, greenbone(1, []string{"10.9.0.12/x", "10.9.0.11/" + timedOut}, "1.1")), want: ids("1.1|", "1.2|")},
		{name: "openvas: a test timed out on no host", docs: texts("", all, greenbone(1, []string{"/" + timedOut}, "1.1")), want: ids("1.1|", "1.2|")},
		{name: "openvas: another error", docs: texts("", all, greenbone(1, []string{"10.9.0.11/x"}, "1.1")), want: ids("1.1|")},
		{name: "openvas: one test, two pages of a site", docs: texts("", greenbone(0, nil, "1.1/Vulnerable URL: https://web-01/a", "1.1/Vulnerable URL: https://web-01/b")), want: ids("1.1|https://web-01/a", "1.1|https://web-01/b")},
	})
}

func TestAHostThatDidNotAnswerHasNoFindingsLess(t *testing.T) {
	scan := func(day int, status, host string, numbers ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<SCAN value="scan/1"><HEADER><KEY value="DATE">2026-01-%02dT10:00:00Z</KEY><KEY value="STATUS">%s</KEY></HEADER><IP value="10.9.0.11" name="web-01.example.test"%s>`, 1+day, status, host)
		for _, n := range numbers {
			fmt.Fprintf(&b, `<VULNS><CAT value="Web" port="443" protocol="tcp"><VULN number="%s" severity="3"><TITLE>t</TITLE></VULN></CAT></VULNS>`, n)
		}
		return b.String() + `</IP></SCAN>`
	}
	all := scan(0, "FINISHED", "", "1", "2")
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	wants(t, []row{
		{name: "qualys scan: the same again", docs: texts("", all, scan(1, "FINISHED", "", "1")), want: ids("1")},
		{name: "qualys scan: no weakness", docs: texts("", all, scan(1, "NOVULNSMATCH", ` status="no vuln"`)), want: ids()},
		{name: "qualys scan: a host that is down", docs: texts("", all, scan(1, "FINISHED", ` status="down"`)), want: ids("1", "2")},
		{name: "qualys scan: cancelled", docs: texts("", all, scan(1, "CANCELED", "", "1")), want: ids("1", "2")},
	})
}

func TestAProfileThatSelectsNothing(t *testing.T) {
	result := func(day int, rules ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<TestResult id="t" end-time="2026-01-%02dT10:00:00"><benchmark id="B"/><target>web-01.example.test</target>`, 1+day)
		for _, r := range rules {
			id, value, _ := strings.Cut(r, "=")
			fmt.Fprintf(&b, `<rule-result idref="%s"><result>%s</result></rule-result>`, id, value)
		}
		return b.String() + `</TestResult>`
	}
	wants(t, []row{
		{name: "xccdf: nothing is selected", docs: texts("", result(0, "a=fail", "b=pass"), result(1, "a=notselected", "b=notselected")), want: []holds{on(web, check, "Id Result", "a|FAIL", "b|PASS")}},
	})
}

func TestAnEmptyPageBehindTheLast(t *testing.T) {
	const answer = `{"data":{"affected_items":%s,"total_affected_items":1,"total_failed_items":0,"failed_items":[]},"message":"All selected vulnerabilities were returned","error":0}`
	item := `[{"cve":"CVE-2025-1","name":"p","version":"1","status":"VALID","severity":"High"}]`
	wants(t, []row{
		{name: "wazuh: an empty page", docs: texts(web, fmt.Sprintf(answer, item), fmt.Sprintf(answer, "[]")), want: []holds{on(web, vulnerability, "Id", "CVE-2025-1")}},
	})
}
