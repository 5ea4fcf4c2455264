package read

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestOrderOfDates: PowerShell's Export-Csv writes dates in the culture of whoever runs it (en-US 3/1/2026 5:05:44 AM, en-GB 01/03/2026 05:05:44), and
// consoles show them in that of their reader. The document tells the day from the month where one of its dates does; a date is never guessed.
func TestOrderOfDates(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const (
		devices  = "Name,ResourceID,SMSID,DeviceOS,DeviceOSBuild,SiteCode,LastActiveTime\n"
		report   = "AssetName,AssetID,AssetTypename,Statename,Lastseen\n"
		register = "sys_id,name,sys_class_name,sys_updated_on\n"
	)
	for _, tt := range []struct {
		name, in, captured, updated string // of the first record
		notes                       int
	}{
		{"American", devices + "a,1,g,W,1,S,3/1/2026 5:05:44 AM\nb,2,h,W,1,S,2/28/2026 1:00:00 PM\n", "2026-03-01T05:05:44Z", "", 0},
		{"British", devices + "a,1,g,W,1,S,03/01/2026 05:05:44\nb,2,h,W,1,S,28/02/2026 13:00:00\n", "2026-01-03T05:05:44Z", "", 0},
		{"neither", devices + "a,1,g,W,1,S,03/01/2026 05:05:44\n", "0001-01-01T00:00:00Z", "", 1},
		{"German", devices + "a,1,g,W,1,S,03.01.2026 05:05:44\n", "2026-01-03T05:05:44Z", "", 0},
		{"a report", report + "a,1,Server,Active,03/01/2026 05:05:44\nb,2,Server,Active,28/02/2026 13:00:00\n", "2026-01-03T05:05:44Z", "2026-01-03T05:05:44Z", 0},
		{"saved by a spreadsheet", "Device ID,Device name,Enrollment date,Last check-in,Serial number,Managed by,Device state\nd1,a,12/01/2025 10:00,03/01/2026 05:05,S1,x,y\nd2,b,28/02/2026 13:00,28/02/2026 13:00,S2,x,y\n", "2026-01-03T05:05:00Z", "2026-01-03T05:05:00Z", 0},
		{"a register", register + "1,a,cmdb_ci_server,03-01-2026 05:05:44\n2,b,cmdb_ci_server,28-02-2026 13:00:00\n", "0001-01-01T00:00:00Z", "2026-01-03T05:05:44Z", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := readAll(t, set, "", []byte(tt.in))
			if o.err != nil || len(o.records) == 0 {
				t.Fatal(o.err)
			}
			captured, updated := o.records[0].Captured.UTC().Format("2006-01-02T15:04:05Z"), o.values[0]["UpdatedAt"]
			if captured != tt.captured || updated != tt.updated || o.notes != tt.notes {
				t.Errorf("captured %s, updated %s, %d notes", captured, updated, o.notes)
			}
		})
	}
}

// TestNumbersAsShown: a register's lists are exported with what stands between thousands in the language of their reader, and programs through which a table
// went (pandas, where a cell of the column is empty) write whole numbers with a fraction.
func TestNumbersAsShown(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"16384": "16384", "16,384": "16384", "16.384": "16384", "16\u00a0384": "16384", "1’048’576": "1048576", "1'048'576": "1048576", "16384.0": "16384", "16.384,00": "16384", "16,384.0": "16384", "512": "512", "": "", "-1": "",
	} {
		for _, document := range []string{
			"sys_id,name,sys_class_name,ram,cpu_count\n1,web-01,cmdb_ci_server,%q,4.0\n",
			"AssetName,AssetID,AssetTypename,Statename,Memory,Serialnumber\nweb-01,1,Server,Active,%q,S1\n",
			"VM,Powerstate,DNS Name,Memory,CPUs\nweb-01,poweredOn,web-01,%q,4\n",
			`{"result":[{"sys_id":{"value":"1","display_value":"1"},"sys_class_name":{"value":"cmdb_ci_server","display_value":"Server"},"name":{"value":"web-01","display_value":"web-01"},"ram":{"display_value":%q},"cpu_count":{"value":"4","display_value":"4"}}]}`,
		} {
			document = strings.ReplaceAll(fmt.Sprintf(document, in), `\u00a0`, "\u00a0")
			o := readAll(t, set, "", []byte(document))
			if o.err != nil || len(o.values) != 1 {
				t.Fatalf("%q: %v", document, o.err)
			}
			if v := o.values[0]; v["MemoryMiB"] != want || v["CPUs"] != "4" && v["Source"] != "lansweeper" {
				t.Errorf("%q: %s MiB, %s processors", document, v["MemoryMiB"], v["CPUs"])
			}
		}
	}
}

