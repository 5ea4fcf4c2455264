package bridge

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// pageRig is a rig with a mapping of lists that say how long they are, and a type that unites CVEs.
func pageRig(t *testing.T, words string) *rig {
	t.Helper()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"types.yaml": "version: 1\ntypes:\n  Custom:Hole:\n    schemaVersion: \"1.0\"\n    key: [Source, Id]\n    attributes:\n" +
			"      Source: {default: \"{mapping}\"}\n      Id: {}\n      CVE: {max: 24, unite: list}\n      Port: {}\n",
		"m.yaml": "version: 1\nmapping: holes\ndetect:\n  - json: [holes, total]\nwhole: int(r.total) <= $records\neach: holes\n" + words +
			"identify: {hostname: machine}\nCustom:Hole:\n  Id: id\n  CVE: cve\n  Port: port\n",
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, fleet(2))
	r.config.Mappings = set
	return r
}

// holes is a list of machines and their holes, "web-1,1,CVE-1,443" each.
func holes(total int, after time.Duration, rows ...string) intake.Document {
	var list []string
	for _, row := range rows {
		c := strings.Split(row, ",")
		list = append(list, fmt.Sprintf(`{"machine":%q,"id":%q,"cve":%q,"port":%q}`, c[0], c[1], c[2], c[3]))
	}
	return text("holes", fmt.Sprintf(`{"total":%d,"holes":[%s]}`, total, strings.Join(list, ",")), after)
}

func TestAPartOnlyAdds(t *testing.T) {
	r := pageRig(t, "")
	r.put(holes(3, 0, "web-1,1,,", "web-1,2,,", "web-1,3,,"))
	got := r.put(holes(3, time.Minute, "web-1,4,,", "web-1,1,,7"))
	if !got.AddsOnly || got.PartText() != "part: adds only" {
		t.Errorf("%+v", got.PartOf)
	}
	if diff := cmp.Diff("1 2 3 4", r.values(nodeID(1), "Custom:Hole", "Id")); diff != "" {
		t.Error(diff)
	}
	stored, err := r.bridge().book.Read(t.Context(), got.Import)
	if err != nil || stored.PartOf != got.PartOf {
		t.Errorf("%+v %v", stored.PartOf, err)
	}
	r.put(holes(1, 2*time.Minute, "web-1,9,,"))
	if diff := cmp.Diff("1 4 9", r.values(nodeID(1), "Custom:Hole", "Id")); diff != "" {
		t.Error("a whole that follows a part may be its end:", diff)
	}
	r.put(holes(1, 8*time.Hour, "web-1,9,,"))
	if diff := cmp.Diff("9", r.values(nodeID(1), "Custom:Hole", "Id")); diff != "" {
		t.Error("the whole takes the place of all before:", diff)
	}
}

// A part replaces nothing that waits for a node, and what it has of machines without one waits as well, whatever comes after it.
func TestAPartLeavesWhatIsParked(t *testing.T) {
	for _, words := range []string{"", "update: newest\n"} {
		r := pageRig(t, words)
		r.put(holes(2, 0, "web-8,1,,", "web-9,1,,"))
		r.put(holes(9, time.Minute, "web-7,1,,", "web-9,2,,"))
		if got := r.parked(); got["holes"] != 4 {
			t.Errorf("%q: %d records wait", words, got["holes"])
		}
		r.put(holes(9, 2*time.Minute, "web-6,1,,"))
		for i := 6; i <= 9; i++ {
			r.arrive(fmt.Sprint("web-", i), nodeID(i))
		}
		r.sweep()
		want := map[int]string{6: "1", 7: "1", 8: "1", 9: "1 2"}
		if words != "" { // each record is all that the source knows of its machine
			want[9] = "2"
		}
		for i, ids := range want {
			if got := r.values(nodeID(i), "Custom:Hole", "Id"); got != ids {
				t.Errorf("%q: node %d holds %q", words, i, got)
			}
		}
	}
}

func TestUnitedAndDisplacedRecords(t *testing.T) {
	r := pageRig(t, "")
	rows := []string{
		"web-1,1,CVE-2,443", "web-1,1,CVE-1,443", // united
		"web-1,2,CVE-3,443", "web-1,2,CVE-3,443", // the same
		"web-1,3,,443", "web-1,3,,80", // they differ
		"web-1,,CVE-8,1", "web-1,,CVE-9,2", // nothing tells them apart
	}
	got := r.put(holes(8, 0, rows...))
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Put: 5, receipt.Duplicate: 1, receipt.Displaced: 2})
	if diff := cmp.Diff([]receipt.Note{{Text: receipt.NoteDisplaced, Count: 2}}, got.Notes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("CVE-1,CVE-2 CVE-3", strings.Join(strings.Fields(r.values(nodeID(1), "Custom:Hole", "CVE"))[1:], " ")); diff != "" {
		t.Error(diff)
	}
	var reasons []string
	for _, d := range got.Details {
		reasons = append(reasons, d.Reason)
	}
	want := []string{
		"another entry of the same source has the same key, and differs",
		"Id: no value here and in another entry, which differs and stands: give each entry its own",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
	again := r.put(holes(8, time.Minute, rows...))
	equalText(t, "the same again", again.Counts, map[receipt.Outcome]int{receipt.Unchanged: 5, receipt.Duplicate: 1, receipt.Displaced: 2})
}

func TestUnitedListsThatAreCutAreNoted(t *testing.T) {
	r := pageRig(t, "")
	got := r.put(holes(3, 0, "web-1,1,CVE-2025-10001,443", "web-1,1,CVE-2025-10002,443", "web-1,2,CVE-2025-10003,443"))
	if diff := cmp.Diff([]receipt.Note{{Text: receipt.NoteCut, Count: 1}}, got.Notes); diff != "" {
		t.Error(diff)
	}
}
