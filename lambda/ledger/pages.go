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
	Rows   string `json:"rows,omitempty"`  // name of the rows object; "": there are none
	Scope  string `json:"scope,omitempty"` // name of the scope's object; "": what all pages together state is all
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
	return s.Rows == "" && s.Stamp().IsZero() && s.Merged.IsZero() && len(s.Scopes)+len(s.Pages) == 0
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
// other: of lists that have a page in common the one counts that was written in the shortest time. Where a page was sent again meanwhile,
// the newest of each number counts, among those that belong to no list.
func (s *PageSet) Lists(of int) []PageList {
	pages := slices.DeleteFunc(slices.Clone(s.Pages), func(p PageDocument) bool { return p.Of != of })
	used := make([]bool, len(pages))
	var lists []PageList
	for _, first := range inARow(pages, of) {
		row := used[first : first+of]
		if slices.Contains(row, true) {
			continue
		}
		for i := range row {
			row[i] = true
		}
		lists = appendList(lists, pages[first:first+of])
	}
	newest := map[int]PageDocument{}
	for i, p := range pages {
		if !used[i] {
			newest[p.Number] = p
		}
	}
	if len(newest) == of {
		lists = appendList(lists, slices.Collect(maps.Values(newest)))
	}
	return lists
}

// inARow returns where so many pages with different numbers stand in a row that were not written too far apart, by the time that took.
func inARow(pages []PageDocument, of int) []int {
	var found []int
	count, different := map[int]int{}, 0
	for i, p := range pages {
		if count[p.Number]++; count[p.Number] == 1 {
			different++
		}
		if i >= of {
			old := pages[i-of].Number
			if count[old]--; count[old] == 0 {
				different--
			}
		}
		if different == of {
			found = append(found, i-of+1)
		}
	}
	took := func(first int) time.Duration { return pages[first+of-1].Written.Sub(pages[first].Written) }
	found = slices.DeleteFunc(found, func(first int) bool { return took(first) > PageWait })
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(took(a), took(b)) })
	return found
}

// appendList adds a list, unless one of its pages has a rejected row, or was written too long after another.
func appendList(lists []PageList, pages []PageDocument) []PageList {
	pages = slices.SortedFunc(slices.Values(pages), func(a, b PageDocument) int { return cmp.Compare(a.Number, b.Number) })
	first, last := pages[0].Written, pages[0].Written
	var l PageList
	for _, p := range pages {
		if p.Rejected {
			return lists
		}
		if p.Written.Before(first) {
			first = p.Written
		}
		if p.Written.After(last) {
			last = p.Written
		}
		l.Imports = append(l.Imports, p.Import)
	}
	if last.Sub(first) > PageWait {
		return lists
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
