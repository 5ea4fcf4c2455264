package delivery

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/doubt"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stated"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// work is what a run has to do with one node.
type work struct {
	node    string
	records []ledger.RecordResult               // of the document, and their outcomes as far as they are decided
	several [][]int32                           // records of which rows are made that several entries were united to
	types   map[string]*typeWork                // by type: what the delivery does to it
	before  map[string]map[string]*ledger.Share // by type and source, before the delivery
	were    map[string]map[string]*ledger.Share // those that a rollback has changed already
	items   map[string]*differ.Item             // by type, as far as they are known
	doubts  doubt.List                          // what the intent was before it was claimed
	refused map[string]string                   // by type: why it may not be put
	known   map[string]*ledger.Source           // by source: what was known of it before the delivery's first statement of it; nil: nothing
	damaged string                              // what of the node's rows in the state is damaged: nothing is done to it; "": nothing
	claimed bool
	lane    *lanes.Lane // with which it was claimed
	rounds  int         // how often it was put to
	done    bool
}

// typeWork is what a delivery does to one type of a node.
type typeWork struct {
	sources map[string]*sourceRows // by source
	general []int32                // records that are about the item as a whole: they state that there is nothing, or remove rows
	stale   bool                   // all its statements are stale
	changed bool                   // a share is another than before
	forms   map[string]*past.Form  // by source: how the delivery has stated rows
}

// note notes how a source has stated rows of the type.
func (tw *typeWork) note(source string, at ledger.Stamp, whole bool, looked []ledger.Looked) {
	if tw.forms == nil {
		tw.forms = map[string]*past.Form{}
	}
	tw.forms[source] = tw.forms[source].Add(at, whole, looked)
}

// sourceRows are the rows that one source states with a delivery.
type sourceRows struct {
	rows    string  // the rows object that its share names; "": none
	compare string  // CompareSum of these; "": not known
	records []int32 // by row: the record that it comes from, or stated.NoRecord, or what stands for several
	beyond  []int32 // records of further rows, which no item has
	merge   bool    // it sets and removes rows by key: rows that others set beside them supersede nothing
}

func newWork(node string) *work {
	return &work{node: node, types: map[string]*typeWork{}, before: map[string]map[string]*ledger.Share{}}
}

// noteItem keeps what is known of an item.
func (w *work) noteItem(i *differ.Item) {
	if w.items == nil {
		w.items = map[string]*differ.Item{}
	}
	w.items[i.Type] = i
}

// refuse notes why a type may not be put; "": it may.
func (w *work) refuse(name, reason string) {
	if reason == "" {
		delete(w.refused, name)
		return
	}
	if w.refused == nil {
		w.refused = map[string]string{}
	}
	w.refused[name] = reason
}

// knownBefore is what was known of a source before the delivery's first statement of it: a document may make several about a node.
func (w *work) knownBefore(n *ledger.NodeState, source string) *ledger.Source {
	known, asked := w.known[source]
	if asked {
		return known
	}
	if w.known == nil {
		w.known = map[string]*ledger.Source{}
	}
	w.known[source] = n.Sources[source]
	return n.Sources[source]
}

// typeWork returns what the delivery does to a type, and keeps the shares as they were before.
func (w *work) typeWork(n *ledger.NodeState, name string) *typeWork {
	tw := w.types[name]
	if tw == nil {
		tw = &typeWork{sources: map[string]*sourceRows{}, stale: true}
		w.types[name] = tw
		w.before[name] = w.were[name]
		if w.before[name] == nil {
			w.before[name] = ledger.CopyShares(n.Type(name).Shares)
		}
	}
	return tw
}

// fresh reports whether any statement about the node is not stale.
func (w *work) fresh() bool {
	for _, tw := range w.types {
		if !tw.stale {
			return true
		}
	}
	return false
}

// recordsOf returns, by row, the records of this delivery that a source's stored rows come from.
func (tw *typeWork) recordsOf(source, rows string, n int) []int32 {
	if s := tw.sources[source]; s != nil && s.rows == rows && len(s.records) == n {
		return s.records
	}
	return slices.Repeat([]int32{stated.NoRecord}, n)
}

// together returns a number that stands for several records.
func (w *work) together(records []int32) int32 {
	w.several = append(w.several, records)
	return stated.NoRecord - int32(len(w.several)) //nolint:gosec // records of one node
}

// decide makes an outcome count for a record, or for several, with the reason of the worst.
func (w *work) decide(record int32, o receipt.Outcome, reason string) {
	if record < stated.NoRecord {
		for _, one := range w.several[stated.NoRecord-record-1] {
			w.decide(one, o, reason)
		}
		return
	}
	if record == stated.NoRecord {
		return
	}
	r := &w.records[record]
	if worst := receipt.Worst(r.Outcome, o); worst != r.Outcome {
		r.Outcome, r.Reason = worst, reason
	}
}

func (w *work) decideAll(first int, o receipt.Outcome, reason string) {
	for i := first; i < len(w.records); i++ {
		w.decide(int32(i), o, reason) //nolint:gosec // records of one node
	}
}

// settle makes the outcome of a type's item count for its records. Rows are the outcomes in the item's composition, by source and row;
// nil: all rows are kept.
func (w *work) settle(name string, n *ledger.NodeState, outcome receipt.Outcome, reason string, rows map[string][]inventory.RowOutcome) {
	tw := w.types[name]
	if tw == nil {
		return
	}
	if outcome != receipt.Unchanged { // which is what a record is of which nothing else is known
		for _, record := range tw.general {
			w.decide(record, outcome, reason)
		}
	}
	for _, source := range inventory.Sorted(tw.sources) {
		s, share := tw.sources[source], n.Type(name).Shares[source]
		other := share == nil || share.Rows != s.rows
		decide := func(record int32, row inventory.RowOutcome) {
			if other && !s.merge {
				w.decide(record, receipt.Stale, "the source has stated something newer meanwhile")
				return
			}
			stated.Decide(w.decide).Row(record, outcome, reason, row)
		}
		for row, record := range s.records {
			became := inventory.Kept
			if !other && row < len(rows[source]) {
				became = rows[source][row]
			}
			decide(record, became)
		}
		for _, record := range s.beyond {
			decide(record, inventory.Truncated)
		}
	}
}

// result is what Config.Observe is called with.
func (w *work) result(of target.Key) differ.Node {
	r := differ.Node{Node: w.node, Items: []differ.Item{}, Account: of.Account, Region: of.Region}
	for _, name := range inventory.Sorted(w.items) {
		r.Items = append(r.Items, *w.items[name])
	}
	return r
}
