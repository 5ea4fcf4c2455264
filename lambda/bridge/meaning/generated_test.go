package meaning

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// drawn makes documents of one product: of few machines, keys and times, so that they meet.
type drawn struct {
	name string // of the file
	as   string
	draw func(*draw) string
}

// draw is what generated documents are drawn from.
type draw struct{ *rand.Rand }

func (d *draw) one(list ...string) string { return list[d.IntN(len(list))] }

func (d *draw) chance(percent int) bool { return d.IntN(100) < percent }

func (d *draw) id() string { return fmt.Sprint(100 + d.IntN(4)) }

// day is one of three days, as ISO 8601; seconds is one of them since 1970.
func (d *draw) day() string { return fmt.Sprintf("2026-01-%02dT08:00:00Z", 5+d.IntN(3)) }

func (d *draw) seconds() int { return scanned + 86400*d.IntN(3) }

func (d *draw) word() string { return d.one("critical", "high", "medium", "low") }

func (d *draw) host() string { return d.one("web-01", "web-01", "db-01") }

// list joins up to most texts.
func (d *draw) list(most int, sep string, text func() string) string {
	var list []string
	for range d.IntN(most + 1) {
		list = append(list, text())
	}
	return strings.Join(list, sep)
}

func generators() []drawn {
	return []drawn{
		{"nmap.xml", "", drawNmap},
		{"scan.nessus", "", drawNessus},
		{"computer.json", "", drawGLPI},
		{"results.log", "", drawOsquery},
		{"findings.json", "", drawInspector},
		{"facts.ndjson", "", drawFacts},
		{"trivy.json", web, drawTrivy},
		{"result.xml", "", drawXCCDF},
		{"runs.sarif", web, drawSARIF},
		{"wazuh.json", "", drawWazuh},
		{"scan.csv", "", drawTenable},
		{"checks.csv", "", drawProwler},
		{"chunk.json", "", drawChunk},
		{"checklist.cklb", "", drawChecklist},
		{"defender.json", "", drawDefender},
		{"hosts.json", "", drawFleet},
	}
}

var addresses = map[string]string{"web-01": "10.9.0.11", "db-01": "10.9.0.12"}

func drawNmap(d *draw) string {
	info := d.list(2, "", func() string {
		return fmt.Sprintf(`<scaninfo type="%s" protocol="%s" numservices="9" services="%s"/>`, d.one("syn", "syn", "fin"), d.one("tcp", "tcp", "udp"), d.one("1-1024", "22,80", "443", "1-65535"))
	})
	hosts := d.list(3, "", func() string {
		host, at := d.host(), ""
		if d.chance(70) {
			at = fmt.Sprintf(` endtime="%d"`, d.seconds())
		}
		if d.chance(15) {
			at += ` timedout="true"`
		}
		ports := d.list(4, "", func() string {
			return fmt.Sprintf(`<port protocol="%s" portid="%s"><state state="%s"/><service name="%s" product="%s"/></port>`, d.one("tcp", "tcp", "udp"), d.one("22", "80", "443", "8080"), d.one("open", "open", "closed"), d.one("a", "b"), d.one("", "p"))
		})
		if d.chance(80) {
			ports = "<ports>" + ports + "</ports>"
		} else {
			ports = ""
		}
		return fmt.Sprintf(`<host%s><status state="up"/><address addr="%s" addrtype="ipv4"/><hostnames><hostname name="%s.example.test" type="user"/></hostnames>%s</host>`, at, addresses[host], host, ports)
	})
	return fmt.Sprintf(`<nmaprun scanner="nmap" start="%d">%s%s<runstats><finished time="%d" exit="%s"/></runstats></nmaprun>`, d.seconds(), info, hosts, d.seconds(), d.one("success", "success", "success", "error"))
}

func drawNessus(d *draw) string {
	var policies string
	if d.chance(70) {
		policies = policy(d.one("default", "1-100", "T:22,U:161"), []string{"Web=" + d.one("enabled", "mixed", "disabled"), "Misc.=" + d.one("enabled", "disabled")}, []string{d.id() + "=enabled"})
	}
	hosts := d.list(3, "", func() string {
		host := d.host()
		tags := fmt.Sprintf(`<tag name="host-ip">%s</tag><tag name="host-fqdn">%s.example.test</tag><tag name="HOST_START">x</tag><tag name="Credentialed_Scan">%s</tag>`, addresses[host], host, d.one("true", "false"))
		if d.chance(80) {
			tags += fmt.Sprintf(`<tag name="HOST_END_TIMESTAMP">%d</tag>`, d.seconds())
		}
		items := d.list(4, "", func() string {
			audit := ""
			if d.chance(20) {
				audit = fmt.Sprintf(`<compliance-result>%s</compliance-result><compliance-check-name>%s</compliance-check-name><compliance-audit-file>%s</compliance-audit-file>`, d.one("PASSED", "FAILED"), d.one("1.1", "1.2"), d.one("A", "B"))
			}
			return fmt.Sprintf(`<ReportItem port="%s" protocol="tcp" severity="%s" pluginID="%s" pluginName="%s" pluginFamily="%s"><plugin_type>%s</plugin_type>%s<cve>CVE-2026-000%d</cve></ReportItem>`,
				d.one("0", "22", "443"), d.one("1", "2", "3"), d.id(), d.one("n", "m"), d.one("Web", "Misc."), d.one("remote", "local"), audit, d.IntN(3))
		})
		return `<ReportHost name="` + addresses[host] + `"><HostProperties>` + tags + `</HostProperties>` + items + `</ReportHost>`
	})
	return `<NessusClientData_v2>` + policies + `<Report name="r">` + hosts + `</Report></NessusClientData_v2>`
}

