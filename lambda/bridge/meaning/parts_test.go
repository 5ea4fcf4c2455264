package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// What documents of products that give lists in pages say of themselves: that they are all ("whole"), a part, or which part.
func TestDocumentsSayWhetherTheyAreAll(t *testing.T) {
	in, err := install(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ name, text, want string }{
		{"wazuh: all", wazuh(2, `"timed_out":false`, `{"value":2,"relation":"eq"}`), "whole"},
		{"wazuh: of an old cluster", wazuh(2, `"timed_out":false`, `2`), "whole"},
		{"wazuh: of an old cluster, ten hits", wazuh(10, `"timed_out":false`, `11`), "part"},
		{"wazuh: a lower bound", wazuh(2, `"timed_out":false`, `{"value":2,"relation":"gte"}`), "part"},
		{"wazuh: timed out", wazuh(2, `"timed_out":true`, `{"value":2,"relation":"eq"}`), "part"},
		{"wazuh: ended early", wazuh(2, `"timed_out":false,"terminated_early":true`, `{"value":2,"relation":"eq"}`), "part"},
		{"wazuh: a scroll", wazuh(2, `"_scroll_id":"x"`, `{"value":3,"relation":"eq"}`), "part"},
		{"wazuh: no total", wazuh(2, `"took":1`, `null`), "whole"},
		{"wazuh: both pages in a file", wazuh(2, `"took":1`, `{"value":4,"relation":"eq"}`) + wazuh(2, `"took":1`, `{"value":4,"relation":"eq"}`), "whole"},
		{"wazuh: two of three pages in a file", wazuh(2, `"took":1`, `{"value":6,"relation":"eq"}`) + wazuh(2, `"took":1`, `{"value":6,"relation":"eq"}`), "part"},
		{"wazuh: none", `{"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}`, "whole"},
		{"wazuh 4.7: all", wazuh47(2, 2, 0), "whole"},
		{"wazuh 4.7: a page", wazuh47(2, 3, 0), "part"},
		{"wazuh 4.7: some failed", wazuh47(2, 2, 1), "part"},
		{"rapid7: one page", rapid7(0, 1), "whole"},
		{"rapid7: no pages", rapid7(0, 0), "whole"},
		{"rapid7: the first", rapid7(0, 3), "1/3"},
		{"rapid7: the last", rapid7(2, 3), "3/3"},
		{"rapid7: a next one", strings.Replace(strings.Replace(rapid7(0, 1), `"page":`, `"was":`, 1), `"rel":"self"`, `"rel":"next"`, 1), "part"},
		{"rapid7 assets", rapid7Assets(1, 2), "2/2"},
		{"rapid7 assets of the cloud", `{"data":[{"id":"a","host_name":"web-01","ip":"10.9.0.11","os_description":"x"}],"metadata":{"number":1,"size":1,"totalPages":4}}`, "2/4"},
		{"rapid7 assets of the cloud, by a cursor", compared(1, found("same")), "part"},
		{"rapid7 assets of the cloud, behind the last", `{"data":[],"metadata":{"number":0,"size":2,"totalResources":0,"totalPages":0,"cursor":null},"links":[{"href":"https://us.api.insight.example.test:443/vm/v4/integration/assets?page=0&cursor=x","rel":"self"}]}`, "whole"},
		{"defender: a next page", defender(`,"@odata.nextLink":"https://api.example.test/?$skip=2"`), "part"},
		{"defender: no next page", defender(""), "whole"},
		{"defender: counted", defender(`,"@odata.count":1`), "whole"},
		{"defender: counted, not all", defender(`,"@odata.count":2`), "part"},
		{"defender: lines of a file", `{"deviceId":"m1","deviceName":"web-01.example.test","cveId":"CVE-2025-10001","softwareName":"alpha"}`, "whole"},
		{"defender: a zip", defenderZip(t, "", ""), "whole"},
		{"defender: a zip of two pages", defenderZip(t, `,"@odata.nextLink":"x"`, ""), "whole"},
		{"defender: a zip without the last page", defenderZip(t, `,"@odata.nextLink":"x"`, `,"@odata.nextLink":"y"`), "part"},
		{"qualys detection: all", qualysHosts(""), "whole"},
		{"qualys detection: truncated", qualysHosts(`<WARNING><CODE>1980</CODE><TEXT>1 record limit exceeded.</TEXT><URL><![CDATA[https://qualys.example.test/?id_min=7]]></URL></WARNING>`), "part"},
		{"qualys detection: another warning", qualysHosts(`<WARNING><CODE>1981</CODE><TEXT>x</TEXT></WARNING>`), "whole"},
		{"qualys detection csv: all", qualysCSV(""), "whole"},
		{"qualys detection csv: truncated", qualysCSV("----BEGIN_RESPONSE_FOOTER_CSV\nWARNING\n\"CODE\",\"TEXT\",\"URL\"\n\"1980\",\"1 record limit exceeded. Use URL to get next batch of results.\",\"https://qualys.example.test/\"\n----END_RESPONSE_FOOTER_CSV\n"), "part"},
		{"qualys host assets: all", qualysAssets("false"), "whole"},
		{"qualys host assets: more", qualysAssets("true"), "part"},
		{"qualys host assets in JSON: more", `{"ServiceResponse":{"responseCode":"SUCCESS","count":1,"hasMoreRecords":"true","lastId":7,"data":[{"HostAsset":{"id":7,"name":"web-01","address":"10.9.0.11"}}]}}`, "part"},
		{"qualys scan: finished", qualysScan("FINISHED"), "whole"},
		{"qualys scan: cancelled", qualysScan("CANCELED"), "part"},
		{"nexpose: finished", nexpose("finished"), "whole"},
		{"nexpose: stopped", nexpose("stopped"), "part"},
		{"netbox: all", netbox(2, "null", "null"), "whole"},
		{"netbox: the first of three", netbox(5, `"https://netbox.example.test/api/dcim/devices/?limit=2&offset=2"`, "null"), "1/3"},
		{"netbox: the second of three", netbox(5, `"https://netbox.example.test/api/dcim/devices/?limit=2&offset=4"`, `"https://netbox.example.test/api/dcim/devices/?limit=2"`), "2/3"},
		{"netbox: the last of three", netbox(5, "null", `"https://netbox.example.test/api/dcim/devices/?limit=2&offset=2"`), "3/3"},
		{"netbox: by a cursor", netbox(5, `"https://netbox.example.test/api/dcim/devices/?start=7"`, "null"), "part"},
		{"snipeit: all", snipe(1), "whole"},
		{"snipeit: a page", snipe(501), "part"},
		{"satellite: all", satellite(2, 1, 20), "whole"},
		{"satellite: the first of two", satellite(3, 1, 2), "1/2"},
		{"satellite: the last of two", satellite(4, 2, 2), "2/2"},
		{"satellite: cut without pages", strings.Replace(satellite(4, 1, 20), `"per_page":20`, `"per_page":null`, 1), "part"},
		{"fleet: a list", `{"hosts":[{"osquery_version":"5","hostname":"web-01"}]}`, "whole"},
		{"fleet: more", `{"hosts":[{"osquery_version":"5","hostname":"web-01"}],"meta":{"has_next_results":true}}`, "part"},
		{"security hub: all", `{"Findings":[` + asff + `]}`, "whole"},
		{"security hub: more", `{"Findings":[` + asff + `],"NextToken":"x"}`, "part"},
		{"inspector: more", `{"findings":[{"findingArn":"arn:aws:inspector2:eu-west-1:111122223333:finding/1","awsAccountId":"111122223333","type":"PACKAGE_VULNERABILITY","resources":[]}],"nextToken":"x"}`, "part"},
		{"openvas: all", openvas("Done", "1", "-1", "2", ""), "whole"},
		{"openvas: the first of two pages", openvas("Done", "1", "2", "3", ""), "1/2"},
		{"openvas: the last of two pages", openvas("Done", "3", "2", "4", ""), "2/2"},
		{"openvas: stopped", openvas("Stopped", "1", "-1", "2", ""), "part"},
		{"openvas: results are missing", openvas("Done", "1", "-1", "7", ""), "part"},
		{"openvas: a test timed out on no host", openvas("Done", "1", "-1", "2", `<errors><count>1</count><error><host/><port>general/tcp</port><description>NVT timed out after 320 seconds.</description></error></errors>`), "part"},
		{"nmap: done", nmap(0, looked("tcp", "1-10"), host("")), "whole"},
		{"nmap: an error", strings.Replace(nmap(0, looked("tcp", "1-10"), host("")), "success", "error", 1), "part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			as := web
			if !strings.Contains(c.name, "4.7") && !strings.HasPrefix(c.name, "rapid7:") && !strings.HasPrefix(c.name, "satellite") {
				as = ""
			}
			got, err := in.put(t.Context(), fmt.Sprint("d", i), doc{text: c.text, as: as}, written)
			if err != nil {
				t.Fatal(err)
			}
			said := "whole"
			if got.AddsOnly {
				said = "part"
			}
			if got.Pages > 0 {
				said = fmt.Sprintf("%d/%d", got.Page, got.Pages)
			}
			if said != c.want {
				t.Errorf("%s, want %s", said, c.want)
			}
		})
	}
}

