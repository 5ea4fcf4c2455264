package delivery

import (
	"context"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// application is a statement on its way into the head.
type application struct {
	run       *run
	work      *work
	node      *ledger.NodeState
	statement *ledger.Statement
	at        ledger.Stamp
	first     int  // index of its first record in work.records
	merge     bool // rows are set and removed; nothing else goes
	joins     bool // the same document has spoken of the node by another name already: both together are what it says
	counts    bool // something of it counts: the source has not said something newer of everything
}

// apply changes the shares that the statement is about. A snapshot with a rejected record removes nothing, so all rows are looked at
// before any is applied.
func (a *application) apply(ctx context.Context) error {
	changes := make([]change, 0, len(a.statement.Types))
	for _, ts := range a.statement.Types {
		c := a.change(a.run.types[ts.Type], ts.Rows)
		changes = append(changes, c)
	}
	a.counts = len(changes) == 0
	for i := range changes {
		if err := a.applyType(ctx, &changes[i]); err != nil {
			return err
		}
	}
	return nil
}

// change is what a statement says of one type, checked and in order.
type change struct {
	t       *inventory.Type
	set     inventory.Arranged
	records []int32 // by row given to set: its record
	removed []ledger.Row
	empty   bool // the statement has no row of the type, so it says that there is nothing
	over    bool // more rows than the type takes from one source
}

func (a *application) change(t *inventory.Type, rows []ledger.Row) change {
	set, removed := a.check(t, rows)
	c := change{t: t, removed: removed, empty: len(rows) == 0}
	entries := make([]inventory.Entry, len(set))
	c.records = make([]int32, len(set))
	for i, row := range set {
		entries[i], c.records[i] = row.Values, row.Record
	}
	c.set = t.Arrange(entries)
	c.over = t.OverLimit(len(c.set.Rows))
	if c.over {
		for _, record := range c.records {
			a.reject(record, fmt.Sprintf("%d entries are more than an item of %s takes", len(c.set.Rows), t.Name))
		}
	}
	return c
}

func (a *application) reject(record int32, reason string) {
	a.work.decide(record, receipt.Rejected, reason)
	a.merge = true
}

// said is what the statement itself states.
func (c *change) stated() stated {
	s := stated{rows: c.set.Rows, stamps: make([]ledger.Stamp, len(c.set.Rows)), records: make([]int32, len(c.set.From))}
	for i, from := range c.set.From {
		s.records[i] = c.records[from]
	}
	return s
}

func (a *application) applyType(ctx context.Context, c *change) error {
	tw := a.work.typeWork(a.node, c.t.Name)
	if c.over {
		tw.stale, a.counts = false, true
		return nil
	}
	for _, i := range c.set.Duplicates {
		a.work.decide(c.records[i], receipt.Duplicate, "another entry of the same source has the same key")
	}
	if a.merge {
		return a.applyMerge(ctx, c, tw)
	}
	return a.applySnapshot(ctx, c, tw)
}

// applySnapshot makes the statement all that its source states of the type, but for what the source has stated since.
func (a *application) applySnapshot(ctx context.Context, c *change, tw *typeWork) error {
	share := a.node.Type(c.t.Name).Shares[a.statement.Source]
	if share != nil && a.staleSnapshot(share) {
		a.staleType(c)
		return nil
	}
	tw.stale, a.counts = false, true
	for _, row := range c.removed {
		a.work.decide(row.Record, receipt.Unchanged, "")
	}
	if c.empty {
		for i := a.first; i < len(a.work.records); i++ {
			tw.general = append(tw.general, int32(i)) //nolint:gosec // records of one node
		}
	}
	own := c.stated()
	if share != nil && share.Merged.Compare(a.at) > 0 {
		before, err := a.before(ctx, c.t, share, tw)
		if err != nil {
			return err
		}
		own = a.outlived(c.t, own, before)
	}
	return a.store(ctx, c.t, tw, own)
}

// staleSnapshot reports whether the source has stated something newer of the type: by capture time, at equal times by when the documents
// were written. The same snapshot again is not stale.
func (a *application) staleSnapshot(share *ledger.Share) bool {
	if staleByShard() {
		return a.at.Compare(ledger.Newest(share.Stamp(), share.Merged)) < 0
	}
	return a.at.Compare(share.Stamp()) < 0
}

// staleType is a part of a snapshot that is older than what its source has stated since.
func (a *application) staleType(c *change) {
	for i := a.first; i < len(a.work.records); i++ {
		if c.empty {
			a.work.decide(int32(i), receipt.Stale, "the source has said something newer") //nolint:gosec // records of one node
		}
	}
	for _, record := range c.records {
		a.work.decide(record, receipt.Stale, "the source has said something newer")
	}
	for _, row := range c.removed {
		a.work.decide(row.Record, receipt.Stale, "the source has said something newer")
	}
}

// outlived is a snapshot with what its source has set and removed since.
func (a *application) outlived(t *inventory.Type, snapshot, before stated) stated {
	var out stated
	keys, gone := t.Keys(0), t.Keys(0)
	for i, row := range before.rows {
		if before.stamps[i].Compare(a.at) > 0 {
			keys.Add(row)
			out.rows, out.stamps, out.records = append(out.rows, row), append(out.stamps, before.stamps[i]), append(out.records, before.records[i])
		}
	}
	for _, r := range before.removed {
		if r.At.Compare(a.at) > 0 {
			gone.Add(r.Key)
			out.removed = append(out.removed, r)
		}
	}
	for i, row := range snapshot.rows {
		if keys.Find(row) >= 0 || gone.Find(row) >= 0 {
			a.work.decide(snapshot.records[i], receipt.Stale, "the source has said something newer")
			continue
		}
		out.rows, out.stamps, out.records = append(out.rows, row), append(out.stamps, ledger.Stamp{}), append(out.records, snapshot.records[i])
	}
	out.arrange(t)
	return out
}

// applyMerge sets and removes rows by key.
func (a *application) applyMerge(ctx context.Context, c *change, tw *typeWork) error {
	var before stated
	var floor ledger.Stamp
	if share := a.node.Type(c.t.Name).Shares[a.statement.Source]; share != nil {
		var err error
		before, err = a.before(ctx, c.t, share, tw)
		if err != nil {
			return err
		}
		floor = share.Stamp()
		if staleByShard() {
			floor = ledger.Newest(floor, share.Merged)
		}
	}
	m := a.merger(c.t, floor, before, tw)
	for _, row := range c.removed {
		m.remove(row.Values, row.Record)
	}
	own := c.stated()
	for i, row := range own.rows {
		m.set(row, own.records[i])
	}
	if m.counts || len(own.rows)+len(c.removed) == 0 {
		tw.stale, a.counts = false, true
	}
	if !m.touched {
		return a.restate(c.t, tw, m.stated)
	}
	return a.store(ctx, c.t, tw, m.result())
}

// before is what the share says, with the records of this delivery from which its rows come.
func (a *application) before(ctx context.Context, t *inventory.Type, share *ledger.Share, tw *typeWork) (stated, error) {
	if share.Rows == "" {
		return stated{}, nil
	}
	old, err := a.run.readRows(ctx, t, share.Rows)
	if err != nil {
		return stated{}, err
	}
	s := stated{rows: slices.Clone(old.Rows), stamps: slices.Clone(old.Stamps), removed: slices.Clone(old.Removed)} // they are changed
	s.records = slices.Clone(tw.recordsOf(a.statement.Source, share.Rows, len(old.Rows)))
	if s.stamps == nil {
		s.stamps = make([]ledger.Stamp, len(s.rows))
	}
	return s, nil
}

// recordsOf returns, by row, the records of this delivery that a source's stored rows come from.
func (s *typeWork) recordsOf(source, rows string, n int) []int32 {
	if v := s.sources[source]; v != nil && v.rows == rows && len(v.records) == n {
		return v.records
	}
	records := make([]int32, n)
	for i := range records {
		records[i] = -1
	}
	return records
}
