package read

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// outside remembers what paths of expressions lead to outside of entries, while those of one record are read: it is the same for all entries
// of an object, and what is asked may be long, such as all relationships of a list of packages.
type outside struct {
	reading bool // the entries of a record are being read
	lists   []outsideList
}

// outsideList is the strings that a path leads to from one place.
type outsideList struct {
	path  *path.Path
	in    *tree.Value // of $up: where the entry stands
	spool int64       // its number there: another value may take its place in memory
	known bool        // texts are known: it was asked for a second time
	texts []string
}

// begin begins with the entries of another record, or ends with those of one.
func (o *outside) begin(reading bool) { o.reading, o.lists = reading, o.lists[:0] }

// texts appends the strings that a path leads to.
func (o *outside) texts(p *path.Path, s *path.Scope, from *tree.Value, to []string) []string {
	if !o.reading || p.Root != path.RootUp && p.Root != path.RootDoc {
		return p.Texts(s, from, to)
	}
	asked := outsideList{path: p}
	if p.Root == path.RootUp && from.Parent != nil {
		asked.in, asked.spool = from.Parent, from.Parent.Spooled
	}
	at := slices.IndexFunc(o.lists, func(l outsideList) bool { return l.path == p })
	if at < 0 {
		o.lists = append(o.lists, asked)
		return p.Texts(s, from, to)
	}
	l := &o.lists[at]
	if l.in != asked.in || l.spool != asked.spool {
		*l = asked
		return p.Texts(s, from, to)
	}
	if !l.known {
		l.known, l.texts = true, p.Texts(s, from, nil)
		for i, text := range l.texts {
			l.texts[i] = strings.Clone(text)
		}
	}
	return append(to, l.texts...)
}