const asff = `{"SchemaVersion":"2018-10-08","Id":"f","ProductArn":"arn:aws:securityhub:eu-west-1::product/x/y","Title":"t","Resources":[]}`

func wazuh(hits int, answer, total string) string {
	var list []string
	for i := range hits {
		list = append(list, fmt.Sprintf(`{"_index":"wazuh-states-vulnerabilities-c","_source":{"agent":{"id":"001","name":"web-01"},"package":{"name":"alpha","version":"1"},"vulnerability":{"id":"CVE-2025-%d"}}}`, 10000+i))
	}
	return `{` + answer + `,"_shards":{"total":1,"failed":0},"hits":{"total":` + total + `,"hits":[` + strings.Join(list, ",") + `]}}`
}

func wazuh47(items, total, failed int) string {
	var list []string
	for i := range items {
		list = append(list, fmt.Sprintf(`{"name":"alpha","version":"1","cve":"CVE-2025-%d","status":"VALID"}`, 10000+i))
	}
	return fmt.Sprintf(`{"data":{"affected_items":[%s],"total_affected_items":%d,"total_failed_items":%d},"error":0}`, strings.Join(list, ","), total, failed)
}

func rapid7(page, pages int) string {
	return fmt.Sprintf(`{"resources":[{"id":"p%d-cve-2025-10001","instances":1,"since":"2026-01-01T00:00:00Z","status":"vulnerable","results":[]}],"page":{"number":%d,"size":1,"totalResources":%d,"totalPages":%d},"links":[{"href":"https://ivm.example.test/api/3/assets/7/vulnerabilities","rel":"self"}]}`,
		page, page, pages, pages)
}

