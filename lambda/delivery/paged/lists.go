// Package paged knows which lists are complete with a document that is a page, and what pages state together. It does not know how that is
// applied.
package paged

import (
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Lists are those of which a delivery's document is a page.
type Lists struct {
	Changed bool // the head has changed

	page     *ledger.Page
	found    bool
	head     *ledger.Head
	document ledger.PageDocument
	bySource map[string]*lists
}

// lists are those of one source that are complete.
type lists struct {
	pages *ledger.PageSet
	own   *ledger.PageList  // of which the document is a page; nil: some pages are missing
	other []ledger.PageList // not applied yet: now that the document is known, they are lists
}

// Of notes in a head that a delivery's document is a page, where it is one. Received is when it was taken in.
func Of(head *ledger.Head, h ledger.Header, received time.Time) *Lists {
	l := &Lists{page: h.Page, found: h.Found, head: head, bySource: map[string]*lists{}}
	if h.Page == nil {
		return l
	}
	l.document = ledger.PageDocument{Import: h.Import, Number: h.Page.Number, Of: h.Page.Of, Written: h.Written.UTC(), Received: received}
	sources := h.Page.Sources
	if len(sources) == 0 {
		sources = []string{h.Mapping}
	}
	for _, source := range sources {
		l.of(source)
	}
	return l
}

// of returns the complete lists of a source.
func (l *Lists) of(source string) *lists {
	if known := l.bySource[source]; known != nil {
		return known
	}
	name := l.page.List(source)
	if !l.found && l.head.AddPage(name, l.document) {
		l.Changed = true
	}
	found := &lists{pages: l.head.Pages[name]}
	l.bySource[source] = found
	if found.pages == nil {
		return found
	}
	for _, list := range found.pages.Lists(l.page.Of) {
		switch {
		case slices.Contains(list.Imports, l.document.Import):
			found.own = &list
		case !list.Applied:
			found.other = append(found.other, list)
		}
	}
	return found
}

// Has reports whether the document is a page of a source's list.
func (l *Lists) Has(source string) bool {
	return l.page != nil && (len(l.page.Sources) == 0 || slices.Contains(l.page.Sources, source))
}

// Own returns the list of a source of which the document is a page; nil: some pages are missing.
func (l *Lists) Own(source string) *ledger.PageList { return l.of(source).own }

// Other returns the lists of a source that are complete, and have not been applied, and of which the document is no page.
func (l *Lists) Other(source string) []ledger.PageList { return l.of(source).other }

// Sources returns those of which the document is a page, as far as they are known, sorted.
func (l *Lists) Sources() []string { return slices.Sorted(maps.Keys(l.bySource)) }

// Reject notes that a row of the document was rejected, so that the list of which it is a page removes nothing.
func (l *Lists) Reject(source string) {
	if !l.Has(source) {
		return
	}
	of := l.of(source)
	of.own = nil
	if of.pages == nil {
		return
	}
	for i := range of.pages.Pages {
		if p := &of.pages.Pages[i]; p.Import == l.document.Import && !p.Rejected {
			p.Rejected, l.Changed = true, true
		}
	}
}

// Speak reports whether a page of a list that is complete states anything of a node.
func (l *Lists) Speak(n *ledger.NodeState) bool {
	for source, of := range l.bySource {
		for _, t := range n.Types {
			share := t.Shares[source]
			if share == nil {
				continue
			}
			if of.own != nil && len(Kept(share, *of.own)) > 0 ||
				slices.ContainsFunc(of.other, func(list ledger.PageList) bool { return len(Kept(share, list)) > 0 }) {
				return true
			}
		}
	}
	return false
}

// Applied notes that the complete lists have been applied.
func (l *Lists) Applied() {
	for _, of := range l.bySource {
		for _, list := range of.other {
			of.pages.Apply(list)
			l.Changed = true
		}
		if of.own != nil && !of.own.Applied {
			of.pages.Apply(*of.own)
			l.Changed = true
		}
	}
}
