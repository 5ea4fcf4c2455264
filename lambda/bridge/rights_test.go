package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// guarded is a store as one of the stack's roles may use it: what its policy does not allow is refused, as S3 refuses it.
type guarded struct {
	ledger.Store
	t      *testing.T
	rights *testfiles.Grants
}

func (g guarded) check(action, key string) error {
	if g.rights.Allows(action, key) {
		return nil
	}
	g.t.Errorf("%s of %s is refused", action, key)
	return fmt.Errorf("access denied: %s", key)
}

func (g guarded) Get(ctx context.Context, key string) ([]byte, string, error) {
	if err := g.check("s3:GetObject", key); err != nil {
		return nil, "", err
	}
	return g.Store.Get(ctx, key)
}

func (g guarded) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	if err := g.check("s3:PutObject", key); err != nil {
		return "", err
	}
	return g.Store.Put(ctx, key, data, condition)
}

func (g guarded) Delete(ctx context.Context, key string) error {
	if err := g.check("s3:DeleteObject", key); err != nil {
		return err
	}
	return g.Store.Delete(ctx, key)
}

func (g guarded) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	if err := g.check("s3:ListBucket", prefix); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	return g.Store.List(ctx, prefix)
}

// GetObject reads what is staged in the state.
func (g guarded) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	data, _, err := g.Get(ctx, *in.Key)
	if err != nil {
		return nil, err
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(data))}, nil
}

// behind is an installation of two processes, each behind the rights of its role.
type behind struct {
	*rig
	start  string // of the sandbox that the state was made for
	rights map[Role]*testfiles.Grants
}

