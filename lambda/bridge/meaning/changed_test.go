package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// TestDetectionsThatChangedAreNotAll: a host list detection that was asked for with detection_processed_after has of each host what changed (VM API guide; so does
// ServiceNow's integration). The answer says it where it echoes the request (echo_request=1), and in the address of the next hosts.
func TestDetectionsThatChangedAreNotAll(t *testing.T) {
	answer := func(day int, request, warning string, qids ...string) string {
		var b strings.Builder
		for _, q := range qids {
			id, status, _ := strings.Cut(q, "/")
			fmt.Fprintf(&b, `<DETECTION><QID>%s</QID><TYPE>Confirmed</TYPE><SEVERITY>4</SEVERITY><STATUS>%s</STATUS></DETECTION>`, id, status)
		}
		return fmt.Sprintf(`<HOST_LIST_VM_DETECTION_OUTPUT>%s<RESPONSE><DATETIME>2026-01-%02dT08:00:00Z</DATETIME><HOST_LIST><HOST><ID>6</ID><IP>10.9.0.11</IP><DNS>web-01.example.test</DNS><DETECTION_LIST>%s</DETECTION_LIST></HOST></HOST_LIST>%s</RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`,
			request, 4+day, b.String(), warning)
	}
	echo := func(name, value string) string {
		return `<REQUEST><DATETIME>2026-01-05T08:00:00Z</DATETIME><USER_LOGIN>u</USER_LOGIN><RESOURCE>https://h/api/2.0/fo/asset/host/vm/detection/</RESOURCE><PARAM_LIST><PARAM><KEY>action</KEY><VALUE>list</VALUE></PARAM><PARAM><KEY>` + name +
			`</KEY><VALUE>` + value + `</VALUE></PARAM></PARAM_LIST></REQUEST>`
	}
	next := func(query string) string {
		return `<WARNING><CODE>1980</CODE><TEXT>2 record limit exceeded.</TEXT><URL><![CDATA[https://h/api/2.0/fo/asset/host/vm/detection/?action=list&` + query + `&id_min=7]]></URL></WARNING>`
	}
	all := answer(0, "", "", "1/Active", "2/Active")
	flaws := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	wants(t, []row{
		{name: "all", docs: texts("", all, answer(1, "", "", "3/New")), want: flaws("3")},
		{name: "all of some hosts", docs: texts("", all, answer(1, echo("vm_scan_since", "2026-01-04"), next("vm_scan_since=2026-01-04"), "3/New")), want: flaws("3")},
		{name: "what changed", docs: texts("", all, answer(1, echo("detection_processed_after", "2026-01-04"), "", "3/New")), want: flaws("1", "2", "3")},
		{name: "what changed, and where more is", docs: texts("", all, answer(1, "", next("detection_updated_since=2026-01-04"), "3/New")), want: flaws("1", "2", "3")},
	})
}
