package meaning

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Documents of products that watch endpoints and clouds, made here.

// spotlight is an answer about the weaknesses of web-01: each "CVE application status", on a day; after is the mark of a next page.
func spotlight(day, after string, findings ...string) string {
	var list []string
	for _, f := range findings {
		words := strings.Fields(f)
		list = append(list, fmt.Sprintf(`{"id":"a1_%[1]s","cid":"c","aid":"a1","status":"%[3]s","vulnerability_id":"%[1]s","updated_timestamp":"2026-03-%[4]sT06:00:00Z","suppression_info":{"is_suppressed":%[5]t},"cve":{"id":"%[1]s","severity":"HIGH"},`+
			`"apps":[{"product_name_version":"%[2]s","sub_status":"%[3]s"}],"host_info":{"hostname":"web-01","machine_domain":"example.test"}}`, words[0], words[1], words[2], day, len(words) > 3))
	}
	return fmt.Sprintf(`{"meta":{"powered_by":"spapi","pagination":{"limit":400,"total":%d,"after":"%s"}},"resources":[%s]}`, len(list), after, strings.Join(list, ","))
}

func TestWeaknessesOfAgents(t *testing.T) {
	all := spotlight("01", "", "CVE-2026-1 alpha open", "CVE-2026-2 alpha open", "CVE-2026-2 beta open")
	rows := func(list ...string) []holds { return []holds{on(web, vulnerability, "Id Package", list...)} }
	mended := strings.Replace(spotlight("02", "", "CVE-2026-2 alpha open"), `}],"host_info"`, `},{"product_name_version":"beta","sub_status":"closed"}],"host_info"`, 1)
	wants(t, []row{
		{name: "falcon: what changed since", docs: texts("", all, spotlight("02", "", "CVE-2026-3 alpha open")), want: rows("CVE-2026-1|alpha", "CVE-2026-2|alpha", "CVE-2026-2|beta", "CVE-2026-3|alpha")},
		{name: "falcon: closed and expired", docs: texts("", all, spotlight("02", "", "CVE-2026-1 alpha closed", "CVE-2026-2 beta expired")), want: rows("CVE-2026-2|alpha")},
		{name: "falcon: suppressed", docs: texts("", all, spotlight("02", "x", "CVE-2026-1 alpha open suppressed")), want: rows("CVE-2026-2|alpha", "CVE-2026-2|beta")},
		{name: "falcon: one application of two", docs: texts("", all, mended), want: rows("CVE-2026-1|alpha", "CVE-2026-2|alpha")},
	})
}

func TestApplicationsOfAgents(t *testing.T) {
	apps := func(day, paging string, names ...string) string {
		var list []string
		for _, n := range names {
			list = append(list, fmt.Sprintf(`{"id":"c_%[1]s","cid":"c","name":"%[1]s","version":"1","name_vendor":"%[1]s-x","name_vendor_version":"%[1]s-x-1","versioning_scheme":"unknown","last_updated_timestamp":"2026-03-%[2]sT06:00:00Z","host":{"id":"c_1","aid":"a1","hostname":"web-01.example.test"}}`, n, day))
		}
		return `{"meta":{"powered_by":"discover-api"` + paging + `},"resources":[` + strings.Join(list, ",") + `]}`
	}
	counted := func(n int, after string) string {
		return fmt.Sprintf(`,"pagination":{"total":%d,"limit":100,"after":"%s"}`, n, after)
	}
	names := func(list ...string) []holds { return []holds{on(web, software, "Name", list...)} }
	tanium := func(day, fields string) string {
		return `{"data":{"endpoints":{"edges":[{"node":{"computerID":"7","name":"web-01.example.test","eidLastSeen":"2026-03-` + day + `T06:00:00Z"` + fields + `}}]}}}`
	}
	asked := tanium("01", `,"os":{"name":"Debian 12"},"installedApplications":[{"name":"alpha","version":"1"},{"name":"beta","version":"1"}]`)
	wants(t, []row{
		{name: "falcon: by their numbers", docs: texts("", apps("01", counted(2, ""), "alpha", "beta"), apps("02", "", "gamma")), want: names("alpha", "beta", "gamma")},
		{name: "falcon: all", docs: texts("", apps("01", counted(2, ""), "alpha", "beta"), apps("02", counted(1, ""), "beta")), want: names("beta")},
		{name: "falcon: a page", docs: texts("", apps("01", counted(2, ""), "alpha", "beta"), apps("02", counted(2, "x"), "beta")), want: names("alpha", "beta")},
		{name: "tanium: fewer applications", docs: texts("", asked, tanium("02", `,"installedApplications":[{"name":"beta","version":"1"}]`)), want: append(names("beta"), on(web, asset, "OS", "Debian 12"))},
		{name: "tanium: a sensor did not answer", docs: texts("", asked, tanium("02", `,"os":{"name":"Debian 13"},"installedApplications":[{"name":"TSE-Error: timed out","version":""}]`)), want: append(names("alpha", "beta"), on(web, asset, "OS", "Debian 13"))},
		{name: "tanium: no result", docs: texts("", asked, tanium("02", `,"installedApplications":[{"name":"[current result unavailable]","version":""}]`)), want: names("alpha", "beta")},
		{name: "tanium: not asked for", docs: texts("", asked, tanium("02", `,"os":{"name":"Debian 13"}`)), want: append(names("alpha", "beta"), on(web, asset, "OS", "Debian 13"))},
	})
}

