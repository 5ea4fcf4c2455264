package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/brake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// decide decides about the nodes that an import's document no longer names, when all its partitions are delivered.
func (b *Bridge) decide(ctx context.Context, r receipt.Receipt) (receipt.Receipt, error) {
	if r.Clears == nil || absentOf(r.Absent) == 0 && r.Absence == nil {
		return r, nil
	}
	return b.decideMarked(ctx, r)
}

// decideMarked decides about the nodes that heads mark as absent from an import's document: its sources' shares are cleared there if the document had
// no rejected record and the nodes are few enough. It is decided once, and again where what was decided is damaged; what was decided and not done is
// done. The nodes are counted in the heads, and the loaded mappings say how many are few: the receipt is intake's to write, and where the import was
// delivered once more while an account was away, it counts none of that account's.
func (b *Bridge) decideMarked(ctx context.Context, r receipt.Receipt) (receipt.Receipt, error) {
	a, err := b.book.Absence(ctx, r.Import)
	undecided := errors.Is(err, fs.ErrNotExist) || errors.Is(err, receipt.ErrDamaged)
	if err != nil && !undecided {
		return r, err
	}
	if undecided || a.Cleared && !a.ByHand {
		if a, err = b.decideNow(ctx, r, a, undecided); err != nil {
			return r, err
		}
	}
	if !a.Cleared {
		r.Absence = &a
		return r, nil
	}
	return b.clear(ctx, r, a)
}

// decideNow decides by what the heads have now; what was decided to be cleared and is not done, once more.
func (b *Bridge) decideNow(ctx context.Context, r receipt.Receipt, a receipt.Absence, undecided bool) (receipt.Absence, error) {
	a.Cleared = true
	summaries, err := b.Ledger.Sources(ctx)
	if err != nil {
		return a, err
	}
	brake.Brake{Mappings: b.Mappings}.Counted(&a, r, summaries)
	if undecided {
		brake.Proves(r, &a)
	}
	if !undecided && a.Cleared {
		return a, nil
	}
	brake.WithHelp(r.Import, &a)
	return a, b.book.Decide(ctx, r.Import, a)
}

func absentOf(list []receipt.Absent) int {
	n := 0
	for _, a := range list {
		n += a.Absent
	}
	return n
}

// wouldClear returns what would be decided about the absent nodes of an import that is planned.
func (b *Bridge) wouldClear(ctx context.Context, r receipt.Receipt) (receipt.Absence, error) {
	a := receipt.Absence{Cleared: true}
	var summaries map[string]*ledger.SourceSummary
	if b.Targets.Len() > 0 {
		var err error
		if summaries, err = b.Ledger.Sources(ctx); err != nil {
			return a, err
		}
	}
	brake.Brake{Mappings: b.Mappings}.Planned(&a, r, summaries)
	brake.Proves(r, &a)
	brake.WithHelp(r.Import, &a)
	return a, nil
}

// clear clears the nodes that were decided to be cleared, in every partition.
func (b *Bridge) clear(ctx context.Context, r receipt.Receipt, a receipt.Absence) (receipt.Receipt, error) {
	d := b.deliverer(Options{Observe: b.Observe})
	done := 0
	for p := range b.Ledger.Partitions() {
		part, settled, err := d.Clear(ctx, p, r.Import)
		if err := errors.Join(err, b.settle(ctx, settled)); err != nil {
			return r, fmt.Errorf("partition %d: %w", p, err)
		}
		done += part.ClearedNodes
		r.Calls += part.Calls
		r.Bytes += part.Bytes
		r.Cleared += part.Cleared
	}
	a.Done += done
	r.ClearedNodes, r.Absence = a.Done, &a
	if done == 0 || b.Plan {
		return r, nil
	}
	return r, b.book.Decide(ctx, r.Import, a)
}

// ConfirmAbsent clears the nodes that an import's document no longer names, though the rules did not allow it without a person.
func (b *Bridge) ConfirmAbsent(ctx context.Context, id string) (receipt.Receipt, error) {
	r, err := b.book.Read(ctx, id)
	if err != nil {
		return r, err
	}
	a, err := b.book.Absence(ctx, id)
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("import %s: no node of it waits for a decision", id)
	}
	if err != nil {
		return r, err
	}
	a.Cleared, a.ByHand, a.Reason = true, true, ""
	if !b.Plan {
		err = b.book.Decide(ctx, id, a)
	}
	if err != nil {
		return r, err
	}
	before := a.Done
	r, err = b.clear(ctx, r, a)
	if err == nil && r.ClearedNodes == before {
		return r, fmt.Errorf("import %s: nothing is left to clear: a later document of the source has decided about these nodes", id)
	}
	return r, err
}
