package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// nessus is a report on web-01 that was written so many days after the first of January, with items as "plugin/port/protocol/family/type".
func nessus(day int, policy, tags string, items ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<NessusClientData_v2>%s<Report name="r"><ReportHost name="10.9.0.11"><HostProperties><tag name="host-ip">10.9.0.11</tag><tag name="host-fqdn">web-01.example.test</tag><tag name="HOST_START">Thu Jan  1 07:00:00 2026</tag>`, policy)
	if !strings.Contains(tags, "unfinished") {
		fmt.Fprintf(&b, `<tag name="HOST_END_TIMESTAMP">%d</tag>`, scanned+86400*day)
	}
	b.WriteString(tags + `</HostProperties>`)
	for _, i := range items {
		f := strings.Split(i, "/")
		fmt.Fprintf(&b, `<ReportItem port="%s" svc_name="x" protocol="%s" severity="2" pluginID="%s" pluginName="n" pluginFamily="%s"><plugin_type>%s</plugin_type></ReportItem>`, f[1], f[2], f[0], f[3], f[4])
	}
	return b.String() + `</ReportHost></Report></NessusClientData_v2>`
}

// policy is a policy with a range of ports and families ("Web=enabled"), and single plugins of those that are mixed.
func policy(ports string, families, plugins []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<Policy><policyName>p</policyName><Preferences><ServerPreferences><preference><name>port_range</name><value>%s</value></preference></ServerPreferences></Preferences><FamilySelection>`, ports)
	for _, f := range families {
		name, status, _ := strings.Cut(f, "=")
		fmt.Fprintf(&b, `<FamilyItem><FamilyName>%s</FamilyName><Status>%s</Status></FamilyItem>`, name, status)
	}
	b.WriteString(`</FamilySelection><IndividualPluginSelection>`)
	for _, p := range plugins {
		id, status, _ := strings.Cut(p, "=")
		fmt.Fprintf(&b, `<PluginItem><PluginId>%s</PluginId><PluginName>n</PluginName><Family>f</Family><Status>%s</Status></PluginItem>`, id, status)
	}
	return b.String() + `</IndividualPluginSelection></Policy>`
}

func TestNessusSpeaksOfItsPolicy(t *testing.T) {
	const denied = `<tag name="Credentialed_Scan">false</tag>`
	every := policy("default", []string{"Web=enabled", "Misc.=enabled", "Debian Local Security Checks=enabled"}, nil)
	web443, misc22, local := "100/443/tcp/Web/remote", "200/22/tcp/Misc./combined", "300/0/tcp/Debian Local Security Checks/local"
	all := nessus(0, every, "", web443, misc22, local)
	ids := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id", list...)} }
	wants(t, []row{
		{name: "nessus: the same policy", docs: texts("", all, nessus(1, every, "", misc22)), want: ids("200")},
		{name: "nessus: no policy", docs: texts("", all, nessus(1, "", "", misc22)), want: ids("200")},
		{name: "nessus: a family is off", docs: texts("", all, nessus(1, policy("default", []string{"Web=enabled", "Misc.=disabled", "Debian Local Security Checks=disabled"}, nil), "")), want: ids("200", "300")},
		{name: "nessus: a family is mixed", docs: texts("", all, nessus(1, policy("default", []string{"Web=mixed", "Misc.=mixed"}, []string{"100=disabled", "200=enabled"}), "")), want: ids("100", "300")},
		{name: "nessus: other ports", docs: texts("", all, nessus(1, policy("1-100", []string{"Web=enabled", "Misc.=enabled", "Debian Local Security Checks=enabled"}, nil), "")), want: ids("100")},
		{name: "nessus: ports of each protocol", docs: texts("", nessus(0, every, "", web443, misc22, "400/53/udp/Misc./remote"), nessus(1, policy("T:22,U:161", []string{"Web=enabled", "Misc.=enabled"}, nil), "")), want: ids("100", "400")},
		{name: "nessus: no login", docs: texts("", all, nessus(1, every, denied, misc22)), want: ids("200", "300")},
		{name: "nessus: no login and no policy", docs: texts("", all, nessus(1, "", denied)), want: ids("300")},
		{name: "nessus: something new in a family that is off", docs: texts("", all, nessus(1, policy("default", []string{"Misc.=enabled", "Web=disabled"}, nil), "", misc22, "101/80/tcp/Web/remote")), want: ids("100", "101", "200", "300")},
		{name: "nessus: something new behind the range of ports", docs: texts("", all, nessus(1, policy("1-100", []string{"Misc.=enabled"}, nil), "", misc22, "201/8443/tcp/Misc./remote")), want: ids("100", "200", "201", "300")},
		{name: "nessus: never a login", docs: texts("", nessus(0, every, denied, misc22, local), nessus(1, every, denied, misc22)), want: ids("200")},
		{name: "nessus: a login between", docs: texts("", nessus(0, every, denied, misc22, local), nessus(1, every, "", misc22, local), nessus(2, every, denied, misc22)), want: ids("200", "300")},
		{name: "nessus: a dead host", docs: texts("", all, nessus(1, every, "", "10180/0/icmp/Web/remote")), want: ids("100", "200", "300", "10180")},
		{name: "nessus: a host that was not finished", docs: texts("", all, nessus(0, every, `<tag name="x">unfinished</tag>`, misc22)), want: ids("100", "200", "300")},
		{name: "nessus: a host that was not finished has something new", docs: texts("", all, nessus(0, every, `<tag name="x">unfinished</tag>`, "500/80/tcp/Web/remote")), want: ids("100", "200", "300", "500")},
	})
}

