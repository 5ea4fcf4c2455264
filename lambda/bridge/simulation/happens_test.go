package simulation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// What may happen in a history, besides what happens to heads.
const (
	killed      = "a process is killed"
	redriven    = "a dead letter comes back"
	clearedNode = "an absent node is cleared"
	namedNode   = "a node is named and not reached, and is not cleared"
	heldByBrake = "so many nodes are absent that none is cleared"
	heldByFault = "a rejected record keeps absent nodes"
	parkedOnce  = "a record is parked"
	foundLater  = "a parked record finds its node"
	mergedRows  = "a document merges rows"
	mendedFile  = "a mended file is taken in"
	listOfPages = "a list of pages is complete"
	partOnly    = "a document is a part"
	staleRecord = "a record is stale"
	rejectedOne = "a record is rejected"
	expiredRows = "rows expire"
	settledLate = "a sweep ends what was left open"
	refreshedBy = "a sweep refreshes items"
	rolledBack  = "an import is rolled back"
)

// happenings are all that happens in so many histories as CI has.
func happenings() []string {
	return []string{
		killed, redriven, clearedNode, namedNode, heldByBrake, heldByFault, parkedOnce, foundLater, mergedRows, mendedFile, listOfPages, partOnly, staleRecord,
		rejectedOne, expiredRows, settledLate, refreshedBy, rolledBack, "a head " + headDamaged, "a head " + headMissing, "a head " + headOlder,
		sparedNode, waitedForIt, putElsewhere, targetsMoved, targetFailure + refuses, targetFailure + throttles, targetFailure + isCutOff,
	}
}

func (w *world) happens(what string, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.happened[what] += times
}

// swept counts what a sweep did.
func (w *world) swept(r bridge.SweepResult) {
	w.happens(foundLater, r.Found)
	w.happens(clearedNode, r.ClearedNodes)
	w.happens(expiredRows, r.Expired)
	w.happens(settledLate, r.Settled)
	w.happens(refreshedBy, r.Refreshed)
}

// received counts what became of a document.
func (w *world) received(d *doc, r receipt.Receipt) {
	w.happens(parkedOnce, r.Counts.Of(receipt.Parked))
	w.happens(staleRecord, r.Counts.Of(receipt.Stale))
	w.happens(rejectedOne, r.Counts.Of(receipt.Rejected))
	for _, one := range r.Details {
		if one.Reason == target.Unreachable {
			w.happens(waitedForIt, 1)
		}
	}
	if merges(d.source) {
		w.happens(mergedRows, 1)
	}
	if d.mends != nil {
		w.happens(mendedFile, 1)
	}
	if d.isPart() {
		w.happens(partOnly, 1)
	}
	switch a := r.Absence; {
	case a == nil:
	case a.Cleared:
		w.happens(clearedNode, a.Done)
	case strings.Contains(a.Reason, "rejected"):
		w.happens(heldByFault, 1)
	default:
		w.happens(heldByBrake, 1)
	}
}

func (sum *totals) add(happened map[string]int) {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	for what, n := range happened {
		sum.happened[what] += n
	}
}

// check logs how often each thing happened. In CI's number of histories none may be missing.
func (sum *totals) check(t *testing.T, count uint64) {
	t.Helper()
	var lines []string
	for _, what := range happenings() {
		n := sum.happened[what]
		lines = append(lines, fmt.Sprintf("%s: %d", what, n))
		if n == 0 && count >= ciHistories && !t.Failed() {
			t.Errorf("in %d histories it never happens that %s", count, what)
		}
	}
	t.Log(strings.Join(lines, "; "))
}
