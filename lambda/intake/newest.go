package intake

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// look is a record that looked at a part of what its source knows of a machine, or could have.
type look struct {
	of     [sha256.Size]byte // what it looked at, of which machine
	st     *statementInProgress
	record int // in the statement
}

// noteLook keeps what a record looked at. Two scans of a machine that looked at the same are one later than the other.
func (g *gathering) noteLook(h *frame.Heading, st *statementInProgress) {
	if !g.im.scoped || h.Merge || h.Newest || h.Partial {
		return
	}
	b := packed.AppendText(packed.AppendText(nil, h.Source), machineOf(h))
	for i, t := range h.States {
		b = packed.AppendUint(b, uint64(t))
		if i < len(h.Scopes) {
			b = packed.AppendText(b, h.Scopes[i])
		}
	}
	g.looks = append(g.looks, look{of: sha256.Sum256(b), st: st, record: len(st.times) - 1})
}

// machineOf is what a record calls its machine: its addresses, and all identifiers where it has none.
func machineOf(h *frame.Heading) string {
	s := h.Subject()
	if len(s.IP) > 0 {
		return strings.Join(slices.Sorted(slices.Values(s.IP)), " ")
	}
	return strings.Join(slices.Sorted(slices.Values(subjects.Identifiers(s))), "\n")
}

func (l *look) captured() int64 { return l.st.times[l.record] }

// finish leaves of each statement what no newer record of the document takes the place of, and makes the scopes of its types.
func (g *gathering) finish() error {
	g.supersede()
	stale := g.staleLooks()
	for _, st := range g.statements {
		if records := stale[st]; records != nil {
			st.drop(records)
		}
		if err := g.dropOutside(st); err != nil {
			return err
		}
		if st.mixed {
			st.dropOld(g.im.Mapping)
		}
		if st.statement.Merge && (g.im.part == nil || st.statement.Partial) {
			continue
		}
		if err := st.setScopes(&g.im.scopes); err != nil {
			return err
		}
		st.leaveUnseen()
	}
	g.mergeRejected()
	return nil
}

// mergeRejected makes merges of the snapshots of a source of which another statement about the node has a rejected record, as of those that have
// one themselves: a bad row removes nothing, whichever record it is of.
func (g *gathering) mergeRejected() {
	rejected := map[string]bool{}
	for v, st := range g.statements {
		if v.merge && slices.ContainsFunc(st.statement.Records, isRejected) {
			rejected[v.source] = true
		}
	}
	for v, st := range g.statements {
		st.statement.Merge = st.statement.Merge || rejected[v.source]
	}
}

func isRejected(r ledger.RecordResult) bool { return r.Outcome == receipt.Rejected }

// dropOutside leaves out rows of a snapshot that their record did not look at where another one has looked at them.
func (g *gathering) dropOutside(st *statementInProgress) error {
	if !g.im.scoped || st.statement.Merge {
		return nil
	}
	for t := range st.types {
		if err := st.dropOutside(t, g.im.Mapping.Types()[t].Inventory); err != nil {
			return err
		}
	}
	return nil
}

// staleLooks returns the records whose machine a newer record of the document looked at in the same way, by statement.
func (g *gathering) staleLooks() map[*statementInProgress]map[int32]bool {
	newest := map[[sha256.Size]byte]int64{}
	for i := range g.looks {
		l := &g.looks[i]
		newest[l.of] = max(newest[l.of], l.captured())
	}
	stale := map[*statementInProgress]map[int32]bool{}
	for i := range g.looks {
		l := &g.looks[i]
		if l.captured() == newest[l.of] {
			continue
		}
		if stale[l.st] == nil {
			stale[l.st] = map[int32]bool{}
		}
		stale[l.st][int32(l.record)] = true
	}
	return stale
}