// TestRegisterIsCut: lists are exported, and the Table API answers (sysparm_limit), with 10,000 records where nobody asked for more, and nothing
// in the document says that there are others: https://www.servicenow.com/docs, Export limits, and Table API.
func TestRegisterIsCut(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for rows, cut := range map[int]bool{9_999: false, 10_000: true, 10_001: false} {
		o := readAll(t, set, "", []byte("sys_id,name,sys_class_name\n"+strings.Repeat("1,web-01,cmdb_ci_server\n", rows)))
		if o.err != nil || (o.part != nil) != cut {
			t.Errorf("%d rows: %v, %v", rows, o.part, o.err)
		}
	}
}

// TestMemoryOfStates: providers differ in the unit of a machine's memory (IBM-Cloud/ibm, docs of is_instance: in gigabytes; dmacvicar/libvirt 0.9, docs of domain: in
// memory_unit, else in KiB as libvirt has it), and libvirt's id is a number on its host since then.
func TestMemoryOfStates(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ kind, attributes, memory, id string }{
		{"ibm_is_instance", `"id":"0717-a1","memory":8,"vcpu":[{"architecture":"amd64","count":2}]`, "8192", "0717-a1"},
		{"libvirt_domain", `"id":"5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11","memory":2048,"vcpu":2`, "2048", "5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11"}, // 0.7
		{"libvirt_domain", `"id":1,"uuid":"5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11","memory":2,"memory_unit":"GiB","vcpu":2`, "2048", "5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11"},
		{"libvirt_domain", `"id":1,"uuid":"5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11","memory":2097152,"memory_unit":null,"vcpu":2`, "2048", "5f9d2c66-0a4e-4c0b-8a4f-6d7f1c6f3b11"},
		{"vsphere_virtual_machine", `"id":"421a2b3c-4d5e-6f70-8192-a3b4c5d6e7f8","uuid":"421a2b3c-4d5e-6f70-8192-a3b4c5d6e7f8","memory":4096,"num_cpus":2`, "4096", "421a2b3c-4d5e-6f70-8192-a3b4c5d6e7f8"},
		{"nutanix_virtual_machine", `"id":"a","memory_size_mib":4096,"num_sockets":1,"num_vcpus_per_socket":2`, "4096", "a"},
	} {
		in := `{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"l","resources":[{"mode":"managed","type":"` + tt.kind + `","name":"m","instances":[{"attributes":{"name":"web-01",` + tt.attributes + `}}]}]}`
		o := readAll(t, set, "terraform-state", []byte(in))
		if o.err != nil || len(o.values) != 1 {
			t.Fatalf("%s: %v, %d entries", tt.kind, o.err, len(o.values))
		}
		if v := o.values[0]; v["MemoryMiB"] != tt.memory || v["AssetId"] != tt.id || v["CPUs"] != "2" || o.records[0].Key != tt.id {
			t.Errorf("%s: %v, key %s", tt.attributes, v, o.records[0].Key)
		}
	}
}

// TestMemoryOfHosts: Foreman shows reported_data.ram as MiB (webpack's hosts index, "ram * 1024 * 1024"; humanize_bytes from mega). No machine has less
// than 16 MiB, or more than 16 TiB in MiB.
func TestMemoryOfHosts(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for ram, want := range map[string]string{"3919": "3919", "4109352960": "3918", "16777216": "16777216", "null": "", "512.5": "512"} {
		in := `{"id":1,"name":"web-01.example.com","certname":"web-01.example.com","global_status_label":"OK","operatingsystem_id":1,"interfaces":[],"reported_data":{"ram":` + ram + `}}`
		o := readAll(t, set, "foreman-hosts", []byte(in))
		if o.err != nil || len(o.values) != 1 || o.values[0]["MemoryMiB"] != want {
			t.Errorf("%s: %v, %v", ram, o.values, o.err)
		}
	}
}

// TestHostsOfOthers: facts name the virtualisation also of a machine that could run others (role host: a module of KVM is loaded), as Ansible's
// module_utils/facts/virtual/linux.py and Ohai's linux/virtualization.rb do. It is no virtual machine.
func TestHostsOfOthers(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]string{"host": "physical", "guest": "kvm"} {
		for mapping, in := range map[string]string{
			"ansible-facts": `{"ansible_facts":{"ansible_distribution":"Debian","ansible_nodename":"web-01","ansible_virtualization_type":"kvm","ansible_virtualization_role":"` + role + `","ansible_virtualization_tech_guest":[]}}`,
			"ohai":          `{"platform_family":"debian","ohai_time":1767225600,"fqdn":"web-01.example.com","virtualization":{"system":"kvm","role":"` + role + `","systems":{"kvm":"` + role + `"}}}`,
		} {
			o := readAll(t, set, mapping, []byte(in))
			if o.err != nil || len(o.values) != 1 || o.values[0]["Class"] != want {
				t.Errorf("%s, %s: %v, %v", mapping, role, o.values, o.err)
			}
		}
	}
}
