package read

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// truth is what independent scripts found in a sample, or what a person read in it.
type truth struct {
	CaptureTime string                    `json:"capture_time"`
	Hosts       []map[string]any          `json:"hosts"`
	Spot        map[string]map[string]any `json:"spot"`
}

// truthFields are the fields of truth.json whose values must come out as they are, whatever the file.
var truthFields = []string{
	"sys_id", "name", "serial", "asset_tag", "os", "ci_class", "ip", "fqdn", "mac", "ec2_instance_id", "pluginID", "pluginName", "port", "id", "title",
	"package", "version", "hostname", "hostnames", "macs", "ips", "ipv4s", "fqdns", "uuid", "primary_ip", "dns", "vm", "host", "addresses", "target", "netbios", "machinename",
	"names", "host_identifier",
}

// hostFields are the fields of truth.json by which a host is found among the machines of a document, the most certain first.
var hostFields = []string{
	"ec2_instance_id", "sys_id", "machine_id", "agent_id", "asset_uuid", "uuid", "serial", "asset_tag", "mac", "macs", "fqdn", "fqdns", "hostname", "hostnames",
	"name", "names", "dns", "vm", "host", "machinename", "host_identifier", "target", "netbios", "ip", "ips", "ipv4s", "primary_ip", "addresses", "id", "key",
}

// leftOut are values of truth.json that do not come out at their machine, by sample, field and value, with the reason.
var leftOut = map[[3]string]string{
	{"disa_ckl/multiple_ip_addresses_metadata.ckl", "hostname", "="}:                                  noName,
	{"disa_ckl/multiple_mac_addresses_metadata.ckl", "hostname", "="}:                                 noName,
	{"falcon_hosts_json/devices_ec2.json", "ec2_instance_id", "3c4c3d6f-fa6d-44d3-8a29-1e7d16ce5dfd"}: otherCloud,
	{"glpi_agent_xml/1.xml", "macs", "00:00:00:00:00:00"}:                                             loopback,
	{"glpi_agent_xml/1.xml", "macs", "52:54:0b:74:5e:f1"}:                                             virtualAdapter,
	{"glpi_agent_xml/1.xml", "macs", "52:54:c0:74:5e:f1"}:                                             virtualAdapter,
	{"glpi_agent_xml/2.xml", "macs", "00:27:15:D4:3E:75"}:                                             virtualAdapter,
	{"glpi_json/computer_1.json", "macs", "00:00:00:00:00:00"}:                                        loopback,
	{"glpi_json/computer_1.json", "macs", "52:54:00:fa:20:0e"}:                                        virtualAdapter,
	{"k8s_nodes_json/nodes_seven.json", "addresses", "***HIDDEN***"}:                                  blackened,
	{"nuclei_jsonl/lines_v2.jsonl", "host", "http://127.0.0.1:8080/WebGoat"}:                          site,
	{"nuclei_jsonl/lines_v2.jsonl", "host", "http://127.0.0.1:9090/WebWolf"}:                          site,
}

const (
	noName         = "no name of a machine, but a sign that whoever wrote the file left there"
	loopback       = "the address of the loopback adapter, which every machine has"
	otherCloud     = "the number of a machine in another cloud, which stands in the same field"
	blackened      = "no address, but what whoever gave the file away put in its place"
	site           = "a site of the machine, whose address says which it is"
	virtualAdapter = "an adapter that the document calls virtual: other machines have one of the same address"
)

// TestTruth looks for the values of truth.json in what the built-in mappings make of the samples: those of a host at the machine that it
// is, those of a single finding or component in one entry.
func TestTruth(t *testing.T) {
	all := testfiles.Truths(t)
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	samples := testfiles.Samples(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		sample := samples[name]
		if !sample.Complete || sample.Declared {
			continue
		}
		var says truth
		if json.Unmarshal(all[name], &says) != nil {
			continue
		}
		t.Run(name, func(t *testing.T) { checkTruth(t, set, name, sample, says) })
	}
}

