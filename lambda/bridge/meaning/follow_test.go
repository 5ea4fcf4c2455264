package meaning

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// answer is an answer of an API whose last page looks like a whole one.
func answer(last bool, node string, cves ...string) string {
	var list []string
	for _, cve := range cves {
		list = append(list, fmt.Sprintf(`{"deviceId":"m-%s","deviceName":"%s.example.test","cveId":"CVE-2025-%s","softwareName":"alpha"}`, node, node, cve))
	}
	next := ""
	if !last {
		next = `,"@odata.nextLink":"https://api.example.test/?$skiptoken=1"`
	}
	return `{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Collection(x)","value":[` + strings.Join(list, ",") + `]` + next + `}`
}

// later makes a document that is written later than its place among the others says.
func later(d time.Duration, text string) doc { return doc{text: text, later: d} }

func TestPartsStayBesideTheSnapshotsThatFollow(t *testing.T) {
	const week = 7 * 24 * time.Hour
	page := func(cves ...string) string { return answer(false, "web-01", cves...) }
	last := func(cves ...string) string { return answer(true, "web-01", cves...) }
	cves := func(list ...string) []holds {
		for i, cve := range list {
			list[i] = "CVE-2025-" + cve
		}
		return []holds{on(web, vulnerability, "CVE", list...)}
	}
	wants(t, []row{
		{name: "pages", docs: texts("", page("1", "2"), last("3")), want: cves("1", "2", "3")},
		{name: "three pages", docs: texts("", page("1"), page("2"), last("3")), want: cves("1", "2", "3")},
		{name: "fewer a week later", docs: []doc{{text: page("1", "2")}, {text: last("3", "4")}, later(week, page("2")), later(week, last("4"))}, want: cves("2", "4")},
		{name: "one page a week later", docs: []doc{{text: page("1", "2")}, {text: last("3", "4")}, later(week, last("2"))}, want: cves("2")},
		{name: "fewer in a single answer", docs: texts("", last("1", "2"), last("1")), want: cves("1")},
		{name: "a single answer within the time of pages", docs: texts("", page("1", "2"), last("3"), last("4")), want: cves("1", "2", "4")},
		{name: "after the time of pages", docs: []doc{{text: page("1", "2")}, later(6*time.Hour, last("3"))}, want: cves("3")},
		{name: "another part keeps none of it", docs: []doc{{text: last("1", "2")}, later(week, page("3"))}, want: cves("1", "2", "3")},
		{name: "files of an export beside a page", docs: []doc{
			{text: page("1")}, {text: testfiles.Zip(t, "machines/m.json", `{"value":[{"id":"m1","computerDnsName":"web-01.example.test"}]}`,
				"vulnerabilities/1.json", `{"value":[{"cveId":"CVE-2025-2","machineId":"m1","productName":"alpha","severity":"High"}]}`)},
		}, want: cves("1", "2")},
	})
}
