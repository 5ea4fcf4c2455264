package simulation

import (
	"slices"
	"time"
)

// pageWait is how far apart the documents of one list may be written.
const pageWait = 6 * time.Hour

// pagesOf are the documents that say which page they are, in the order in which they were written. One with a rejected row is none.
func pagesOf(docs []*doc) []*doc {
	var pages []*doc
	for _, d := range docs {
		if d.pages > 1 && !rejects(d.records) {
			pages = append(pages, d)
		}
	}
	slices.SortFunc(pages, func(a, b *doc) int { return a.written.Compare(b.written) })
	return pages
}

// listsOf are the lists of so many pages that are complete. The pages of a list were written one after the other, within the time that pages
// wait for each other, perhaps with older documents of the same pages between them. The list that was written in the shortest time counts
// first, and what was written meanwhile belongs to no other.
func listsOf(pages []*doc, of int) [][]*doc {
	pages = slices.DeleteFunc(slices.Clone(pages), func(d *doc) bool { return d.pages != of })
	var lists [][]*doc
	for {
		var best []*doc
		for i := range pages {
			for j := i + of; j <= len(pages); j++ {
				if run := pages[i:j]; isList(run) && (best == nil || took(run) < took(best)) {
					best = run
				}
			}
		}
		if best == nil {
			return lists
		}
		run := slices.Clone(best)
		lists = append(lists, slices.DeleteFunc(slices.Clone(run), func(d *doc) bool {
			return slices.ContainsFunc(run, func(o *doc) bool { return o.page == d.page && o.written.After(d.written) })
		}))
		pages = slices.DeleteFunc(pages, func(d *doc) bool { return slices.Contains(run, d) })
	}
}

func took(pages []*doc) time.Duration { return pages[len(pages)-1].written.Sub(pages[0].written) }

func isList(pages []*doc) bool {
	numbers := map[int]bool{}
	for _, d := range pages {
		numbers[d.page] = true
	}
	return len(numbers) == pages[0].pages && took(pages) <= pageWait
}

// completeLists are the lists that documents make.
func completeLists(docs []*doc) [][]*doc {
	pages := pagesOf(docs)
	var lists [][]*doc
	for of := 2; of <= mostPages; of++ {
		lists = append(lists, listsOf(pages, of)...)
	}
	return lists
}

// listWords are what all pages of a list say together of a node: what one document with all their records would, at the time of the newest of
// the pages that speak of the node.
func listWords(pages []*doc, node int) []word {
	var all []rec
	var at stamp
	for _, d := range pages {
		records := d.about(node)
		if s := (stamp{latest(records), d.written}); len(records) > 0 && s.compare(at) > 0 {
			at = s
		}
		all = append(all, records...)
	}
	if len(all) == 0 {
		return nil
	}
	return []word{{source: paged, stamp: at, manner: snapshot, set: newestRows(portType, paged, all)}}
}