func drawGLPI(d *draw) string {
	members := []string{`"versionclient":"x"`, fmt.Sprintf(`"hardware":{"name":"web-01"%s}`, d.one("", `,"memory":2048`, `,"memory":4096`))}
	for _, m := range []string{
		`"bios":{"smodel":"` + d.one("P1", "P2") + `"}`, `"operatingsystem":{"full_name":"` + d.one("Debian 12", "Debian 13") + `"}`, `"accesslog":{"logdate":"2026-01-0` + d.one("5", "6", "7") + ` 08:00:00"}`,
		`"softwares":[` + d.list(4, ",", func() string {
			return fmt.Sprintf(`{"name":"%s","version":"%s","publisher":"%s"}`, d.one("alpha", "beta"), d.one("1", "2"), d.one("", "p", "q"))
		}) + `]`,
	} {
		if d.chance(75) {
			members = append(members, m)
		}
	}
	return `{"deviceid":"d1","itemtype":"Computer","partial":` + d.one("true", "false", "false") + `,"content":{` + strings.Join(members, ",") + `}}`
}

func drawOsquery(d *draw) string {
	row := func() string {
		return fmt.Sprintf(`{"name":"%s","version":"%s","arch":"%s"}`, d.one("alpha", "beta"), d.one("1", "2"), d.one("amd64", "arm64"))
	}
	return d.list(5, "\n", func() string {
		head := fmt.Sprintf(`{"name":"pack_x_%s_packages","hostIdentifier":"%s.example.test","unixTime":%d,`, d.one("deb", "rpm"), d.host(), d.seconds())
		switch d.IntN(4) {
		case 0:
			return head + `"action":"snapshot","snapshot":[` + d.list(3, ",", row) + `]}`
		case 1:
			return head + `"diffResults":{"added":[` + d.list(2, ",", row) + `],"removed":[` + d.list(2, ",", row) + `]}}`
		}
		return head + `"action":"` + d.one("added", "added", "removed") + `","columns":` + row() + `}`
	}) + "\n" + fmt.Sprintf(`{"name":"pack_x_deb_packages","hostIdentifier":"db-01.example.test","unixTime":%d,"action":"added","columns":%s}`, d.seconds(), row())
}

func drawInspector(d *draw) string {
	more := d.one("", "", `"nextToken":"x",`)
	return `{` + more + `"findings":[` + d.list(5, ",", func() string {
		return fmt.Sprintf(`{"findingArn":"arn:f/%s","awsAccountId":"111122223333","type":"%s","status":"%s","severity":"%s","title":"%s","updatedAt":"%s","resources":[{"type":"AWS_EC2_INSTANCE","region":"eu-west-1","id":"%s"}]}`,
			d.id(), d.one("PACKAGE_VULNERABILITY", "PACKAGE_VULNERABILITY", "NETWORK_REACHABILITY"), d.one("ACTIVE", "ACTIVE", "CLOSED"), strings.ToUpper(d.word()), d.one("t", "u"), d.day(), d.one(web, db))
	}) + `]}`
}

func drawFacts(d *draw) string {
	return d.list(4, "\n", func() string {
		subset := d.one("", "", `,"gather_subset":["hardware"]`, `,"gather_subset":["all"]`)
		packages := d.one("", `,"packages":{"alpha":[`+d.list(3, ",", func() string {
			return fmt.Sprintf(`{"name":"alpha","version":"%s","arch":"%s"}`, d.one("1", "2"), d.one("x", "y"))
		})+`]}`)
		return fmt.Sprintf(`{"ansible_facts":{"ansible_fqdn":"%s.example.test","ansible_hostname":"x","ansible_nodename":"x"%s,"ansible_memtotal_mb":%s,"ansible_date_time":{"iso8601":"%s"}%s%s}}`,
			d.host(), d.one("", `,"ansible_distribution":"Debian","ansible_distribution_version":"12"`), d.one("2048", "4096"), d.day(), subset, packages)
	}) + fmt.Sprintf("\n"+`{"ansible_facts":{"ansible_fqdn":"db-01.example.test","ansible_hostname":"x","ansible_distribution":"Rocky","ansible_date_time":{"iso8601":"%s"}}}`, d.day())
}

