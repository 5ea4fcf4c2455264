package read

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// truth is what independent scripts found in a sample.
type truth struct {
	CaptureTime string                    `json:"capture_time"`
	Hosts       []map[string]any          `json:"hosts"`
	Spot        map[string]map[string]any `json:"spot"`
}

// truthFields are the fields of truth.json whose values must come out as they are, whatever the file.
var truthFields = []string{
	"sys_id", "name", "serial", "asset_tag", "os", "ci_class", "ip", "fqdn", "mac", "ec2_instance_id", "pluginID", "pluginName", "port", "id", "title",
	"package", "version",
}

// TestTruth looks for the values of truth.json in what the built-in mappings make of the samples.
func TestTruth(t *testing.T) {
	content, err := os.ReadFile(shared(t, "samples", "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	expected := expectations(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		want := expected[name]
		if _, ok := set.Mapping(want.Mapping); !ok || !want.Complete || want.Declared {
			continue
		}
		var says truth
		if json.Unmarshal(all[name], &says) != nil {
			continue
		}
		t.Run(name, func(t *testing.T) { checkTruth(t, set, name, says) })
	}
}

func checkTruth(t *testing.T, set *mapping.Set, name string, says truth) {
	t.Helper()
	content, err := opened(t, shared(t, "samples", name))
	if err != nil {
		t.Fatal(err)
	}
	o := readAll(t, set, "", content)
	if o.err != nil {
		t.Fatal(o.err)
	}
	found := foundTexts(o)
	spots := says.Hosts
	if len(o.skipped) == 0 { // a spot may be of a record about something else than a machine
		spots = append(spots, slices.Collect(maps.Values(says.Spot))...)
	}
	for _, spot := range spots {
		if spot["state"] == "down" {
			continue // skipped
		}
		for _, field := range truthFields {
			if field == "os" && o.entries["Custom:Asset"] == 0 {
				continue // no other type has a place for it
			}
			for _, want := range wantedTexts(field, spot[field]) {
				if !isFound(found, want) {
					t.Errorf("%s %q is not found", field, want)
				}
			}
		}
	}
	if at, err := time.Parse(time.RFC3339, says.CaptureTime); err == nil && !slices.ContainsFunc(o.records, func(r Record) bool {
		return r.Late || r.Captured.Equal(at.Truncate(time.Second)) || r.Captured.Equal(at)
	}) && len(o.records) > 0 {
		t.Errorf("capture time %s is not found", says.CaptureTime)
	}
}

// TestLogOfManyQueries reads a sample that expect.json leaves out, for it counts no lines of queries that nobody takes.
func TestLogOfManyQueries(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	content, err := opened(t, shared(t, "samples", "osquery_ndjson", "osqueryd.results.darwin.log"))
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
	want := []any{map[string]int{"Custom:SoftwareComponent": 416}, 416, map[string]int{skipWhere: 1236}, 1, 0, int64(1514471997)}
	got := []any{o.entries, len(keys), o.skipped, len(o.subjects), o.rejected + o.notes, latest.Unix()}
	if d := cmp.Diff(want, got); o.err != nil || d != "" {
		t.Error(o.err, d)
	}
	if found := foundTexts(o); !found["192-168-0-4.rdsnet.ro"] || !found["4ab2906d-5516-5794-af54-86d1d7f533f3"] {
		t.Error("name or serial of the machine is missing")
	}
}

// foundTexts gives all values of entries and identifiers, in lower case.
func foundTexts(o outcome) map[string]bool {
	found := make(map[string]bool)
	for _, values := range o.values {
		for _, text := range values {
			found[strings.ToLower(text)] = true
			for part := range strings.SplitSeq(text, "/") { // group/name
				found[strings.ToLower(part)] = true
			}
		}
	}
	for _, r := range o.records {
		for _, texts := range [][]string{r.Subject.NodeID, r.Subject.Serial, r.Subject.Hostname, r.Subject.IP, r.Subject.MAC} {
			for _, text := range texts {
				found[strings.ToLower(text)] = true
				found[strings.ToLower(text[strings.LastIndexAny(text, ":/")+1:])] = true // the resource that an ARN names
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

// wantedTexts gives the single values of a field of truth.json, which has some of them as the document does.
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
