package meaning

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// The rows of cases/tools/INDEX.md, in its order: what real tools wrote.

const (
	toolNode    = "i-0123456789abcdef0"
	toolDB      = "i-0123456789abcdef1"
	toolNodes   = "InstanceId,ComputerName,IPAddress\n" + toolNode + ",web-01,10.0.0.1\n"
	toolDBNodes = "InstanceId,ComputerName,IPAddress\n" + toolNode + ",web-01.example.com,10.0.0.1\n" + toolDB + ",db-01,10.0.0.2\n"
)

func TestListsOfTools(t *testing.T) {
	d := shared(t, "tools")
	deb := strings.Fields("adduser alsa-topology-conf alsa-ucm-conf appstream apt apt-transport-https at-spi2-common at-spi2-core base-files base-passwd debian")
	facts := []holds{
		on(toolNode, asset, "Name OS OSVersion CPUs MemoryMiB", "web-01.example.com|Debian 12.11|12.11|2|24105"),
		on(toolNode, software, "Name", strings.Fields("adduser adwaita-icon-theme alsa-topology-conf alsa-ucm-conf appstream apt apt-transport-https at-spi2-common at-spi2-core base-files")...),
	}
	wants(t, []row{
		{name: "syft, cyclonedx with files", nodes: toolNodes, docs: files(d, toolNode, "syft-1.57.1-cyclonedx-with-files.json"), want: []holds{on(toolNode, software, "Name", deb...)}},
		{name: "syft, spdx", nodes: toolNodes, docs: files(d, toolNode, "syft-1.57.1-spdx.json"), want: []holds{on(toolNode, software, "Name Version Architecture",
			"bash|5.2.15-2+b8|amd64", "demo-app|1.0.0|", "libssl3|3.0.15-1~deb12u1|amd64", "libssl3|3.0.15-1~deb12u1|i386", "ms|2.1.3|")}},
		{name: "syft", nodes: toolNodes, docs: files(d, toolNode, "syft-1.57.1-syft.json"), want: []holds{on(toolNode, software, "Name Version",
			"bash|5.2.15-2+b8", "demo-app|1.0.0", "libssl3|3.0.15-1~deb12u1", "libssl3|3.0.15-1~deb12u1", "ms|2.1.3")}},
		{name: "syft, github", nodes: toolNodes, docs: files(d, toolNode, "syft-1.57.1-github.json"), refused: true},
		{name: "govulncheck, json", nodes: toolNodes, docs: files(d, toolNode, "govulncheck-1.9.0.json"), want: []holds{on(toolNode, vulnerability, "Id Package Version FixedIn Affected",
			"GO-2021-0113|golang.org/x/text|v0.3.5|v0.3.7|golang.org/x/text/language,golang.org/x/text/language.ParseAcceptLanguage", "GO-2099-0002|stdlib|v1.26.8||")}},
		{name: "govulncheck, sarif", nodes: toolNodes, docs: files(d, toolNode, "govulncheck-1.9.0.sarif"), want: []holds{on(toolNode, finding, "Rule CVE Severity",
			"GO-2021-0113|CVE-2021-38561|HIGH", "GO-2099-0002|CVE-2099-0002|INFORMATIONAL")}},
		{name: "ansible-core 2.19, fact cache", nodes: toolNodes, docs: files(d, "", "ansible-core-2.19.14-fact-cache-s1_web-01.json"), want: facts},
		{name: "ansible-core 2.19, what the cache holds", nodes: toolNodes, docs: files(d, "", "ansible-unwrapped.json"), want: facts},
		{name: "osquery, results", nodes: toolNodes, docs: files(d, "", "osquery-results.log"), want: []holds{on(toolNode, software, "Name", "adduser", "bash", "zlib1g")}},
		{name: "osquery, snapshots", nodes: toolNodes, docs: files(d, "", "osquery-snapshots.log"), want: []holds{on(toolNode, service, "Port", "34221", "2024", "37665")}, sums: map[receipt.Outcome]int{receipt.Skipped: 1}},
		{name: "lshw", nodes: toolNodes, docs: files(d, "", "lshw.json"), want: []holds{on(toolNode, asset, "Name CPUs MemoryMiB", "web-01|1|24576")}},
		{name: "lynis", nodes: toolNodes, docs: files(d, "", "lynis-report.dat"), want: []holds{count(toolNode, check, 24)}},
	})
}

