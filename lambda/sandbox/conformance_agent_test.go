package sandbox

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// reported is a type as the agent reports it: in full with the hash of its entries.
func reported(w *world, name, version string, content []map[string]string) types.InventoryItem {
	w.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		w.Fatal(err)
	}
	sum := md5.Sum(text)
	return versioned(with(name, base64.StdEncoding.EncodeToString(sum[:]), content), version)
}

// repeated are items as the agent repeats them: by hash alone, all with schema version and capture time of the last one.
func repeated(at string, items ...types.InventoryItem) []types.InventoryItem {
	last := items[len(items)-1]
	again := slices.Clone(items)
	for n := range again {
		again[n].Content, again[n].SchemaVersion, again[n].CaptureTime = nil, last.SchemaVersion, aws.String(at)
	}
	return again
}

// agentTests send what amazon-ssm-agent 3.3 sends, path by path of its source.
func agentTests() []conformanceTest {
	return append(agentInventoryTests(), agentOtherTests()...)
}

func agentInventoryTests() []conformanceTest {
	const later = "2026-03-01T00:00:00Z"
	both := func(w *world) []types.InventoryItem {
		return []types.InventoryItem{
			reported(w, "AWS:Application", "1.1", entries("Name=bash", "Name=curl")), reported(w, "AWS:Service", "1.0", entries("Name=sshd")),
		}
	}
	return []conformanceTest{
		{"agent_full", func(w *world) {
			w.mustPut(nodeA, both(w)...)
			w.holds(nodeA, "AWS:Application", "Name=bash", "Name=curl")
			w.holds(nodeA, "AWS:Service", "Name=sshd")
		}},
		{"agent_repeat", func(w *world) {
			items := both(w)
			w.mustPut(nodeA, items...)
			w.mustPut(nodeA, repeated(later, items...)...)
			for name, version := range map[string]string{"AWS:Application": "1.1", "AWS:Service": "1.0"} {
				if got := w.list(nodeA, name); *got.SchemaVersion != version || *got.CaptureTime != later {
					w.Errorf("%s: version %s, captured at %s", name, *got.SchemaVersion, *got.CaptureTime)
				}
			}
		}},
		{"agent_one_changed", func(w *world) {
			items := both(w)
			w.mustPut(nodeA, items...)
			changed := reported(w, "AWS:Service", "1.0", entries("Name=cron"))
			w.mustPut(nodeA, repeated(later, items[0], changed)[0], changed)
			w.holds(nodeA, "AWS:Application", "Name=bash", "Name=curl")
			w.holds(nodeA, "AWS:Service", "Name=cron")
		}},
		{"agent_mismatch", func(w *world) {
			items := both(w)
			w.mustPut(nodeA, items...)
			w.mustPut(nodeA, with("AWS:Service", "of another writer", entries("Name=other")))
			w.refused(w.put(nodeA, repeated(later, items...)...), codeContentMismatch)
			w.mustPut(nodeA, items...)
			w.holds(nodeA, "AWS:Service", "Name=sshd")
		}},
		{"agent_large_file", func(w *world) {
			rest := both(w)
			w.refused(w.put(nodeA, append(rest, versioned(with("AWS:File", "f", fileRows(300)), "1.0"))...), codeItemSize)
			w.mustPut(nodeA, versioned(with("AWS:File", "f", fileRows(200)), "1.0"))
			w.mustPut(nodeA, rest...)
			if got := w.list(nodeA, "AWS:File"); len(got.Entries) != 50 {
				w.Errorf("%d entries", len(got.Entries))
			}
		}},
		{"agent_dirty_alone", func(w *world) {
			w.mustPut(nodeA, both(w)...)
			w.mustPut(nodeA, reported(w, "AWS:Service", "1.0", entries("Name=cron")))
			w.holds(nodeA, "AWS:Application", "Name=bash", "Name=curl")
			w.holds(nodeA, "AWS:Service", "Name=cron")
		}},
	}
}

// fileRows is content of AWS:File of about n times 4 KB.
func fileRows(n int) []map[string]string {
	return slices.Repeat([]map[string]string{{"Name": strings.Repeat("x", 4090)}}, n)
}

func agentOtherTests() []conformanceTest {
	return []conformanceTest{
		{"agent_custom_object", func(w *world) {
			w.mustPut(nodeA, reported(w, "Custom:RackInformation", "1.0", entries("RackLocation=B7")), reported(w, "AWS:Service", "1.0", entries("Name=sshd")))
			w.holds(nodeA, "Custom:RackInformation", "RackLocation=B7")
		}},
		{"agent_custom_empty", func(w *world) {
			w.mustPut(nodeA, reported(w, "Custom:RackInformation", "1.0", entries("RackLocation=B7")))
			w.mustPut(nodeA, reported(w, "Custom:RackInformation", "1.0", entries()))
			w.holds(nodeA, "Custom:RackInformation")
		}},
		{"agent_custom_lower_case", func(w *world) {
			w.refused(w.put(nodeA, reported(w, "AWS:Service", "1.0", entries("Name=sshd")), reported(w, "Custom:rack", "1.0", entries("A=1"))), codeTypeName)
			w.holds(nodeA, "AWS:Service")
		}},
		{"agent_custom_spelling", func(w *world) {
			clash := []types.InventoryItem{reported(w, "AWS:Service", "1.0", entries("Name=sshd")), reported(w, "Custom:Rack", "1.0", entries("Row=1", "row=2"))}
			w.refused(w.put(nodeA, clash...), codeItemContent)
			w.refused(w.put(nodeA, clash...), codeItemContent) // in full: what the agent does about this code
			w.holds(nodeA, "AWS:Service")
		}},
		{"agent_numbers", func(w *world) {
			w.mustPut(nodeA, reported(w, "AWS:InstanceDetailedInformation", "1.0", entries("CPUs=4 CPUHyperThreadEnabled=true")))
			w.holds(nodeA, "AWS:InstanceDetailedInformation", "CPUHyperThreadEnabled=true CPUs=4")
		}},
		{"agent_association", func(w *world) {
			w.answers("PutComplianceItems", `{"ResourceId":"`+nodeA+`","ResourceType":"ManagedInstance","ComplianceType":"Association",`+
				`"ExecutionSummary":{"ExecutionTime":1767323045},"Items":[],"ItemContentHash":"XrY7u+Ae7tCTyyK7j1rNww=="}`, codeUnknownOperation)
			w.answers("UpdateInstanceAssociationStatus", `{"InstanceId":"`+nodeA+`"}`, codeUnknownOperation)
			w.holds(nodeA, complianceItem)
		}},
	}
}

// TestAgentTable holds the README's table of what the agent sends and the tests to each other.
func TestAgentTable(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var written, tests []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if name := strings.Trim(strings.TrimSpace(cells[max(0, len(cells)-2)]), "`"); strings.HasPrefix(name, "agent_") {
			written = append(written, name)
		}
	}
	for _, test := range agentTests() {
		tests = append(tests, test.name)
	}
	if !slices.Equal(written, tests) {
		t.Errorf("the README has %v, the tests are %v", written, tests)
	}
}
