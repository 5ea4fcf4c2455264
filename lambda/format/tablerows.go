package format

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// tableRows holds a table's rows by alternative while the document is read.
type tableRows []map[string]*tree.Value

// table gives the place of the rows of an alternative, which exists from now on.
func (r *reader) table(a *accept) map[string]*tree.Value {
	t := r.rows[a.table]
	if t == nil {
		t = make(tableRows, len(r.g.plan.Tables[a.table].Each))
		r.rows[a.table] = t
	}
	if t[a.alt] == nil {
		t[a.alt] = map[string]*tree.Value{}
	}
	return t[a.alt]
}

// row keeps a row unless its keys are known.
func (r *reader) row(a *accept, n *tree.Value) error {
	if !a.accepts(&r.scope, n) {
		return nil
	}
	rows := r.table(a)
	key := r.g.plan.Tables[a.table].Key
	var buf [4]string
	for i := range key {
		texts := key[i].Texts(&r.scope, n, buf[:0])
		for _, text := range texts {
			text = strings.ToLower(text)
			if rows[text] == nil {
				r.pool.Hold(n, false)
				r.pool.Spend(len(text) + rowBytes)
				rows[strings.Clone(text)] = n
			}
		}
		if len(texts) > 0 {
			break
		}
	}
	return nil
}

const rowBytes = 64 // of a place in a map, about

// tables gives the first alternative of each table that is in the document.
func (r *reader) tables() *path.Tables {
	t := &path.Tables{Rows: map[string]map[string]*tree.Value{}}
	for i := range r.rows {
		for _, rows := range r.rows[i] {
			if rows != nil {
				t.Rows[r.g.plan.Tables[i].Name] = rows
				break
			}
		}
	}
	return t
}