func TestDevicesOfLists(t *testing.T) {
	device := func(day, fields string) string {
		return `{"id":"d1","deviceName":"web-01.example.test","managementAgent":"mdm","managedDeviceOwnerType":"company","lastSyncDateTime":"2026-03-` + day + `T06:00:00Z","operatingSystem":"Windows","osVersion":"10.0.` + day + `"` + fields + `}`
	}
	list := func(list ...string) string { return `{"value":[` + strings.Join(list, ",") + `]}` }
	one := device("01", `,"physicalMemoryInBytes":2147483648,"detectedApps":[{"displayName":"alpha","version":"1"},{"displayName":"beta","version":"1"}]`)
	said := func(values string, apps ...string) []holds {
		return []holds{on(web, asset, "OSVersion MemoryMiB", values), on(web, software, "Name", apps...)}
	}
	computer := func(day, fields string) string {
		return `{"id":1,"name":"web-01.example.test","udid":"U","serial_number":"S1","report_date_utc":"2026-03-` + day + `T06:00:00.000+0000"` + fields + `}`
	}
	detail := `{"computer":{"general":{"id":1,"name":"web-01.example.test","udid":"U","serial_number":"S1","report_date_utc":"2026-03-01T06:00:00.000+0000"},"hardware":{"model":"M","os_version":"15.3","total_ram_mb":8192},"software":{"applications":[{"name":"alpha","version":"1","path":"/a"}]}}}`
	wants(t, []row{
		{name: "intune: a list after one device", docs: texts("", one, list(device("02", `,"physicalMemoryInBytes":0`))), want: said("10.0.02|2048", "alpha", "beta")},
		{name: "intune: one device again", docs: texts("", one, device("02", `,"physicalMemoryInBytes":4294967296,"detectedApps":[{"displayName":"beta","version":"1"}]`)), want: said("10.0.02|4096", "beta")},
		{name: "intune: without applications", docs: texts("", one, device("02", `,"physicalMemoryInBytes":0,"detectedApps":[]`)), want: said("10.0.02|")},
		{name: "jamf: a list after one computer", docs: texts("", detail, `{"computers":[`+computer("02", `,"username":"operator"`)+`]}`), want: []holds{on(web, asset, "OSVersion MemoryMiB Owner", "15.3|8192|operator"), on(web, software, "Name", "alpha")}},
	})
}

