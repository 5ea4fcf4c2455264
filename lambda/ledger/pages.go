package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
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
	List     string    `json:"list,omitempty"`     // the list that was applied with it; "": none was
}

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

// PageList is all pages of a list.
type PageList struct {
	Imports []string // by number of the page
	Applied bool     // what they state together has been applied
}

// id names a list.
func (l *PageList) id() string {
	sum := sha256.Sum256([]byte(strings.Join(l.Imports, "\n")))
	return hex.EncodeToString(sum[:8])
}

// Lists returns the lists of so many pages that are complete, but for those with a rejected row. Pages of one list were written one after the
// other: the one counts first that was written in the shortest time, with the newest page of each number that was written meanwhile. Those pages
// belong to no other list.
func (s *PageSet) Lists(of int) []PageList {
	pages := slices.DeleteFunc(slices.Clone(s.Pages), func(p PageDocument) bool { return p.Of != of })
	var lists []PageList
	for {
		first, end := shortest(pages, of)
		if end == 0 {
			return lists
		}
		newest := map[int]PageDocument{}
		for _, p := range pages[first:end] {
			newest[p.Number] = p
		}
		lists = appendList(lists, slices.Collect(maps.Values(newest)))
		pages = slices.Delete(pages, first, end)
	}
}

// shortest returns where all numbers of a list stand that were written in the shortest time, and not too far apart; 0, 0: nowhere.
func shortest(pages []PageDocument, of int) (first, end int) {
	count, different, low, best := map[int]int{}, 0, 0, PageWait+1
	for high, p := range pages {
		count[p.Number]++
		if count[p.Number] == 1 {
			different++
		}
		for ; different == of; low++ {
			if took := p.Written.Sub(pages[low].Written); took < best {
				first, end, best = low, high+1, took
			}
			number := pages[low].Number
			count[number]--
			if count[number] == 0 {
				different--
			}
		}
	}
	return first, end
}

// appendList adds a list, unless one of its pages has a rejected row.
func appendList(lists []PageList, pages []PageDocument) []PageList {
	pages = slices.SortedFunc(slices.Values(pages), func(a, b PageDocument) int { return cmp.Compare(a.Number, b.Number) })
	var l PageList
	for _, p := range pages {
		if p.Rejected {
			return lists
		}
		l.Imports = append(l.Imports, p.Import)
	}
	id := l.id()
	l.Applied = !slices.ContainsFunc(pages, func(p PageDocument) bool { return p.List != id })
	return append(lists, l)
}

// Apply notes that a list has been applied.
func (s *PageSet) Apply(l PageList) {
	for i, p := range s.Pages {
		if slices.Contains(l.Imports, p.Import) {
			s.Pages[i].List = l.id()
		}
	}
}
