package read

import (
	"archive/zip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

func zipped(t *testing.T, members map[string]string) string {
	t.Helper()
	var b strings.Builder
	w := zip.NewWriter(&b)
	for name, text := range members {
		member, err := w.Create(name)
		if err == nil {
			_, err = member.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNoRowIsLost: rows and objects that have no value where others have one are records too, and what the document is about is none in each
// of its spellings.
func TestNoRowIsLost(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const root = `{"SPDXID":"SPDXRef-root","name":"/","primaryPackagePurpose":"FILE"},{"SPDXID":"SPDXRef-a","name":"alpha"}`
	for _, tt := range []struct{ name, document, want string }{
		{"assets without a tag", "Asset Name,Asset Tag,Serial,Status\nweb-01,,S1,Deployed\nweb-02,A2,S2,Deployed\nweb-03,,,Deployed\n", "S1/web-01 A2/web-02 web-03/web-03"},
		{"machines without processors", "Name,Site,Cluster,vCPUs,Memory (MB)\nvm-01,ZH,c,4,4096\nvm-02,ZH,c,,\n", "vm-01/vm-01 vm-02/vm-02"},
		{
			"machines between devices", `{"id":1,"url":"https://n.test/api/dcim/devices/1/","name":"dev-01","device_type":{"manufacturer":{"name":"D"}},"site":{"name":"ZH"},"status":{"value":"active"}}
{"id":2,"url":"https://n.test/api/virtualization/virtual-machines/2/","name":"vm-02","cluster":{"name":"c"},"vcpus":null,"status":{"value":"active"}}`, "1/dev-01 2/vm-02",
		},
		{"hosts without an agent's version", "hostname,uuid,platform,os_version,osquery_version\nweb-01,u1,debian,12,5.1\ntab-01,u2,ios,17,\n", "u1/web-01 u2/tab-01"},
		{"variables of a host that was not asked", `{"hostvars":{"web-01":{"inventory_hostname":"web-01","ansible_distribution":"Debian","ansible_hostname":"web-01"},"web-02":{"inventory_hostname":"web-02","ansible_user":"pat"}}}`, "web-01/web-01"},
		{"described by", `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[` + root + `],"relationships":[{"spdxElementId":"SPDXRef-root","relationshipType":"DESCRIBED_BY","relatedSpdxElement":"SPDXRef-DOCUMENT"}]}`, "/alpha"},
		{"described by, as lines", "SPDXVersion: SPDX-2.3\nDocumentNamespace: n\nPackageName: /\nSPDXID: SPDXRef-root\nPrimaryPackagePurpose: FILE\nPackageName: alpha\nSPDXID: SPDXRef-a\nRelationship: SPDXRef-root DESCRIBED_BY SPDXRef-DOCUMENT\n", "/alpha"},
		{"root of a bill", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","created":"2026-01-05T00:00:00Z"},{"type":"Bom","spdxId":"b","rootElement":["r"]},
{"type":"software_Package","spdxId":"r","name":"/","software_primaryPurpose":"file"},{"type":"software_Package","spdxId":"a","name":"alpha"}]}`, "/alpha"},
		{"a folder of tabs", zipped(t, map[string]string{
			"out/RVTools_tabvInfo.csv": "VM,Powerstate,DNS Name,CPUs,Memory\nvm-01,poweredOn,vm-01.example.test,2,4096\n",
			"out/RVTools_tabvDisk.csv": "VM,Powerstate,Disk\nvm-02,poweredOn,Hard disk 1\n",
		}), "vm-01/vm-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := readAll(t, set, "", []byte(tt.document))
			if o.err != nil {
				t.Fatal(o.err)
			}
			var got []string
			for _, values := range o.values {
				got = append(got, values["AssetId"]+"/"+values["Name"])
			}
			want := strings.Fields(tt.want)
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
