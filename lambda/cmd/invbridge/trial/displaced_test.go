package trial_test

import (
	"bytes"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestCensusSeesEveryForm: one displaced entry is found in each form that documents have, so that one anywhere fails the census.
func TestCensusSeesEveryForm(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	const (
		table  = "sys_id,name,sys_class_name,ip_address,os\n1,web-01,cmdb_ci_server,10.9.0.11,A\n1,web-01,cmdb_ci_server,10.9.0.11,B\n"
		record = `{"sys_id":"1","name":"web-01","sys_class_name":"cmdb_ci_server","ip_address":"10.9.0.11","os":`
		weak   = `{"cveId":"CVE-2026-1","machineId":"m","productName":"p","productVersion":"1","status":`
	)
	sheet := func(rows string) string {
		return testfiles.Zip(t,
			"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
			"xl/workbook.xml", `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Page 1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
	}
	row := func(cells ...string) string {
		text := "<row>"
		for _, c := range cells {
			text += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
		}
		return text + "</row>"
	}
	for name, text := range map[string]string{
		"table":                table,
		"table behind another": table[:len(table)-len("1,web-01,cmdb_ci_server,10.9.0.11,B\n")] + "sys_id,name,sys_class_name,ip_address,os\n1,web-01,cmdb_ci_server,10.9.0.11,B\n",
		"list":                 `{"result":[` + record + `"A"},` + record + `"B"}]}`,
		"lines":                record + "\"A\"}\n" + record + "\"B\"}\n",
		"documents":            `{"result":[` + record + `"A"}]}` + "\n" + `{"result":[` + record + `"B"}]}`,
		"XML": `<unload><cmdb_ci_server><sys_id>1</sys_id><name>web-01</name><os>A</os></cmdb_ci_server>` +
			`<cmdb_ci_server><sys_id>1</sys_id><name>web-01</name><os>B</os></cmdb_ci_server></unload>`,
		"workbook": sheet(row("sys_id", "name", "sys_class_name", "ip_address", "os") + row("1", "web-01", "cmdb_ci_server", "10.9.0.11", "A") + row("1", "web-01", "cmdb_ci_server", "10.9.0.11", "B")),
		"packed":   testfiles.Gzip(t, table),
		"zipped":   testfiles.Zip(t, "servers.csv", table),
		"members":  testfiles.Zip(t, "machines/a.json", `{"value":[{"id":"m","computerDnsName":"web-01"}]}`, "vulnerabilities/a.json", `{"value":[`+weak+`"A","fixingKbId":"1"}]}`, "vulnerabilities/b.json", `{"value":[`+weak+`"B","fixingKbId":"2"}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			list, err := trial.EqualKeys(t.Context(), set, intake.Document{
				Source: document.Inline("x", bytes.Clone([]byte(text)), document.Source{}.Time), Delivery: choose.Origin{Local: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			displaced, united := 0, 0
			for _, c := range list {
				displaced, united = displaced+c.Displaced, united+c.United
			}
			want := [2]int{1, 0}
			if name == "members" {
				want = [2]int{0, 1} // all attributes of weaknesses unite, and of no other type a zip file has entries
			}
			if got := [2]int{displaced, united}; got != want {
				t.Errorf("%v entries are displaced and united, want %v", got, want)
			}
		})
	}
}