// role is a new process in a role.
func (s *behind) role(role Role) *Bridge {
	s.t.Helper()
	store := guarded{s.store, s.t, s.rights[role]}
	l, err := ledger.Open(s.t.Context(), store, ledger.Options{
		Now: func() time.Time { return s.now }, Partitions: 2, Endpoint: "http://sandbox", Start: s.start, Guest: role == RoleIntake,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.writer++
	c := s.config
	c.Ledger, c.Role, c.Objects, c.Place, c.Writer = l, role, store, Place{Bucket: "state"}, fmt.Sprint("writer-", s.writer)
	return New(c)
}

// takes lets intake take a document in, and delivery deliver what it has staged.
func (s *behind) takes(d intake.Document) receipt.Receipt {
	s.t.Helper()
	b := s.role(RoleIntake)
	own, staged, err := b.Stage(s.t.Context(), d)
	if own.Import == "" {
		s.t.Fatal(err)
	}
	for _, p := range staged {
		event := fmt.Sprintf(`{"delivery":{"bucket":%q,"key":%q}}`, p.Bucket, p.Key)
		if got := only(s.t, s.role(RoleDelivery), []byte(event)); got.Error != "" {
			s.t.Fatal(got.Error)
		}
	}
	r, err := receipt.NewBook(s.store).Read(s.t.Context(), own.Import)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// broken lets intake take a document in that it cannot read.
func (s *behind) broken(d intake.Document) {
	s.t.Helper()
	if _, _, err := s.role(RoleIntake).Stage(s.t.Context(), d); err == nil {
		s.t.Error("a broken document was taken in")
	}
}

// rejected is the file with the rejected records of an import.
func (s *behind) rejected(r receipt.Receipt) string {
	s.t.Helper()
	body, _, err := s.store.Get(s.t.Context(), r.RejectedFile)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(body)
}

func (s *behind) sweeps() *SweepResult {
	s.t.Helper()
	got := only(s.t, s.role(RoleDelivery), []byte(`{"sweep":{}}`))
	if got.Error != "" {
		s.t.Fatal(got.Error)
	}
	return got.Swept
}

// TestRolesWorkBehindTheirRights lets nights go by, with each role behind what its policy in the template allows and no more: documents that are
// taken in, parked, rejected, mended and broken, pages, absent nodes, sweeps, and what came before. Nothing is refused, and nothing is allowed
// that nobody needed.
func TestRolesWorkBehindTheirRights(t *testing.T) {
	set, err := version2Mappings()
	if err != nil {
		t.Fatal(err)
	}
	rights := map[Role]*testfiles.Grants{RoleIntake: testfiles.Rights(t, "intake"), RoleDelivery: testfiles.Rights(t, "delivery")}
	s := &behind{rig: newQuickRig(t, shelf{}), rights: rights}
	s.config.Mappings, s.start = set, s.box.StartID()
	s.store = shelf{} // the rig has begun a state of its own
	s.nights()

	moved := &behind{rig: newQuickRig(t, shelf{}), rights: rights, start: "c6176a94-7292-44ab-826c-79d401c4c555"}
	moved.config.Mappings = set
	moved.store = onShelf(t, "testdata/version2/state")
	moved.takes(tagged("f", 3*time.Minute, "web-1,a,1", "web-2,a,5"))
	for range 3 {
		moved.later(31 * 24 * time.Hour)
		moved.sweeps()
	}

	afar := &behind{rig: newQuickRig(t, shelf{}), rights: rights}
	afar.config.Mappings, afar.start = set, afar.box.StartID()
	afar.store = shelf{}
	afar.serves("444455556666")

	for role, r := range rights {
		if idle := r.Idle(); len(idle) > 0 {
			t.Errorf("%s may do what nobody needed: %s", role, strings.Join(idle, ", "))
		}
	}
}

// serves lets two nights go by in which another account is served, too: the sweep lists it, documents find its nodes by that, and they are put there.
func (s *behind) serves(account string) {
	box, err := sandbox.New(sandbox.Config{Nodes: []sandbox.ManagedNode{{InstanceID: nodeID(100), ComputerName: "far-1"}}, Clock: func() time.Time { return s.now }})
	if err != nil {
		s.t.Fatal(err)
	}
	client := clientOf(box)
	k := target.Key{Account: account, Region: "us-east-1"}
	s.config.Targets = target.NewSet(target.Key{Account: "111122223333", Region: "us-east-1"}, []target.Target{{Key: k, Role: target.RoleARN(k, target.RoleName)}})
	s.config.Reach = func(target.Target) SSM { return client }
	for night := range 2 {
		s.sweeps()
		if got := s.takes(tagged("f", time.Duration(night)*time.Hour, "web-1,a,1", fmt.Sprintf("far-1,a,%d", night))); got.Counts.Of(receipt.Put) != 2-night {
			s.t.Errorf("night %d: %+v", night, got.Counts)
		}
		s.later(time.Hour)
	}
	if box.NodeCalls(nodeID(100))["PutInventory"] != 2 || len(s.box.NodeCalls(nodeID(100))) > 0 {
		s.t.Errorf("of the node there %v are called there, and %v here", box.NodeCalls(nodeID(100)), s.box.NodeCalls(nodeID(100)))
	}
}

func (s *behind) nights() {
	t := s.t
	s.takes(tagged("f", 0, "web-1,a,1", "web-2,a,1", "web-3,a,1", "web-4,a,1"))
	waits := under("list/l.csv", "Machine,Label\nweb-1,mine\nweb-8,x\n", 0)
	if got := s.takes(waits); got.Counts.Of(receipt.Parked) != 1 {
		t.Errorf("parked: %+v", got.Counts)
	}
	part := s.takes(under("estate/e.csv", "Host,Tag,Value\nweb-1,b,1\nweb-2,,1\n", time.Minute))
	mended := s.takes(under("estate/"+path.Base(part.RejectedFile), strings.Replace(s.rejected(part), "web-2,,", "web-2,c,", 1), 2*time.Minute))
	if mended.Into != part.Import || !strings.Contains(s.names(2), "c") {
		t.Errorf("mended: %+v, %q", mended, s.names(2))
	}
	s.later(10 * time.Hour)
	gone := s.takes(tagged("g", 4*time.Hour, "web-1,a,1", "web-2,a,1", "web-3,a,1"))
	held := s.takes(tagged("h", 5*time.Hour, "web-1,a,1"))
	if !gone.Absence.Cleared || held.Absence.Cleared || s.names(4) != "" || s.names(3) == "" {
		t.Errorf("absent: %+v, %+v", gone.Absence, held.Absence)
	}
	for _, d := range []intake.Document{weaknesses(0, 2, "a", "b"), weaknesses(1, 2, "c"), tagEvents("e", 0, "web-1 x 1 .", "web-9 y 1 .")} {
		s.takes(d)
	}
	s.takes(numbered(t, "web-2"))
	if got := s.takes(numbered(t, "renamed")); got.Counts.Of(receipt.Parked) > 0 {
		t.Errorf("the number does not lead to the machine: %+v", got.Counts)
	}
	s.arrive("web-8", nodeID(8))
	if got := s.sweeps(); got.Found != 1 {
		t.Errorf("the sweep: %+v", got)
	}
	torn := under("estate/torn.csv", "Host,Tag,Value\nweb-1,\"b", 6*time.Hour)
	for range 2 { // the message comes once more
		s.later(time.Hour)
		s.takes(waits)
		s.broken(torn)
	}
	s.later(time.Hour)
	s.takes(tagged("i", 7*time.Hour, "web-1,z,1", "web-2,z,1", "web-3,z,1"))
	for range 3 {
		s.later(31 * 24 * time.Hour)
		s.sweeps()
	}
}

// numbered is a weakness of a machine that has a name and its source's own number.
func numbered(t *testing.T, hostname string) intake.Document {
	t.Helper()
	var whole map[string]any
	text := testfiles.Read(t, testfiles.Path(t, "testevents/documents/uploads/falcon-spotlight/falcon-spotlight-vulnerabilities.json"))
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	first := whole["resources"].([]any)[0].(map[string]any)
	first["host_info"] = map[string]any{"hostname": hostname}
	whole["resources"] = []any{first}
	body, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return under("falcon-spotlight/"+hostname+".json", string(body), time.Minute)
}