func TestScansOfTools(t *testing.T) {
	d := shared(t, "tools")
	open := []holds{on(toolNode, service, "Port", "18022", "18080"), on(toolDB, service, "Port")}
	wants(t, []row{
		{name: "nmap", nodes: toolDBNodes, docs: files(d, "", "nmap-full.xml"), want: open},
		{name: "nmap, then a host that timed out", nodes: toolDBNodes, docs: files(d, "", "nmap-full.xml", "nmap-host-timeout.xml"), want: open},
		{name: "nmap, a host that timed out, then all", nodes: toolDBNodes, docs: files(d, "", "nmap-host-timeout.xml", "nmap-full.xml"), want: open},
		{name: "nmap, killed", nodes: toolDBNodes, docs: files(d, "", "nmap-killed-sigint.xml"), refused: true, want: []holds{on(toolNode, service, "Port")}},
		{name: "nmap, resumed", nodes: toolDBNodes, docs: files(d, "", "nmap-resumed.xml"), want: []holds{on(toolNode, service, "Port", "2024", "18022", "18080", "46467"), on(toolDB, service, "Port", "2024")}},
	})
}

func TestAgentsOfTools(t *testing.T) {
	d := shared(t, "tools")
	both := []holds{
		on(toolNode, asset, "OS OSVersion CPUs? MemoryMiB Owner", "Debian GNU/Linux 12 (bookworm)|12.11|yes|24105|"),
		count(toolNode, software, 20),
	}
	wants(t, []row{
		{name: "glpi agent, the first run", nodes: toolNodes, docs: files(d, "", "glpi-agent-json-run1.json"), want: both},
		{name: "glpi agent, two runs", nodes: toolNodes, docs: files(d, "", "glpi-agent-json-run1.json", "glpi-agent-json-run2.json"), want: both},
		{name: "glpi agent, two runs, the partial one written first", nodes: toolNodes, docs: files(d, "", "glpi-agent-json-run2.json", "glpi-agent-json-run1.json"), want: both},
		{name: "fusioninventory", nodes: toolNodes, docs: files(d, "", "fusioninventory-2.6.xml"), want: []holds{on(toolNode, asset, "CPUs", "2"), count(toolNode, software, 20)}},
	})
}

func TestBenchmarksOfTools(t *testing.T) {
	d := shared(t, "tools")
	results := []holds{on(toolNode, check, "Id Result CheckedAt", "xccdf_org.example_rule_a|PASS|2026-11-27T15:25:28Z",
		"xccdf_org.example_rule_b|NOT_APPLICABLE|2026-11-27T15:25:28Z", "xccdf_org.example_rule_c|NOT_APPLICABLE|2026-11-27T15:25:28Z")}
	rows := []row{
		{name: "openscap", nodes: toolNodes, docs: files(d, "", "openscap-1.3.7-r.xml"), want: results},
		{name: "openscap, arf", nodes: toolNodes, docs: files(d, "", "openscap-1.3.7-a.xml"), want: results},
	}
	for name, size := range map[string]int{"openscap behind 3.6 MB of rules": 3_600_000, "openscap behind 12 MB of rules": 12_000_000} {
		rows = append(rows, row{name: name, nodes: toolNodes, docs: []doc{{text: bigXCCDF(t, d, size)}}, want: results})
	}
	wants(t, rows)
}

// bigXCCDF is the real results with as many unselected rules before the TestResult as real content has.
func bigXCCDF(t *testing.T, dir string, size int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "openscap-1.3.7-r.xml"))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(text, []byte("<TestResult"))
	rule := []byte(`<Rule id="xccdf_org.example_rule_f" selected="false" severity="low"><title>filler</title><description>` + strings.Repeat("x", 800) + "</description></Rule>\n")
	return string(slices.Concat(text[:at], bytes.Repeat(rule, (size-at)/len(rule)), text[at:]))
}
