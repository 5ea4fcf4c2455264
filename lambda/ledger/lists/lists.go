// Package lists knows which pages that were applied make a list. It does not know what they state.
package lists

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"
)

// PageWait is how far apart pages of one list may have been written.
const PageWait = 6 * time.Hour

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
