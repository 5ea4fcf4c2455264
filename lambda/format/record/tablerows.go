package record

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// tableRows holds a table's rows by alternative while the document is read.
type tableRows []map[string]*tree.Value

// table returns the place of the rows of an alternative, which exists from now on.
func (r *reader) table(a *plan.Accept) map[string]*tree.Value {
	t := r.rows[a.Table]
	if t == nil {
		t = make(tableRows, len(r.g.Plan.Tables[a.Table].Each))
		r.rows[a.Table] = t
	}
	if t[a.Alternative] == nil {
		t[a.Alternative] = map[string]*tree.Value{}
	}
	return t[a.Alternative]
}

// row keeps a row unless its keys are known.
func (r *reader) row(a *plan.Accept, n *tree.Value) error {
	if !a.Accepts(&r.scope, n) {
		return nil
	}
	rows := r.table(a)
	key := r.g.Plan.Tables[a.Table].Key
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

// tables returns the first alternative of each table that is in the document.
func (r *reader) tables() *path.Tables {
	t := &path.Tables{Rows: map[string]map[string]*tree.Value{}}
	for i := range r.rows {
		for _, rows := range r.rows[i] {
			if rows != nil {
				t.Rows[r.g.Plan.Tables[i].Name] = rows
				break
			}
		}
	}
	return t
}
