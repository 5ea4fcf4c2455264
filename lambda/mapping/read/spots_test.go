package read

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// spotted is what is known of a sample in lists: identifiers of machines, and single values of entries.
type spotted struct {
	Hosts []map[string]any `json:"hosts"`
	Spot  []spot           `json:"spot"`
	Spots []spot           `json:"spots"`
}

// spot is a value of an attribute in an entry: of the machine, or beside the value, that is named.
type spot struct {
	Type      string `json:"type"`
	Attribute string `json:"attribute"`
	Value     any    `json:"value"`
	Of        any    `json:"of"`
	Subject   any    `json:"subject"`
}

// identifierFields are the fields of a host that identify its machine.
var identifierFields = []string{
	"instance_id", "ec2_instance_id", "uuid", "system_uuid", "bios_uuid", "udid", "vm_id", "serial", "mac", "macs", "wifi_mac", "fqdn", "dns", "private_dns",
	"certname", "name", "hostname", "computer", "host", "private_ip", "ip", "ips", "ipv4", "ansible_host", "net", "nics", "addresses", "agent_id", "machine_id",
	"id", "computer_id", "device_id", "resource_id", "target_id", "asset_id", "vmid", "jamf_id", "key",
}

// otherFields are fields of a host whose values need not come out: they are no identifiers of a machine, or not of this one.
var otherFields = map[string]string{
	"id": "the register's own number", "device_id": "the same", "resource_id": "the same", "computer_id": "the same", "asset_id": "the same", "vmid": "the same", "jamf_id": "the same",
	"agent_id": "the same", "machine_id": "the same", "key": "the same", "target_id": "the same",
}

// TestSpots looks for the identifiers and the spots of samples whose truth is in lists: those of a host at one machine, which no other host is.
func TestSpots(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	all, samples := testfiles.SharedTruths(t, "samples-2"), testfiles.Samples(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		sample, known := samples[name]
		var says spotted
		if !known || !sample.Complete {
			continue
		}
		if err := json.Unmarshal(all[name], &says); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Run(name, func(t *testing.T) { checkSpots(t, set, name, sample, says) })
	}
}

func checkSpots(t *testing.T, set *mapping.Set, name string, sample testfiles.Sample, says spotted) {
	t.Helper()
	content, err := opened(t, sample.Path)
	if err != nil {
		t.Fatal(err)
	}
	declared := ""
	if sample.Declared {
		declared = sample.Mapping
	}
	o := readFile(t, set, declared, sample.Path, content)
	if o.err != nil {
		t.Fatal(o.err)
	}
	machines := normalMachines(o)
	taken := map[int]int{}
	for i, host := range says.Hosts {
		at := bestMachine(machines, host)
		if at < 0 {
			continue
		}
		if other, twice := taken[at]; twice && sample.Subjects >= len(says.Hosts) {
			t.Errorf("hosts %d and %d are one machine", other, i)
		}
		taken[at] = i
		missing(t, name, host, machines[at])
	}
	for _, s := range slices.Concat(says.Spot, says.Spots) {
		if !s.isIn(o) {
			t.Errorf("no entry of %s has %s %v (of %v%v)", s.Type, s.Attribute, s.Value, s.Of, s.Subject)
		}
	}
}

// normalMachine is the normal form of all that a document has about one machine.
type normalMachine map[string]bool

func normalMachines(o outcome) []normalMachine {
	var all []normalMachine
	for _, m := range machinesOf(o) {
		texts := normalMachine{normal(m.key): true}
		for text := range m.texts {
			texts[normal(text)] = true
		}
		all = append(all, texts)
	}
	return all
}

// normal is a text without case and without what separates its parts; a time is in UTC, to the second.
func normal(text string) string {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700", "2006-01-02 15:04:05 MST", time.RFC1123Z} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
	}
	text = strings.TrimPrefix(strings.ToLower(text), "vmware-")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -:\n", r) {
			return -1
		}
		return r
	}, text)
}

// bestMachine returns the machine that has most of a host's identifiers; -1 where none has any.
func bestMachine(machines []normalMachine, host map[string]any) int {
	best, most := -1, 0
	for i, m := range machines {
		n := 0
		for _, field := range identifierFields {
			for _, value := range values(host, field) {
				if m[normal(value)] {
					n++
				}
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// missing reports the identifiers of a host that do not come out at its machine.
func missing(t *testing.T, name string, host map[string]any, m normalMachine) {
	t.Helper()
	for _, field := range identifierFields {
		if otherFields[field] != "" {
			continue
		}
		for _, value := range values(host, field) {
			address, err := netip.ParseAddr(value)
			local := err == nil && (address.IsLoopback() || address.IsLinkLocalUnicast())
			if !m[normal(value)] && !local && leftOut[[3]string{name, field, value}] == "" {
				t.Errorf("%s %q of a host is not at its machine", field, value)
			}
		}
	}
}

// values returns the values of a host's field; those of a machine's addresses may stand in one text.
func values(host map[string]any, field string) []string {
	all := leaves(host[field])
	if field != "ips" && field != "macs" {
		return all
	}
	return strings.FieldsFunc(strings.Join(all, ","), func(r rune) bool { return r == ',' })
}

// leaves returns the texts and numbers in a value of JSON.
func leaves(value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, leaves(item)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key != "name" { // of an adapter
				all = append(all, leaves(v[key])...)
			}
		}
		return all
	}
	return nil
}

// isIn reports whether an entry has the value; where something is named, one that has that beside it or is of a machine that has it.
func (s *spot) isIn(o outcome) bool {
	want := leaves(s.Value)
	if len(want) == 0 {
		want = []string{fmt.Sprint(s.Value)}
	}
	beside := slices.Concat(leaves(s.Of), leaves(s.Subject))
	for i, r := range o.records {
		about := []string{r.Key}
		for _, texts := range [][]string{r.Subject.NodeID, r.Subject.Serial, r.Subject.Hostname, r.Subject.Reverse, r.Subject.IP, r.Subject.MAC} {
			about = append(about, texts...)
		}
		for _, entry := range o.values[o.firsts[i]:o.firsts[i+1]] {
			has := slices.Concat(about, slices.Collect(maps.Values(entry)))
			if entry["type"] == s.Type && (like(want[0], entry[s.Attribute]) || s.isRelease(want[0], entry)) && (len(beside) == 0 || r.Outside || slices.ContainsFunc(has, func(text string) bool { return like(beside[0], text) })) {
				return true
			}
		}
	}
	return false
}

// isRelease reports whether what is wanted is the version of a package of rpm without its release, which stands beside it in the document.
func (s *spot) isRelease(want string, entry map[string]string) bool {
	version, _, found := strings.Cut(entry["Version"], "-")
	return s.Attribute == "Version" && entry["Type"] == "rpm" && found && version == want
}

// like reports whether a value is what is wanted, or what the common words of its type make of it.
func like(want, got string) bool {
	return normal(want) == normal(got) || slices.Contains(commonWords[normal(want)], got)
}

// commonWords are the words of a type for those of documents.
var commonWords = map[string][]string{
	"important": {"HIGH"}, "moderate": {"MEDIUM"}, "negligible": {"LOW", "INFORMATIONAL"}, "info": {"INFORMATIONAL"}, "failed": {"FAIL"}, "passed": {"PASS"},
	"skipped": {"NOT_CHECKED", "NOT_APPLICABLE"},
}