func drawTrivy(d *draw) string {
	return `{"SchemaVersion":2,"CreatedAt":"` + d.day() + `","ArtifactName":"x","ArtifactType":"vm"` + d.one("", `,"Metadata":{"OS":{"Family":"debian"}}`) + `,"Results":[` + d.list(3, ",", func() string {
		return fmt.Sprintf(`{"Target":"%s","Class":"%s","Type":"t","Vulnerabilities":[%s]}`, d.one("a", "b"), d.one("os-pkgs", "lang-pkgs", "secret"), d.list(3, ",", func() string {
			return fmt.Sprintf(`{"VulnerabilityID":"CVE-2026-%s","PkgName":"%s","InstalledVersion":"1","Severity":"%s","Title":"%s"}`, d.id(), d.one("alpha", "beta"), strings.ToUpper(d.word()), d.one("t", "u"))
		}))
	}) + `]}`
}

func drawXCCDF(d *draw) string {
	result := func() string {
		host := d.host()
		return fmt.Sprintf(`<TestResult id="r%s" end-time="%s"><benchmark id="%s" href="b"/><target>%s.example.test</target><target-address>%s</target-address>%s</TestResult>`,
			d.id(), d.day(), d.one("A", "B"), host, addresses[host], d.list(4, "", func() string {
				return fmt.Sprintf(`<rule-result idref="rule_%s" severity="%s"><result>%s</result></rule-result>`, d.id(), d.one("high", "low"), d.one("pass", "fail", "notselected"))
			}))
	}
	return `<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="A"><Rule id="rule_100"><title>one</title></Rule>` + result() + d.list(2, "", result) + `</Benchmark>`
}

func drawSARIF(d *draw) string {
	return `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[` + d.list(3, ",", func() string {
		ended := ""
		if d.chance(60) {
			ended = fmt.Sprintf(`"invocations":[{"executionSuccessful":%s,"endTimeUtc":"%s"}],`, d.one("true", "true", "false"), d.day())
		}
		return fmt.Sprintf(`{%s"tool":{"driver":{"name":"%s","rules":[{"id":"100","name":"n"}]}},"results":[%s]}`, ended, d.one("ToolA", "ToolB"), d.list(4, ",", func() string {
			return fmt.Sprintf(`{"ruleId":"%s","level":"%s","message":{"text":"%s"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"%s"}}}]}`, d.id(), d.one("error", "note"), d.one("m", "n"), d.one("a", "b"))
		}))
	}) + `]}`
}

func drawWazuh(d *draw) string {
	var list []string
	for range 1 + d.IntN(4) {
		list = append(list, fmt.Sprintf(`{"_index":"wazuh-states-vulnerabilities-c","_source":{"agent":{"id":"%s","name":"%[1]s"},"package":{"name":"%s","version":"%s"},"vulnerability":{"id":"CVE-2026-%s","severity":"%s"}}}`,
			d.host(), d.one("alpha", "beta"), d.one("1", "2"), d.id(), d.one("High", "Low")))
	}
	total := len(list) + d.IntN(2)*d.IntN(3)
	return fmt.Sprintf(`{"timed_out":false,"_shards":{"total":1,"failed":%s},"hits":{"total":{"value":%d,"relation":"eq"},"hits":[%s]}}`, d.one("0", "0", "0", "1"), total, strings.Join(list, ","))
}

func drawTenable(d *draw) string {
	return "Plugin ID,CVE,Risk,Host,Protocol,Port,Name,Host End\n" + d.list(6, "\n", func() string {
		return fmt.Sprintf("%s,CVE-2026-000%d,%s,%s.example.test,tcp,%s,%s,2026/01/0%d", d.id(), d.IntN(3), d.one("High", "Low", "PASSED", "FAILED"), d.host(), d.one("22", "443"), d.one("n", "m"), 5+d.IntN(3))
	}) + fmt.Sprintf("\n100,,High,web-01.example.test,tcp,443,n,2026/01/0%d\n", 5+d.IntN(3))
}

func drawProwler(d *draw) string {
	row := func() string {
		return fmt.Sprintf("aws;111122223333;%s;%s;%s;t;arn:aws:ec2:eu-west-1:111122223333:instance/%s;eu-west-1;%s;%s;f;AwsEc2Instance", d.id(), strings.Replace(d.day(), "Z", "", 1), d.one("PASS", "FAIL"), d.one(web, db), d.word(), d.one("x", "y"))
	}
	return "PROVIDER;ACCOUNT_UID;CHECK_ID;TIMESTAMP;STATUS;CHECK_TITLE;RESOURCE_UID;REGION;SEVERITY;STATUS_EXTENDED;FINDING_UID;RESOURCE_TYPE\n" + row() + "\n" + d.list(5, "\n", row) + "\n"
}

