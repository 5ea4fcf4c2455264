package meaning

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// The rows of cases/meaning/INDEX.md, in its order. What is wanted is written from the index and the files, by hand.

func TestPagesOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	var twelve []string
	for i := range 12 {
		twelve = append(twelve, fmt.Sprintf("CVE-2025-%d", 20000+i))
	}
	wants(t, []row{
		{name: "wazuh pages", docs: files(d, "", "wazuh_page1_of_2.json", "wazuh_page2_of_2.json"), want: []holds{on(web, vulnerability, "Id", "CVE-2025-10001", "CVE-2025-10002")}},
		{name: "wazuh default size", docs: files(d, "", "wazuh_all_12.json", "wazuh_default_size_10_of_12.json"), want: []holds{on(web, vulnerability, "Id", twelve...)}},
		{name: "wazuh shard failed", docs: files(d, "", "wazuh_all_12.json", "wazuh_shard_failed.json"), want: []holds{on(web, vulnerability, "Id", twelve...)}},
		{
			name: "rapid7 pages", docs: files(d, web, "rapid7_vulns_page0.json", "rapid7_vulns_page1.json"),
			want: []holds{on(web, vulnerability, "Id", "alpha-cve-2025-10001", "alpha-cve-2025-10002", "alpha-cve-2025-10003")},
		},
		{name: "defender pages", docs: files(d, "", "defender_api_page1.json", "defender_api_page2.json"), want: []holds{on(web, vulnerability, "CVE", "CVE-2025-10001", "CVE-2025-10002", "CVE-2025-10003")}},
		{name: "wazuh 4.7 pages", docs: files(d, web, "wazuh47_page1.json", "wazuh47_page2.json"), want: []holds{on(web, vulnerability, "Id", "CVE-2025-10001", "CVE-2025-10002", "CVE-2025-10003")}},
	})
}

func TestFindingsOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	perCVE := []holds{
		on(web, vulnerability, "Id CVE Port", "190001|CVE-2025-10001,CVE-2025-10002,CVE-2025-10003|443", "190002||22"),
		count(web, check, 3),
	}
	paths := func(cipher, kernel string) []string {
		return []string{cipher + "|443|", cipher + "|8443|", kernel + "||/usr/lib/one", kernel + "||/usr/lib/two"}
	}
	openvas := []holds{
		on(web, vulnerability, "Id Port Location", paths("1.3.6.1.4.1.25623.1.0.900001", "1.3.6.1.4.1.25623.1.0.900002")...),
		on(db, vulnerability, "Id Port", "1.3.6.1.4.1.25623.1.0.900003|22"),
	}
	wants(t, []row{
		{name: "nessus csv with a row for each CVE", docs: files(d, "", "nessus_csv_row_per_cve.csv"), want: perCVE},
		{name: "nessus csv in UTF-16", docs: files(d, "", "nessus_csv_utf16.csv"), want: perCVE},
		{name: "nessus compliance", docs: files(d, "", "nessus_compliance.nessus"), want: []holds{
			on(web, vulnerability, "Id Severity", "70658|MEDIUM"), count(web, check, 5),
		}},
		{name: "nessus compliance, what passed", docs: files(d, "", "nessus_compliance.nessus"), want: []holds{{
			node: web, typeName: check, attributes: "Result", passes: true, entries: []string{"no", "no", "no", "yes", "yes"},
		}}},
		{name: "xccdf several checks of a rule", docs: files(d, "", "xccdf_multicheck.xml"), want: []holds{on(web, check, "Id Result", "xccdf_t_rule_patches|FAIL", "xccdf_t_rule_patches|FAIL", "xccdf_t_rule_patches|PASS")}},
		{name: "openvas xml", docs: files(d, "", "openvas_full.xml"), want: openvas},
		{name: "openvas csv", docs: files(d, "", "openvas_full.csv"), want: openvas},
		{name: "fleet, one name in two sources", docs: files(d, "", "fleet_same_name_two_sources.json"), want: []holds{on(web, software, "Name Type", "alpha|deb_packages", "six|deb_packages", "six|python_packages")}},
	})
}

func TestNewestOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	facts := []holds{on(web, asset, "OS MemoryMiB UpdatedAt", "Ubuntu 24.04|4096|2026-01-05T08:00:00Z")}
	alpha := []holds{on(web, software, "Name Version", "alpha|2.0"), on(web, asset, "Status", "online")}
	wants(t, []row{
		{name: "ansible, the older first", docs: files(d, "", "ansible_two_runs_old_first.ndjson"), want: facts},
		{name: "ansible, the newer first", docs: files(d, "", "ansible_two_runs_new_first.ndjson"), want: facts},
		{name: "prowler, two runs", docs: files(d, "", "prowler_two_runs.csv"), want: []holds{on(web, check, "Id Result CheckedAt", "ec2_imdsv2|PASS|2026-01-05T08:00:00Z", "ec2_old_check|FAIL|2025-12-01T08:00:00Z")}},
		{name: "nessus, two scans of a host", docs: files(d, "", "nessus_merged_same_host.nessus"), want: []holds{on(web, vulnerability, "Id", "190010")}},
		{name: "fleet, two enrolments", docs: files(d, "", "fleet_two_enrolments.json"), want: alpha},
		{name: "fleet, two enrolments in two files", docs: files(d, "", "fleet_page_old.json", "fleet_page_new.json"), want: alpha},
		{name: "fleet, the older file written later", docs: files(d, "", "fleet_page_new.json", "fleet_page_old.json"), want: alpha},
		{name: "puppet, two runs", docs: files(d, "", "puppet_two_runs.json"), want: facts},
	})
}

func TestRunsOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	emptyA := `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ToolA", "rules": []}}, "results": []}]}`
	emptyB := `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ToolB", "rules": []}}, "results": []}]}`
	two := files(d, web, "sarif_two_tools_same_rule.sarif")
	rules := `"rules": [{"id": "R1"}, {"id": "R2", "defaultConfiguration": {"level": "note"}}]`
	found := `"results": [{"ruleId": "R1", "ruleIndex": 0, "message": {"text": "a"}}, {"ruleId": "R2", "ruleIndex": 1, "message": {"text": "b"}}, {"ruleId": "R2", "level": "warning", "message": {"text": "c"}}]`
	raised := `"invocations": [{"executionSuccessful": true, "ruleConfigurationOverrides": [{"descriptor": {"id": "R2", "index": 1}, "configuration": {"level": "error"}}]}]`
	overridden := `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ToolA", ` + rules + `}}, ` + found + `, ` + raised + `}, {"tool": {"driver": {"name": "ToolB", ` + rules + `}}, ` + strings.ReplaceAll(found, `"text": "`, `"text": "b `) + `}]}`
	one := func(severity, rule, title string) []holds {
		return []holds{on(web, finding, "Severity Rule Title", severity+"|"+rule+"|"+title)}
	}
	wants(t, []row{
		{name: "sarif, two categories in two files", docs: files(d, web, "sarif_cat1.sarif", "sarif_cat2.sarif"), want: []holds{on(web, finding, "Rule Location", "R1|opt/a.conf", "R1|opt/b.conf")}},
		{name: "sarif, two tools with one rule", docs: two, want: []holds{on(web, finding, "Product Severity Title Location",
			"ToolA|CRITICAL|rule one of tool A|opt/a.conf", "ToolA|CRITICAL|rule one of tool A|opt/b.conf", "ToolB|LOW|rule one of tool B|opt/c.conf")}},
		{name: "sarif, two tools, then empty runs", docs: slices.Concat(two, texts(web, emptyA, emptyB)), want: []holds{on(web, finding, "Id")}},
		{name: "sarif, two tools, then an empty run of one", docs: slices.Concat(two, texts(web, emptyA)), want: []holds{on(web, finding, "Product", "ToolB")}},
		{name: "sarif, then a run without a list of results", docs: slices.Concat(two, texts(web, strings.Replace(emptyA, `, "results": []`, "", 1))), want: []holds{on(web, finding, "Product", "ToolA", "ToolA", "ToolB")}},
		{name: "sarif, rules in an extension", docs: files(d, web, "sarif_rules_in_extension.sarif"), want: one("CRITICAL", "py/cmd", "shell from input")},
		{name: "sarif, an index alone", docs: files(d, web, "sarif_ruleindex_only.sarif"), want: one("CRITICAL", "py/cmd", "shell from input")},
		{name: "sarif, a level that the invocation overrides", docs: texts(web, overridden), want: []holds{on(web, finding, "Product Rule Title Severity",
			"ToolA|R1|a|MEDIUM", "ToolA|R2|b|HIGH", "ToolA|R2|c|MEDIUM", "ToolB|R1|b a|MEDIUM", "ToolB|R2|b b|INFORMATIONAL", "ToolB|R2|b c|MEDIUM")}},
		{name: "sarif, a hierarchical rule", docs: files(d, web, "sarif_hierarchical_ruleid.sarif"), want: []holds{on(web, finding, "Severity Title", "CRITICAL|shell from input")}},
		{name: "sarif, the first tool is empty", docs: files(d, web, "sarif_two_tools_first_empty.sarif"), want: []holds{on(web, finding, "Product Severity", "ToolB|LOW")}},
		{name: "sarif, two categories in one file", docs: files(d, web, "sarif_same_tool_two_categories.sarif"), want: []holds{on(web, finding, "Location", "opt/a.conf", "opt/b.conf")}},
		{name: "sarif, suppressed", docs: files(d, web, "sarif_suppressed.sarif"), want: []holds{on(web, finding, "Status Severity", "external|CRITICAL", "|CRITICAL")}},
		{name: "arf, two benchmarks", docs: files(d, "", "arf_two_benchmarks.xml"), want: []holds{on(web, check, "Benchmark Result Title", "xccdf_t_benchmark_A|FAIL|title of A", "xccdf_t_benchmark_B|PASS|title of B")}},
	})
}

func TestDialectsOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	wants(t, []row{
		{name: "snipeit, entities of HTML", docs: files(d, "", "snipeit_entities.json"), want: []holds{on(web, asset, "Owner Location Model AssetTag Status Manufacturer",
			`Pat O'Neil|R&D 'North'|PowerBox 24" <Rev. 2>|A&B-0007|Ready & Deployed|Smith & Sons`)}},
		{name: "ansible 2.19, a cache", docs: files(d, "", "ansible_219_cache.json"), want: []holds{on(web, asset, "Name OS MemoryMiB CPUs", "web-01.example.test|Ubuntu 24.04|2048|2")}},
		{name: "qualys, rows quoted as a whole", docs: files(d, "", "qualys_vmdr_cve_outer_quoted.csv"), want: []holds{
			on(web, vulnerability, "Id CVE Severity", "800001|CVE-2025-10001,CVE-2025-10002,CVE-2025-10003|HIGH"), on(db, vulnerability, "Id CVE", "800001|CVE-2025-10001"),
		}},
		{name: "a header in the middle", docs: files(d, "", "concat_header_inside.csv"), want: []holds{on(web, vulnerability, "Id", "190001"), on(db, vulnerability, "Id", "190003")}, sums: map[receipt.Outcome]int{receipt.Put: 2, receipt.Parked: 0, receipt.Rejected: 0}},
		{name: "a header in the middle, openvas", docs: files(d, "", "concat_openvas.csv"), want: []holds{
			on(web, vulnerability, "Id", "1.3.6.1.4.1.25623.1.0.900001"), on(db, vulnerability, "Id", "1.3.6.1.4.1.25623.1.0.900005"),
		}, sums: map[receipt.Outcome]int{receipt.Put: 2, receipt.Parked: 0, receipt.Rejected: 0}},
		{name: "nessus, two documents in a file", docs: files(d, "", "concat_two_nessus.nessus"), refused: true, want: []holds{on(web, vulnerability, "Id")}},
		{name: "ocsf, a bracket for a comma", docs: files(d, "", "ocsf_bracket_instead_of_comma.json"), refused: true},
		{name: "ocsf, a comma is missing", docs: files(d, "", "ocsf_missing_comma.json"), refused: true},
		{name: "glpi, placeholders", docs: files(d, "", "glpi_numbers_placeholders.json"), want: []holds{
			on(web, asset, "OS AssetTag SerialNumber", "Ubuntu 24.04||12345678"), on(web, software, "Name Version", "alpha|1.0", "beta|2"),
		}},
		{name: "wazuh 4.12", docs: files(d, "", "wazuh_412_search.json"), want: []holds{
			on(web, vulnerability, "Id", "CVE-2025-10001", "CVE-2025-10002"), on(db, vulnerability, "Id", "CVE-2025-10001"),
		}},
		{name: "wazuh 4.8, the dashboard", docs: files(d, "", "wazuh_48_dashboard.csv"), want: []holds{
			on(web, vulnerability, "Id CVSS FirstSeen", "CVE-2025-10001|7.5|2026-01-05T08:00:00Z"), on(db, vulnerability, "Id CVSS FirstSeen", "CVE-2025-10002||2026-01-05T08:00:00Z"),
		}},
		{name: "wazuh 4.7, the dashboard", docs: files(d, "", "wazuh_47_dashboard.csv"), refused: true},
		{name: "masscan, json", docs: files(d, "", "masscan.json"), refused: true},
		{name: "masscan, json with a comma too many", docs: files(d, "", "masscan_trailing_comma.json"), refused: true},
		{name: "trivy after a line of a log", docs: files(d, web, "trivy_log_before.json"), refused: true},
		{name: "syft, UTF-16 without a mark", docs: files(d, web, "syft_utf16le_nobom.json"), refused: true},
	})
}