func rapid7Assets(page, pages int) string {
	return fmt.Sprintf(`{"resources":[{"id":1,"ip":"10.9.0.11","hostName":"web-01","assessedForVulnerabilities":true,"osFingerprint":{"description":"x"}}],"page":{"number":%d,"size":1,"totalPages":%d},"links":[]}`, page, pages)
}

func defender(more string) string {
	return `{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Collection(x)","value":[{"deviceId":"m1","deviceName":"web-01.example.test","cveId":"CVE-2025-10001","softwareName":"alpha"}]` + more + `}`
}

func defenderZip(t *testing.T, first, second string) string {
	t.Helper()
	page := func(cve, more string) string {
		return `{"@odata.context":"https://api.security.microsoft.com/api/$metadata#Collection(x)","value":[{"cveId":"` + cve + `","machineId":"m1","productName":"alpha","severity":"High"}]` + more + `}`
	}
	return testfiles.Zip(t, "machines/m.json", `{"@odata.context":"https://api.security.microsoft.com/api/$metadata#Machines","value":[{"id":"m1","computerDnsName":"web-01.example.test"}]}`,
		"vulnerabilities/1.json", page("CVE-2025-10001", first), "vulnerabilities/2.json", page("CVE-2025-10002", second))
}

func qualysHosts(warning string) string {
	return `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2026-01-05T08:00:00Z</DATETIME><HOST_LIST><HOST><ID>6</ID><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS><DETECTION_LIST>` +
		`<DETECTION><QID>38170</QID><SEVERITY>2</SEVERITY><STATUS>Active</STATUS></DETECTION></DETECTION_LIST></HOST></HOST_LIST>` + warning + `</RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`
}

