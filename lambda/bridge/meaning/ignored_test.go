package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestWhatSomebodyIgnoresIsNoFinding: a Custom:Vulnerability has no state, so what the product's users accept, ignore, reject or have switched off must not look like an open one.
func TestWhatSomebodyIgnoresIsNoFinding(t *testing.T) {
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	// host_list_vm_detection_output.dtd of VM 10: with include_ignored=1 and include_disabled=1.
	detections := func(day int, flags string) string {
		return fmt.Sprintf(`<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2026-01-%02dT08:00:00Z</DATETIME><HOST_LIST><HOST><ID>6</ID><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS><DETECTION_LIST>`+
			`<DETECTION><QID>1</QID><TYPE>Confirmed</TYPE><SEVERITY>4</SEVERITY><STATUS>Active</STATUS><IS_IGNORED>0</IS_IGNORED><IS_DISABLED>0</IS_DISABLED></DETECTION>`+
			`<DETECTION><QID>2</QID><TYPE>Confirmed</TYPE><SEVERITY>4</SEVERITY><STATUS>Active</STATUS>%s</DETECTION></DETECTION_LIST></HOST></HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`, 4+day, flags)
	}
	api := func(ignored, disabled string) string {
		const row = `"6","10.9.0.11","web-01.example.test","%d","Confirmed","2","Active","2026-01-05T08:00:00Z","%s","%s"` + "\n"
		return `"Host ID","IP Address","DNS Name","QID","Type","Severity","Status","Last Found Datetime","Is Ignored","Is Disabled"` + "\n" + fmt.Sprintf(row, 1, "0", "0") + fmt.Sprintf(row, 2, ignored, disabled)
	}
	// VMDR's list of 2026 has Disabled and Ignored with Yes and No.
	vmdr := func(disabled, ignored string) string {
		const row = `"%d","t","4","web-01.example.test","10.9.0.11","Confirmed","ACTIVE","%s","%s","300"` + "\n"
		return `"QID","Title","Severity","Asset Name","Asset IPV4","Type Detected","Status","Disabled","Ignored","Asset Id"` + "\n" + fmt.Sprintf(row, 1, "No", "No") + fmt.Sprintf(row, 2, disabled, ignored)
	}
	// The export of vulnerabilities (POST /vulns/export): severity_modification_type is NONE, RECASTED or ACCEPTED.
	tenable := func(day int, state, modification string) string {
		return fmt.Sprintf(`[{"asset":{"uuid":"11111111-1111-4111-8111-111111111111","fqdn":"web-01.example.test","ipv4":"10.9.0.11"},"plugin":{"id":2,"name":"n"},"port":{"port":0,"protocol":"TCP"},"severity":"high","state":"%s","severity_modification_type":"%s","last_found":"2026-01-05T08:00:00Z","indexed":"2026-01-%02dT08:00:00Z"}]`, state, modification, 5+day)
	}
	wiz := func(status string) string {
		return fmt.Sprintf(`{"data":{"vulnerabilityFindings":{"nodes":[{"name":"CVE-2026-1","detailedName":"p","status":"%s","severity":"HIGH","firstDetectedAt":"2026-01-05T08:00:00Z","lastDetectedAt":"2026-01-05T08:00:00Z","vulnerableAsset":{"id":"a","type":"VIRTUAL_MACHINE","name":"web-01.example.test","cloudPlatform":"AWS"}}],"pageInfo":{"hasNextPage":false}}}}`, status)
	}
	// trivy 0.50 (pkg/fanal and its database's types.go): not_affected is one of the statuses.
	trivy := func(status string) string {
		return fmt.Sprintf(`{"SchemaVersion":2,"ArtifactName":"a","ArtifactType":"filesystem","Results":[{"Target":"t","Class":"os-pkgs","Type":"redhat","Vulnerabilities":[{"VulnerabilityID":"CVE-2026-1","PkgName":"a","InstalledVersion":"1","Status":"affected","Severity":"LOW"},{"VulnerabilityID":"CVE-2026-2","PkgName":"a","InstalledVersion":"1","Status":"%s","Severity":"LOW"}]}]}`, status)
	}
	// The gateway's type EndpointComplianceCveFinding has excepted.
	tanium := func(excepted string) string {
		return fmt.Sprintf(`{"data":{"endpoints":{"edges":[{"node":{"id":"7","computerID":"7","name":"web-01.example.test","ipAddress":"10.9.0.11","compliance":{"cveFindings":[{"cveId":"CVE-2026-1","excepted":false},{"cveId":"CVE-2026-2","excepted":%s}]}}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false}}}}`, excepted)
	}
	wants(t, []row{
		{name: "qualys: ignored", docs: texts("", detections(0, ""), detections(1, "<IS_IGNORED>1</IS_IGNORED>")), want: flaws("1")},
		{name: "qualys: switched off", docs: texts("", detections(0, ""), detections(1, "<IS_DISABLED>1</IS_DISABLED>")), want: flaws("1")},
		{name: "qualys: neither", docs: texts("", detections(0, "<IS_IGNORED>0</IS_IGNORED>")), want: flaws("1", "2")},
		{name: "qualys csv: ignored", docs: texts("", api("1", "0")), want: flaws("1")},
		{name: "qualys csv: switched off", docs: texts("", api("0", "1")), want: flaws("1")},
		{name: "qualys csv: neither", docs: texts("", api("0", "0")), want: flaws("1", "2")},
		{name: "qualys vmdr: ignored", docs: texts("", vmdr("No", "Yes")), want: flaws("1")},
		{name: "qualys vmdr: switched off", docs: texts("", vmdr("Yes", "No")), want: flaws("1")},
		{name: "tenable: accepted", docs: texts("", tenable(0, "OPEN", "NONE"), tenable(1, "OPEN", "ACCEPTED")), want: flaws()},
		{name: "tenable: no more accepted", docs: texts("", tenable(0, "OPEN", "ACCEPTED"), tenable(1, "OPEN", "RECASTED")), want: flaws("2")},
		{name: "tenable: fixed, in small letters", docs: texts("", tenable(0, "open", "none"), tenable(1, "fixed", "none")), want: flaws()},
		{name: "wiz: open", docs: texts("", wiz("OPEN")), want: []holds{on(web, vulnerability, "Id Severity", "CVE-2026-1|HIGH")}},
		{name: "wiz: rejected", docs: texts("", wiz("OPEN"), wiz("REJECTED")), want: flaws()},
		{name: "trivy: not affected", docs: texts(web, trivy("not_affected")), want: flaws("CVE-2026-1")},
		{name: "trivy: will not be fixed", docs: texts(web, trivy("will_not_fix")), want: flaws("CVE-2026-1", "CVE-2026-2")},
		{name: "tanium: excepted", docs: texts("", tanium("true")), want: flaws("CVE-2026-1")},
		{name: "tanium: not excepted", docs: texts("", tanium("false")), want: flaws("CVE-2026-1", "CVE-2026-2")},
	})
}

