package simulation

import "slices"

// maxCleared is the share of nodes that a document of the register may clear, as its mapping has it.
const maxCleared = 0.4

// registered replays what the register's documents clear. They were handled one after the other, each to its end, so that there is one
// answer: by node, the documents whose word still counts.
func (w *world) registered() map[int][]*doc {
	words := map[int][]*doc{}
	remembered := map[int][]string{}
	for _, d := range w.plan.docs() {
		h := w.imports[d]
		if d.source != register || h == nil || len(h.attempts) == 0 {
			continue
		}
		last := h.attempts[len(h.attempts)-1]
		named := map[string]bool{}
		known := map[int][]string{}
		rejected := false
		for _, r := range d.records {
			named[r.name] = true
			if r.node == nobody || !last.reached(r) {
				continue // it is parked as it is: what is wrong with it is not looked at
			}
			rejected = rejected || r.rows[assetType][0].ID == ""
			known[r.node] = append(known[r.node], r.name)
		}
		for node, names := range known {
			words[node], remembered[node] = append(words[node], d), names
		}
		if !rejected && !overLimit(d) {
			clearAbsent(words, remembered, named)
		}
	}
	return words
}

// overLimit says whether a document states more assets of a node than the type takes, so that they are rejected.
func overLimit(d *doc) bool {
	assets := map[int]map[string]bool{}
	for _, r := range d.records {
		if assets[r.node] == nil {
			assets[r.node] = map[string]bool{}
		}
		assets[r.node][r.rows[assetType][0].ID] = true
		if r.node != nobody && len(assets[r.node]) > assetLimit {
			return true
		}
	}
	return false
}

// clearAbsent takes the word of nodes that none of their names is said of, unless they are too many.
func clearAbsent(words map[int][]*doc, remembered map[int][]string, named map[string]bool) {
	var absent []int
	for node := range words {
		if !slices.ContainsFunc(remembered[node], func(name string) bool { return named[name] }) {
			absent = append(absent, node)
		}
	}
	if float64(len(absent)) > max(1, maxCleared*float64(len(words))) {
		return
	}
	for _, node := range absent {
		delete(words, node)
	}
}

// cleared says whether a document's word about a node no longer counts, since a later one of the register did not name it.
func (w *world) cleared(node int, d *doc) bool {
	if d.source != register {
		return false
	}
	if w.register == nil {
		w.register = w.registered()
	}
	return !slices.Contains(w.register[node], d)
}