func TestFindingsOfClouds(t *testing.T) {
	const head = "Issue ID,Title,Severity,Status,Resource Type,Resource external ID,Control ID,Resource Name,Resource vertex ID,Created At\n"
	issue := func(id, status, name string) string {
		return id + ",t,HIGH," + status + ",virtualMachine," + name + ",c," + name + ",v-" + name + ",2026-01-01T00:00:00Z\n"
	}
	const found = "AssetID,AssetName,Name,DetailedName,FindingStatus,ProviderUniqueId,OperatingSystem,LastDetected,ResolvedAt\n"
	finding := func(cve, status, day, resolved string) string {
		return "v1,web-01.example.test," + cve + ",alpha," + status + ",x,Linux,2026-03-" + day + "T06:00:00Z," + resolved + "\n"
	}
	const scanned = "Hostname,Distro,CVE ID,Compliance ID,Type,Severity,Packages,Fix Status,Description\n"
	weak := func(cve string) string { return "web-01.example.test,debian," + cve + ",46,image,low,alpha,,d\n" }
	failed := func(id string) string { return "web-01.example.test,debian,," + id + ",linux,high,,,d\n" }
	orca := func(paging string, cves ...string) string {
		var list []string
		for _, c := range cves {
			list = append(list, `{"cve_id":"`+c+`","asset_unique_id":"vm_123456789012_`+web+`","type":"cve","severity":"hazardous"}`)
		}
		return `{"status":"success",` + paging + `,"data":[` + strings.Join(list, ",") + `]}`
	}
	ids := func(kind string, list ...string) []holds { return []holds{on(web, kind, "Id", list...)} }
	const finds = "Custom:SecurityFinding"
	both := scanned + weak("CVE-2026-1") + weak("CVE-2026-2") + failed("501") + failed("502")
	wants(t, []row{
		{name: "wiz: resolved", docs: texts("", head+issue("1", "OPEN", "web-01.example.test")+issue("2", "OPEN", "web-01.example.test"), head+issue("1", "RESOLVED", "web-01.example.test")+issue("2", "IN_PROGRESS", "web-01.example.test")), want: ids(finds, "2")},
		{name: "wiz: all resolved", docs: texts("", head+issue("1", "OPEN", "web-01.example.test"), head+issue("1", "RESOLVED", "web-01.example.test")), want: ids(finds)},
		{name: "wiz: a header alone", docs: texts("", head+issue("1", "OPEN", "web-01.example.test"), head), want: ids(finds, "1")},
		{name: "wiz: weaknesses, all resolved", docs: texts("", found+finding("CVE-2026-1", "Open", "01", ""), found+finding("CVE-2026-1", "Resolved", "01", "2026-03-02T06:00:00Z")), want: ids(vulnerability)},
		{name: "prisma: weaknesses alone", docs: texts("", both, scanned+weak("CVE-2026-2")), want: append(ids(vulnerability, "CVE-2026-2"), ids(check, "501", "502")...)},
		{name: "prisma: checks alone", docs: texts("", both, scanned+failed("502")), want: append(ids(vulnerability, "CVE-2026-1", "CVE-2026-2"), ids(check, "502")...)},
		{name: "orca: all", docs: texts("", orca(`"total_items":1,"total_ungrouped_items":2`, "CVE-2026-1", "CVE-2026-2"), orca(`"total_items":1,"total_ungrouped_items":1`, "CVE-2026-2")), want: ids(vulnerability, "CVE-2026-2")},
		{name: "orca: a page", docs: texts("", orca(`"total_items":1,"total_ungrouped_items":2`, "CVE-2026-1", "CVE-2026-2"), orca(`"total_items":1,"total_ungrouped_items":9`, "CVE-2026-3")), want: ids(vulnerability, "CVE-2026-1", "CVE-2026-2", "CVE-2026-3")},
	})
}