// TestNamesThatNessusHeard: since Nessus 8 the tag host-fqdns is JSON, which says of each name who said so; get_host_fqdn() alone asks the address (a report of
// Nessus 8 with two of them is among the samples of DefectDojo's tests).
func TestNamesThatNessusHeard(t *testing.T) {
	heard := func(names ...string) string {
		items := make([]string, 0, len(names))
		for _, n := range names {
			name, from, _ := strings.Cut(n, "/")
			items = append(items, fmt.Sprintf(`{&quot;FQDN&quot;:&quot;%s&quot;,&quot;sources&quot;:[&quot;%s()&quot;]}`, name, from))
		}
		return `<NessusClientData_v2><Report name="x"><ReportHost name="10.9.0.99"><HostProperties><tag name="HOST_END_TIMESTAMP">1767600000</tag><tag name="host-ip">10.9.0.99</tag><tag name="host-fqdns">[` + strings.Join(items, ",") +
			`]</tag></HostProperties><ReportItem port="443" protocol="tcp" severity="3" pluginID="1" pluginName="n" pluginFamily="General"/></ReportHost></Report></NessusClientData_v2>`
	}
	// Of a target that is an address determine_fqdn() has said the same behind it (plugin 83349, version 1.42).
	const spoken, asked, both = "/get_host_report_name", "/get_host_fqdn", "/get_host_fqdn()&quot;,&quot;determine_fqdn"
	wants(t, []row{
		{name: "one that the target has", docs: texts("", heard("web-01.example.test"+spoken)), want: []holds{on(web, vulnerability, "Id", "1")}},
		{name: "and one of the address", docs: texts("", heard("web-01.example.test"+spoken, "gw-7.provider.test"+asked)), want: []holds{on(web, vulnerability, "Id", "1")}},
		{name: "one of another node's address", docs: texts("", strings.ReplaceAll(heard("web-01.example.test"+asked), "10.9.0.99", "10.9.0.12")), want: []holds{on(web, vulnerability, "Id"), on(db, vulnerability, "Id")}},
		{name: "the same, determined so", docs: texts("", strings.ReplaceAll(heard("web-01.example.test"+both), "10.9.0.99", "10.9.0.12")), want: []holds{on(web, vulnerability, "Id"), on(db, vulnerability, "Id")}},
		{name: "another node's, of the address", docs: texts("", heard("web-01.example.test"+spoken, "db-01.example.test"+asked)), want: []holds{on(web, vulnerability, "Id", "1"), on(db, vulnerability, "Id")}},
		{name: "two of the target, of two nodes", docs: texts("", heard("web-01.example.test"+spoken, "db-01.example.test"+spoken)), want: []holds{on(web, vulnerability, "Id"), on(db, vulnerability, "Id")}},
	})
}
