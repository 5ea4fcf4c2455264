package bridge

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

var errKilled = errors.New("the process was killed")

// axe kills a process at its n-th outside call, before it is sent or after it was answered. A dead process calls nobody.
type axe struct {
	at    int // 0: never
	after bool
	calls int
	dead  bool
}

func (a *axe) strike(call func() error) error {
	if a.dead {
		return errKilled
	}
	a.calls++
	if a.calls == a.at && !a.after {
		a.dead = true
		return errKilled
	}
	err := call()
	if a.calls == a.at {
		a.dead = true
		return errKilled
	}
	return err
}

// axedSSM is the service as a process sees it that may be killed.
type axedSSM struct {
	SSM
	axe *axe
}

func (s axedSSM) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, o ...func(*ssm.Options)) (out *ssm.PutInventoryOutput, err error) {
	err = s.axe.strike(func() (err error) {
		out, err = s.SSM.PutInventory(ctx, in, o...)
		return err
	})
	return out, err
}

func (s axedSSM) GetInventorySchema(ctx context.Context, in *ssm.GetInventorySchemaInput, o ...func(*ssm.Options)) (out *ssm.GetInventorySchemaOutput, err error) {
	err = s.axe.strike(func() (err error) {
		out, err = s.SSM.GetInventorySchema(ctx, in, o...)
		return err
	})
	return out, err
}

// axedStore is the state's store as a process sees it that may be killed.
type axedStore struct {
	ledger.Store
	axe *axe
}

func (s axedStore) Get(ctx context.Context, key string) (data []byte, etag string, err error) {
	err = s.axe.strike(func() (err error) {
		data, etag, err = s.Store.Get(ctx, key)
		return err
	})
	return data, etag, err
}

func (s axedStore) Put(ctx context.Context, key string, data []byte, condition string) (etag string, err error) {
	err = s.axe.strike(func() (err error) {
		etag, err = s.Store.Put(ctx, key, data, condition)
		return err
	})
	return etag, err
}

func (s axedStore) Delete(ctx context.Context, key string) error {
	return s.axe.strike(func() error { return s.Store.Delete(ctx, key) })
}

func (s axedStore) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	if err := s.axe.strike(func() error { return nil }); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	return s.Store.List(ctx, prefix)
}

// underTheAxe gives a rig's bridge whose process is killed as the axe says.
func (r *rig) underTheAxe(a *axe) *Bridge {
	whole := r.config
	defer func() { r.config = whole }()
	r.config.SSM = axedSSM{whole.SSM, a}
	at := a.at
	a.at = 0 // the state exists already: opening it changes nothing
	r.config.Ledger = r.ledger(axedStore{r.store, a})
	a.at, a.calls = at, 0
	return r.bridge()
}

// inventory is all that the service holds, by node and type.
func (r *rig) inventory(types ...string) map[string][]map[string]string {
	all := map[string][]map[string]string{}
	for _, n := range fleet(4) {
		for _, t := range types {
			all[n.InstanceID+" "+t] = r.entries(n.InstanceID, t)
		}
	}
	return all
}

// history is what happened before a process is killed, and the import during which it is.
type history struct {
	name   string
	before []intake.Document
	killed intake.Document
}

func histories() []history {
	four := []string{"web-1", "web-2", "web-3", "web-4"}
	old, next := text("a.csv", fleetAssets(4, "Linux"), 0), text("a.csv", fleetAssets(4, "Windows"), time.Minute)
	return []history{
		{"all changed", []intake.Document{old}, next},
		{"cleared", []intake.Document{text("s", findings(0, four, []string{"1"}), 0)}, text("s", findings(time.Minute, four, nil), time.Minute)},
		{"second source", []intake.Document{text("s", findings(0, four, []string{"1"}), 0)}, as(text("p", packages("CVE-2026-7"), time.Minute), nodeID(2))},
	}
}

var allTypes = []string{assetType, vulnerabilityType, "Custom:VulnerabilitySummary"}

