package record

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// own numbers an object to which rows of tables may belong.
func (r *reader) own(s *plan.State, n *tree.Value) {
	if s.Owns != 0 {
		n.Scope = r.owners.Begin(n.Scope, s.Owns)
		r.pool.Spend(path.OwnerBytes)
	}
}

// disown ends such an object.
func (r *reader) disown(n *tree.Value) {
	if up := r.frames[len(r.frames)-2].value; n.Scope != up.Scope {
		r.owners.End(n.Scope)
	}
}

// stand notes that rows of an alternative stand in the object around the innermost value. It returns the rows, and that object.
func (r *reader) stand(a *plan.Accept) (rows *path.Rows, owner int32) {
	if r.rows[a.Table] == nil {
		r.rows[a.Table] = make([]*path.Rows, len(r.g.Plan.Tables[a.Table].Each))
	}
	rows = r.rows[a.Table][a.Alternative]
	if rows == nil {
		rows = &path.Rows{Path: a.Number}
		r.rows[a.Table][a.Alternative] = rows
	}
	if len(r.frames) > 1 {
		owner = r.owners.Of(r.frames[len(r.frames)-2].value.Scope, a.Number)
	}
	rows.Stand(owner)
	return rows, owner
}

// row keeps a row unless its keys are known.
func (r *reader) row(a *plan.Accept, n *tree.Value) error {
	if !a.Accepts(&r.scope, n) {
		return nil
	}
	rows, owner := r.stand(a)
	key := r.g.Plan.Tables[a.Table].Key
	var buf [4]string
	for i := range key {
		texts := key[i].Texts(&r.scope, n, buf[:0])
		for _, text := range texts {
			if text = strings.ToLower(text); rows.Add(owner, text, n) {
				r.pool.Hold(n, false)
				r.pool.Spend(len(text) + rowBytes)
			}
		}
		if len(texts) > 0 {
			break
		}
	}
	return nil
}

const rowBytes = 64 // of a place in a map, about

// tables returns all tables of the document.
func (r *reader) tables() *path.Tables {
	t := &path.Tables{Owners: r.owners, Tables: map[string]*path.Table{}}
	for i, alternatives := range r.rows {
		table := &r.g.Plan.Tables[i]
		t.Tables[table.Name] = &path.Table{Parts: table.Parts, Alternatives: alternatives}
	}
	return t
}
