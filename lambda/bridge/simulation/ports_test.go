package simulation

import (
	"fmt"
	"slices"
	"time"
)

const (
	ports     = 6 // out of how many keys ports are
	areas     = 4
	mostPages = 3
)

// writePorts writes documents of sources that look at a part of what they know, or come in parts.
func (p *planner) writePorts() {
	p.fixed = chance(p.rng, 60)
	sources := slices.DeleteFunc([]string{probe, facts, paged, feed}, func(string) bool { return chance(p.rng, 40) })
	if !p.changing() && chance(p.rng, 40) { // else the oracle would have to follow which records of a page had to wait for their node
		for n := range 1 + p.rng.IntN(2) {
			p.export(n)
		}
	}
	sources = append(sources, one(p.rng, paged, probe))
	for range 2 + p.rng.IntN(5) {
		p.docs = append(p.docs, p.document(one(p.rng, sources...)))
	}
}

// export writes a list in pages. The pages are written minutes apart, in any order, and one list hours after the other. Sometimes a page is
// written once more before the last one is: later nobody could tell whether it begins the next list.
func (p *planner) export(n int) {
	of := 2 + p.rng.IntN(mostPages-1)
	began := begin.Add(-5*time.Hour - time.Duration(n)*7*time.Hour - time.Duration(p.rng.IntN(20))*time.Minute)
	var pages []*doc
	for _, i := range p.rng.Perm(of) {
		pages = append(pages, &doc{source: paged, page: i + 1, pages: of})
	}
	for node := range p.nodes {
		for range p.rng.IntN(3) {
			d := one(p.rng, pages...)
			d.records = append(d.records, p.record(paged, node, began))
		}
	}
	for i, d := range pages {
		if len(d.records) == 0 {
			r := p.record(paged, 0, began)
			r.node, r.by, r.name = nobody, "host", "ghost-0"
			d.records = append(d.records, r)
		}
		p.add(d, began.Add(time.Duration(i)*time.Minute))
	}
	if i := p.rng.IntN(of - 1); chance(p.rng, 25) {
		p.add(p.resent(pages[i]), began.Add(time.Duration(i)*time.Minute+20*time.Second))
	}
}

func (p *planner) add(d *doc, at time.Time) {
	p.docs = append(p.docs, d)
	d.number = len(p.docs)
	d.written = at.Add(3*time.Minute + time.Duration(d.number)*time.Second)
}

// resent is a page that was asked for again, and speaks of the same nodes.
func (p *planner) resent(d *doc) *doc {
	again := *d
	d.resent = true
	again.records = slices.Clone(d.records)
	for i, r := range again.records {
		if chance(p.rng, 50) {
			again.records[i].rows = map[string][]row{portType: p.ports(p.rng.IntN(4), r.partial, r.areas)}
		}
	}
	return &again
}

// portRecord makes what a record says of ports.
func (p *planner) portRecord(source string, r *rec) {
	r.partial = source == facts && chance(p.rng, 50) || source == probe && p.fixed && chance(p.rng, 30)
	if source == probe {
		r.areas = one(p.rng, look{}, look{"1"}, look{"2", "3"}, look{"1-2"}, look{"2-4"}, look{"1", "3-4"})
	}
	r.rows[portType] = p.ports(p.rng.IntN(4), r.partial, r.areas)
}

// ports are n rows in the areas that were looked at.
func (p *planner) ports(n int, partial bool, within look) []row {
	var list []row
	for range n {
		key := p.rng.IntN(ports)
		e := row{
			ID: fmt.Sprint("k", key), Area: fmt.Sprint(1 + p.rng.IntN(areas)), Text: one(p.rng, "a", "b"),
			CVE: one(p.rng, "", "c1", "c2", "c1,c3"), Score: one(p.rng, "", "2", "10"),
			Seen: begin.Add(time.Duration(p.rng.IntN(1000)) * time.Minute).Add(-24 * time.Hour).Format(time.RFC3339),
		}
		if p.fixed {
			e.Area = fmt.Sprint(1 + key%areas)
		}
		if partial && chance(p.rng, 40) {
			e.Text = ""
		}
		if chance(p.rng, 2) {
			e.ID = ""
		}
		if partial || within.at(e.Area) {
			list = append(list, e)
		}
	}
	return list
}
