package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// Documents that speak of a part of a machine, made here: they need no shared cases.

// nmap is a run that ended at a second of the day, with what it looked at and the hosts it found.
func nmap(second int, info string, hosts ...string) string {
	return fmt.Sprintf(`<?xml version="1.0"?><nmaprun scanner="nmap" start="%d" version="7.95" xmloutputversion="1.05">%s%s<runstats><finished time="%d" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>`,
		scanned, info, strings.ReplaceAll(strings.Join(hosts, ""), "ENDTIME", fmt.Sprint(scanned+second)), scanned+second)
}

const scanned = 1767600000 // 2026-01-05T08:00:00Z

// looked is a scaninfo element.
func looked(protocol, services string) string {
	return fmt.Sprintf(`<scaninfo type="syn" protocol="%s" numservices="9" services="%s"/>`, protocol, services)
}

// host is web-01 with open ports ("22/tcp"); attributes say how its scan ended.
func host(attributes string, ports ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<host starttime="%d" endtime="ENDTIME" %s><status state="up" reason="syn-ack"/><address addr="10.9.0.11" addrtype="ipv4"/><hostnames><hostname name="web-01.example.test" type="user"/></hostnames>`, scanned, attributes)
	if attributes == "" {
		b.WriteString(`<ports><extraports state="closed" count="9"/>`)
		for _, p := range ports {
			number, protocol, _ := strings.Cut(p, "/")
			fmt.Fprintf(&b, `<port protocol="%s" portid="%s"><state state="open" reason="syn-ack"/><service name="s" method="table" conf="3"/></port>`, protocol, number)
		}
		b.WriteString(`</ports>`)
	}
	return b.String() + `</host>`
}

// pinged is web-01 in a run that looked at no port.
const pinged = `<host><status state="up" reason="arp-response"/><address addr="10.9.0.11" addrtype="ipv4"/><hostnames><hostname name="web-01.example.test" type="user"/></hostnames><times srtt="1"/></host>`

func TestPortScansSpeakOfWhatTheyLookedAt(t *testing.T) {
	all := nmap(0, looked("tcp", "1-65535"), host("", "22/tcp", "80/tcp", "8080/tcp"))
	ports := func(list ...string) []holds { return []holds{on(web, service, "Port Protocol", list...)} }
	wants(t, []row{
		{name: "a ping scan after all", docs: texts("", all, nmap(60, "", pinged)), want: ports("22|tcp", "80|tcp", "8080|tcp")},
		{name: "a ping scan alone", docs: texts("", nmap(60, "", pinged)), want: ports()},
		{name: "low ports after all", docs: texts("", all, nmap(60, looked("tcp", "1-1024"), host("", "22/tcp"))), want: ports("22|tcp", "8080|tcp")},
		{name: "single ports after all", docs: texts("", all, nmap(60, looked("tcp", "22,8080,9000-9100"), host("", "9001/tcp"))), want: ports("80|tcp", "9001|tcp")},
		{name: "high ports after all", docs: texts("", all, nmap(60, looked("tcp", "1024-65535"), host("", "9001/tcp"))), want: ports("22|tcp", "80|tcp", "9001|tcp")},
		{name: "no high port after all", docs: texts("", all, nmap(60, looked("tcp", "1024-65535"), host(""))), want: ports("22|tcp", "80|tcp")},
		{name: "no low port after all", docs: texts("", all, nmap(60, looked("tcp", "1-1024"), host(""))), want: ports("8080|tcp")},
		{name: "other ports of udp", docs: texts("", all, nmap(60, looked("udp", "1-65535"), host("", "53/udp"))), want: ports("22|tcp", "80|tcp", "8080|tcp", "53|udp")},
		{name: "ports of both kinds", docs: texts("", all, nmap(60, looked("udp", "53,161"), host("", "53/udp", "161/udp")), nmap(120, looked("tcp", "1-100")+looked("udp", "161"), host("", "80/tcp"))), want: ports("80|tcp", "8080|tcp", "53|udp")},
		{name: "three ranges", docs: texts("", nmap(0, looked("tcp", "1-100"), host("", "22/tcp")), nmap(60, looked("tcp", "101-200"), host("", "110/tcp")), nmap(120, looked("tcp", "50-150"), host("", "80/tcp"))), want: ports("22|tcp", "80|tcp")},
		{name: "a host that timed out after all", docs: texts("", all, nmap(60, looked("tcp", "1-65535"), host(`timedout="true"`))), want: ports("22|tcp", "80|tcp", "8080|tcp")},
		{name: "a host without ports after all", docs: texts("", all, nmap(60, looked("tcp", "1-65535"), strings.Replace(pinged, "<host>", fmt.Sprintf(`<host endtime="%d">`, scanned+60), 1))), want: ports("22|tcp", "80|tcp", "8080|tcp")},
		{name: "a kind of scan that finds no open port", docs: texts("", all, strings.Replace(nmap(60, looked("tcp", "1-65535"), host("")), `type="syn"`, `type="ack"`, 1)), want: ports("22|tcp", "80|tcp", "8080|tcp")},
		{name: "all after all", docs: texts("", all, nmap(60, looked("tcp", "1-65535"), host("", "80/tcp"))), want: ports("80|tcp")},
		{name: "two scans in a document", docs: texts("", nmap(0, looked("tcp", "1-100"), strings.ReplaceAll(host("", "22/tcp"), "ENDTIME", fmt.Sprint(scanned-60)), host("", "80/tcp"))), want: ports("80|tcp")},
		{name: "a run that was broken off", docs: texts("", all, strings.Replace(nmap(60, looked("tcp", "1-65535"), host("", "22/tcp")), `exit="success"`, `exit="error" errormsg="x"`, 1)), want: ports("22|tcp", "80|tcp", "8080|tcp")},
	})
}
