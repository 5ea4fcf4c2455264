package bridge

import (
	"fmt"
	"strings"
	"time"
)

// asset is a row of a CMDB export.
type asset struct{ name, os, updated string }

// assets is a CMDB export with a row for each asset.
func assets(rows ...asset) string {
	var b strings.Builder
	b.WriteString("sys_id,sys_class_name,name,os,sys_updated_on\n")
	for _, a := range rows {
		fmt.Fprintf(&b, "id-%s,cmdb_ci_server,%s,%s,%s\n", a.name, a.name, a.os, a.updated)
	}
	return b.String()
}

// fleetAssets is an export of web-1 … web-n.
func fleetAssets(n int, os string) string {
	var rows []asset
	for i := range n {
		rows = append(rows, asset{fmt.Sprintf("web-%d", i+1), os, "2026-03-01 10:00:00"})
	}
	return assets(rows...)
}

// findings is a vulnerability scan of hosts, each with the same findings, that ended so long after start.
func findings(ended time.Duration, hosts, ids []string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" ?><NessusClientData_v2><Report name="weekly">`)
	for _, h := range hosts {
		fmt.Fprintf(&b, `<ReportHost name="%s"><HostProperties><tag name="HOST_END_TIMESTAMP">%d</tag><tag name="host-fqdn">%s</tag></HostProperties>`,
			h, start.Add(ended).Unix(), h)
		for _, f := range ids {
			fmt.Fprintf(&b, `<ReportItem port="443" protocol="tcp" severity="3" pluginID="%s" pluginName="finding %s"><cve>CVE-2026-%s</cve></ReportItem>`, f, f, f)
		}
		b.WriteString(`</ReportHost>`)
	}
	return b.String() + `</Report></NessusClientData_v2>`
}

// packages is a scan of the packages of one machine.
func packages(ids ...string) string {
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"VulnerabilityID":"%s","PkgName":"openssl","InstalledVersion":"3.0.1","FixedVersion":"3.0.9","Severity":"HIGH","Title":"a flaw"}`, id))
	}
	return `{"SchemaVersion":2,"ArtifactName":"web","ArtifactType":"vm","Results":[{"Target":"web","Class":"os-pkgs","Type":"debian","Vulnerabilities":[` +
		strings.Join(list, ",") + `]}]}`
}
