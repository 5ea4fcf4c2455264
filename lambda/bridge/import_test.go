package bridge

import (
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	assetType         = "Custom:Asset"
	vulnerabilityType = "Custom:Vulnerability"
)

func TestWhatDidNotChangeCostsNoCall(t *testing.T) {
	first := assets(asset{"web-1", "Linux", "2026-03-01 10:00:00"}, asset{"web-2", "Linux", "2026-03-01 10:00:00"}, asset{"web-3", "Linux", "2026-03-01 10:00:00"})
	for _, c := range []struct {
		name, second string
		later        time.Duration
		calls        int
	}{
		{"the same", first, 0, 0},
		{"the same, written later", first, time.Minute, 0},
		{"rows in another order", assets(asset{"web-3", "Linux", "2026-03-01 10:00:00"}, asset{"web-1", "Linux", "2026-03-01 10:00:00"}, asset{"web-2", "Linux", "2026-03-01 10:00:00"}), time.Minute, 0},
		{"only later times", assets(asset{"web-1", "Linux", "2026-03-02 10:00:00"}, asset{"web-2", "Linux", "2026-03-02 10:00:00"}, asset{"web-3", "Linux", "2026-03-02 10:00:00"}), time.Minute, 0},
		{"one record changed", assets(asset{"web-1", "Linux", "2026-03-01 10:00:00"}, asset{"web-2", "Windows", "2026-03-01 10:00:00"}, asset{"web-3", "Linux", "2026-03-01 10:00:00"}), time.Minute, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, fleet(3))
			if got := r.put(text("a.csv", first, 0)); got.Calls != 3 || r.calls() != 3 || got.Counts.Of(receipt.Put) != 3 {
				t.Fatalf("the first import: %d calls, %+v", r.calls(), got.Counts)
			}
			got := r.put(text("a.csv", c.second, c.later))
			if r.calls()-3 != c.calls || got.Calls != c.calls || got.Counts.Of(receipt.Put) != c.calls || got.Counts.Of(receipt.Unchanged) != 3-c.calls {
				t.Errorf("%d calls, the receipt says %d, outcomes %+v; want %d", r.calls()-3, got.Calls, got.Counts, c.calls)
			}
		})
	}
}

func TestScanOfTheSameFindingsLaterCostsNoCall(t *testing.T) {
	r := newRig(t, fleet(2))
	hosts := []string{"web-1", "web-2"}
	r.put(text("scan", findings(0, hosts, []string{"1", "2"}), 0))
	calls := r.calls()
	r.put(text("scan", findings(time.Minute, hosts, []string{"2", "1"}), time.Minute))
	if r.calls() != calls {
		t.Errorf("%d calls for the same findings of a later scan", r.calls()-calls)
	}
}

func TestTwoSourcesOfOneType(t *testing.T) {
	r := newRig(t, fleet(1))
	node := nodeID(1)
	steps := []struct {
		what string
		put  func()
		want string
	}{
		{"the scan", func() { r.put(text("scan", findings(0, []string{"web-1"}, []string{"1"}), 0)) }, "1"},
		{"the packages beside it", func() { r.put(as(text("pkg", packages("CVE-2026-7"), time.Minute), node)) }, "1 CVE-2026-7"},
		{"the next scan changes only its own", func() {
			r.put(text("scan", findings(2*time.Minute, []string{"web-1"}, []string{"2", "3"}), 2*time.Minute))
		}, "2 3 CVE-2026-7"},
		{"the next packages change only their own", func() {
			r.put(as(text("pkg", packages("CVE-2026-8", "CVE-2026-9"), 3*time.Minute), node))
		}, "2 3 CVE-2026-8 CVE-2026-9"},
		{"a scan that finds nothing clears its own", func() {
			r.put(text("scan", findings(4*time.Minute, []string{"web-1"}, nil), 4*time.Minute))
		}, "CVE-2026-8 CVE-2026-9"},
		{"a report without findings clears its own", func() { r.put(as(text("pkg", packages(), 5*time.Minute), node)) }, ""},
	}
	for _, s := range steps {
		before := r.calls()
		s.put()
		if got := r.values(node, vulnerabilityType, "Id"); got != s.want {
			t.Fatalf("%s: the node holds %q, want %q", s.what, got, s.want)
		}
		if r.calls()-before != 1 {
			t.Errorf("%s: %d calls for one node, want 1", s.what, r.calls()-before)
		}
	}
}

func TestAnOlderDocumentIsStale(t *testing.T) {
	r := newRig(t, fleet(1))
	r.put(text("a.csv", fleetAssets(1, "new"), time.Minute))
	got := r.put(text("a.csv", fleetAssets(1, "old"), 0))
	if got.Counts.Of(receipt.Stale) != 1 || r.values(nodeID(1), assetType, "OS") != "new" {
		t.Errorf("%+v; the node holds %q", got.Counts, r.values(nodeID(1), assetType, "OS"))
	}
}

// TestMachinesOfOtherAccounts: where the account is known, records about nodes of another one wait for nobody.
func TestMachinesOfOtherAccounts(t *testing.T) {
	list := `{"Reservations":[{"ReservationId":"r-1","OwnerId":"999999999999","Instances":[{"InstanceId":"i-0f0f0f0f0f0f0f0f0","ImageId":"ami-1","InstanceType":"t3.micro","Placement":{"AvailabilityZone":"eu-west-1a"}}]}]}`
	for account, want := range map[string]receipt.Outcome{"": receipt.Parked, "999999999999": receipt.Parked, "111122223333": receipt.Skipped} {
		r := newRig(t, fleet(1))
		r.config.Account, r.config.Region = account, "eu-west-1"
		if got := r.put(text("list.json", list, 0)); got.Counts.Of(want) != 1 {
			t.Errorf("in account %q: %+v, want 1 %s", account, got.Counts, want)
		}
	}
}

func TestPlanPutsNothing(t *testing.T) {
	r := newRig(t, fleet(3))
	got, err := r.bridge().Import(t.Context(), text("a.csv", fleetAssets(3, "Linux"), 0), Options{Plan: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Calls != 3 || got.Nodes != 3 || got.Counts.Of(receipt.Put) != 3 || r.calls() != 0 {
		t.Errorf("the plan says %d calls for %d nodes, %+v; %d were made", got.Calls, got.Nodes, got.Counts, r.calls())
	}
	if first := r.put(text("a.csv", fleetAssets(3, "Linux"), 0)); first.Calls != 3 {
		t.Errorf("the plan left something behind: %d calls after it", first.Calls)
	}
}

func TestADocumentThatFailsHasAReceipt(t *testing.T) {
	r := newRig(t, fleet(1))
	d := text("a.csv", "hello", 0)
	d.Delivery = choose.Origin{Bucket: "uploads", Key: "servicenow/a.csv"}
	b := r.bridge()
	if _, err := b.Import(t.Context(), d, Options{}); err == nil || ClassOf(err) != Reject {
		t.Fatalf("error %v", err)
	}
	got, err := b.book.Latest(t.Context(), "servicenow/a.csv")
	if err != nil || got.Failure == "" || got.Records != 0 {
		t.Errorf("the receipt: %+v, %v", got, err)
	}
}
