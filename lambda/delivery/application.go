package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// application is a statement on its way into the head.
type application struct {
	run       *run
	work      *work
	node      *ledger.Node
	statement *ledger.Statement
	at        time.Time // its time
	first     int       // index of its first record in work.records
	merge     bool      // rows are set and removed; nothing else goes
}

// apply changes the shards that the statement is about. A snapshot with a rejected record removes nothing, so all rows are looked at
// before any is applied.
func (a *application) apply(ctx context.Context) error {
	changes := make([]change, 0, len(a.statement.Types))
	for _, ts := range a.statement.Types {
		c := a.change(a.run.types[ts.Type], ts.Rows)
		changes = append(changes, c)
	}
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
	if c.over = t.OverLimit(len(c.set.Rows)); c.over {
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

func (a *application) applyType(ctx context.Context, c *change) error {
	spoken := a.work.speak(a.node, c.t.Name)
	spoken.stale = false
	if c.over {
		return nil
	}
	for _, i := range c.set.Displaced {
		a.work.decide(c.records[i], receipt.Duplicate, "another entry of the same source has the same key")
	}
	if c.empty && !a.statement.Merge {
		for i := a.first; i < len(a.work.records); i++ {
			spoken.general = append(spoken.general, int32(i)) //nolint:gosec // records of one node
		}
	}
	rows, err := a.rows(ctx, c, spoken)
	if err != nil {
		return err
	}
	return a.store(ctx, c.t, spoken, rows)
}

// stated are the rows of a shard as the statement makes them.
type stated struct {
	rows    []inventory.Entry
	records []int32 // by row: its record, -1 where it is not of this delivery
}

// rows says what the shard's rows are with the statement: its own in a snapshot, those that were there with its changes in a merge.
func (a *application) rows(ctx context.Context, c *change, spoken *spoken) (stated, error) {
	own := stated{rows: c.set.Rows, records: make([]int32, len(c.set.From))}
	for i, from := range c.set.From {
		own.records[i] = c.records[from]
	}
	shard := a.node.Type(c.t.Name).Shards[a.statement.Source]
	if !a.merge || shard == nil {
		a.missed(c.removed)
		return own, nil
	}
	old, err := a.run.readRows(ctx, c.t, shard.Rows)
	if err != nil {
		return stated{}, err
	}
	before := stated{rows: old, records: spoken.recordsOf(a.statement.Source, shard.Rows, len(old))}
	return a.merged(c, before, own, spoken), nil
}

// missed are removals of what is not there: nothing changes.
func (a *application) missed(removed []ledger.Row) {
	for _, row := range removed {
		a.work.decide(row.Record, receipt.Unchanged, "")
	}
}

// recordsOf returns, by row, the records of this delivery that a source's stored rows come from.
func (s *spoken) recordsOf(source, rows string, n int) []int32 {
	if v := s.voices[source]; v != nil && v.rows == rows && len(v.records) == n {
		return v.records
	}
	records := make([]int32, n)
	for i := range records {
		records[i] = -1
	}
	return records
}

// merged sets and removes rows by key. What one statement both sets and removes is set.
func (a *application) merged(c *change, before, own stated, spoken *spoken) stated {
	keys := c.t.Keys(len(own.rows))
	for _, row := range own.rows {
		keys.Add(row)
	}
	gone := c.t.Keys(len(c.removed))
	hit := make([]bool, len(c.removed))
	for _, row := range c.removed {
		gone.Add(row.Values)
	}
	all := stated{rows: own.rows, records: own.records}
	for i, row := range before.rows {
		removal := gone.Find(row)
		switch {
		case keys.Find(row) >= 0:
			a.work.decide(before.records[i], receipt.Duplicate, "a later entry of the same source has the same key")
		case removal >= 0:
			hit[removal] = true
			a.work.decide(before.records[i], receipt.Duplicate, "a later record of the same source removes it")
		default:
			all.rows, all.records = append(all.rows, row), append(all.records, before.records[i])
		}
	}
	for _, row := range c.removed {
		if at := gone.Find(row.Values); hit[at] {
			spoken.general = append(spoken.general, row.Record)
		} else {
			a.missed([]ledger.Row{row})
		}
	}
	arranged := c.t.Arrange(all.rows)
	out := stated{rows: arranged.Rows, records: make([]int32, len(arranged.From))}
	for i, from := range arranged.From {
		out.records[i] = all.records[from]
	}
	return out
}

// store makes rows the shard of the statement's source. Rows that differ in volatile attributes only are not stored: the shard keeps
// those of its last real change, and only its time moves.
func (a *application) store(ctx context.Context, t *inventory.Type, spoken *spoken, s stated) error {
	held, source := a.node.Type(t.Name), a.statement.Source
	shard := held.Shards[source]
	if len(s.rows) == 0 {
		delete(spoken.voices, source)
		if shard != nil {
			delete(held.Shards, source)
			spoken.changed, a.run.dirty = true, true
		}
		return nil
	}
	now := ledger.Shard{
		Compare: t.CompareSum(s.rows), Count: len(s.rows), Captured: a.at,
		Written: a.run.header.Written.UTC(), Stated: a.run.header.Received.UTC(),
	}
	if shard != nil && a.statement.Merge {
		now.Captured, now.Merged = newest(shard.Captured, a.at), true
	}
	if shard != nil && shard.Compare == now.Compare {
		now.Rows = shard.Rows
	} else {
		name, err := a.run.writeRows(ctx, t, s.rows)
		if err != nil {
			return err
		}
		now.Rows = name
		spoken.changed = true
	}
	if held.Shards == nil {
		held.Shards = map[string]*ledger.Shard{}
	}
	if shard == nil || !sameShard(*shard, now) {
		held.Shards[source] = &now
		a.run.dirty = true
	}
	spoken.voices[source] = &voice{rows: now.Rows, records: s.records}
	return nil
}

func sameShard(a, b ledger.Shard) bool {
	return a.Rows == b.Rows && a.Compare == b.Compare && a.Captured.Equal(b.Captured) && a.Written.Equal(b.Written) && a.Merged == b.Merged
}
