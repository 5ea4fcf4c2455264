package record_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// nessusPlan is shaped like a scanner's mapping: records with properties by name, entries with a dozen attributes.
func nessusPlan() plan.Plan {
	tag := func(name string) string { return "HostProperties.tag(name=" + name + ")" }
	return plan.Plan{Blocks: []plan.Block{{
		Each: mustPaths("Report.ReportHost"),
		HostReads: mustPaths(tag("aws-instance-instanceId"), tag("bios-uuid"), tag("host-fqdn"), tag("hostname"), tag("netbios-name"), "name",
			tag("host-ip"), tag("mac-address")),
		CapturedAt: mustPaths(tag("HOST_END_TIMESTAMP"), tag("HOST_END")),
		Types: []plan.Entries{{Each: mustPaths("ReportItem"), Reads: mustPaths("pluginID", "pluginName", "severity", "cve", "cvss4_base_score",
			"cvss3_base_score", "cvss_base_score", "port", "protocol", "exploit_available", "solution", "vuln_publication_date", "plugin_publication_date")}},
	}}}
}

func nessusDocument(hosts, items int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" ?><NessusClientData_v2><Policy><policyName>x</policyName></Policy><Report name="r">`)
	for h := range hosts {
		fmt.Fprintf(&b, `<ReportHost name="host-%d"><HostProperties><tag name="host-ip">10.0.%d.%d</tag><tag name="os">linux</tag>`+
			`<tag name="HOST_END">Mon Nov 23 09:00:00 2026</tag><tag name="host-fqdn">host-%d.example.org</tag></HostProperties>`+"\n", h, h/250, h%250, h)
		for i := range items {
			fmt.Fprintf(&b, `<ReportItem port="%d" svc_name="www" protocol="tcp" severity="%d" pluginID="%d" pluginName="Some finding no %d" pluginFamily="General">`+
				"\n<cve>CVE-2026-%d</cve><cvss3_base_score>7.5</cvss3_base_score><description>%s</description><fname>a.nasl</fname>"+
				"<plugin_publication_date>2026/01/02</plugin_publication_date><risk_factor>High</risk_factor><solution>Update the package.</solution>"+
				"<synopsis>Something is old.</synopsis><plugin_output>%s</plugin_output></ReportItem>\n",
				i%65536, i%5, 10000+i, i, i, strings.Repeat("The remote host has it. ", 8), strings.Repeat("found: version 1.2.3\n", 8))
		}
		b.WriteString("</ReportHost>")
	}
	b.WriteString("</Report></NessusClientData_v2>")
	return b.Bytes()
}

func rowsPlan() plan.Plan {
	return plan.Plan{Blocks: []plan.Block{{
		Each: mustPaths("$rows"), HostReads: mustPaths("instance_id", "fqdn"), CapturedAt: mustPaths("scan_time"),
		Types: []plan.Entries{{Reads: mustPaths("plugin", "key", "severity", "cve", "package.name", "package.version", "description")}},
	}}}
}

func rowsDocument(rows int) []byte {
	var b bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&b, `{"instance_id":"i-%017d","fqdn":"host-%d.example.org","plugin":%d,"key":"k-%d","severity":"high","cve":["CVE-2026-%d"],`+
			`"package":{"name":"openssl","version":"3.0.%d","epoch":0},"scan_time":"2026-11-23T09:00:00Z","description":"%s","output":"%s"}`+"\n",
			i%1000, i%1000, i%3000, i, i, i%20, strings.Repeat("It is old. ", 6), strings.Repeat("x", 200))
	}
	return b.Bytes()
}

func bench(b *testing.B, thePlan plan.Plan, doc []byte, format syntax.Format, budget int) {
	benchInput(b, thePlan, len(doc), func() record.Input { return record.Input{Reader: bytes.NewReader(doc), Format: format, Budget: budget} })
}

func benchInput(b *testing.B, thePlan plan.Plan, size int, input func() record.Input) {
	program, err := plan.Compile(thePlan)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		texts := make([]string, 0, 16)
		in := input()
		in.TempDir = b.TempDir()
		r := record.Read(b.Context(), program, in)
		for rec, err := range r.Records() {
			if err != nil {
				b.Fatal(err)
			}
			s := rec.Scope()
			block := &thePlan.Blocks[rec.Block]
			for i := range block.HostReads {
				texts = block.HostReads[i].Texts(&s, rec.Value, texts[:0])
			}
			for found, err := range rec.Entries() {
				if err != nil {
					b.Fatal(err)
				}
				reads := block.Types[found.Type].Reads
				for i := range reads {
					texts = reads[i].Texts(&s, found.Value, texts[:0])
				}
			}
		}
	}
}

func BenchmarkNessusLike(b *testing.B) {
	bench(b, nessusPlan(), nessusDocument(20, 500), syntax.XML, 0)
}

func BenchmarkNessusLikeSpooled(b *testing.B) {
	bench(b, nessusPlan(), nessusDocument(20, 500), syntax.XML, 1)
}

func BenchmarkRows(b *testing.B) { bench(b, rowsPlan(), rowsDocument(10000), syntax.JSON, 0) }

// assetPlan takes some columns of rows.
func assetPlan(each string) plan.Plan {
	return plan.Plan{Blocks: []plan.Block{{Each: mustPaths(each), HostReads: mustPaths("Name", "IP"), Types: []plan.Entries{{Reads: mustPaths("Name", "Serial", "OS", "RAM")}}}}}
}

func benchArchive(b *testing.B, thePlan plan.Plan, s shelf, format syntax.Format) {
	size := 0
	for i := 1; i < len(s); i += 2 {
		size += len(s[i])
	}
	benchInput(b, thePlan, size, func() record.Input { return record.Input{Archive: s, Format: format} })
}

func BenchmarkWorkbook(b *testing.B) {
	rows := [][]string{{"Name", "IP", "Serial", "OS", "Owner", "Made", "RAM", "Note"}}
	for i := range 20_000 {
		rows = append(rows, []string{fmt.Sprint("host-", i), "10.1.2.3", fmt.Sprint("SN-", i), "Linux", "somebody", "2026-01-01", "8192", "a note, as people write them"})
	}
	benchArchive(b, assetPlan("$rows"), made(tab{"Servers", rows}), syntax.Workbook)
}

func BenchmarkMembers(b *testing.B) {
	var s shelf
	for k := range 4 {
		s = append(s, fmt.Sprintf("servers/%d.json", k), string(rowsDocument(5000)))
	}
	thePlan := rowsPlan()
	thePlan.Blocks[0].Each = mustPaths("servers.*")
	benchArchive(b, thePlan, s, syntax.Archive)
}

func BenchmarkSections(b *testing.B) {
	var t bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&t, "Name: host-%d\nIP: 10.1.2.3\nSerial: SN-%d\nOS: Linux\nRAM: 8192\nNote: <text>%s</text>\n", i, i, strings.Repeat("a note. ", 20))
	}
	benchInput(b, assetPlan("Name"), t.Len(), func() record.Input {
		return record.Input{Reader: bytes.NewReader(t.Bytes()), Format: syntax.KeyValue, Section: []string{"Name"}}
	})
}
