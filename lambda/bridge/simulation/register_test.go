package simulation

import (
	"maps"
	"slices"
)

// maxCleared is the share of nodes that a document of the register may clear, as its mapping has it.
const maxCleared = 0.4

// entry is what the register says of a node. Its documents were handled one after the other, each to its end, so that there is one
// answer; but for records that found no node then, and may have found it since, or not.
type entry struct {
	words    []*doc   // documents whose word counts
	doubtful []*doc   // documents whose word may count
	names    []string // by which the last of words named the node
	others   []string // by which the doubtful ones did
	target   int      // the node's account
	unknown  bool     // what the register does to the node depends on what is in doubt
}

// registered replays the register: by node, what it says.
func (w *world) registered() book {
	all := book{}
	for n, m := range w.fleet {
		all[n] = &entry{target: m.target}
	}
	for _, d := range w.plan.docs() {
		if h := w.imports[d]; d.source == register && h != nil && len(h.importRuns) > 0 {
			all.says(d, h)
		}
	}
	return all
}

// says adds a document, and clears what it no longer names.
func (b book) says(d *doc, h *handling) {
	runs := h.importRuns
	last := runs[len(runs)-1]
	named := map[string]bool{}
	before := map[int]entry{}
	rejected := false
	for n, e := range b {
		before[n] = *e
	}
	for _, r := range d.records {
		named[r.name] = true
		if r.node == nobody {
			continue
		}
		e := b[r.node]
		if !last.reached(r) || last.unlisted[b[r.node].target] { // it is parked as it is: what is wrong with it is not looked at
			e.doubtful, e.others = append(e.doubtful, d), append(e.others, r.name)
			continue
		}
		rejected = rejected || slices.ContainsFunc(r.rows[assetType], func(e row) bool { return e.ID == "" })
		if !slices.Contains(e.words, d) {
			e.words, e.names, e.others = append(e.words, d), nil, nil
		}
		e.names = append(e.names, r.name)
	}
	if again := disagree(d, runs); again || !rejected && !tooMuch(d, last) {
		b.clears(before, named, again, last.unlisted, h.left)
	}
}

// book is the register's word by node.
type book map[int]*entry

// disagree reports whether a document found other nodes when it was handed in again. What was decided about absent nodes then may have
// been decided otherwise before.
func disagree(d *doc, runs []*importRun) bool {
	return slices.ContainsFunc(d.records, func(r rec) bool {
		return slices.ContainsFunc(runs, func(a *importRun) bool {
			return a.reached(r) != runs[0].reached(r) || !maps.Equal(a.unlisted, runs[0].unlisted)
		})
	})
}

// group are nodes of which so many may be cleared: all, or those of one account.
type group struct{ known, absent, unsure, found int }

const everywhere = -1

func (g *group) may() bool { return float64(g.absent+g.unsure) <= max(1, maxCleared*float64(g.known)) }

func (g *group) might() bool {
	return float64(g.absent-g.found) <= max(1, maxCleared*float64(g.known+g.unsure))
}

// clears takes away what the register said of nodes that a document does not name, unless they are too many.
func (b book) clears(before map[int]entry, named map[string]bool, again bool, unlisted, left map[int]bool) {
	var absent, unsure []int
	groups := map[int]*group{everywhere: {}}
	for _, e := range b {
		groups[e.target] = &group{}
	}
	for n, e := range b {
		was := before[n]
		switch miss, missOther := !anyOf(was.names, named), !anyOf(was.others, named); {
		case e.unknown, len(was.words) > 0 && len(was.others) > 0 && miss != missOther, len(was.words) == 0 && len(was.doubtful) > 0,
			len(was.words) > 0 && miss && left[e.target]:
			unsure = append(unsure, n)
			groups[everywhere].unsure++
			groups[e.target].unsure++
			continue
		case len(was.words) > 0 && miss && !again && !slices.Equal(e.words, was.words): // the document names it in another way
		case len(was.words) > 0 && miss && unlisted[e.target]: // it proves nothing of the node
		case len(was.words) > 0 && miss:
			absent = append(absent, n)
			for _, g := range []*group{groups[everywhere], groups[e.target]} {
				g.absent++
				if len(e.doubtful) > len(was.doubtful) { // what waits of the document may have found the node before anything was decided
					g.found++
				}
			}
		}
		if len(e.words) > 0 {
			groups[everywhere].known++
			groups[e.target].known++
		}
	}
	may, might := !again, true
	for _, g := range groups {
		may, might = may && g.may(), might && g.might()
	}
	might = might || again
	for _, n := range absent {
		e := b[n]
		switch {
		case may:
			e.words, e.names = nil, nil
			e.doubtful = slices.DeleteFunc(slices.Clone(e.doubtful), func(d *doc) bool { return slices.Contains(before[n].doubtful, d) })
		case might:
			e.unknown = true
		}
	}
	for _, n := range unsure {
		was := before[n]
		dropped := len(was.words) > 0 && !anyOf(was.names, named) // where what is in doubt did not come
		b[n].unknown = b[n].unknown || might && (dropped || !anyOf(append(slices.Clone(was.names), was.others...), named))
	}
}

// namedUnreached counts the nodes that a document of the register named as one before it had, and that its run did not find by that name.
func (w *world) namedUnreached() (n int) {
	named := map[string]bool{}
	for _, d := range w.plan.docs() {
		h := w.imports[d]
		if d.source != register || h == nil || len(h.importRuns) == 0 {
			continue
		}
		last := h.importRuns[len(h.importRuns)-1]
		for _, r := range d.records {
			switch {
			case r.node == nobody:
			case last.reached(r):
				named[r.name] = true
			case named[r.name]:
				n++
			}
		}
	}
	return n
}

func anyOf(names []string, named map[string]bool) bool {
	return slices.ContainsFunc(names, func(name string) bool { return named[name] })
}

// tooMuch reports whether a document states more assets of a node than the type takes, so that they are rejected.
func tooMuch(d *doc, last *importRun) bool {
	reached := doc{records: slices.DeleteFunc(slices.Clone(d.records), func(r rec) bool { return r.node == nobody || !last.reached(r) })}
	return slices.ContainsFunc(reached.records, func(r rec) bool { return overLimit(reached.about(r.node)) })
}