func checkTruth(t *testing.T, set *mapping.Set, name string, sample testfiles.Sample, says truth) {
	t.Helper()
	content, err := opened(t, sample.Path)
	if err != nil {
		t.Fatal(err)
	}
	o := readAll(t, set, "", content)
	if o.err != nil {
		t.Fatal(o.err)
	}
	machines := machinesOf(o)
	hosts := map[*machine]int{}
	for i, host := range says.Hosts {
		if host["state"] == "down" {
			continue // skipped
		}
		found := machinesLike(machines, host)
		if len(found) != 1 {
			t.Errorf("host %d may be %d of the machines, not one", i, len(found))
			continue
		}
		if other := hosts[found[0]]; other > 0 {
			t.Errorf("hosts %d and %d are one machine", other-1, i)
		}
		hosts[found[0]] = i + 1
		checkHost(t, name, host, found[0], o.entries["Custom:Asset"] > 0)
	}
	if len(o.skipped) == 0 { // a spot may be of a record about something else than a machine
		for _, spot := range says.Spot {
			checkSpot(t, spot, machines)
		}
	}
	if at, err := time.Parse(time.RFC3339, says.CaptureTime); err == nil && !slices.ContainsFunc(o.records, func(r Record) bool {
		return r.Late || r.Captured.Equal(at.Truncate(time.Second)) || r.Captured.Equal(at)
	}) && len(o.records) > 0 {
		t.Errorf("capture time %s is not found", says.CaptureTime)
	}
}

// checkHost looks for the values of a host at its machine.
func checkHost(t *testing.T, name string, host map[string]any, m *machine, assets bool) {
	t.Helper()
	for _, field := range truthFields {
		if field == "os" && !assets {
			continue // no other type has a place for it
		}
		for _, want := range wantedTexts(field, host[field]) {
			if !isFound(m.texts, want) && leftOut[[3]string{name, field, want}] == "" {
				t.Errorf("%s %q is not at its machine: host %v", field, want, host)
			}
		}
	}
}

// checkSpot looks for the values of a spot in one entry: of the machine that it names, where it names one.
func checkSpot(t *testing.T, spot map[string]any, machines []*machine) {
	t.Helper()
	if _, ok := spot["host"]; ok {
		machines = machinesLike(machines, map[string]any{"host": spot["host"]})
	}
	var wanted []string
	for _, field := range truthFields {
		if field != "host" { // where it is, not what
			wanted = append(wanted, wantedTexts(field, spot[field])...)
		}
	}
	for _, m := range machines {
		for _, entry := range m.entries {
			if !slices.ContainsFunc(wanted, func(want string) bool { return !isFound(entry, want) }) {
				return
			}
		}
	}
	if len(wanted) > 0 {
		t.Errorf("no entry of the %d machines that it may be of has all of %q", len(machines), wanted)
	}
}

// TestLogOfManyQueries reads a log of queries that nobody takes, too: of these expect.json counts no lines.
func TestLogOfManyQueries(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		entries       map[string]int
		keys, skipped int
		latest        int64
		texts         []string
	}{
		"osquery/osqueryd.results.log": {
			map[string]int{"Custom:SoftwareComponent": 4, "Custom:NetworkService": 1}, 5, 1, 1768717800, []string{"shop-web-2.kestrel-bikes.example"},
		},
		"osquery_ndjson/osqueryd.results.darwin.log": {map[string]int{"Custom:SoftwareComponent": 416}, 416, 1236, 1514471997, []string{"192-168-0-4.rdsnet.ro", "4ab2906d-5516-5794-af54-86d1d7f533f3"}},
	} {
		path, there := testfiles.SamplePath(t, name)
		if !there {
			continue
		}
		content, err := opened(t, path)
		if err != nil {
			t.Fatal(err)
		}
		o := readAll(t, set, "", content)
		keys, latest := map[string]bool{}, time.Time{}
		for _, v := range o.values {
			keys[strings.Join([]string{v["Name"], v["Version"], v["Architecture"], v["Location"]}, "|")] = true
		}
		for _, r := range o.records {
			if r.Captured.After(latest) {
				latest = r.Captured
			}
		}
		want := []any{test.entries, test.keys, map[string]int{skipWhere: test.skipped}, 1, 0, test.latest}
		got := []any{o.entries, len(keys), o.skipped, len(o.subjects), o.rejected + o.notes, latest.Unix()}
		if d := cmp.Diff(want, got); o.err != nil || d != "" {
			t.Error(name, o.err, d)
		}
		machines := machinesOf(o)
		for _, text := range test.texts {
			if len(machines) == 0 || !isFound(machines[0].texts, text) {
				t.Errorf("%s: %s of the machine is missing", name, text)
			}
		}
	}
}

