package simulation

import (
	"cmp"
	"slices"
	"time"
)

// The oracle says from what the sources said, and from nothing that the product keeps, what a node should hold. Where the product folds
// one statement after the other into what it has, the oracle looks at all of them at once, in no order.

// stamp is when something was true, and when it was written down.
type stamp struct{ at, written time.Time }

func (s stamp) compare(o stamp) int {
	return cmp.Or(s.at.Compare(o.at), s.written.Compare(o.written))
}

// manner is how a statement is meant.
type manner int

const (
	snapshot manner = iota // all that the source knows of the type
	partial                // a snapshot with a rejected record: what it says is set, nothing goes
	merge                  // rows are set and removed
)

// word is what one document says of one node and type.
type word struct {
	source string
	stamp  stamp
	manner manner
	set    []row
	gone   []string // IDs
}

// words are what a document says of a node and type.
func (d *doc) words(node int, typ string) []word {
	if merges(d.source) {
		return d.events(node, typ)
	}
	w := word{source: d.source, stamp: stamp{written: d.written}, manner: snapshot}
	said, reached := false, false
	assets := map[string]bool{}
	for _, r := range d.records {
		if r.node != node {
			continue
		}
		reached = true
		if r.at.After(w.stamp.at) {
			w.stamp.at = r.at
		}
		said = said || typ != assetType || !r.keepAssets
		for t, rows := range r.rows {
			for _, e := range rows {
				switch {
				case t == assetType && r.keepAssets:
				case e.ID == "":
					w.manner = partial
				case t == typ:
					w.set = append(w.set, e)
				}
				if t == assetType && !r.keepAssets && e.ID != "" {
					assets[e.ID] = true
				}
			}
		}
	}
	if len(assets) > assetLimit {
		w.manner = partial
		if typ == assetType {
			return nil
		}
	}
	if !reached || !said || !slices.Contains(fills(d.source), typ) {
		return nil
	}
	return []word{w}
}

// events are what a merge's records say, each with its own time.
func (d *doc) events(node int, typ string) []word {
	var words []word
	for _, r := range d.records {
		if r.node != node || typ != findingType {
			continue
		}
		w := word{source: d.source, stamp: stamp{r.at, d.written}, manner: merge}
		switch e := r.rows[findingType][0]; {
		case e.ID == "":
		case r.remove:
			w.gone = append(w.gone, e.ID)
		default:
			w.set = append(w.set, e)
		}
		words = append(words, w)
	}
	return words
}

// held is a row that a source states, and since when.
type held struct {
	row
	source string
	stamp  stamp
	gone   bool
}

// share is what a source states of a node and type after all that it said, in whatever order it came.
func shareOf(typ string, words []word) []held {
	last := stamp{}
	had := false
	for _, w := range words {
		if w.manner == snapshot && (!had || w.stamp.compare(last) > 0) {
			last, had = w.stamp, true
		}
	}
	best := pick{}
	for _, w := range words {
		since := w.stamp.compare(last)
		if had && (since < 0 || since == 0 && w.manner == merge) {
			continue
		}
		for _, e := range w.set {
			best.offer(typ, held{row: e, source: w.source, stamp: w.stamp})
		}
		for _, id := range w.gone {
			best.offer(typ, held{row: row{ID: id}, source: w.source, stamp: w.stamp, gone: true})
		}
	}
	return best.rows(typ)
}
