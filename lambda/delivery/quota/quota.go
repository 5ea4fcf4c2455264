// Package quota knows how many bytes may be put to a node on a day, and how many a claim reserves of them. It does not know who puts them.
package quota

import (
	"cmp"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// rollupBytes is more than a roll-up's row has.
const rollupBytes = 2 << 10

// Today begins to count a node's bytes anew where a day has begun.
func Today(n *ledger.NodeState, now time.Time) {
	if date := now.Format(time.DateOnly); n.Day.Date != date {
		n.Day = ledger.Day{Date: date}
	}
}

// Lost counts what another claim had reserved whose holder did not come back: it may have been put.
func Lost(n *ledger.NodeState, old *ledger.Claim) {
	if old != nil && old.Reserved > 0 && old.Until.UTC().Format(time.DateOnly) >= n.Day.Date {
		n.Day.Bytes += old.Reserved
	}
}

// Reserve returns what a node may put of the day's quota under one claim: some times what all the types together can have, since an
// answer may be lost.
func Reserve(n *ledger.NodeState, types []*inventory.Type) int64 {
	bound := int64(0)
	for _, t := range types {
		own := int64(0)
		for _, s := range n.Type(t.Name).Shares {
			own += int64(cmp.Or(s.Bytes, s.Count*inventory.MaxValueBytes)) + 2
			bound += rollupBytes
		}
		bound += min(own, inventory.PlannedItemBytes) + 2
	}
	most := max(2*bound, min(put.MostCalls*bound, 1<<20))
	return max(0, min(most, inventory.PlannedDayBytes-n.Day.Bytes))
}