// machine is all that a document has about one machine: identifiers and values of entries, in lower case.
type machine struct {
	key     string // what the mapping joins its records by, which need not come out
	texts   map[string]bool
	entries []map[string]bool
}

// machinesOf groups the records of a document by the machine that they are about.
func machinesOf(o outcome) []*machine {
	byKey := map[string]*machine{}
	var machines []*machine
	for i, r := range o.records {
		key := subjectOf(&r)
		m := byKey[key]
		if m == nil {
			m = &machine{key: r.Key, texts: map[string]bool{}}
			byKey[key] = m
			machines = append(machines, m)
		}
		for _, texts := range [][]string{r.Subject.NodeID, r.Subject.Serial, r.Subject.Hostname, r.Subject.Reverse, r.Subject.IP, r.Subject.MAC} {
			for _, text := range texts {
				m.texts[strings.ToLower(text)] = true
				m.texts[strings.ToLower(text[strings.LastIndexAny(text, ":/")+1:])] = true // the resource that an ARN names
			}
		}
		for _, values := range o.values[o.firsts[i]:o.firsts[i+1]] {
			entry := map[string]bool{}
			for _, text := range values {
				entry[strings.ToLower(text)] = true
				for part := range strings.SplitSeq(text, "/") { // group/name
					entry[strings.ToLower(part)] = true
				}
			}
			maps.Copy(m.texts, entry)
			m.entries = append(m.entries, entry)
		}
	}
	return machines
}

// machinesLike returns the machines that a host of truth.json may be: those that have its most certain identifier, and, as long as there
// are several, the next.
func machinesLike(machines []*machine, host map[string]any) []*machine {
	var found []*machine
	among := machines
	for _, field := range hostFields {
		for _, want := range wantedTexts(field, host[field]) {
			var narrowed []*machine
			for _, m := range among {
				if isFound(m.texts, want) || strings.EqualFold(m.key, want) {
					narrowed = append(narrowed, m)
				}
			}
			if len(narrowed) > 0 {
				found, among = narrowed, narrowed
			}
		}
	}
	return found
}

// isFound also takes the end of a text, which is all that truth.json has of some.
func isFound(found map[string]bool, want string) bool {
	want = strings.ToLower(want)
	if found[want] {
		return true
	}
	for text := range found {
		if len(want) > 20 && strings.HasSuffix(text, want) || len(text) > 200 && strings.HasPrefix(want, text) {
			return true
		}
	}
	return false
}

// wantedTexts returns the single values of a field of truth.json, which has some of them as the document does.
func wantedTexts(field string, value any) []string {
	var wanted []string
	for _, text := range textsOf(value) {
		switch field {
		case "port": // 443/tcp, general/tcp
			text, _, _ = strings.Cut(strings.TrimPrefix(text, "general/"), "/")
			wanted = append(wanted, text)
		case "ip", "mac", "fqdn":
			wanted = append(wanted, strings.Fields(text)...)
		default:
			wanted = append(wanted, text)
		}
	}
	return wanted
}

func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case []any:
		var texts []string
		for _, item := range v {
			texts = append(texts, textsOf(item)...)
		}
		return texts
	}
	return nil
}
