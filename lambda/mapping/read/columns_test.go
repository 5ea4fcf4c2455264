package read

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestChosenColumns reads exports whose columns their users chose, some of them in their language: each is recognised, and its machine, and
// what it says of that, are found under the names that its columns have.
func TestChosenColumns(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ mapping, header, row, subject, value string }{
		{"servicenow", "sys_id,name,ip_address,os,location", "0123,web-01,10.9.0.11,Debian,ZH", "web-01", "Debian"},
		{"servicenow", "name;sys_class_name;fqdn;model_id", "web-01;cmdb_ci_server;web-01.test.example;M1", "web-01.test.example", "cmdb_ci_server"},
		{"servicenow", "Name,Class,Serial number,Model ID,Assigned to", "web-01,Server,S1,M1,Pat", "web-01", "Pat"},
		{"servicenow", "Name,Serial number,Most recent discovery,Operational status,Support group", "web-01,S1,2026-01-05,Operational,x", "web-01", "Operational"},
		{"servicenow", "Sys ID,Class,Serial number,IP Address", "0123,Server,S1,10.9.0.11", "10.9.0.11", "S1"},
		{"servicenow", "Name;Klasse;Seriennummer;IP-Adresse;Betriebssystem;Standort", "web-01;Server;S1;10.9.0.11;Debian;ZH", "10.9.0.11", "Debian"},
		{"servicenow", "Nom,Classe,Numéro de série,Adresse IP,Système d'exploitation", "web-01,Serveur,S1,10.9.0.11,Debian", "10.9.0.11", "Debian"},
		{"servicenow", "Nombre,Clase,Número de serie,Dirección IP,Sistema operativo", "web-01,Servidor,S1,10.9.0.11,Debian", "10.9.0.11", "Debian"},
		{"tenable-csv", "Plugin ID,Host,Name,Solution", "19506,web-01,t,s", "web-01", "19506"},
		{"tenable-csv", "Plugin ID,CVE,Risk Factor,Host,VPR Score", "19506,CVE-2025-10001,High,web-01,7", "web-01", "HIGH"},
		{"tenable-csv", "Plugin,IP Address,Severity,Last Observed", "19506,10.9.0.11,High,x", "10.9.0.11", "HIGH"},
		{"tenable-csv", "definition.id,asset.display_fqdn,severity,state", "19506,web-01.test.example,High,ACTIVE", "web-01.test.example", "HIGH"},
		{"qualys-csv", "QID,Asset Name,CVE,Severity,QDS", "38170,web-01,CVE-2025-10001,5,90", "web-01", "CRITICAL"},
		{"qualys-csv", "IP,QID,Severity,Port,Results", "10.9.0.11,38170,5,443,x", "10.9.0.11", "443"},
		{"snipeit", "Asset Tag,Asset Name,Serial,Checked Out To", "A1,web-01,S1,Pat", "web-01", "Pat"},
		{"snipeit", "Asset Name,Asset Tag,Seriennummer,Modell,Herausgegeben an,Standort", "web-01,A1,S1,M1,Pat,ZH", "web-01", "Pat"},
		{"snipeit", "Nom de l'actif,Étiquette de l'actif,Numéro de série,Modèle,Statut,Lieu", "web-01,A1,S1,M1,Prêt,ZH", "web-01", "ZH"},
		{"snipeit", "Equipo,Etiqueta,N. Serie,Modelo,Estado,Localización", "web-01,A1,S1,M1,Listo,ZH", "web-01", "ZH"},
		{"netbox", "name,role,tenant,manufacturer,device_type,platform,serial,asset_tag,status,site,location,rack,position,face", "web-01,server,,dell,r660,debian,S1,A1,active,zh,,R1,10,front", "web-01", "server"},
		{"netbox", "ID,Name,Status,Tenant,Site,Rack,Role,IP Address", "7,web-01,Active,acme,ZH,R1,Server,10.9.0.11/24", "web-01", "Server"},
		{"rvtools", "VM,Powerstate,DNS Name,Memory,Cluster", `web-01,poweredOn,web-01,"4,096",c`, "web-01", "4096"},
		{"rvtools", "VM,DNS Name,NICs,VI SDK Server", "web-01,web-01.test.example,1,vc", "web-01.test.example", "web-01"},
		{"openvas-csv", "IP,NVT OID,CVSS,Severity", "10.9.0.11,1.3.6.1,9.8,High", "10.9.0.11", "HIGH"},
		{"ms-defender", "DeviceName,CveId,SoftwareName,VulnerabilitySeverityLevel", "web-01,CVE-2025-10001,openssl,High", "web-01", "HIGH"},
		{"wazuh", "agent.name,vulnerability.id,vulnerability.severity,vulnerability.score.base", "web-01,CVE-2025-10001,High,7.5", "web-01", "7.5"},
		{"fleet", "hostname,osquery_version,primary_ip,team_name", "web-01,5.23.0,10.9.0.11,ops", "10.9.0.11", "ops"},
	} {
		for _, before := range []string{"", "Report,of today\n\n"} { // the header is found behind lines that precede it
			o := readAll(t, set, "", []byte(before+tt.header+"\n"+tt.row+"\n"))
			if o.err != nil || o.choice.Mapping.Name != tt.mapping || len(o.records) != 1 {
				t.Errorf("%s: %s, %d records, %v", tt.header, o.choice.Candidate.Name, len(o.records), o.err)
				continue
			}
			subject := o.records[0].Subject
			if names := slices.Concat(subject.Hostname, subject.IP); !slices.Contains(names, tt.subject) {
				t.Errorf("%s: subject %v", tt.header, names)
			}
			if !slices.ContainsFunc(o.values, func(values map[string]string) bool { return hasValue(values, tt.value) }) {
				t.Errorf("%s: no attribute has the value %s: %v", tt.header, tt.value, o.values)
			}
		}
	}
}

