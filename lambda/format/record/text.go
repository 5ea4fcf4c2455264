package record

import (
	"bytes"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// textField is a field that is a text, between its beginning and its end.
type textField struct {
	state *plan.State // nil: it was opened as any value is
	name  *tree.Name
	index int32
	kind  tree.Kind
}

// OpenText begins a field that is a text, or an element that has nothing but one. Most are nothing but the text of a value that encloses them.
func (r *reader) OpenText(name []byte, kind scan.Kind, where scan.Where) (scan.Action, error) {
	r.field.state = nil
	if r.watch != nil && r.watchedText(name) {
		return scan.Enter, nil
	}
	up := &r.frames[len(r.frames)-1]
	if up.tuple || r.watch != nil || r.g.Plan.Unescape {
		return r.Open(name, kind, where.At())
	}
	field := r.names.Find(name)
	state := r.dfa.Step(up.state, field)
	if state != nil && (!state.Plain || state.Owns != 0) {
		return r.Open(name, kind, where.At())
	}
	r.where, r.asides.next = where, 0
	if state == nil {
		return scan.Skip, nil
	}
	r.field = textField{state: state, name: field, kind: tree.Text}
	if kind == scan.Object {
		r.field.kind = tree.Object
	}
	if r.g.UsesIndex {
		r.field.index = up.count(field)
	}
	return scan.Enter, nil
}

// CloseText takes the field's text.
func (r *reader) CloseText(text []byte) error {
	f := &r.field
	if r.isUnread {
		r.closeWatched(text)
		return nil
	}
	if f.state == nil {
		if err := r.Text(text); err != nil {
			return err
		}
		return r.Close()
	}
	if text = trim(text); len(text) == 0 {
		return nil
	}
	up := &r.frames[len(r.frames)-1]
	v := r.pool.New(f.name, up.value, f.index)
	v.Kind, v.Scope = f.kind, up.value.Scope
	r.pool.SetText(v, text)
	kept, doc := f.state.Keeps(&r.scope, v, false)
	if !kept {
		r.pool.Drop(v)
		return nil
	}
	up.value.Append(v)
	up.hasDoc = up.hasDoc || doc
	if r.pool.Held() > r.limit {
		r.place = r.where.At()
		return r.flush()
	}
	return nil
}

// trim is bytes.TrimSpace: few texts have anything to trim.
func trim(text []byte) []byte {
	if n := len(text); n > 0 && text[0] > ' ' && text[0] < utf8.RuneSelf && text[n-1] > ' ' && text[n-1] < utf8.RuneSelf {
		return text
	}
	return bytes.TrimSpace(text)
}
