package meaning

import (
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Rows 07, 08, 09 and 14 of cases/machine/INDEX.md: what a table's rows and columns mean. The others ask which machine it is.
func TestRegistersOfTheCases(t *testing.T) {
	d := shared(t, "machine")
	const (
		app1, app2, esx = "i-0abcdef0123456781", "i-0abcdef0123456782", "i-0abcdef0123456783"
		head            = "InstanceId,ComputerName,IPAddress\n"
		two             = head + app1 + ",app-01.corp.example,10.30.0.14\n" + app2 + ",app-02.corp.example,10.30.0.15\n"
		three           = two + esx + ",esx-01.corp.example,10.30.0.99\n"
		snipe           = "i-0abcdef0123456791"
	)
	none := map[receipt.Outcome]int{receipt.Parked: 0, receipt.Rejected: 0}
	both := []holds{on(app1, asset, "Name AssetTag", "app-01|A1"), on(app2, asset, "Name AssetTag", "app-02|A2"), on(esx, asset, "Name")}
	cis := []holds{on(app1, asset, "OS", "RHEL 6", "Rocky 9"), on(app2, asset, "OS")}
	wants(t, []row{
		{name: "07 two columns of one name", nodes: three, docs: files(d, "", "07-duplicate-headers/dup.csv"), want: both},
		{name: "07 two columns of one name, the first is empty", nodes: three, docs: files(d, "", "07-duplicate-headers/dup2.csv"), want: []holds{on(esx, asset, "Name")}},
		{name: "07 two columns of one name, none is a node", nodes: three, docs: files(d, "", "07-duplicate-headers/dup3.csv"), want: []holds{on(esx, asset, "Name")}},
		{name: "07 two columns of one name on a sheet", nodes: three, docs: files(d, "", "07-duplicate-headers/dup.xlsx"), want: []holds{on(esx, asset, "Name")}},
		{name: "08 sys_id", nodes: two, docs: files(d, "", "08-servicenow-no-sys_id/snR.csv"), want: cis},
		{name: "08 no sys_id", nodes: two, docs: files(d, "", "08-servicenow-no-sys_id/snRL.csv"), want: cis},
		{name: "08 no sys_id, the other order", nodes: two, docs: files(d, "", "08-servicenow-no-sys_id/snRL2.csv"), want: cis},
		{name: "09 entities of HTML", nodes: head + snipe + ",web-01,10.70.0.11\n", docs: files(d, "", "09-snipe-html/snipeH.json"), want: []holds{
			on(snipe, asset, "AssetTag Location Owner Model Class", `A&B-5|R&D <North>|Pat O'Brien|Latitude 14" R&D|Laptops & Tablets`),
		}},
		{name: "14 a row of totals", nodes: three, docs: files(d, "", "14-csv-xlsx/totals.csv"), want: both, sums: none},
		{name: "14 a row of totals after a blank one", nodes: three, docs: files(d, "", "14-csv-xlsx/totals2.csv"), want: both, sums: none},
		{name: "14 a row of totals on a sheet", nodes: three, docs: files(d, "", "14-csv-xlsx/totals.xlsx"), want: both, sums: none},
		{name: "14 a second table on a sheet", nodes: three, docs: files(d, "", "14-csv-xlsx/twotables.xlsx"), want: []holds{on(app1, asset, "AssetTag", "A1"), on(app2, asset, "Name")}, sums: none},
	})
}
