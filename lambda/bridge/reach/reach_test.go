package reach_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/reach"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// nights are three nightly registers and the sweeps between them. Where down is given, it is called before the second register and again when the
// account is to come back; seen looks at what the second one has become.
func (w *world) nights(down func(bool), seen func(receipt.Receipt)) {
	first := []string{"web-1,111111111111,owner,own", "web-1,222222222222,owner,a", "web-1,333333333333,owner,b", "db-3,333333333333,owner,b"}
	w.sweeps()
	w.takes(first...)
	w.later(80 * time.Minute)
	down(true)
	if err := w.org.At(placeOf(accountB)).AddNode(managed(accountB, 4, "new-3")); err != nil {
		w.t.Fatal(err)
	}
	w.sweeps()
	w.later(time.Minute)
	second := []string{"web-1,111111111111,owner,own", "web-1,222222222222,owner,a2", "web-1,333333333333,owner,b2", "app-3,333333333333,owner,b", "new-3,333333333333,owner,new"}
	seen(w.takes(second...))
	w.later(80 * time.Minute)
	w.sweeps()
	down(false)
	w.later(2 * time.Hour)
	w.sweeps()
	w.later(time.Minute)
	w.takes(second...)
	w.later(2 * time.Hour)
	w.sweeps()
}

// TestAnAccountIsAway: what a register says of an account that cannot be reached waits, and nothing of it is called absent. When it is back, all
// is as if it had never been away.
func TestAnAccountIsAway(t *testing.T) {
	never := begin(t, accountA, accountB)
	never.nights(func(bool) {}, func(r receipt.Receipt) {
		if r.Counts.Of(receipt.Put)+r.Counts.Of(receipt.Unchanged) != 5 || r.ClearedNodes != 1 {
			t.Errorf("without an outage: %+v %+v", r.Counts, r.Details)
		}
	})
	want := never.holds()
	if want["3/4 owner"] != "new" || want["2/1 owner"] != "a2" || want["3/1 owner"] != "b2" || len(want) != 5 {
		t.Errorf("the twin ends with %v", want)
	}
	for name, down := range map[string]func(*world) func(bool){
		"its role is revoked": func(w *world) func(bool) { return func(on bool) { w.org.Revoke(accountB, on) } },
		"it is suspended":     func(w *world) func(bool) { return func(on bool) { w.org.Suspend(accountB, on) } },
		"its region is off":   func(w *world) func(bool) { return func(on bool) { w.org.TurnOff(placeOf(accountB), on) } },
		"its state is lost as well": func(w *world) func(bool) {
			return func(on bool) {
				w.org.Revoke(accountB, on)
				if err := w.store().Delete(t.Context(), listed.Key(keyOf(accountB))); err != nil {
					t.Error(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t, accountA, accountB)
			before := 0
			w.nights(down(w), func(r receipt.Receipt) {
				waits := r.Counts.Of(receipt.Pending) + r.Counts.Of(receipt.Parked)
				if waits != 3 || r.ClearedNodes != 0 || r.Counts.Of(receipt.Rejected) > 0 {
					t.Errorf("%+v, %d cleared", r.Counts, r.ClearedNodes)
				}
				for _, d := range r.Details {
					if (d.Outcome == receipt.Parked || d.Outcome == receipt.Pending) && d.Reason != target.Unreachable {
						t.Errorf("%+v", d)
					}
				}
				before = w.org.At(placeOf(accountB)).Counts().Calls["PutInventory"]
				if swept := w.sweeps(); swept.Targets != 2 || len(swept.Unreachable) != 1 || swept.Unreachable[0].Account != accountB || swept.Unreachable[0].Why == "" {
					t.Errorf("the sweep: %+v", swept)
				}
			})
			if diff := cmp.Diff(want, w.holds()); diff != "" {
				t.Error(diff)
			}
			if w.parked() != never.parked() {
				t.Errorf("%d objects wait, and %d where nothing was away", w.parked(), never.parked())
			}
			if after := w.org.At(placeOf(accountB)).Counts().Calls["PutInventory"]; before == after {
				t.Error("nothing was put when it was back")
			}
		})
	}
}

// TestTargetsComeAndGo finds accounts in the organization. One that has left keeps its rows, and nothing is put or cleared there.
func TestTargetsComeAndGo(t *testing.T) {
	w := begin(t, accountA)
	found, denied := []target.Target{targetOf(accountB)}, error(nil)
	w.find = func(context.Context) ([]target.Target, error) { return found, denied }
	if got := w.takes("db-3,333333333333,owner,early"); got.Counts.Of(receipt.Parked) != 1 || got.Details[0].Reason != target.Unreachable {
		t.Errorf("before the organization was asked: %+v", got)
	}
	if got := w.sweeps(); got.Targets != 2 || len(got.Unreachable) > 0 || w.holds()["3/2 owner"] != "early" {
		t.Errorf("%+v, %v", got, w.holds())
	}
	if got := w.takes("db-4,444444444444,owner,foreign"); got.Counts.Of(receipt.Skipped) != 1 {
		t.Errorf("of an account that it has not: %+v", got.Counts)
	}
	w.later(time.Minute)
	w.takes("db-3,333333333333,owner,b", "web-1,222222222222,owner,a")
	if got := w.holds(); got["3/2 owner"] != "b" || got["2/1 owner"] != "a" {
		t.Errorf("%v", got)
	}
	denied = errors.New("denied")
	w.later(time.Hour)
	if got := w.sweeps(); got.Targets != 2 || len(got.Notes) == 0 {
		t.Errorf("the organization does not answer: %+v", got)
	}
	found, denied = nil, nil
	w.later(time.Hour)
	if got := w.sweeps(); got.Targets != 1 {
		t.Errorf("it has left: %+v", got)
	}
	known, err := listed.In(w.store()).Targets(t.Context())
	if err != nil || known.Find(keyOf(accountB)) == nil || known.Find(keyOf(accountB)).Left.IsZero() || known.Find(keyOf(accountA)).Nodes != 3 {
		t.Errorf("%+v, %v", known, err)
	}
	calls := w.org.At(placeOf(accountB)).Counts().Calls["PutInventory"]
	if got := w.takes("web-1,222222222222,owner,a", "web-1,111111111111,owner,own"); got.ClearedNodes != 0 {
		t.Errorf("%+v", got)
	}
	if got := w.holds(); got["3/2 owner"] != "b" || w.org.At(placeOf(accountB)).Counts().Calls["PutInventory"] != calls {
		t.Errorf("its rows: %v", got)
	}
	found = []target.Target{targetOf(accountB)}
	w.later(time.Hour)
	w.sweeps()
	w.takes("web-1,222222222222,owner,a", "web-1,111111111111,owner,own")
	if got := w.holds(); got["3/2 owner"] != "" {
		t.Errorf("it is back, and no longer named: %v", got)
	}
}

// TestATargetMovesIntoTheOrganization: the file lists it no longer, and the organization has it. No document in between makes a difference.
func TestATargetMovesIntoTheOrganization(t *testing.T) {
	for name, denied := range map[string]error{"the organization answers": nil, "and it does not answer at first": errors.New("denied")} {
		t.Run(name, func(t *testing.T) {
			w := begin(t, accountA, accountB)
			w.sweeps()
			w.takes("web-1,222222222222,owner,a", "web-1,333333333333,owner,b", "db-3,333333333333,owner,b")
			w.later(time.Hour)
			w.files = w.files[:1]
			w.find = func(context.Context) ([]target.Target, error) { return []target.Target{targetOf(accountB)}, denied }
			if denied != nil {
				w.sweeps()
			}
			if got := w.takes("web-1,222222222222,owner,a", "web-1,333333333333,owner,b2"); got.Counts.Of(receipt.Skipped) > 0 {
				t.Errorf("before a sweep has found it: %+v", got.Counts)
			}
			denied = nil
			w.later(time.Hour)
			w.sweeps()
			if diff := cmp.Diff(map[string]string{"2/1 owner": "a", "3/1 owner": "b2"}, w.holds()); diff != "" {
				t.Error(diff)
			}
			known, err := listed.In(w.store()).Targets(t.Context())
			if err != nil || known.Asked.IsZero() || !known.Find(keyOf(accountB)).Found || !known.Find(keyOf(accountB)).Left.IsZero() {
				t.Errorf("%+v, %v", known, err)
			}
		})
	}
}

// TestNodesAreListedOnce: what the sweep has listed is not listed again by those who take documents in, and what has not changed is not stored
// again. A node that is gone is asked for in its account alone.
func TestNodesAreListedOnce(t *testing.T) {
	w := begin(t, accountA, accountB)
	w.sweeps()
	lists := func(account string) int {
		return w.org.At(placeOf(account)).Counts().Calls["DescribeInstanceInformation"]
	}
	a, b := lists(accountA), lists(accountB)
	w.takes("web-1,222222222222,owner,a", "web-1,333333333333,owner,b")
	if lists(accountA) != a || lists(accountB) != b {
		t.Errorf("listed %d and %d times more", lists(accountA)-a, lists(accountB)-b)
	}
	w.later(76 * time.Minute)
	w.takes("web-1,222222222222,owner,a", "web-1,333333333333,owner,b")
	if lists(accountA) != a+1 || lists(accountB) != b+1 {
		t.Errorf("the sweep was too long ago: listed %d and %d times", lists(accountA)-a, lists(accountB)-b)
	}
	w.sweeps()
	a, b = lists(accountA), lists(accountB)
	if err := w.org.At(placeOf(accountA)).SetNodeState(idOf(accountA, 1), sandbox.StateTerminated); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	if got := w.takes("web-1,222222222222,owner,gone", "web-1,333333333333,owner,b"); got.Counts.Of(receipt.Parked) != 1 {
		t.Errorf("%+v", got.Counts)
	}
	if lists(accountA) == a || lists(accountB) != b {
		t.Errorf("listed %d times where it was, and %d times elsewhere", lists(accountA)-a, lists(accountB)-b)
	}
}

// TestTimeThatDoesNotSuffice: each sweep has time for one target alone, and goes on with that which was tried longest ago, also where one is down.
func TestTimeThatDoesNotSuffice(t *testing.T) {
	w := begin(t, accountA, accountB, accountC)
	w.org.Revoke(accountA, true)
	var tried []string
	for range 6 {
		w.later(time.Hour)
		clients := reach.NewClients(nil, nil, func(of target.Target) reach.SSM {
			tried = append(tried, of.Account[:1])
			return w.roles.Client(of)
		}, 0, 1)
		nodes := reach.NewNodes(clients, target.NewSet(keyOf(ownAccount), w.files), nil, func() time.Time { return w.now })
		nodes.StoredIn(w.store())
		enough := 1
		if _, _, err := nodes.Refresh(t.Context(), node.Options{}, func() bool {
			enough--
			return enough < 0
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(tried, ""); got != "234234" {
		t.Errorf("the targets of each sweep: %s", got)
	}
}

// TestNothingIsToBeDoneAboutAnAccountThatLeft: what was to be put there stays open, and is put when it is back, but nobody is called for it meanwhile.
func TestNothingIsToBeDoneAboutAnAccountThatLeft(t *testing.T) {
	w := begin(t, accountA, accountB)
	w.sweeps()
	w.takes("web-1,333333333333,owner,b")
	w.org.Revoke(accountB, true)
	w.later(time.Minute)
	w.takes("web-1,333333333333,owner,b2")
	w.later(25 * time.Hour)
	if got := w.sweeps(); got.Open != 1 || got.OpenLong != 1 {
		t.Errorf("while it is down: %+v", got)
	}
	w.files = w.files[:1]
	w.later(time.Hour)
	w.sweeps()
	if got := w.sweeps(); got.Open != 1 || got.OpenLong != 0 {
		t.Errorf("when it has left: %+v", got)
	}
	w.org.Revoke(accountB, false)
	w.files = append(w.files, targetOf(accountB))
	w.later(time.Hour)
	if got := w.sweeps(); got.Open != 0 || w.holds()["3/1 owner"] != "b2" {
		t.Errorf("when it is back: %+v, %v", got, w.holds())
	}
}

// TestWhoIsSomebodyElse: with the credentials or the region of a target, the installation's own nodes would be looked for there.
func TestWhoIsSomebodyElse(t *testing.T) {
	w := begin(t, accountA)
	w.sweeps()
	w.takes("web-1,111111111111,owner,own", "web-1,222222222222,owner,a")
	before := w.holds()
	w.own = accountA
	_, err := w.process().Directory(t.Context())
	if err == nil || !strings.Contains(err.Error(), "111111111111/eu-central-1, and the credentials and region in use are those of 222222222222/eu-central-1") {
		t.Errorf("the directory: %v", err)
	}
	w.own = ownAccount
	w.later(time.Hour)
	w.sweeps()
	if diff := cmp.Diff(before, w.holds()); diff != "" {
		t.Error(diff)
	}
}

// TestASweepIsKilled between the nodes of a target and what it notes of them: the next one looks at what is stored, not at what was noted.
func TestASweepIsKilled(t *testing.T) {
	w := begin(t, accountA)
	w.sweeps()
	before, _, err := w.store().Get(t.Context(), listed.TargetsKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{sandbox.StateTerminated, sandbox.StateRunning} {
		if err := w.org.At(placeOf(accountA)).SetNodeState(idOf(accountA, 2), state); err != nil {
			t.Fatal(err)
		}
		w.later(time.Hour)
		w.sweeps()
		if state == sandbox.StateTerminated {
			if _, err := w.store().Put(t.Context(), listed.TargetsKey, before, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := w.takes("db-2,222222222222,owner,a"); got.Counts.Of(receipt.Put) != 1 {
		t.Errorf("a node that came back: %+v", got.Counts)
	}
}
