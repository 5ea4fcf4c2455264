package record

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// columns are those of the table whose rows are read: what each is was found once, and not for each cell.
type columns struct {
	names  [][]byte
	state  *plan.State // of its rows
	read   []bool
	fields []textField // those that are nothing but a text of the row; the others have no state
}

// Columns returns which columns of the row just opened are read.
func (r *reader) Columns(names [][]byte) []bool {
	c, state := &r.columns, r.frames[len(r.frames)-1].state
	if len(names) == 0 || c.state == state && len(c.names) == len(names) && &c.names[0] == &names[0] {
		return c.read[:len(names)]
	}
	asked := r.watch != nil // of all columns
	*c = columns{names: names, state: state, read: make([]bool, len(names)), fields: make([]textField, len(names))}
	for i, text := range names {
		if len(text) == 0 {
			continue
		}
		name := r.names.Find(text)
		to := r.dfa.Step(state, name)
		c.read[i] = to != nil || asked
		if to != nil && to.Plain && to.Owns == 0 && !asked && !r.g.Plan.Unescape {
			c.fields[i] = textField{state: to, name: name, kind: tree.Text}
		}
	}
	return c.read
}

// Cell takes a text of a column that is read.
func (r *reader) Cell(column int, text []byte, at scan.Place) error {
	r.place = at
	c := &r.columns
	if r.field = c.fields[column]; r.field.state != nil && c.state == r.frames[len(r.frames)-1].state {
		r.where = &r.place
		return r.CloseText(text)
	}
	action, err := r.OpenText(c.names[column], scan.Text, &r.place)
	if err != nil || action == scan.Skip {
		return err
	}
	return r.CloseText(text)
}
