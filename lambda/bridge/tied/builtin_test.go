package tied

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestEndpointProduct: weaknesses that name machines by the agents' numbers alone, with the list of machines of the same product before or after
// them, and the product's own recorded answers.
func TestEndpointProduct(t *testing.T) {
	path, ok := testfiles.Shared(t, "samples-2", "falcon_hosts_json", "devices_ec2.json")
	if !ok {
		t.Skip("one file of shared samples is not there")
	}
	list, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path, _ = testfiles.Shared(t, "samples-2", "falcon_spotlight_json", "vulnerabilities_windows.json")
	recorded, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	windows, access, azure := "i-09ef57058029b38c3", "i-094bcd33735c19ff6", "mi-00000000000000001"
	nodes := []node.Node{
		{ID: windows, ComputerName: "EC2AMAZ-0A1B2C3", PingStatus: "Online"},
		{ID: access, ComputerName: "renamed.corp.local", PingStatus: "Online"},
		{ID: azure, ComputerName: "sentinel-c-02.corp.example", PingStatus: "Online"},
	}
	var findings []string
	for i, aid := range []string{"8fc65315612b4f6b96d356ad11cd0e6a", "3eb0e8e03d1245eaa643046f84bc51f8", "0b5abb999c1544f1af71983753ff8d22", "3fd9b8a8a7ba426a9bf3aaa2ddfc5b02"} {
		findings = append(findings, fmt.Sprintf(
			`{"id":"%[1]s_%[2]d","cid":"c","aid":%[1]q,"status":"open","updated_timestamp":"2023-05-23T17:00:00Z","created_timestamp":"2023-05-20T17:00:00Z",`+
				`"cve":{"id":"CVE-2023-%04[2]d"},"apps":[{"product_name_version":"App %[2]d","sub_status":"open"}],"suppression_info":{"is_suppressed":false}}`, aid, i+1))
	}
	page := `{"meta":{"pagination":{"limit":400,"total":9,"after":"x"}},"resources":[` + strings.Join(findings, ",") + `]}`
	docs := []intake.Document{doc("hosts.json", string(list), 0), doc("page.json", page, time.Minute), doc("recorded.json", string(recorded), 2*time.Minute)}
	for _, order := range orders(len(docs)) {
		in := install(t, nodes...)
		for _, i := range order {
			in.put(docs[i])
		}
		in.sweep()
		for id, want := range map[string]string{windows: "CVE-2023-0001 CVE-2023-2721 CVE-2023-2723 CVE-2023-2724 CVE-2023-2725 CVE-2023-2726", access: "CVE-2023-0002", azure: "CVE-2023-0004"} {
			if got := in.values(id, "Custom:Vulnerability", "CVE"); got != want {
				t.Errorf("%v: %s holds %q, want %q", order, id, got, want)
			}
		}
		if calls := in.put(docs[1]).Calls + in.put(docs[2]).Calls + in.put(docs[0]).Calls; calls != 0 {
			t.Errorf("%v: the same documents again took %d calls", order, calls)
		}
	}
}

// TestCertificateNames: rows of a package list name a machine by its certificate, which is not called as the machine.
func TestCertificateNames(t *testing.T) {
	facts := `{"values":{"facterversion":"4.2","ec2_metadata":{"instance-id":"` + web1 + `"},"networking":{"fqdn":"ip-10-0-0-1.eu-west-1.compute.internal"},"os":{"name":"Debian"}},` +
		`"certname":"shop-7.corp.example","timestamp":"2026-11-01T05:00:00Z"}`
	packages := `[{"certname":"shop-7.corp.example","package_name":"bash","version":"5.2","provider":"apt"},` +
		`{"certname":"shop-7.corp.example","package_name":"zsh","version":"5.9","provider":"apt"},` +
		`{"certname":"shop-8.corp.example","package_name":"nano","version":"7.2","provider":"apt"}]`
	for _, order := range orders(2) {
		in := install(t, fleet()...)
		for _, i := range order {
			in.put([]intake.Document{doc("facts.json", facts, 0), doc("packages.json", packages, time.Minute)}[i])
		}
		in.sweep()
		if got := in.values(web1, "Custom:SoftwareComponent", "Name"); got != "bash zsh" {
			t.Errorf("%v: %q", order, got)
		}
	}
}
