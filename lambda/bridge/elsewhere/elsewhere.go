// Package elsewhere knows which documents have records that were skipped, since their accounts and regions were none of the installation's, and that
// would not be skipped any more. It does not read the documents.
package elsewhere

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Document is one that is worth being put again.
type Document struct {
	Import   string
	Document string // "": it came in a message
	Received time.Time
	Records  int // of accounts and regions that are served now
	Earlier  int // documents of its mapping before it, with records of some of these
}

// Served returns the documents with records of targets that are served now, by receipts, the newest first. Of each mapping and target it is the newest.
// None counts whose key has had a newer document, nor one before another of its mapping that was about nodes of the target.
func Served(receipts []receipt.Receipt, served *target.Set) []Document {
	l := look{served: served, keys: map[string]bool{}, known: map[mark]bool{}, at: map[mark]int{}}
	for i := range receipts {
		l.add(&receipts[i])
	}
	return l.list
}

// mark is a mapping and a target.
type mark struct {
	mapping string
	at      target.Key
}

type look struct {
	served *target.Set
	keys   map[string]bool // that had a document
	known  map[mark]bool   // of which a document was about nodes
	at     map[mark]int    // which document of the list has records of it
	list   []Document
}

// add looks at the next receipt.
func (l *look) add(r *receipt.Receipt) {
	key := cmp.Or(r.Key, r.Import)
	if !r.Complete || r.Failure != "" || r.Into != "" || l.keys[key] {
		return
	}
	l.keys[key] = true
	d := Document{Import: r.Import, Received: r.Received}
	if r.Key != "" {
		d.Document = r.Document
	}
	var fresh []mark
	before := map[int]bool{}
	for _, place := range slices.Sorted(maps.Keys(r.Elsewhere)) {
		marks := l.marks(r.Mapping, place)
		for _, m := range marks {
			if at, there := l.at[m]; there {
				before[at] = true
			} else {
				fresh = append(fresh, m)
			}
		}
		if len(marks) > 0 {
			d.Records += r.Elsewhere[place]
		}
	}
	l.count(&d, fresh, before)
	for _, t := range l.served.Targets() {
		if r.Targets[t.String()] > 0 {
			l.known[mark{r.Mapping, t.Key}] = true
		}
	}
}

// count lists a document that is the newest of some marks. Another one is an earlier one of those that are.
func (l *look) count(d *Document, fresh []mark, before map[int]bool) {
	if len(fresh) == 0 {
		for at := range before {
			l.list[at].Earlier++
		}
		return
	}
	for _, m := range fresh {
		l.at[m] = len(l.list)
	}
	l.list = append(l.list, *d)
}

// marks are those of the targets that a place of skipped records may be, unless a newer document was about nodes there.
func (l *look) marks(mapping, place string) []mark {
	account, region, ok := strings.Cut(place, "/")
	if !ok {
		return nil
	}
	var list []mark
	for _, t := range l.served.Targets() {
		m := mark{mapping, t.Key}
		if (account == "" || account == t.Account) && (region == "" || region == t.Region) && !l.known[m] {
			list = append(list, m)
		}
	}
	return list
}
