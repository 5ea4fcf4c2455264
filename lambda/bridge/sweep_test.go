package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// later moves the rig's clock.
func (r *rig) later(d time.Duration) { r.now = r.now.Add(d) }

func (r *rig) names(node int) string { return r.values(nodeID(node), "Custom:Tag", "Name") }

// arrive makes a node managed from now on.
func (r *rig) arrive(name, id string) {
	r.t.Helper()
	if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: id, ComputerName: name, PingStatus: "Online", ResourceType: "EC2Instance"}); err != nil {
		r.t.Fatal(err)
	}
}

// parked counts the records that wait, by source.
func (r *rig) parked() map[string]int {
	r.t.Helper()
	list, err := r.bridge().Waiting(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, w := range list {
		if w.Kind == "parked" {
			counts[w.Source] += w.Count
		}
	}
	return counts
}

func TestParkedRecordsFindTheirNodes(t *testing.T) {
	r := newQuickRig(t, shelf{})
	first := r.put(listed("l", 0, "web-1,a", "web-8,x", "web-8,y", "web-9,z"))
	equalText(t, "outcomes", first.Counts, map[receipt.Outcome]int{receipt.Put: 1, receipt.Parked: 3})
	if s := r.sweep(); s.Parked != 3 || s.Found != 0 {
		t.Errorf("%+v", s)
	}
	r.arrive("web-8", nodeID(8))
	if s := r.sweep(); s.Parked != 1 || s.Found != 2 || s.Calls != 1 {
		t.Errorf("%+v", s)
	}
	if got := r.names(8); got != "x y" {
		t.Errorf("the node holds %q", got)
	}
	if s := r.sweep(); s.Found != 0 || s.Calls != 0 {
		t.Errorf("the same is found again: %+v", s)
	}
	now, err := r.bridge().book.Read(t.Context(), first.Import)
	if err != nil {
		t.Fatal(err)
	}
	equalText(t, "the receipt then", now.Counts, map[receipt.Outcome]int{receipt.Put: 3, receipt.Parked: 1})
}

// TestANewerSnapshotReplacesWhatIsParked: of each machine what a source said last waits. That a document does not name a machine says nothing.
func TestANewerSnapshotReplacesWhatIsParked(t *testing.T) {
	r := newQuickRig(t, shelf{})
	first := r.put(listed("l", 0, "web-8,x", "web-9,z"))
	r.put(listed("l", time.Minute, "web-9,new"))
	r.put(listed("l", -time.Minute, "web-8,older", "web-7,old")) // late
	if got := r.parked(); got["list"] != 3 {
		t.Errorf("%d records wait", got["list"])
	}
	for i := 7; i < 10; i++ {
		r.arrive(fmt.Sprint("web-", i), nodeID(i))
	}
	if s := r.sweep(); s.Found != 3 || s.Parked != 0 {
		t.Errorf("%+v", s)
	}
	for i, want := range map[int]string{7: "old", 8: "x", 9: "new"} {
		if got := r.names(i); got != want {
			t.Errorf("node %d holds %q, want %q", i, got, want)
		}
	}
	r.nothingParked()
	notes := r.read(first.Import).Notes
	if len(notes) != 1 || notes[0].Count != 1 || !strings.Contains(notes[0].Text, "replaced") {
		t.Errorf("its receipt does not say that a record was replaced: %+v", notes)
	}
}

// TestASnapshotWithARejectedRecordReplacesNothing: a newer snapshot of which a record was rejected only sets rows, also while it is parked.
func TestASnapshotWithARejectedRecordReplacesNothing(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(listed("l", 0, "web-8,a", "web-8,b"))
	r.put(listed("l", time.Minute, "web-8,b", "web-8,"))
	r.arrive("web-8", nodeID(8))
	r.sweep()
	if got := r.names(8); got != "a b" {
		t.Errorf("the node holds %q", got)
	}
	r.nothingParked()
}

// TestDamageOfWhatWaits: what is damaged of one source keeps nothing of another from its node.
func TestDamageOfWhatWaits(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(listed("l", 0, "web-8,x"))
	r.put(listed("l", time.Minute, "web-9,z"))
	r.put(tagEvents("e", 0, "web-8 a 1 ."))
	damaged := false
	for key := range r.store.List(t.Context(), "parked/list/") {
		if !damaged && !strings.HasSuffix(key, "/index.json") {
			damaged = true
			if _, err := r.store.Put(t.Context(), key, []byte("damaged"), ledger.Any); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.arrive("web-8", nodeID(8))
	_, err := r.bridge().Sweep(t.Context())
	if got := r.names(8); !damaged || err == nil || got != "a" {
		t.Errorf("the node holds %q, %v", got, err)
	}
}

// nothingParked checks that no statement is stored that waits.
func (r *rig) nothingParked() {
	r.t.Helper()
	for key := range r.store.List(r.t.Context(), "parked/") {
		if !strings.HasSuffix(key, "/index.json") {
			r.t.Errorf("%s is still there", key)
		}
	}
}

func (r *rig) read(id string) receipt.Receipt {
	r.t.Helper()
	got, err := r.bridge().book.Read(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// TestAbsenceEndsWaiting: a document that proves which machines are absent replaces all that waits of earlier ones.
func TestAbsenceEndsWaiting(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("c", 0, "web-8,x,1", "web-9,z,1"))
	r.put(tagged("c", time.Minute, "web-9,z,1"))
	r.put(tagged("c", 0, "web-8,x,1", "web-9,z,1", "web-7,old,1")) // late
	if got := r.parked(); got["estate"] != 1 {
		t.Errorf("%d records wait", got["estate"])
	}
	r.arrive("web-8", nodeID(8))
	if s := r.sweep(); s.Found != 0 {
		t.Errorf("%+v", s)
	}
	r.put(tagged("c", 2*time.Minute, "web-1,a,1"))
	if got := r.parked(); got["estate"] != 0 {
		t.Errorf("%d records wait", got["estate"])
	}
	r.later(25 * time.Hour)
	r.sweep()
	r.nothingParked()
}

// TestACutTableLeavesWhatIsParked: what is left of a table that was cut behind its header replaces nothing.
func TestACutTableLeavesWhatIsParked(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(listed("l", 0, "web-8,x", "web-9,z"))
	r.put(listed("l", time.Minute))
	if got := r.parked(); got["list"] != 2 {
		t.Errorf("%d records wait", got["list"])
	}
}

// TestAMachineThatIsNamedInTwoWays: a document names a machine by two names, which are parked apart, and then lead to one node: both
// together are what it says.
func TestAMachineThatIsNamedInTwoWays(t *testing.T) {
	for _, known := range []bool{false, true} { // by one of its names, when the document comes
		r := newQuickRig(t, shelf{})
		r.put(twoNames(0, "web-8,,old"))
		if known {
			r.arrive("web-8", nodeID(8))
			r.later(time.Minute)
		}
		r.put(twoNames(time.Minute, "web-8,,a", ",02:00:00:00:08:08,b", ",02:00:00:00:08:08,c"))
		r.sweep()
		if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: nodeID(8), ComputerName: "web-8", MACAddresses: []string{"02:00:00:00:08:08"}, PingStatus: "Online", ResourceType: "EC2Instance"}); err != nil {
			t.Fatal(err)
		}
		r.later(time.Minute)
		r.sweep()
		if got := r.names(8); got != "a b c" {
			t.Errorf("known %v: the node holds %q", known, got)
		}
		r.put(twoNames(2*time.Minute, "web-8,02:00:00:00:08:08,d"))
		if got := r.names(8); got != "d" {
			t.Errorf("known %v: the node holds %q", known, got)
		}
	}
}

func twoNames(after time.Duration, rows ...string) intake.Document {
	return text("n", "Machine,Address,Mark\n"+strings.Join(rows, "\n")+"\n", after)
}

func TestParkedEventsWait(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagEvents("e1", 0, "web-8 a 1 .", "web-8 b 1 ."))
	r.put(tagEvents("e2", time.Minute, "web-8 a - .."))
	if got := r.parked(); got["tags"] != 3 {
		t.Errorf("%d records wait", got["tags"])
	}
	r.arrive("web-8", nodeID(8))
	r.sweep()
	if got := r.names(8); got != "b" {
		t.Errorf("the node holds %q", got)
	}
}

func TestParkedRecordsExpireWithANotice(t *testing.T) {
	r := newQuickRig(t, shelf{})
	got := r.put(listed("l", 0, "web-8,x", "web-9,z"))
	r.later(ledger.ParkedFor + time.Hour)
	if s := r.sweep(); s.ParkExpired != 2 {
		t.Errorf("%+v", s)
	}
	now, err := r.bridge().book.Read(t.Context(), got.Import)
	if err != nil || !slices.ContainsFunc(now.Notes, func(n receipt.Note) bool { return strings.Contains(n.Text, "waited for a node") && n.Count == 2 }) {
		t.Errorf("%+v, %v", now.Notes, err)
	}
}

func equalText(t *testing.T, what string, got receipt.Counts, want map[receipt.Outcome]int) {
	t.Helper()
	for _, o := range receipt.Outcomes() {
		if got.Of(o) != want[o] {
			t.Errorf("%s: %d %s, want %d", what, got.Of(o), o, want[o])
		}
	}
}

// TestOneGoneAndOneUnderAnotherName: a node that the register no longer names is cleared; one whose record leads to no node now, since it
// goes by another name, is not.
func TestOneGoneAndOneUnderAnotherName(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-4,a,1"))
	if err := r.box.UpdateNode(nodeID(2), func(n *sandbox.ManagedNode) { n.ComputerName = "db-2" }); err != nil {
		t.Fatal(err)
	}
	r.later(time.Hour)
	got := r.put(tagged("f", time.Minute, "web-2,a,1", "web-3,a,1", "web-4,a,1")) // web-1 is gone
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Unchanged: 2, receipt.Parked: 1})
	if got.Absence == nil || !got.Absence.Cleared || got.ClearedNodes != 1 {
		t.Errorf("%+v", got.Absence)
	}
	if held := []string{r.names(1), r.names(2), r.names(3)}; !slices.Equal(held, []string{"", "a", "a"}) {
		t.Errorf("the nodes hold %q", held)
	}
}