func TestKilledBetweenAnyTwoOutsideCalls(t *testing.T) {
	for _, h := range histories() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			calm := play(t, h, &axe{})
			want, steps := calm.inventory(allTypes...), calm.steps
			for at := 1; at <= steps; at++ {
				for _, after := range []bool{false, true} {
					r := play(t, h, &axe{at: at, after: after})
					if diff := cmp.Diff(want, r.inventory(allTypes...)); diff != "" {
						t.Fatalf("killed at call %d of %d (after: %v): %s", at, steps, after, diff)
					}
					if calls := r.calls(); r.put(h.killed).Calls != 0 || r.calls() != calls {
						t.Fatalf("killed at call %d of %d (after: %v): a third run still puts", at, steps, after)
					}
				}
			}
			t.Logf("%d outside calls, killed before and after each", steps)
		})
	}
}

// played is a rig after a history, with the number of outside calls of the import that was to be killed.
type played struct {
	*rig
	steps int
}

// play runs a history; the process of its last import is killed as the axe says, and the import run again.
func play(t *testing.T, h history, a *axe) played {
	t.Helper()
	r := newRig(t, fleet(4))
	for _, d := range h.before {
		r.put(d)
	}
	_, err := r.underTheAxe(a).Import(t.Context(), h.killed, Options{})
	if a.at == 0 && err != nil {
		t.Fatal(err)
	}
	if a.at != 0 {
		r.put(h.killed)
	}
	return played{r, a.calls}
}

func TestTheReplyOfEveryCallIsLost(t *testing.T) {
	r := newRig(t, fleet(4))
	r.put(text("a.csv", fleetAssets(4, "Linux"), 0))
	r.box.Inject(sandbox.Fault{Operation: "PutInventory", Times: -1, Kind: sandbox.FaultCutAfter})
	got, err := r.bridge().Import(t.Context(), text("a.csv", fleetAssets(4, "Windows"), time.Minute), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Counts.Of("pending") != 4 {
		t.Errorf("outcomes %+v, want 4 pending", got.Counts)
	}
	r.box.ClearFaults()
	r.put(text("a.csv", fleetAssets(4, "Linux"), 2*time.Minute))
	for i := range 4 {
		if got := r.values(nodeID(i+1), assetType, "OS"); got != "Linux" {
			t.Errorf("node %d holds %q, want the previous content", i+1, got)
		}
	}
	calls := r.calls()
	r.put(text("a.csv", fleetAssets(4, "Linux"), 3*time.Minute))
	if r.calls() != calls {
		t.Error("the intents are still open")
	}
}

func TestOneNodeThatFailsIsPendingAlone(t *testing.T) {
	r := newRig(t, fleet(4))
	r.box.Inject(sandbox.Fault{Operation: "PutInventory", Node: nodeID(2), Times: -1, Kind: sandbox.FaultError})
	got := r.put(text("a.csv", fleetAssets(4, "Linux"), 0))
	if got.Counts.Of("pending") != 1 || got.Counts.Of("put") != 3 {
		t.Errorf("outcomes %+v, want 1 pending and 3 put", got.Counts)
	}
	r.box.ClearFaults()
	r.now = r.now.Add(time.Hour)
	got = r.put(text("a.csv", fleetAssets(4, "Linux"), 0))
	if got.Counts.Of("put") != 1 || got.Counts.Of("unchanged") != 3 || r.values(nodeID(2), assetType, "OS") != "Linux" {
		t.Errorf("the next run: outcomes %+v, the node holds %q", got.Counts, fmt.Sprint(r.entries(nodeID(2), assetType)))
	}
}

// TestADocumentThatFailsComesAgainWithoutItsReceipt: what was rejected is acknowledged only when its receipt says why.
func TestADocumentThatFailsComesAgainWithoutItsReceipt(t *testing.T) {
	r := newRig(t, fleet(1))
	_, err := r.underTheAxe(&axe{at: 1}).Import(t.Context(), text("a.csv", "hello", 0), Options{})
	if ClassOf(err) != Retry || !errors.Is(err, errKilled) {
		t.Errorf("%s: %v", ClassOf(err), err)
	}
}
