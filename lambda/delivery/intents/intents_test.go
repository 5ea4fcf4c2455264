package intents

import (
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

const disks = "Custom:Disk"

func opener(now time.Time) (*Intents, *bool) {
	dirty := new(bool)
	t := &inventory.Type{Name: disks}
	return &Intents{
		Types: func(name string) (*inventory.Type, bool) { return t, name == disks },
		Now:   func() time.Time { return now }, Import: "1", Dirty: dirty,
	}, dirty
}

// TestWhatWasRefusedWaits until the sources state something else.
func TestWhatWasRefusedWaits(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	i, dirty := opener(now)
	n := &ledger.NodeState{}
	typ, _ := i.Types(disks)
	want := i.Open(n, typ)
	if !*dirty || n.Intent.Import != "1" || !n.Intent.Since.Equal(now) || !i.IsOpen(n, typ) || len(i.Due(n.Intent)) != 1 {
		t.Fatalf("%+v", n.Intent)
	}
	want.Tried, want.NotBefore, *dirty = n.Type(disks).StatedHash(), now.Add(time.Hour), false
	if i.Open(n, typ); *dirty || len(i.Due(n.Intent)) != 0 {
		t.Errorf("the same is tried again: %+v", *want)
	}
	n.Type(disks).Shares = map[string]*ledger.Share{"a": {Rows: "other", Count: 1, Compare: "other"}}
	if i.Open(n, typ); !*dirty || len(i.Due(n.Intent)) != 1 {
		t.Errorf("something else waits: %+v", *want)
	}
}

// TestATypeThatIsNotLoadedStaysOpen until it is loaded again: it cannot be put, and is no part of what is composed.
func TestATypeThatIsNotLoadedStaysOpen(t *testing.T) {
	i, dirty := opener(time.Now())
	n := &ledger.NodeState{}
	n.Type("Custom:Gone").Shares = map[string]*ledger.Share{"a": {Count: 1}}
	if i.Changed(n, "Custom:Gone", &ledger.Share{}); n.Intent != nil || *dirty {
		t.Errorf("without a row: %+v", n.Intent)
	}
	if i.Changed(n, "Custom:Gone", &ledger.Share{Count: 1}); n.Intent == nil || n.Intent.Types["Custom:Gone"] == nil || !*dirty {
		t.Errorf("%+v", n.Intent)
	}
	n.Type(disks)
	if got := i.Composable(n, []string{"Custom:Gone", disks}); len(got) != 1 || got[0].Name != disks {
		t.Errorf("%v", got)
	}
}
