package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// decide decides about the nodes that an import's document no longer names, when all its partitions are delivered: its sources' shares
// are cleared there if the document had no rejected record and the nodes are few enough. It is decided once, and again where what was decided is
// damaged; what was decided and not done is done. The nodes are counted in the heads, and the loaded mappings say how many are few: the receipt is
// intake's to write.
func (b *Bridge) decide(ctx context.Context, r receipt.Receipt) (receipt.Receipt, error) {
	if r.Clears == nil || absentOf(r.Absent) == 0 {
		return r, nil
	}
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
	if err := b.countAbsent(ctx, r, &a); err != nil {
		return a, err
	}
	if undecided {
		proves(r, &a)
	}
	if !undecided && a.Cleared {
		return a, nil
	}
	withHelp(r.Import, &a)
	return a, b.book.Decide(ctx, r.Import, a)
}

func absentOf(list []receipt.Absent) int {
	n := 0
	for _, a := range list {
		n += a.Absent
	}
	return n
}

// countAbsent decides that nothing is cleared where too many nodes are marked as absent from an import's document.
func (b *Bridge) countAbsent(ctx context.Context, r receipt.Receipt, a *receipt.Absence) error {
	summaries, err := b.Ledger.Sources(ctx)
	if err != nil {
		return err
	}
	for _, source := range slices.Sorted(maps.Keys(summaries)) {
		if s := summaries[source]; s.Absent[r.Import] > 0 {
			b.few(a, s.Mapping, receipt.Absent{Source: source, Nodes: s.Nodes, Absent: s.Absent[r.Import]})
		}
	}
	return nil
}

// wouldClear returns what would be decided about the absent nodes of an import that is planned.
func (b *Bridge) wouldClear(r receipt.Receipt) receipt.Absence {
	a := receipt.Absence{Cleared: true}
	for _, s := range r.Absent {
		b.few(&a, r.Mapping, s)
	}
	proves(r, &a)
	withHelp(r.Import, &a)
	return a
}

// few decides that nothing is cleared where more nodes of a source are absent than its mapping clears at once.
func (b *Bridge) few(a *receipt.Absence, mapping string, s receipt.Absent) {
	m, loaded := b.Mappings.Head(mapping)
	if !loaded || !m.Absent.Clear {
		a.Cleared, a.Reason = false, "the mapping of the source "+s.Source+" does not clear absent nodes"
		return
	}
	if most := max(1, int(math.Floor(m.Absent.MaxCleared*float64(s.Nodes)))); s.Absent > most {
		a.Cleared = false
		a.Reason = fmt.Sprintf("%d of %d nodes of the source %s are not named, and at most %d may be cleared at once", s.Absent, s.Nodes, s.Source, most)
	}
}

// proves decides that nothing is cleared where a document does not prove that any node is absent.
func proves(r receipt.Receipt, a *receipt.Absence) {
	a.Sources = r.Absent
	if r.Records == 0 { // a table that was cut off behind its header looks the same
		a.Cleared, a.Reason = false, "a document without a record does not prove that nodes are absent"
	}
	if n := r.Counts.Of(receipt.Rejected); n > 0 {
		a.Cleared = false
		a.Reason = fmt.Sprintf("%d records were rejected, so the document does not prove that a node is absent", n)
	}
}

func withHelp(id string, a *receipt.Absence) {
	if !a.Cleared {
		a.Reason += "; nothing was cleared; to clear them all the same: invbridge redrive --confirm-absent " + id
	}
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