func drawChunk(d *draw) string {
	return "[" + d.list(5, ",", func() string {
		return fmt.Sprintf(`{"asset":{"uuid":"u-%s","fqdn":"%[1]s.example.test"},"plugin":{"id":%s,"name":"%s","family":"f"},"port":{"port":%s,"protocol":"TCP"},"severity":"%s","state":"%s","last_found":"%s"}`,
			d.host(), d.id(), d.one("n", "m"), d.one("22", "443"), d.word(), d.one("OPEN", "OPEN", "FIXED"), d.day())
	}) + `]`
}

func drawChecklist(d *draw) string {
	return fmt.Sprintf(`{"target_data":{"host_name":"web-01","fqdn":"web-01.example.test","web_db_site":"%s"},"stigs":[%s]}`, d.one("", "", "s"), d.list(2, ",", func() string {
		return fmt.Sprintf(`{"stig_id":"%s","rules":[%s]}`, d.one("A", "B"), d.list(4, ",", func() string {
			return fmt.Sprintf(`{"group_id":"V-%s","severity":"%s","status":"%s","rule_title":"%s"}`, d.id(), d.one("high", "low"), d.one("open", "not_a_finding"), d.one("t", "u"))
		}))
	}))
}

func drawDefender(d *draw) string {
	row := func() string {
		changed := d.one("", `,"eventTimestamp":"`+d.day()+`"`)
		return fmt.Sprintf(`{"deviceId":"d-%s","deviceName":"%[1]s.example.test","cveId":"CVE-2026-%s","softwareName":"%s","softwareVersion":"1","vulnerabilitySeverityLevel":"%s","status":"%s"%s}`,
			d.host(), d.id(), d.one("alpha", "beta"), d.one("High", "Low"), d.one("New", "Updated", "Fixed"), changed)
	}
	return row() + "\n" + d.list(5, "\n", row)
}

func drawFleet(d *draw) string {
	host := func() string {
		return fmt.Sprintf(`{"id":%s,"osquery_version":"5","hostname":"%s.example.test","memory":%s,"detail_updated_at":"%s","software":[%s]}`, d.one("1", "2"), d.host(), d.one("2147483648", "4294967296"), d.day(),
			d.list(3, ",", func() string {
				return fmt.Sprintf(`{"name":"%s","version":"%s","source":"deb_packages"}`, d.one("alpha", "beta"), d.one("1", "2"))
			}))
	}
	return `{"hosts":[` + host() + d.list(2, "", func() string { return "," + host() }) + `],` + d.one(`"meta":{"has_next_results":true}`, `"meta":{"has_next_results":false}`) + `}`
}

// TestOrderOfGenerated: three documents of each product in all orders, with records in any order, and where there are no nodes yet.
func TestOrderOfGenerated(t *testing.T) {
	for _, g := range generators() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			put := 0
			for _, seed := range manySeeds(4) {
				h := g.history(t, seed)
				all := anyOrder(seed, 6, "to nodes", (*history).ends)
				must(t, h, all)
				must(t, h, reordered(seed))
				must(t, h.byName(), anyOrder(seed, 3, "before there were nodes", (*history).later))
				if end, err := h.ends(t.Context(), forth(h)); err == nil && strings.Contains(end, "=") {
					put++
				}
			}
			if put == 0 {
				t.Error("no node holds anything: the test says nothing")
			}
		})
	}
}

// manySeeds are so many times as many as INVBRIDGE_ROUNDS says.
func manySeeds(times uint64) []uint64 {
	first := number("INVBRIDGE_SEED", 1)
	var list []uint64
	for i := range times * number("INVBRIDGE_ROUNDS", 1) {
		list = append(list, first+i)
	}
	return list
}

// history is three documents of a product that some mapping reads.
func (g *drawn) history(t *testing.T, seed uint64) *history {
	t.Helper()
	d := &draw{source(seed, g.name)}
	var h *history
	for range 100 {
		text := g.draw(d)
		about, m, err := about(t.Context(), g.name, text, d.Rand)
		if err != nil {
			continue // so empty that nobody knows it
		}
		if h == nil {
			h = about
			h.nodes, h.as = nodesCSV, g.as
		}
		l := listsOf(m)
		p, err := l.pieces(text)
		if err != nil {
			t.Fatal(err)
		}
		h.files = append(h.files, file{p, written.Add(time.Duration(len(h.files)) * time.Minute)})
		if len(h.files) == 3 {
			return h
		}
	}
	t.Fatal("no mapping reads what is generated")
	return nil
}
