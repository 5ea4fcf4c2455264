package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
)

// undoes hands a bad document in, of a source that has stated something, and rolls its import back: then every node holds what it would hold had the
// document stated what its source had stated before. The processes that do so may die. A bad document that comes again does not count.
func (w *world) undoes(p *process, rng *rand.Rand) {
	var sources []string
	for _, d := range w.repeatable() {
		if d.source == scan || d.source == lapse || d.source == feed || d.source == register {
			sources = append(sources, d.source)
		}
	}
	if len(sources) == 0 || !chance(rng, 50) {
		return
	}
	bad := w.badDocument(one(rng, sources...), rng)
	good := w.goodDocument(p, bad)
	if good == nil {
		return
	}
	if !w.untilDone(rng, "takes in a bad document", func(ctx context.Context, p *process) error {
		_, staged, err := p.bridge.Stage(ctx, bad.input())
		for _, pointer := range staged {
			if err == nil {
				err = p.delivers(ctx, &message{doc: bad, pointer: pointer})
			}
		}
		return err
	}) {
		return
	}
	if chance(rng, 50) {
		w.sweepsSoon(p)
	}
	id := ""
	if !p.works("asks which import it was", axe{}, func(ctx context.Context) error {
		im, _, err := p.bridge.Explain(ctx, bad.input(), bridge.Options{})
		id = im.Import
		return err
	}) {
		w.failf("a bad document cannot be read again")
		return
	}
	rolls := func(ctx context.Context, p *process) error {
		_, _, err := p.bridge.Rollback(ctx, id, rollback.Options{})
		if errors.Is(err, rollback.ErrNothing) {
			return nil
		}
		return err
	}
	if !w.untilDone(rng, "rolls an import back", rolls) {
		return
	}
	w.sweepsSoon(p)
	w.knows(good)
	trusted := func(m *machine) bool { return !m.late && !m.lost }
	w.inventories(p, fmt.Sprintf("after %s #%d was rolled back", bad.source, bad.number), trusted)
	if !w.imported(p, bad, axe{}) {
		w.failf("a bad document cannot be taken in again")
	}
	delete(w.imports, bad)
	w.sweepsSoon(p)
	w.inventories(p, fmt.Sprintf("after %s #%d came again", bad.source, bad.number), trusted)
	w.happens(rolledBack, 1)
}

// knows makes the oracle believe a document.
func (w *world) knows(d *doc) {
	w.imports[d] = &handling{importRuns: []*importRun{{names: w.fleet.identifiers(), all: true}}}
	more := *w.plan
	more.events = append(slices.Clone(more.events), event{kind: toCommand, doc: d})
	w.plan = &more
}

// badDocument writes a document that is newer than all others of its source, with a record for each of some nodes that can be found now.
func (w *world) badDocument(source string, rng *rand.Rand) *doc {
	writer := planner{plan: w.plan, rng: rng, docs: w.plan.docs()}
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	d := &doc{number: 1000 + rng.IntN(1000), source: source, written: at.Add(time.Minute)}
	if source == register {
		at = d.written
	}
	for n, m := range w.fleet {
		if !m.there || chance(rng, 30) {
			continue
		}
		r := writer.record(source, n, at)
		r.at, r.name = at, m.identifier(r.by, m.name)
		for t, rows := range r.rows {
			r.rows[t] = slices.DeleteFunc(rows, func(e row) bool { return e.ID == "" })
		}
		if (source == feed || source == register) && len(r.rows[fillsOf(source)[0]]) == 0 {
			continue
		}
		d.records = append(d.records, r)
	}
	return d
}

// goodDocument is the bad one as it should have been: it states what its source had stated before. Nil: that is not known.
func (w *world) goodDocument(p *process, bad *doc) *doc {
	good := &doc{number: bad.number, source: bad.source, written: bad.written}
	if len(bad.records) == 0 {
		return nil
	}
	for n, m := range w.fleet {
		sure, doubtful := w.statedOf(n, p.ledger.Partition(m.id))
		if len(doubtful) > 0 || w.registered()[n].unknown {
			return nil
		}
		sure = slices.DeleteFunc(sure, func(d *doc) bool { return d.source != bad.source })
		if bad.source == register && len(sure) > 0 && len(rowsBefore(assetType, n, sure)) == 0 {
			return nil // it has no way to say that it knows a node, and nothing of it
		}
		at := slices.IndexFunc(bad.records, func(r rec) bool { return r.node == n })
		if slices.Contains(fillsOf(bad.source), assetType) && len(rowsBefore(assetType, n, sure)) > assetLimit {
			return nil // no document states so many
		}
		switch {
		case at >= 0:
			good.records = append(good.records, bad.records[at].before(bad.source, n, sure)...)
		case bad.source == register && len(sure) > 0:
			if !m.there {
				return nil // it is not known by which name the register knows it
			}
			r := rec{node: n, by: "node", name: m.id, at: bad.written, rows: map[string][]row{assetType: rowsBefore(assetType, n, sure)}}
			good.records = append(good.records, r)
		}
	}
	return good
}

// before are the records that state of a node what documents of its source have stated, where the record states something else.
func (r rec) before(source string, node int, docs []*doc) []rec {
	was := r
	was.rows, was.remove = map[string][]row{}, false
	for _, typ := range fillsOf(source) {
		was.rows[typ] = rowsBefore(typ, node, docs)
	}
	switch source {
	case register:
		if len(docs) == 0 {
			return nil
		}
	case feed:
		key := r.rows[findingType][0].ID
		at := slices.IndexFunc(was.rows[findingType], func(e row) bool { return e.ID == key })
		was.remove = at < 0
		if at < 0 {
			was.rows[findingType] = r.rows[findingType][:1]
		} else {
			was.rows[findingType] = was.rows[findingType][at : at+1]
		}
	}
	return []rec{was}
}

// rowsBefore are what a source states of a type after its documents.
func rowsBefore(typ string, node int, docs []*doc) []row {
	var words []word
	for _, d := range docs {
		words = append(words, d.words(node, typ)...)
	}
	var rows []row
	for _, h := range shareOf(typ, words) {
		rows = append(rows, h.row)
	}
	return rows
}

// untilDone does a piece of work, in processes that may die, until one has come to its end.
func (w *world) untilDone(rng *rand.Rand, what string, work func(context.Context, *process) error) bool {
	for try := 1; try <= mostTries+1; try++ {
		a := axe{}
		if try <= mostTries && chance(rng, 60) {
			a = axe{at: 1 + rng.IntN(40), after: chance(rng, 50)}
		}
		p := w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
		done := p.works(what, a, func(ctx context.Context) error { return work(ctx, p) })
		w.ends(p)
		if done {
			return true
		}
		time.Sleep(visibility(rng))
	}
	w.failf("%s: it fails, though nothing is wrong any more", what)
	return false
}

// sweepsSoon sweeps when no claim is held any more, and before anything expires.
func (w *world) sweepsSoon(p *process) {
	for range 2 {
		time.Sleep(5 * time.Minute)
		p.sweeps()
	}
}