func TestRightOnesOfTheCases(t *testing.T) {
	d := shared(t, "meaning")
	rows := []row{
		{name: "masscan, a host in several elements", docs: files(d, "", "masscan_split.xml"), want: []holds{on(web, service, "Port Service", "22|ssh", "443|"), on(db, service, "Port", "80")}},
		{name: "nmap, names given and looked up", docs: files(d, "", "nmap_user_ptr.xml"), want: []holds{on(web, service, "Port", "443"), on(db, service, "Port"), on(app, service, "Port")}, sums: map[receipt.Outcome]int{receipt.Rejected: 1}},
		{name: "netbox 4.2", docs: files(d, "", "netbox_42.json"), want: []holds{on(web, asset, "Name Model", "web-01|P1")}, sums: map[receipt.Outcome]int{receipt.Parked: 1}},
		{name: "trivy, modified findings", docs: files(d, web, "trivy_modified_findings.json"), want: []holds{
			on(web, vulnerability, "Id Package Location", "CVE-2025-10001|alpha|", "CVE-2025-10002|beta|opt/a/package-lock.json", "CVE-2025-10002|beta|opt/b/package-lock.json"),
		}},
		{name: "trivy, no results", docs: files(d, web, "trivy_no_results.json"), want: []holds{on(web, vulnerability, "Id")}},
		{name: "trivy, results are null", docs: files(d, web, "trivy_results_null.json"), want: []holds{on(web, vulnerability, "Id")}},
		{name: "scc", docs: files(d, "", "xccdf_scc_one.xml"), want: []holds{on(web, check, "Id Result", "xccdf_t_rule_1|PASS", "xccdf_t_rule_2|PASS")}},
		{name: "cklb, two checklists", docs: files(d, "", "cklb_two_stigs.cklb"), want: []holds{
			on(web, check, "Benchmark Id Result", "A_STIG|V-1|FAIL", "A_STIG|V-2|PASS", "B_STIG|V-1|NOT_CHECKED", "B_STIG|V-3|NOT_APPLICABLE"),
		}},
		{name: "ckl without a host", docs: files(d, "", "ckl_nohost.ckl"), sums: map[receipt.Outcome]int{receipt.Parked: 1}},
		{name: "ocsf, two lists", docs: files(d, "", "ocsf_two_arrays.json"), want: []holds{count(web, finding, 2), count(db, finding, 1)}},
		{name: "ocsf, two lists in lines", docs: files(d, "", "ocsf_two_arrays_lines.json"), want: []holds{count(web, finding, 2), count(db, finding, 1)}},
	}
	for name, n := range map[string]int{
		"cdx_metadata_nested.xml": 2, "cdx_prefix.xml": 2, "spdx_extref_after_created.spdx": 2, "spdx_utf16le_bom.spdx": 2,
		"syft_utf8_bom.json": 2, "syft_utf16le_bom_crlf.json": 2, "syft_utf16be_bom.json": 2,
	} {
		rows = append(rows, row{name: name, docs: files(d, web, name), want: []holds{count(web, software, n)}})
	}
	// One of the six is a file with a version: files without one belong to packages.
	rows = append(rows, row{name: "cdx_nested.json", docs: files(d, web, "cdx_nested.json"), want: []holds{on(web, software, "Name", "outer", "inner", "deep", "emptygroup", "lic", "expr")}})
	for _, name := range []string{"ckl_fqdn_localhost.ckl", "ckl_fqdn_na.ckl", "ckl_padded.ckl", "ckl_single_label_fqdn.ckl"} {
		rows = append(rows, row{name: name, docs: files(d, "", name), want: []holds{count(web, check, 2)}})
	}
	for _, name := range []string{"boto3str", "boto3str_nofrac", "cli2local", "epochexp", "epochfloat", "isoZ"} {
		rows = append(rows, row{name: "inspector " + name, docs: files(d, "", "inspector2_date_"+name+".json"), want: []holds{on(web, vulnerability, "FirstSeen", "2026-01-05T08:00:00Z")}})
	}
	for _, name := range []string{"backslash", "bom", "case", "dirs", "macosx", "rootfolder", "two_pages", "v_first_empty_member"} {
		rows = append(rows, row{name: "defender " + name, docs: files(d, "", "defender_"+name+".zip"), want: []holds{
			on(web, vulnerability, "Id", "CVE-2025-10001", "CVE-2025-10002"), on(db, vulnerability, "Id", "CVE-2025-10001"),
		}})
	}
	wants(t, rows)
}
