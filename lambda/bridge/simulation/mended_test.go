package simulation

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// mendedID is the ID that rejected rows get.
const mendedID = "k1"

// mend adds mended files of what is rejected of events. Its own numbers decide, so that the histories of other seeds stay as they are. Where
// nodes change, nobody knows beforehand which records are returned and which wait.
func (p *planner) mend() {
	rng := rand.New(rand.NewPCG(p.seed, 4))
	for _, d := range slices.Clone(p.docs) {
		m := d.mended()
		if p.changing() || d.source != feed || len(m.records) == 0 {
			continue
		}
		p.docs = append(p.docs, m)
		m.number = len(p.docs)
		m.written = d.written.Add(time.Hour + time.Duration(m.number)*time.Second)
		e := event{kind: one(rng, toFunction, toCommand), doc: m, seed: rng.Uint64()}
		for range 1 + rng.IntN(2) {
			e.at = time.Minute + time.Duration(rng.Int64N(int64(12*time.Minute)))
			p.events = append(p.events, e)
		}
	}
}

// mended is the file of a document's rejected records, mended.
func (d *doc) mended() *doc {
	m := &doc{source: d.source, mends: d}
	for _, r := range d.records {
		if rows := r.rows[findingType]; len(rows) > 0 && rows[0].ID == "" {
			e := rows[0]
			e.ID = mendedID
			r.rows = map[string][]row{findingType: {e}}
			m.records = append(m.records, r)
		}
	}
	return m
}

// mends mends the file that a document's import returned, and reports whether there is one.
func (w *world) mends(d *doc) bool {
	id := w.handling(d.mends).id
	keys := w.shelf.list("rejected/" + id + "/")
	if id == "" || len(keys) != 1 {
		return false
	}
	o, err := w.shelf.get(keys[0])
	if err != nil {
		w.failf("the rejected records of %s: %v", id, err)
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d.into, d.file = id, strings.ReplaceAll(string(o.data), `{"error":`, `{"id":"`+mendedID+`","error":`) // empty values are not returned
	return true
}