// TestAScanWithAnError: the root element of a scan's result (scan-1.dtd) may have an ERROR beside the hosts.
func TestAScanWithAnError(t *testing.T) {
	scan := func(day int, rest string, numbers ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<SCAN value="scan/1"><HEADER><KEY value="DATE">2026-01-%02dT10:00:00Z</KEY><KEY value="STATUS">FINISHED</KEY></HEADER><IP value="10.9.0.11" name="web-01.example.test">`, 1+day)
		for _, n := range numbers {
			fmt.Fprintf(&b, `<VULNS><CAT value="Web" port="443" protocol="tcp"><VULN number="%s" severity="3"><TITLE>t</TITLE></VULN></CAT></VULNS>`, n)
		}
		return b.String() + `</IP>` + rest + `</SCAN>`
	}
	wants(t, []row{
		{name: "qualys scan: an error", docs: texts("", scan(0, "", "1", "2"), scan(1, `<ERROR number="3503">Unable to complete</ERROR>`, "1")), want: []holds{on(web, vulnerability, "Id", "1", "2")}},
	})
}

// TestListsBehindATableOfQualys: a scan's results as CSV end with lists of hosts in two cells, which have the words of the API's JSON (hosts_not_scanned_host_not_alive_dns, …).
// That no vulnerability matches the filters does not say that a host was looked at for all.
func TestListsBehindATableOfQualys(t *testing.T) {
	const table = "IP,DNS,NetBIOS,OS,IP Status,QID,Title,Type,Severity,Port\n" + `10.9.0.11,web-01.example.test,,Linux,"host scanned, found vuln",1,t,Vuln,3,443` + "\n"
	const other = "IP,DNS,NetBIOS,OS,IP Status,QID,Title,Type,Severity,Port\n" + `10.9.0.12,db-01.example.test,,Linux,"host scanned, found vuln",2,t,Vuln,3,443` + "\n"
	want := []holds{on(web, vulnerability, "Id", "1"), on(db, vulnerability, "Id", "2")}
	list := func(words, hosts string) []doc { return texts("", table, other+"\n"+`"`+words+`","`+hosts+`"`+"\n") }
	sums := map[receipt.Outcome]int{receipt.Parked: 0, receipt.Rejected: 0, receipt.Skipped: 1}
	wants(t, []row{
		{name: "by name", docs: list("hosts not scanned, host not alive (DNS)", "web-01.example.test"), want: want, sums: sums},
		{name: "by address", docs: list("hosts not scanned, host not alive (IP)", "10.9.0.11"), want: want, sums: sums},
		{name: "ranges", docs: list("Hosts Not Scanned, Excluded Host (IP)", "10.9.0.11-10.9.0.14, 10.9.0.20"), want: want, sums: sums},
		{name: "another one", docs: list("host not scanned, scan canceled by user (IP)", "10.9.0.11"), want: want, sums: sums},
		{name: "filters", docs: list("No vulnerabilities match your filters for these hosts", "10.9.0.11"), want: want, sums: sums},
	})
}