func TestHalfTheFleetMissing(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-4,a,1"))
	calls := r.calls()
	got := r.put(tagged("f", time.Minute, "web-1,a,1"))
	if got.Absence == nil || got.Absence.Cleared || !strings.Contains(got.Absence.Reason, "3 of 4 nodes") ||
		!strings.Contains(got.Absence.Reason, "--confirm-absent "+got.Import) || r.calls() != calls {
		t.Errorf("%+v, %d calls", got.Absence, r.calls()-calls)
	}
	if s := r.sweep(); len(s.Undecided) != 1 || s.Calls != 0 {
		t.Errorf("%+v", s)
	}
	done, err := r.bridge().ConfirmAbsent(t.Context(), got.Import)
	if err != nil || done.ClearedNodes != 3 || r.names(2) != "" || r.names(1) != "a" {
		t.Errorf("%+v, %v: %q", done.Absence, err, r.names(2))
	}
	if _, err := r.bridge().ConfirmAbsent(t.Context(), got.Import); err == nil {
		t.Error("there was something left to clear")
	}
}

func TestARejectedRecordProvesNoAbsence(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-4,a,1"))
	got := r.put(tagged("f", time.Minute, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-3,,1"))
	if got.Absence == nil || got.Absence.Cleared || r.names(4) != "a" {
		t.Errorf("%+v: %q", got.Absence, r.names(4))
	}
	empty := r.put(tagged("f", 2*time.Minute))
	if empty.Absence == nil || empty.Absence.Cleared || r.names(1) != "a" {
		t.Errorf("an empty document: %+v", empty.Absence)
	}
}

// TestWhatNodesHeldBefore: rows of another program stay beside ours until somebody takes them away.
func TestWhatNodesHeldBefore(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(listed("l", 0, "web-1,theirs", "web-2,theirs"))
	r.store = shelf{} // another installation, which knows nothing
	r.config.Ledger = r.ledger(r.store)
	r.put(tagged("f", time.Minute, "web-1,ours,1", "web-3,ours,1"))
	if held := []string{r.names(1), r.names(2), r.names(3)}; !slices.Equal(held, []string{"ours theirs", "theirs", "ours"}) {
		t.Errorf("the nodes hold %q", held)
	}
	if _, err := r.bridge().RemoveSource(t.Context(), "found"); err != nil {
		t.Fatal(err)
	}
	if got := r.names(1); got != "ours" {
		t.Errorf("the node holds %q", got)
	}
}

// TestAPutThatIsLate: it comes to effect in the service when something newer was put already. The next refresh finds that.
func TestAPutThatIsLate(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.box.Inject(sandbox.Fault{Operation: "PutInventory", Kind: sandbox.FaultLate, Delay: 3 * time.Hour})
	r.put(tagged("f", 0, "web-1,old,1"))
	r.later(time.Hour)
	r.put(tagged("f", time.Minute, "web-1,new,1"))
	if got := r.names(1); got != "new" {
		t.Fatalf("the node holds %q", got)
	}
	r.later(4 * time.Hour)
	if got := r.names(1); got != "old" {
		t.Fatalf("the late put did not come: %q", got)
	}
	r.later(22 * 24 * time.Hour)
	r.sweep()
	if r.names(1) != "new" {
		t.Errorf("the node holds %q", r.names(1))
	}
}

// TestANodeThatGoesAndComesBack: what is said of it meanwhile waits.
func TestANodeThatGoesAndComesBack(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,a,1"))
	r.config.NodesFor = time.Hour // the directory is read before the node goes
	b := r.bridge()
	if _, err := b.Directory(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.box.RemoveNode(nodeID(1))
	r.later(time.Minute)
	got, err := b.Import(t.Context(), tagged("f", time.Minute, "web-1,b,1", "web-2,b,1"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Put: 1, receipt.Parked: 1})
	r.arrive("web-1", nodeID(1))
	r.later(time.Hour)
	if s := r.sweep(); s.Calls != 1 || r.names(1) != "b" {
		t.Errorf("%+v: %q", s, r.names(1))
	}
	r.box.RemoveNode(nodeID(1))
	r.later(40 * 24 * time.Hour)
	r.sweep() // finds that it is gone
	r.later(31 * 24 * time.Hour)
	if s := r.sweep(); s.Forgotten != 1 {
		t.Errorf("%+v", s)
	}
}

func TestPendingRecordsAreSettledByTheSweep(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.box.Inject(sandbox.Fault{Operation: "PutInventory", Node: nodeID(1), Times: -1, Kind: sandbox.FaultError})
	got := r.put(tagged("f", 0, "web-1,a,1", "web-1,b,1", "web-2,a,1"))
	equalText(t, "outcomes", got.Counts, map[receipt.Outcome]int{receipt.Put: 1, receipt.Pending: 2})
	r.box.ClearFaults()
	if s := r.sweep(); s.Settled != 1 {
		t.Errorf("%+v", s)
	}
	now, err := r.bridge().book.Read(t.Context(), got.Import)
	if err != nil {
		t.Fatal(err)
	}
	equalText(t, "the receipt then", now.Counts, map[receipt.Outcome]int{receipt.Put: 3})
	if len(now.Details) != 0 || now.DetailsTotal != 0 {
		t.Errorf("details %+v of %d", now.Details, now.DetailsTotal)
	}
}

// TestRowsThatNoHeadNames are deleted after 30 days, with the pack in which they lie. The same rows that are stated again meanwhile lie in another one.
func TestRowsThatNoHeadNames(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1"))
	r.put(tagged("f", time.Minute, "web-1,b,1"))
	packs := func() (n int) {
		for range r.store.List(t.Context(), "packs/") {
			n++
		}
		return n
	}
	if s := r.sweep(); packs() != 2 || s.Rows != 0 {
		t.Errorf("%d packs, %+v", packs(), s)
	}
	r.later(29*24*time.Hour + time.Hour)
	r.sweep()
	r.put(tagged("f", 2*time.Minute, "web-1,a,1")) // the first rows again
	r.later(24 * time.Hour)
	if s := r.sweep(); s.Rows != 1 || packs() != 2 {
		t.Errorf("%+v, %d left", s, packs())
	}
	r.put(tagged("f", 3*time.Minute, "web-1,a,1", "web-1,c,1"))
	if got := r.names(1); got != "a c" {
		t.Errorf("the node holds %q", got)
	}
}

// versions is a bucket with the versions of one object, the last one last.
type versions []string

func (v versions) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	n := len(v) - 1
	if id := aws.ToString(in.VersionId); id != "" {
		n, _ = strconv.Atoi(id)
	}
	return &s3.GetObjectOutput{
		Body: io.NopCloser(strings.NewReader(v[n])), ETag: aws.String(fmt.Sprint("e", n)), VersionId: aws.String(strconv.Itoa(n)),
		LastModified: aws.Time(start.Add(time.Duration(n) * time.Minute)), ContentLength: aws.Int64(int64(len(v[n]))),
	}, nil
}

// TestAVersionThatIsNotTheLast is not read where a document says all, and is where it merges.
func TestAVersionThatIsNotTheLast(t *testing.T) {
	event := `{"tagHost":"web-1","tag":"a","value":"1","at":"2026-03-02T06:10:00Z"}` + "\n"
	for _, c := range []struct {
		key     string
		bodies  versions
		nothing bool
		want    string
	}{
		{"estate/x.csv", versions{"Host,Tag,Value\nweb-1,a,1\n", "Host,Tag,Value\nweb-1,b,1\n"}, true, "b"},
		{"tags/x.json", versions{event, strings.ReplaceAll(event, `"a"`, `"b"`)}, false, "a b"},
	} {
		r := newQuickRig(t, shelf{})
		r.config.Objects = c.bodies
		var answers []MessageAnswer
		r.config.Answered = func(a MessageAnswer) { answers = append(answers, a) }
		for version := range c.bodies {
			event := fmt.Sprintf(`{"document":{"bucket":"uploads","key":%q,"versionId":"%d"}}`, c.key, version)
			if _, err := r.bridge().Handle(t.Context(), json.RawMessage(event)); err != nil {
				t.Fatal(err)
			}
		}
		if (answers[0].Nothing != "") != c.nothing || answers[0].Error != "" || answers[1].Nothing != "" || r.names(1) != c.want {
			t.Errorf("%s: %+v; the node holds %q", c.key, answers, r.names(1))
		}
	}
}
