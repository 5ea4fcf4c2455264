package simulation

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// mostDoubtful is how many documents may be in doubt for one node; each doubles the number of inventories that would be right.
const mostDoubtful = 8

// statedOf returns which documents of the history speak of the node for sure, and which may have.
func (w *world) statedOf(node, partition int) (sure, doubtful []*doc) {
	said := w.registered()[node]
	for _, d := range w.plan.docs() {
		h := w.imports[d]
		if h == nil || d.source == register {
			continue
		}
		certain, possible := false, false
		for _, a := range h.importRuns {
			reached := d.pages > 1 || slices.ContainsFunc(d.records, func(r rec) bool { return r.node == node && a.reached(r) && !w.waits(r, a) })
			certain = certain || reached && a.certain(partition)
			possible = possible || reached || w.parkedFor(node, d)
		}
		if certain {
			sure = append(sure, d)
		} else if possible {
			doubtful = append(doubtful, d)
		}
	}
	return append(sure, said.words...), append(doubtful, said.doubtful...)
}

// parkedFor reports whether records of the document about the node that once found none may have found it since.
func (w *world) parkedFor(node int, d *doc) bool {
	return w.plan.changing() && slices.ContainsFunc(d.records, func(r rec) bool { return r.node == node })
}

// docs are the plan's documents, each once, by their numbers.
func (p *plan) docs() []*doc {
	seen := map[*doc]bool{}
	for _, e := range p.events {
		if e.doc != nil {
			seen[e.doc] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b *doc) int { return a.number - b.number })
}

// inventory is what a node should hold, by type, after some documents and lists of pages.
func (w *world) inventory(node int, docs []*doc, lists [][]*doc) map[string][]string {
	docs = slices.DeleteFunc(docs, func(d *doc) bool { return w.expired && d.source == lapse })
	all := map[string][]string{}
	for _, typ := range types {
		words := map[string][]word{}
		for _, d := range docs {
			words[d.source] = append(words[d.source], d.words(node, typ)...)
		}
		if typ == portType {
			for _, pages := range lists {
				words[paged] = append(words[paged], listWords(pages, node)...)
			}
		}
		shares := map[string][]held{}
		for source, list := range words {
			shares[source] = shareOf(typ, list)
		}
		it := compose(typ, shares)
		all[typ] = it.rows
		if typ == findingType {
			all[summaryType] = it.rollup
		}
	}
	return all
}

// holds is what the service says that the node holds.
func (w *world) holds(node int) map[string][]string {
	all := map[string][]string{}
	for _, typ := range append(slices.Clone(types), summaryType) {
		if i, there := w.boxOf(w.fleet[node]).Inventory(w.fleet[node].id, typ); there {
			all[typ] = texts(typ, i)
			if typ == summaryType {
				slices.Sort(all[typ])
			}
		}
	}
	return all
}

// inventories checks that every node holds what the sources said last.
func (w *world) inventories(p *process, when string, trusted func(*machine) bool) {
	for n, m := range w.fleet {
		if m.there && trusted(m) {
			w.inventoryOf(when, n, p.ledger.Partition(m.id))
		}
	}
}

func (w *world) inventoryOf(when string, node, partition int) {
	sure, doubtful := w.statedOf(node, partition)
	if len(doubtful) > mostDoubtful || w.registered()[node].unknown {
		return
	}
	got := w.holds(node)
	var nearest string
	for choice := range 1 << len(doubtful) {
		docs := append(slices.Clone(sure), chosen(doubtful, choice)...)
		certain, possible := w.lists(docs, doubtful)
		for choice := range 1 << len(possible) {
			diff := difference(w.inventory(node, docs, append(slices.Clone(certain), chosen(possible, choice)...)), got)
			if diff == "" {
				return
			}
			if nearest == "" || len(diff) < len(nearest) {
				nearest = diff
			}
		}
	}
	w.failf("%s node %s holds something else than its sources say (%d documents in doubt):\n%s", when, w.fleet[node].id, len(doubtful), nearest)
}

// chosen are those of a list whose bits are set.
func chosen[T any](list []T, bits int) []T {
	var some []T
	for i, one := range list {
		if bits>>i&1 == 1 {
			some = append(some, one)
		}
	}
	return some
}

// lists are the lists that documents make. Nobody knows when a page in doubt came, and whether the others had been forgotten then.
func (w *world) lists(docs, doubtful []*doc) (certain, possible [][]*doc) {
	for _, pages := range completeLists(docs) {
		if slices.ContainsFunc(pages, func(d *doc) bool { return slices.Contains(doubtful, d) }) {
			possible = append(possible, pages)
		} else {
			certain = append(certain, pages)
		}
	}
	return certain, possible
}

// difference is where the two differ.
func difference(want, got map[string][]string) string {
	for _, typ := range append(slices.Clone(types), summaryType) {
		if !slices.Equal(want[typ], got[typ]) {
			return fmt.Sprintf("%s: %s", typ, cmp.Diff(want[typ], got[typ]))
		}
	}
	return ""
}

// rows checks that all rows can be read that heads name.
func (w *world) rows(rng *rand.Rand) {
	p := w.starts(rng) // which has nothing in memory
	if p.works("reads all rows", axe{}, func(ctx context.Context) error {
		for partition := range p.ledger.Partitions() {
			h, err := p.ledger.Load(ctx, partition)
			if err != nil {
				return err
			}
			for id, n := range h.Nodes {
				for name, typ := range n.Types {
					for source, share := range typ.Shares {
						known, ok := w.mappings.Type(name)
						if share.Rows == "" || !ok {
							continue
						}
						if _, err := p.ledger.ReadRows(ctx, h, known.Inventory, share.Rows); err != nil {
							w.failf("the rows that %s states of %s on %s: %v", source, name, id, err)
						}
					}
				}
			}
		}
		return nil
	}) {
		return
	}
	w.failf("the heads cannot be read")
}

// receipts checks that every record of every document that was handled has an outcome.
func (w *world) receipts(p *process) {
	w.happens(namedNode, w.namedUnreached())
	var pages []*doc
	defer func() { w.happens(listOfPages, len(completeLists(pages))) }()
	for _, d := range w.plan.docs() {
		h := w.imports[d]
		if h == nil || h.id == "" {
			continue
		}
		r, err := receipt.NewBook(p).Read(context.Background(), h.id)
		if err != nil {
			w.failf("the receipt of %s #%d: %v", d.source, d.number, err)
			continue
		}
		if r.Complete {
			w.sums(d, r)
			w.received(d, r)
			if d.pages > 1 {
				pages = append(pages, d)
			}
		}
	}
}

// quota checks that no node was given more in a day than is planned for.
func (w *world) quota() {
	for _, m := range w.fleet {
		for day, bytes := range w.boxOf(m).DayBytes(m.id) {
			if bytes > plannedDayBytes {
				w.failf("node %s was given %d bytes on %s", m.id, bytes, day)
			}
		}
	}
}

// plannedDayBytes is the design's: 4,000 KB of the service's 5,000.
const plannedDayBytes = 4000 << 10
