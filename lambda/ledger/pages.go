package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/lists"
)

// How long the pages of a list wait for each other.
const (
	PageWait = lists.PageWait // pages whose documents were written further apart belong to different lists
	pageKept = 24 * time.Hour // a page is forgotten when it was received so long ago
	maxPages = 2_000          // pages of one source that are remembered in a partition
)

// PageSet, PageDocument and PageList are those of package lists.
type (
	PageSet      = lists.PageSet
	PageDocument = lists.PageDocument
	PageList     = lists.PageList
)

// PageRows are the rows that a page states.
type PageRows struct {
	Import string `json:"import"`
	At     Stamp  `json:"at"`
	Rows   string `json:"rows,omitempty"`  // name of the block of rows; "": there are none
	Scope  string `json:"scope,omitempty"` // name of the scope; "": what all pages together state is all
}

// Same reports whether two are equal.
func (p PageRows) Same(other PageRows) bool {
	return p.Import == other.Import && p.Rows == other.Rows && p.Scope == other.Scope && p.At.Compare(other.At) == 0
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
	slices.SortStableFunc(s.Pages, func(a, b PageDocument) int {
		return cmp.Or(a.Written.Compare(b.Written), cmp.Compare(a.Import, b.Import))
	})
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
			maps.DeleteFunc(t.Shares, func(_ string, s *Share) bool { return s.empty() })
		}
	}
	return forgotten
}

// empty reports whether nothing is left of a share: it was made for a page that states no row.
func (s *Share) empty() bool {
	return s.Rows+s.Parts == "" && s.Stamp().IsZero() && s.Merged.IsZero() && len(s.Scopes)+len(s.Pages) == 0
}
