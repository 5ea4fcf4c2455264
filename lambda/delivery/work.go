package delivery

import (
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// work is what a delivery has to do with one node.
type work struct {
	node    string
	records []record
	types   map[string]*typeWork                // by type: what the delivery says of it
	before  map[string]map[string]*ledger.Share // by type and source, before the delivery
	items   map[string]*ItemResult              // by type, as far as they are known
	doubts  map[string]doubt                    // by type: what may have been put under an earlier claim
	refused map[string]string                   // by type: why it may not be put
	claimed bool
	rounds  int // how often it was put
	done    bool
}

// record is a record of the document, and what is known of its outcome.
type record struct {
	number, line int
	outcome      receipt.Outcome // "": nothing yet
	reason       string
}

// spoken is what a delivery says of one type of a node.
type typeWork struct {
	sources map[string]*sourceRows // by source
	general []int32                // records that are about the item as a whole: they state that there is nothing, or remove rows
	stale   bool                   // only by sources that have stated something newer
	changed bool                   // a share is another than before
}

// voice is what one source says.
type sourceRows struct {
	rows    string  // the rows object that its share names; "": none
	records []int32 // by row: the record that it comes from, or -1
	merge   bool    // it sets and removes rows by key: what others set beside them supersedes nothing
}

func newWork(node string) *work {
	return &work{
		node: node, types: map[string]*typeWork{}, before: map[string]map[string]*ledger.Share{},
		items: map[string]*ItemResult{}, doubts: map[string]doubt{}, refused: map[string]string{},
	}
}

// speak notes that the delivery says something of a type, and what the shares were before.
func (w *work) typeWork(n *ledger.NodeState, name string) *typeWork {
	s := w.types[name]
	if s == nil {
		s = &typeWork{sources: map[string]*sourceRows{}, stale: true}
		w.types[name] = s
		w.before[name] = copyShares(n.Type(name).Shares)
	}
	return s
}

func copyShares(shares map[string]*ledger.Share) map[string]*ledger.Share {
	out := make(map[string]*ledger.Share, len(shares))
	for source, s := range shares {
		out[source] = new(*s)
	}
	return out
}

// decide makes an outcome count for a record, with the reason of the worst.
func (w *work) decide(record int32, o receipt.Outcome, reason string) {
	if record < 0 {
		return
	}
	r := &w.records[record]
	if worst := receipt.Worst(r.outcome, o); worst != r.outcome {
		r.outcome, r.reason = worst, reason
	}
}

// settle makes the outcome of a type's item count for the records that speak of it. Outcomes are those of the item's composition, by
// source and row; nil: all rows are kept.
func (w *work) settle(name string, n *ledger.NodeState, outcome receipt.Outcome, reason string, outcomes map[string][]inventory.RowOutcome) {
	s := w.types[name]
	if s == nil {
		return
	}
	if outcome != receipt.Unchanged { // which is what a record is of which nothing else is known
		for _, record := range s.general {
			w.decide(record, outcome, reason)
		}
	}
	for _, source := range slices.Sorted(maps.Keys(s.sources)) {
		v := s.sources[source]
		share := n.Type(name).Shares[source]
		other := share == nil || share.Rows != v.rows
		var ofRows []inventory.RowOutcome
		if !other {
			ofRows = outcomes[source]
		}
		for row, record := range v.records {
			w.decideRow(record, outcome, reason, other && !v.merge, ofRows, row)
		}
	}
}

func (w *work) decideRow(record int32, outcome receipt.Outcome, reason string, superseded bool, outcomes []inventory.RowOutcome, row int) {
	settled := outcome == receipt.Put || outcome == receipt.Unchanged
	switch {
	case superseded:
		w.decide(record, receipt.Stale, "the source has said something newer meanwhile")
	case settled && row < len(outcomes) && outcomes[row] == inventory.Truncated:
		w.decide(record, receipt.Truncated, "the item is full")
	case settled && row < len(outcomes) && outcomes[row] == inventory.Duplicate:
		w.decide(record, receipt.Duplicate, "another source's entry has the same key")
	default:
		w.decide(record, outcome, reason)
	}
}

// result is what Config.Observe is told.
func (w *work) result() NodeResult {
	r := NodeResult{Node: w.node}
	for _, name := range slices.Sorted(maps.Keys(w.items)) {
		r.Items = append(r.Items, *w.items[name])
	}
	return r
}

// doubt is what an intent says of puts whose end is not known.
type doubt struct {
	unsure bool
	sent   time.Time // the latest CaptureTime that they may have had
}
