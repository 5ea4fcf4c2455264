package asof

import (
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

func TestMove(t *testing.T) {
	now := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	day := func(n int) *ledger.Statement { return &ledger.Statement{Captured: now.AddDate(0, 0, -n)} }
	list := []*ledger.Statement{day(3), day(1), day(2), day(1)}
	Move(list, now)
	for i, want := range []time.Duration{2, 0, 1, 0} {
		if got := now.Sub(list[i].Captured); got != want {
			t.Errorf("statement %d: %v before now", i, got)
		}
	}
}
