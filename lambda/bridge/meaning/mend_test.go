package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// xccdf is the result of a run that ended at a minute, with the result of each rule ("a pass").
func xccdf(minute int, results ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<TestResult id="r%d" end-time="2026-01-05T08:%02d:00Z"><benchmark id="bench"/><target>web-01.example.test</target><target-address>10.9.0.11</target-address>`, minute, minute)
	for _, r := range results {
		rule, result, _ := strings.Cut(r, " ")
		fmt.Fprintf(&b, `<rule-result idref="%s" time="2026-01-05T08:%02d:00Z" severity="low"><result>%s</result></rule-result>`, rule, minute, result)
	}
	return b.String() + `</TestResult>`
}

// arf is a collection of results.
func arf(results ...string) string {
	return `<asset-report-collection><reports><report id="a"><content>` + strings.Join(results, `</content></report><report id="b"><content>`) +
		`</content></report></reports></asset-report-collection>`
}

func TestRulesOfOtherProfilesKeepTheirResults(t *testing.T) {
	results := func(list ...string) []holds { return []holds{on(web, check, "Id Result", list...)} }
	first, second := xccdf(1, "a pass", "b fail", "c notselected"), xccdf(2, "a notselected", "b pass", "c notselected", "d fail")
	want := results("a|PASS", "b|PASS", "c|NOT_APPLICABLE", "d|FAIL")
	wants(t, []row{
		{name: "a run alone", docs: texts("", first), want: results("a|PASS", "b|FAIL", "c|NOT_APPLICABLE")},
		{name: "another profile after it", docs: texts("", first, second), want: want},
		{name: "both in a collection", docs: texts("", arf(first, second)), want: want},
		{name: "both in a collection, the newer first", docs: texts("", arf(second, first)), want: want},
		{name: "a third that selects what none did", docs: texts("", first, second, xccdf(3, "a notselected", "c fail")), want: results("a|PASS", "b|PASS", "c|FAIL", "d|FAIL")},
		{name: "a collection after the first", docs: texts("", first, arf(second, xccdf(3, "a fail"))), want: results("a|FAIL", "b|PASS", "c|NOT_APPLICABLE", "d|FAIL")},
	})
}

func TestHostsWithoutTheirSoftwareLeaveIt(t *testing.T) {
	host := func(minute int, os, software string) string {
		if software != "" {
			software = fmt.Sprintf(`,"software":[{"name":"%s","version":"1","source":"deb_packages"}]`, software)
		}
		return fmt.Sprintf(`{"hostname":"web-01.example.test","osquery_version":"5","hardware_serial":"S1","primary_mac":"00:50:56:11:22:33","uuid":"u1","os_version":"%s","detail_updated_at":"2026-01-05T08:%02d:00Z"%s}`,
			os, minute, software)
	}
	old, list := host(1, "Debian 12", "bash"), host(2, "Debian 13", "")
	want := []holds{on(web, asset, "OS", "Debian 13"), on(web, software, "Name", "bash")}
	wants(t, []row{
		{name: "two documents", docs: texts("", old, list), want: want},
		{name: "one document", docs: texts("", old+"\n"+list), want: want},
		{name: "one document, the newer first", docs: texts("", list+"\n"+old), want: want},
		{name: "one document after another", docs: texts("", host(0, "Debian 11", "zsh"), old+"\n"+list), want: want},
	})
}

// A finding's number is its product's own: of two products with equal ones of one time one stands, and that is counted.
func TestEqualNumbersOfTwoProducts(t *testing.T) {
	ocsf := func(product, uid string) string {
		return fmt.Sprintf(`{"class_uid":2004,"time":1767600000000,"metadata":{"version":"1.1.0","product":{"name":"%s"}},"finding_info":{"uid":"%s","title":"of %s"},`+
			`"severity":"High","status":"New","device":{"hostname":"web-01.example.test","ip":"10.9.0.11"}}`, product, uid, product)
	}
	asff := func(product, id string) string {
		return fmt.Sprintf(`{"SchemaVersion":"2018-10-08","Id":"%s","ProductArn":"arn:aws:securityhub:us-east-1::product/x/%s","ProductName":"%s","UpdatedAt":"2026-01-05T08:00:00Z","Title":"of %s",`+
			`"Severity":{"Label":"HIGH"},"Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"}]}`, id, product, product, product)
	}
	wants(t, []row{
		{name: "ocsf, equal", docs: texts("", ocsf("A", "17")+"\n"+ocsf("B", "17")), want: []holds{on(web, finding, "Id Product", "17|A")}, sums: map[receipt.Outcome]int{receipt.Displaced: 1}},
		{name: "ocsf, their own", docs: texts("", ocsf("A", "17")+"\n"+ocsf("B", "18")), want: []holds{on(web, finding, "Id Product", "17|A", "18|B")}, sums: map[receipt.Outcome]int{receipt.Displaced: 0}},
		{name: "asff, equal", nodes: findingNodes, docs: texts("", asff("A", "17")+"\n"+asff("B", "17")), want: []holds{on("i-0123456789abcdef0", finding, "Id Product", "17|A")}, sums: map[receipt.Outcome]int{receipt.Displaced: 1}},
	})
}

// findingNodes has the node that findings name by its ID.
const findingNodes = "InstanceId,ComputerName,IPAddress\ni-0123456789abcdef0,app.example.test,10.9.0.77\n"
