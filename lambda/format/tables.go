package format

import "strings"

// Tables holds the rows of tables, found by key without case.
type Tables struct {
	rows  map[string]map[string]*Node // by table and lower-case key
	found func(table string, row *Node)
}

func (t *Tables) find(table, key string) *Node {
	row := t.rows[table][strings.ToLower(key)]
	if row != nil && t.found != nil {
		t.found(table, row)
	}
	return row
}

// tableRows holds a table's rows by alternative while the document is read.
type tableRows []map[string]*Node

// table gives the place of the rows of an alternative, which exists from now on.
func (r *reader) table(a *accept) map[string]*Node {
	t := r.rows[a.table]
	if t == nil {
		t = make(tableRows, len(r.g.plan.Tables[a.table].Each))
		r.rows[a.table] = t
	}
	if t[a.alt] == nil {
		t[a.alt] = map[string]*Node{}
	}
	return t[a.alt]
}

// row keeps a row unless its keys are known.
func (r *reader) row(a *accept, n *Node) error {
	if !r.accepts(a, n) {
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
				r.pool.hold(n, false)
				r.pool.spend(len(text) + rowBytes)
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
func (r *reader) tables() *Tables {
	t := &Tables{rows: map[string]map[string]*Node{}}
	for i := range r.rows {
		for _, rows := range r.rows[i] {
			if rows != nil {
				t.rows[r.g.plan.Tables[i].Name] = rows
				break
			}
		}
	}
	return t
}