func qualysCSV(footer string) string {
	return "----BEGIN_RESPONSE_BODY_CSV\n\"Host ID\",\"IP Address\",\"DNS Name\",\"QID\",\"Type\",\"Severity\",\"Status\",\"Last Found Datetime\"\n" +
		"\"6\",\"10.9.0.11\",\"web-01.example.test\",\"38170\",\"Confirmed\",\"2\",\"Active\",\"2026-01-05T08:00:00Z\"\n----END_RESPONSE_BODY_CSV\n" + footer
}

func qualysAssets(more string) string {
	return `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><hasMoreRecords>` + more + `</hasMoreRecords><data><HostAsset><id>7</id><name>web-01</name><address>10.9.0.11</address></HostAsset></data></ServiceResponse>`
}

func qualysScan(status string) string {
	return `<SCAN value="scan/1"><HEADER><KEY value="DATE">2026-01-05T08:00:00Z</KEY><KEY value="STATUS">` + status + `</KEY></HEADER><IP value="10.9.0.11" name="web-01.example.test"/></SCAN>`
}

func nexpose(status string) string {
	return `<NexposeReport version="2.0"><scans><scan id="1" name="x" startTime="20260105T070000000" endTime="20260105T080000000" status="` + status + `"/></scans><nodes><node address="10.9.0.11" status="alive" device-id="7"><names><name>web-01.example.test</name></names></node></nodes></NexposeReport>`
}

func netbox(count int, next, previous string) string {
	return fmt.Sprintf(`{"count":%d,"next":%s,"previous":%s,"results":[{"id":1,"name":"web-01","device_type":{"manufacturer":{"name":"House"}},"site":{"name":"Lab"}},{"id":2,"name":"db-01","device_type":{"manufacturer":{"name":"House"}},"site":{"name":"Lab"}}]}`,
		count, next, previous)
}

func snipe(total int) string {
	return fmt.Sprintf(`{"total":%d,"rows":[{"id":7,"name":"web-01","asset_tag":"A","serial":"S","model":{"name":"M"},"status_label":{"name":"Ready"}}]}`, total)
}

func satellite(subtotal, page, perPage int) string {
	return fmt.Sprintf(`{"total":9,"subtotal":%d,"selectable":%d,"page":"%d","per_page":%d,"results":[{"errata_id":"RHSA-2026:%d1","title":"a"},{"errata_id":"RHSA-2026:%d2","title":"b"}]}`, subtotal, subtotal, page, perPage, page, page)
}

func openvas(status, start, limit, filtered, more string) string {
	result := func(oid string) string {
		return `<result><name>n</name><host>10.9.0.11<hostname>web-01.example.test</hostname></host><port>443/tcp</port><nvt oid="` + oid + `"><name>n</name></nvt><threat>High</threat></result>`
	}
	return `<report id="x" content_type="text/xml"><report id="x"><scan_run_status>` + status + `</scan_run_status><scan_start>2026-01-05T08:00:00Z</scan_start><results start="` + start + `" max="` + limit + `">` +
		result("1.3.6."+start+".1") + result("1.3.6."+start+".2") + `</results><host><ip>10.9.0.11</ip><end>2026-01-05T08:20:00Z</end></host>` +
		`<result_count>9<full>9</full><filtered>` + filtered + `</filtered></result_count>` + more + `<scan_end>2026-01-05T08:30:00Z</scan_end></report></report>`
}
