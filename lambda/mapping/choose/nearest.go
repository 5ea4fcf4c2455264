package choose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

const (
	maxNearest = 3 // mappings that an error names
	maxMissing = 8 // columns or paths that it names of one
)

// nearest is a mapping that does not recognise a document, and what it misses.
type nearest struct {
	*Candidate
	near head.Near
	what string // of what so much is there: "columns"
}

// nearest returns the mappings that recognise most of the document, as an error names them; "" where none recognises the half of what it
// asks for. It says what is missing by the names that stand in the mappings, and nothing of the document.
func (c *chooser) nearest(some []*Candidate) string {
	var all []nearest
	for _, m := range some {
		if n, ok := c.nearestOf(m); ok {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, nearest.compare)
	texts := make([]string, 0, maxNearest)
	for _, n := range all[:min(len(all), maxNearest)] {
		texts = append(texts, n.String())
	}
	return strings.Join(texts, " - ")
}

// nearestOf returns what the alternative lacks that lacks the least, of those of a mapping that ask for things of this kind. Where others are
// as near and each lacks one thing, what they lack is named together: any of it would do.
func (c *chooser) nearestOf(m *Candidate) (nearest, bool) {
	var best nearest
	var missing []string
	for _, a := range m.Detect {
		n := nearest{Candidate: m}
		n.near, n.what = c.near(a)
		order := -1
		switch {
		case n.near.Has == 0 || n.near.Has < n.near.Lacks():
			continue
		case best.what != "":
			order = n.compare(best)
		}
		if order < 0 {
			best, missing = n, nil
		}
		if order <= 0 && len(n.near.Missing) == 1 {
			missing = append(missing, n.near.Missing[0])
		}
	}
	if len(best.near.Missing) == 1 {
		best.near.Missing = slices.Compact(missing)
	}
	return best, best.what != ""
}

// near returns how much of an alternative the document has, and of what.
func (c *chooser) near(a *Alternative) (head.Near, string) {
	switch is := c.head.Format(); {
	case (a.Kind == "csv" || a.Kind == "xlsx") && (is == syntax.CSV && a.Kind == "csv" || is == syntax.Workbook):
		return c.head.NearColumns(a.asks().names, &a.asks().columns), "columns"
	case a.Kind == "zip" && is == syntax.Archive:
		return c.head.NearMembers(a.asks().names), "members"
	case a.Kind == "keyvalue" && is == syntax.CSV:
		return c.head.NearKeys(a.asks().names), "keys"
	case a.isOf(c.head):
		return c.nearConditions(a), "conditions"
	}
	return head.Near{}, ""
}

func (c *chooser) nearConditions(a *Alternative) head.Near {
	n := head.Near{Of: a.weight()}
	for _, k := range a.conditions() {
		if !k.holds(c.head) {
			n.Missing = append(n.Missing, k.text)
		}
	}
	n.Has = n.Of - len(n.Missing)
	return n
}

// compare puts what lacks less, in relation to what is there, first.
func (n nearest) compare(other nearest) int {
	return cmp.Or(
		cmp.Compare(n.near.Lacks()*(other.near.Has+other.near.Lacks()), other.near.Lacks()*(n.near.Has+n.near.Lacks())),
		cmp.Compare(other.near.Has, n.near.Has))
}

// String is as in "3 of 4 columns of backup-report; none of: Server".
func (n nearest) String() string {
	text := fmt.Sprintf("%d of %d %s of %s", n.near.Has, n.near.Of, n.what, n.Name)
	if n.near.Least > n.near.Has {
		text += fmt.Sprintf(", and %d are needed", n.near.Least)
	}
	if len(n.near.Missing) == 0 {
		return text
	}
	text += "; none of: " + strings.Join(n.near.Missing[:min(len(n.near.Missing), maxMissing)], ", ")
	if more := len(n.near.Missing) - maxMissing; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