func hasValue(values map[string]string, want string) bool {
	for _, value := range values {
		if value == want {
			return true
		}
	}
	return false
}

// TestOtherColumns has registers and lists of other products, which no mapping may claim, whatever columns they share with those that are
// known.
func TestOtherColumns(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{
		"Name,Serial number,Manufacturer,Model,Location,Assigned to,Status",
		"Name,Class,Manufacturer,Location",
		"Asset tag,Serial number,Model,Category,Manufacturer,Supplier,Warranty",
		"Asset Name,Asset Tag,Product,Product Type,Vendor,Serial Number,Location",
		"Hostname,IP Address,Operating System,OS Version,Serial Number,Owner",
		"number,sys_id,short_description,assigned_to,location,sys_updated_on", // tickets
		"QID,Title,Severity,CVE ID,Vendor Reference,Bugtraq ID,Category",      // the knowledge base: no machine
		"Plugin ID,Name,Family,Risk",                                          // plugins, no machine
		"VM,Powerstate,Template,Disk,Capacity MiB,Raw,Datacenter,Cluster",     // another tab
		"VM,Powerstate,CPUs,Sockets,Cores p/s,Max,Shares,Datacenter,Cluster,OS according to the configuration file,VM ID,VM UUID",
		"Asset Tag,Serial,Status,Location,Model,Manufacturer,Purchase Date,Warranty Expires",
		"Asset Tag,Asset Name,EOL,Warranty,Department",
		"Nombre,Etiqueta,Equipo,Modelo,Estado",
		"Name,Class,Environment,Owner,Description",
		"CVE,Host,Severity,Package,Version,Fixed In",
		"InstanceId,ComputerName,IPAddress",
		"Name;Seriennummer;Hersteller;Modell;Standort;Kaufdatum",
		"Nom,Numéro de série,Fabricant,Modèle,Lieu",
	} {
		cells := strings.Repeat("x,", strings.Count(header, ",")) + "x\n"
		o := readAll(t, set, "", []byte(header+"\n"+cells))
		if !errors.Is(o.err, choose.ErrUnknownFormat) {
			t.Errorf("%s: %v, %v", header, o.choice.Why, o.err)
		}
	}
}
