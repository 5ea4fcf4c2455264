package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const stands = "stands"

// decide finds out of each entry whether it stands among those that the file states of the machine, or which one stands in its place.
func (of *traced) decide(r *record) {
	for i, e := range r.entries {
		equal := 0 // entries before it with the same values
		for _, before := range r.entries[:i] {
			if before.Type == e.Type && slices.Equal(before.row, e.row) {
				equal++
			}
		}
		e.Stands = of.standing(r, e, equal)
	}
}

func (of *traced) standing(r *record, e *entry, equal int) string {
	if e.Reject != "" {
		return "rejected: " + e.Reject
	}
	for _, s := range of.stated {
		at := slices.IndexFunc(s.Records, func(x ledger.RecordResult) bool { return x.Number == r.Number })
		i := slices.IndexFunc(s.Types, func(ts ledger.TypeStatement) bool { return ts.Type == e.Type })
		if at < 0 || s.Source != r.Source {
			continue
		}
		result := s.Records[at]
		if i < 0 {
			return outOf(result)
		}
		text := among(e, int32(at), equal, s, s.Types[i].Rows) //nolint:gosec // records of one node
		if rest, is := strings.CutPrefix(text, stands); is && s.Node == "" {
			return "waits for a node" + rest
		}
		return text
	}
	if r.Skip != "" {
		return "not stated: the record is skipped"
	}
	if m := of.about(r); m != nil && m.Decision.Outcome != node.Matched {
		return fmt.Sprintf("not stated: the machine is %s: %s", m.Decision.Outcome, m.Decision.Reason)
	}
	return "not stated: another record of the file takes its place"
}

// outOf says what became of an entry that is not among those that are stated.
func outOf(of ledger.RecordResult) string {
	if of.Outcome == "" {
		return "not stated: a newer record of the file states all of the type"
	}
	return strings.TrimSuffix(fmt.Sprintf("%s: %s", of.Outcome, of.Reason), ": ")
}

// among says what became of an entry among all rows that a statement has of its type.
func among(e *entry, record int32, equal int, s *ledger.Statement, rows []ledger.Row) string {
	own := slices.IndexFunc(rows, func(row ledger.Row) bool {
		if row.Record != record || !slices.Equal(row.Values, e.row) {
			return false
		}
		equal--
		return equal < 0
	})
	if own < 0 {
		return outOf(s.Records[record])
	}
	if rows[own].Remove {
		return "removes the entry of its key"
	}
	var set []inventory.Entry
	var index []int // of what is set among the rows
	for i, row := range rows {
		if !row.Remove {
			set, index = append(set, row.Values), append(index, i)
		}
	}
	a := e.of.Inventory.Arrange(set)
	number := func(given int32) int { return s.Records[rows[index[given]].Record].Number }
	is := func(given int32) bool { return index[given] == own }
	for _, u := range a.United {
		all := append([]int32{a.From[u.Row]}, u.Others...)
		if slices.ContainsFunc(all, is) {
			return "stands, united with " + recordsText(all, number, is)
		}
	}
	if slices.ContainsFunc(a.From, is) {
		return stands
	}
	keys := e.of.Inventory.Keys(len(a.Rows))
	for _, row := range a.Rows {
		keys.Add(row)
	}
	at := keys.Find(e.row)
	if at < 0 {
		return outOf(s.Records[record])
	}
	winner := number(a.From[at])
	if slices.ContainsFunc(a.Displaced, is) {
		return fmt.Sprintf("%s: the entry of record %d has the same key (%s), differs in %s, and comes first in the type's order",
			receipt.Displaced, winner, keyText(e), strings.Join(differing(e, a.Rows[at]), ", "))
	}
	return fmt.Sprintf("%s: the entry of record %d is the same", receipt.Duplicate, winner)
}

// recordsText names the records of other entries.
func recordsText(all []int32, number func(int32) int, is func(int32) bool) string {
	var numbers []int
	for _, given := range all {
		if !is(given) {
			numbers = append(numbers, number(given))
		}
	}
	slices.SortFunc(numbers, cmp.Compare)
	var texts []string
	for _, n := range slices.Compact(numbers) {
		texts = append(texts, fmt.Sprintf("record %d", n))
	}
	return strings.Join(texts, ", ")
}

// keyText is the key of an entry: its attributes with their values.
func keyText(e *entry) string {
	var parts []string
	for i, name := range e.of.Inventory.Attributes {
		if e.of.Inventory.InKey(i) && e.row[i] != "" {
			parts = append(parts, name+"="+planned.Shown(e.row[i]))
		}
	}
	return strings.Join(parts, " ")
}

// differing are the attributes in which another row differs.
func differing(e *entry, row inventory.Entry) []string {
	var names []string
	for i, name := range e.of.Inventory.Attributes {
		if e.row[i] != row[i] && !e.of.Inventory.IsVolatile(i) {
			names = append(names, name)
		}
	}
	return names
}
