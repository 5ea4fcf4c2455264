package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// How long the pages of a list wait for each other.
const (
	PageWait = 6 * time.Hour  // pages whose documents were written further apart belong to different lists
	pageKept = 24 * time.Hour // a page is forgotten when it was received so long ago
	maxPages = 2_000          // pages of one source that are remembered in a partition
)

// PageSet is the pages of a source (and node, where they are about one that is named from outside) that have been applied lately.
type PageSet struct {
	Pages []PageDocument `json:"pages"` // in the order in which their documents were written
}

// PageDocument is a document that is a page.
type PageDocument struct {
	Import   string    `json:"import"`
	Number   int       `json:"number"`
	Of       int       `json:"of"`
	Written  time.Time `json:"written,omitzero"`
	Received time.Time `json:"heard"`
	Rejected bool      `json:"rejected,omitempty"` // a row of it was rejected: the list removes nothing
}

// List is under which name a head has the pages of a source.
func (p *Page) List(source string) string {
	if p.Alone == "" {
		return source
	}
	return source + "\n" + p.Alone
}

// AddPage notes that a page is applied, in each list that it belongs to. It reports whether anything is another than before.
func (h *Head) AddPage(list string, p PageDocument) (changed bool) {
	s := h.Pages[list]
	if s == nil {
		s = &PageSet{}
	}
	if slices.ContainsFunc(s.Pages, func(q PageDocument) bool { return q.Import == p.Import }) {
		return false
	}
	s.Pages = append(s.Pages, p)
	slices.SortStableFunc(s.Pages, func(a, b PageDocument) int { return a.Written.Compare(b.Written) })
	newest := s.Pages[len(s.Pages)-1].Written
	s.Pages = slices.DeleteFunc(s.Pages, func(q PageDocument) bool { return newest.Sub(q.Written) > PageWait })
	s.Pages = s.Pages[max(0, len(s.Pages)-maxPages):]
	if h.Pages == nil {
		h.Pages = map[string]*PageSet{}
	}
	h.Pages[list] = s
	return true
}

// ForgetPages forgets the pages that have waited long enough, and the rows that are kept for them. It reports whether there were any.
func (h *Head) ForgetPages(now time.Time) bool {
	forgotten := false
	for list, s := range h.Pages {
		before := len(s.Pages)
		s.Pages = slices.DeleteFunc(s.Pages, func(p PageDocument) bool { return now.Sub(p.Received) > pageKept })
		forgotten = forgotten || len(s.Pages) < before
		if len(s.Pages) == 0 {
			delete(h.Pages, list)
			forgotten = true
		}
	}
	return h.forgetPageRows() || forgotten
}

// forgetPageRows forgets the rows of pages that no list has. It reports whether there were any.
func (h *Head) forgetPageRows() bool {
	known := map[string]bool{}
	for _, s := range h.Pages {
		for _, p := range s.Pages {
			known[p.Import] = true
		}
	}
	forgotten := false
	for _, n := range h.Nodes {
		for _, t := range n.Types {
			for _, s := range t.Shares {
				before := len(s.Pages)
				s.Pages = slices.DeleteFunc(s.Pages, func(p PageRows) bool { return !known[p.Import] })
				forgotten = forgotten || len(s.Pages) < before
			}
		}
	}
	return forgotten
}

// Complete returns the imports of the pages that make a list complete, a page with the import given among them; nil: some are missing, or a
// row of one was rejected. In the order in which documents were written, each page counts for the first list that is not complete without it,
// and of several with one number the newest.
func (s *PageSet) Complete(id string) []string {
	at := slices.IndexFunc(s.Pages, func(p PageDocument) bool { return p.Import == id })
	if at < 0 {
		return nil
	}
	pages := map[int]PageDocument{}
	for _, p := range s.Pages {
		if p.Of != s.Pages[at].Of {
			continue
		}
		maps.DeleteFunc(pages, func(_ int, old PageDocument) bool { return p.Written.Sub(old.Written) > PageWait })
		pages[p.Number] = p
		if len(pages) < p.Of {
			continue
		}
		if imports := importsOf(pages); slices.Contains(imports, id) {
			return imports
		}
		clear(pages)
	}
	return nil
}

// importsOf returns the imports of pages, by number; nil where one has a rejected row.
func importsOf(pages map[int]PageDocument) []string {
	list := slices.SortedFunc(maps.Values(pages), func(a, b PageDocument) int { return cmp.Compare(a.Number, b.Number) })
	if slices.ContainsFunc(list, func(p PageDocument) bool { return p.Rejected }) {
		return nil
	}
	imports := make([]string, len(list))
	for i, p := range list {
		imports[i] = p.Import
	}
	return imports
}