func TestListsOfEndpointsSayWhetherTheyAreAll(t *testing.T) {
	in, err := install(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	hosts := func(paging string) string {
		return `{"meta":{"powered_by":"device-api"` + paging + `},"resources":[{"device_id":"a1","cid":"c","hostname":"web-01","agent_version":"7","last_seen":"2026-03-01T06:00:00Z"}]}`
	}
	agents := func(cursor string, total int) string {
		return fmt.Sprintf(`{"data":[{"id":"1","agentVersion":"24","computerName":"web-01","networkInterfaces":[],"isDecommissioned":false}],"pagination":{"nextCursor":%s,"totalItems":%d}}`, cursor, total)
	}
	endpoints := func(more string, total int) string {
		return fmt.Sprintf(`{"data":{"assetProductEndpoints":{"edges":[{"node":{"computerId":"7","computerName":"web-01","operatingSystem":"x"}}],"pageInfo":{%s},"totalCount":%d}}}`, more, total)
	}
	computers := func(page, limit, total int) string {
		return fmt.Sprintf(`{"message_type":"computers","message_version":"1.4","message_response":{"total":%d,"limit":%d,"page":%d,"computers":[{"resource_id":7,"resource_name":"web-01"}]}}`, total, limit, page)
	}
	machines := func(more string) string {
		return `{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Machines"` + more + `,"value":[{"id":"m1","computerDnsName":"web-01.example.test","osPlatform":"Linux","healthStatus":"Active"}]}`
	}
	devices := func(more string) string {
		return `{"value":[{"id":"d1","deviceName":"web-01","managementAgent":"mdm","managedDeviceOwnerType":"company"}]` + more + `}`
	}
	inventory := func(total int) string {
		return fmt.Sprintf(`{"totalCount":%d,"results":[{"id":"1","udid":"U","general":{"name":"web-01","jamfBinaryVersion":"11"}}]}`, total)
	}
	for i, c := range []struct{ name, text, want string }{
		{"falcon: by their numbers", hosts(""), "part"},
		{"falcon: all", hosts(`,"pagination":{"total":1,"offset":0,"limit":100}`), "whole"},
		{"falcon: a page", hosts(`,"pagination":{"total":2,"offset":0,"limit":1}`), "part"},
		{"falcon: a next page", hosts(`,"pagination":{"total":1,"next":"x"}`), "part"},
		{"falcon: with errors", strings.Replace(hosts(`,"pagination":{"total":1}`), `"resources"`, `"errors":[{"code":500,"message":"x"}],"resources"`, 1), "part"},
		{"falcon: lines", `{"device_id":"a1","cid":"c","agent_version":"7","hostname":"web-01"}`, "whole"},
		{"sentinelone: all", agents("null", 1), "whole"},
		{"sentinelone: a next page", agents(`"x"`, 1), "part"},
		{"sentinelone: the last page", agents("null", 9), "part"},
		{"tanium: all", endpoints(`"hasNextPage":false,"hasPreviousPage":false`, 1), "whole"},
		{"tanium: a next page", endpoints(`"hasNextPage":true,"hasPreviousPage":false`, 1), "part"},
		{"tanium: the last page", endpoints(`"hasNextPage":false,"hasPreviousPage":true`, 1), "part"},
		{"tanium: fewer than counted", endpoints(`"hasNextPage":false`, 2), "part"},
		{"tanium: nothing is said", `{"data":{"endpoints":{"edges":[{"node":{"computerID":"7","name":"web-01"}}]}}}`, "whole"},
		{"lansweeper: all", `{"data":{"site":{"assetResources":{"total":1,"items":[{"key":"7","assetBasicInfo":{"name":"web-01"}}]}}}}`, "whole"},
		{"lansweeper: with errors", `{"data":{"site":{"assetResources":{"total":1,"items":[{"key":"7","assetBasicInfo":{"name":"web-01"}}]}}},"errors":[{"message":"x"}]}`, "part"},
		{"netbox, graphql: with errors", `{"data":{"device_list":[{"id":"1","name":"web-01","device_type":{"model":"R1"}}]},"errors":[{"message":"x"}]}`, "part"},
		{"netbox, graphql: all", `{"data":{"device_list":[{"id":"1","name":"web-01","device_type":{"model":"R1"}}]}}`, "whole"},
		{"tanium: with errors", `{"errors":[{"message":"x"}],"data":{"endpoints":{"edges":[{"node":{"computerID":"7","name":"web-01"}}]}}}`, "part"},
		{"manageengine: all", computers(1, 25, 1), "whole"},
		{"manageengine: the second of three", computers(2, 1, 3), "2/3"},
		{"manageengine: fewer than counted", computers(1, 25, 2), "part"},
		{"defender: machines", machines(""), "whole"},
		{"defender: more machines", machines(`,"@odata.nextLink":"x"`), "part"},
		{"defender: counted machines", machines(`,"@odata.count":2`), "part"},
		{"intune: all", devices(""), "whole"},
		{"intune: more", devices(`,"@odata.nextLink":"x"`), "part"},
		{"jamf: all", inventory(1), "whole"},
		{"jamf: a page", inventory(200), "part"},
		{"sccm: more", `{"@odata.context":"https://x/AdminService/wmi/$metadata#SMS_R_System","@odata.nextLink":"x","value":[{"ResourceId":7,"SMSUniqueIdentifier":"G","NetbiosName":"web-01"}]}`, "part"},
		{"wiz: more", `{"data":{"issues":{"nodes":[{"id":"1","severity":"LOW","status":"OPEN","entitySnapshot":{"id":"v","type":"VIRTUAL_MACHINE","name":"web-01"}}],"pageInfo":{"hasNextPage":true}}}}`, "part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := in.put(t.Context(), fmt.Sprint("e", i), doc{text: c.text}, written)
			if err != nil {
				t.Fatal(err)
			}
			if said := saidOf(got); said != c.want {
				t.Errorf("%s, want %s", said, c.want)
			}
		})
	}
}

// saidOf is what a receipt says of its document: that it is all ("whole"), a part, or which part.
func saidOf(r receipt.Receipt) string {
	switch {
	case r.Pages > 0:
		return fmt.Sprintf("%d/%d", r.Page, r.Pages)
	case r.AddsOnly:
		return "part"
	}
	return "whole"
}