// drop marks records as stale, and leaves out their rows.
func (st *statementInProgress) drop(records map[int32]bool) {
	for record := range records {
		markStale(&st.statement.Records[record], staleLook)
	}
	for i := range st.statement.Types {
		ts := &st.statement.Types[i]
		ts.Rows = slices.DeleteFunc(ts.Rows, func(r ledger.Row) bool { return records[r.Record] })
	}
}

// dropOld leaves out rows of which a newer record has one with the same key.
func (st *statementInProgress) dropOld(m *mapping.Mapping) {
	for t, p := range st.types {
		ts := &st.statement.Types[p.index]
		st.dropOldOf(m.Types()[t].Inventory, ts, isNumbered(m, t))
	}
}

// dropOldOf does so for a type. Where the mapping has a value for its key and an entry has none, nothing says that it is the same thing as
// another such entry.
func (st *statementInProgress) dropOldOf(t *inventory.Type, ts *ledger.TypeStatement, numbered bool) {
	keys := t.Keys(len(ts.Rows))
	of, newest := make([]int, len(ts.Rows)), make([]int64, 0, len(ts.Rows))
	for i := range ts.Rows {
		captured := st.times[ts.Rows[i].Record]
		at, added := keys.Add(ts.Rows[i].Values)
		if added {
			newest = append(newest, captured)
		}
		of[i], newest[at] = at, max(newest[at], captured)
	}
	if len(newest) == len(ts.Rows) {
		return
	}
	n := 0
	for i, row := range ts.Rows {
		nameless := numbered && len(t.EmptyKey(row.Values)) > 0
		if st.times[row.Record] < newest[of[i]] && !nameless {
			markStale(&st.statement.Records[row.Record], staleEntry)
			continue
		}
		ts.Rows[n] = row
		n++
	}
	ts.Rows = ts.Rows[:n]
}

// isNumbered reports whether a mapping has a value for any attribute of a type's key besides the source.
func isNumbered(m *mapping.Mapping, t int) bool {
	of := m.Types()[t].Inventory
	key := of.EmptyKey(make(inventory.Entry, len(of.Attributes)))
	has := func(f *mapping.Fill, name string) bool {
		i := slices.Index(of.Attributes, name)
		return i < len(f.Values) && f.Values[i] != nil
	}
	return slices.ContainsFunc(m.Blocks, func(b *mapping.Block) bool {
		return slices.ContainsFunc(b.Fills, func(f *mapping.Fill) bool {
			return f.Index == t && slices.ContainsFunc(key, func(name string) bool { return has(f, name) })
		})
	})
}

// look adds what a record looked at of the type; nil: all.
func (p *typeInProgress) look(scope []byte) {
	if scope == nil {
		p.all = true
	} else if !slices.ContainsFunc(p.looked, func(known []byte) bool { return bytes.Equal(known, scope) }) {
		p.looked = append(p.looked, scope)
	}
}

// indexOf returns the place of a scope among those that are not of all; -1: it is none of them, or one that covers nothing.
func (p *typeInProgress) indexOf(scope []byte) int {
	if len(scope) <= 1 { // nil, or the number of clauses alone: none
		return -1
	}
	return slices.IndexFunc(p.looked, func(known []byte) bool { return bytes.Equal(known, scope) })
}

// setScopes makes the scopes of the types of a snapshot, or of a part of one: what its records looked at together.
func (st *statementInProgress) setScopes(s *frame.Scopes) error {
	for _, p := range st.types {
		if p.all || len(p.looked) == 0 {
			continue
		}
		scope, err := s.Union(p.looked)
		if err != nil {
			return err
		}
		st.statement.Types[p.index].Scope = scope
	}
	return nil
}

// leaveUnseen leaves out the types of which the statement looked at nothing and has no rows: it says nothing of them.
func (st *statementInProgress) leaveUnseen() {
	st.statement.Types = slices.DeleteFunc(st.statement.Types, func(ts ledger.TypeStatement) bool {
		return len(ts.Rows) == 0 && ts.Scope != nil && len(ts.Scope.Clauses) == 0
	})
}
