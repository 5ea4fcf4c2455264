package meaning

import (
	"strings"
	"testing"
)

// TestAssetsOfTheSecondExport: POST /assets/v2/export (pyTenable's exports.assets_v2 since 1.8) has names and addresses in network, what AWS knows in cloud and dates in timestamps.
// Sites that were scanned as web applications are assets, too.
func TestAssetsOfTheSecondExport(t *testing.T) {
	assets := func(types, network, cloud, timestamps string) string {
		return `[{"id":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","has_agent":true,"is_licensed":true,"types":` + types + `,"system_types":["general-purpose"],"operating_systems":["Oracle Linux 8.4"],"serial_number":null,` +
			`"timestamps":{"updated_at":"2026-01-05T08:00:00.000Z","first_seen":"2024-09-24T15:01:25.000Z","last_seen":"2026-01-05T08:00:00.000Z"` + timestamps + `},"scan":{"last_scan_time":"2026-01-05T08:00:00.000Z"},` +
			`"cloud":{` + cloud + `},"network":{"network_name":"Default"` + network + `},"sources":[{"name":"NESSUS_AGENT","first_seen":"2024-09-24T15:01:25.000Z","last_seen":"2026-01-05T08:00:00.000Z"}]}]`
	}
	const host, named = `["host","cloud"]`, `,"ipv4s":["10.9.0.11"],"fqdns":["web-01.example.test"],"hostnames":["web-01"]`
	is := func(status string) []holds {
		return []holds{on(web, asset, "Name OS Status UpdatedAt", strings.Join([]string{"web-01.example.test", "Oracle Linux 8.4", status, "2026-01-05T08:00:00Z"}, "|"))}
	}
	none := []holds{on(web, asset, "Name")}
	wants(t, []row{
		{name: "by its name", docs: texts("", assets(host, named, "", "")), want: is("")},
		{name: "by its instance", docs: texts("", assets(host, `,"fqdns":["web-01.example.test"]`, `"aws":{"ec2_instance_id":"`+web+`","ec2_instance_state_name":"running"}`, "")), want: is("running")},
		{name: "terminated", docs: texts("", assets(host, named, "", `,"terminated_at":"2026-01-04T22:00:00.000Z"`)), want: is("terminated")},
		{name: "a site", docs: texts("", assets(`["webapp"]`, named, "", "")), want: none},
	})
}
