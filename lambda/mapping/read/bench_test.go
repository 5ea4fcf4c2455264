package read

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// BenchmarkNessus reads hosts with many findings of which about half of the bytes are taken.
func BenchmarkNessus(b *testing.B) {
	set, err := load.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	var doc bytes.Buffer
	doc.WriteString("<?xml version=\"1.0\"?>\n<NessusClientData_v2><Report name=\"r\">\n")
	for host := range 200 {
		fmt.Fprintf(&doc, "<ReportHost name=\"10.0.0.%d\"><HostProperties><tag name=\"HOST_END_TIMESTAMP\">1715297065</tag><tag name=\"host-ip\">10.0.0.%d</tag></HostProperties>\n", host, host)
		for item := range 100 {
			fmt.Fprintf(&doc, `<ReportItem port="%d" svc_name="www" protocol="tcp" severity="%d" pluginID="%d" pluginName="A plugin with a name &amp; number %d" pluginFamily="General">
<description>Some words that nobody reads, about what was found and why it matters to the one who has the machine, and what may follow from it.
Some more of them on a second line, as there are many in such files.</description><fname>x.nasl</fname><plugin_output>More output, of the machine, that is not taken either: /usr/lib/x/y/z.so.1</plugin_output>
<cve>CVE-2024-%04d</cve><cvss3_base_score>7.5</cvss3_base_score><exploit_available>false</exploit_available><solution>Upgrade to the newest version of the product.</solution><vuln_publication_date>2024/05/%02d</vuln_publication_date></ReportItem>
`, 1+item, item%5, 10000+item, item, item, 1+item%28)
		}
		doc.WriteString("</ReportHost>\n")
	}
	doc.WriteString("</Report></NessusClientData_v2>\n")
	benchmark(b, set, doc.Bytes())
}

// BenchmarkChecks reads one record whose scope keeps all of its 20,000 entries beside what they look up.
func BenchmarkChecks(b *testing.B) {
	set, err := load.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	var doc bytes.Buffer
	doc.WriteString(`<TestResult id="t" end-time="2026-01-02T03:04:05Z"><benchmark id="b1"/><target>host-1</target>`)
	for i := range 20_000 {
		fmt.Fprintf(&doc, `<rule-result idref="r%d" severity="low"><result>pass</result></rule-result>`+"\n", i)
	}
	doc.WriteString("</TestResult>")
	benchmark(b, set, doc.Bytes())
}

// BenchmarkScanner reads lines of one finding each.
func BenchmarkScanner(b *testing.B) {
	set, err := load.Options{}.Load(testfiles.Mapping(b, "scanner.yaml"), testfiles.Mapping(b, "scanner-types.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	var doc bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&doc, `{"key":"k-%d","instance_id":"i-%017x","fqdn":"host-%d.example.com","plugin":"%d","severity":"high","cve":"CVE-2024-%04d","package":{"name":"openssl","version":"3.0.%d","arch":"x86_64"},"scan_time":"2024-05-09T21:24:25Z","description":"A description of what was found, of a usual length, and no more.","output":"what nobody reads, a hundred or so bytes of it, in each line of the file, as scanners do"}`+"\n", i, i/60, i/60, i%3000, i%9999, i%20)
	}
	benchmark(b, set, doc.Bytes())
}

func benchmark(b *testing.B, set *mapping.Set, doc []byte) {
	b.Helper()
	choice, err := set.Choose(choose.Origin{Local: true}, doc[:min(len(doc), 1<<20)], len(doc) <= 1<<20)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	entries := 0
	for b.Loop() {
		reading := Document(b.Context(), Input{Reader: bytes.NewReader(doc), TempDir: b.TempDir()}, choice, Facts{})
		entries = 0
		for record, err := range reading.Records() {
			if err != nil {
				b.Fatal(err)
			}
			for _, err := range record.Entries() {
				if err != nil {
					b.Fatal(err)
				}
				entries++
			}
		}
	}
	b.ReportMetric(float64(entries), "entries")
}

// BenchmarkSpeed reads and maps the files that make bench measures.
func BenchmarkSpeed(b *testing.B) {
	mappings := b.TempDir()
	writeSpeedMapping(b, mappings)
	set, err := load.Options{}.Load(mappings)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range speedFormats {
		b.Run(f.name, func(b *testing.B) { benchmark(b, set, f.document(20_000)) })
	}
}
