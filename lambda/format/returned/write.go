package returned

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Names for what JSON cannot express. Where a document has such a name of its own, it gets one more dollar sign.
const (
	textName   = "$text"   // an object's own text
	recordName = "$record" // inside the object that is the record: the number of its block
	errorName  = "error"   // at the top: why the record comes back
	otherError = "$error"  // likewise, where the document has an error of its own
)

// line writes the document.
func (w *returning) line(root *branch) {
	fields := root.fields
	if root.value != nil { // the record is the root
		fields = append(fieldsOf(root.value), fields...)
	}
	name := errorName
	if slices.ContainsFunc(fields, func(f *branch) bool { return f.name == name }) {
		name = otherError
	}
	w.out = append(w.out, '{')
	w.textField(name, w.wrong)
	w.object(root, fields)
	w.out = append(w.out, '}', '\n')
}

// values writes a line for each root value of a document that is the record as a whole.
func (w *returning) values(n *tree.Value) {
	switch n.Kind {
	case tree.List:
		for c := range n.Children() {
			w.values(c)
		}
	case tree.Null:
	default:
		w.line(&branch{value: n, record: true})
	}
}

func fieldsOf(n *tree.Value) []*branch {
	var fields []*branch
	for c := range n.Children() {
		fields = append(fields, &branch{name: c.Name(), value: c})
	}
	return fields
}

// object writes what is inside an object: those fields of one name as a list.
func (w *returning) object(b *branch, fields []*branch) {
	if b.record && w.mark > 0 {
		w.textField(recordName, strconv.Itoa(w.mark-1))
	}
	for _, same := range byName(fields) {
		w.name(escapeName(same[0].name))
		if len(same) == 1 {
			w.branch(same[0])
			continue
		}
		w.out = append(w.out, '[')
		for _, f := range same {
			w.comma('[')
			w.branch(f)
		}
		w.out = append(w.out, ']')
	}
	if b.value != nil && b.value.HasText() {
		w.textField(textName, b.value.Text())
	}
}

// byName gathers the fields of one name, in the order in which the names came.
func byName(fields []*branch) [][]*branch {
	first := make(map[string]int, len(fields))
	same := make([][]*branch, 0, len(fields))
	for _, f := range fields {
		at, known := first[f.name]
		if !known {
			at = len(same)
			first[f.name] = at
			same = append(same, nil)
		}
		same[at] = append(same[at], f)
	}
	return same
}

// branch writes a value with the lists that it stands in.
func (w *returning) branch(b *branch) {
	w.out = append(w.out, strings.Repeat("[", b.lists)+strings.Repeat("null,", b.index)...)
	fields := b.fields
	if b.value != nil {
		fields = append(fieldsOf(b.value), b.fields...)
	}
	if b.value != nil && !b.record && (b.value.Kind != tree.Object || len(fields) == 0 && b.value.HasText()) {
		w.value(b.value)
	} else {
		w.out = append(w.out, '{')
		w.object(b, fields)
		w.out = append(w.out, '}')
	}
	for _, n := range b.beside {
		w.comma('[')
		w.branch(&branch{value: n})
	}
	w.out = append(w.out, strings.Repeat("]", b.lists)...)
}

// value writes what is no object: an element of nothing but text is a text.
func (w *returning) value(n *tree.Value) {
	switch n.Kind {
	case tree.Null:
		w.out = append(w.out, "null"...)
	case tree.List:
		w.out = append(w.out, '[')
		for c := range n.Children() {
			w.comma('[')
			w.branch(&branch{value: c})
		}
		w.out = append(w.out, ']')
	default:
		w.quoted(n.Text())
	}
}

func (w *returning) textField(name, text string) {
	w.name(name)
	w.quoted(text)
}

func (w *returning) name(name string) {
	w.comma('{')
	w.quoted(name)
	w.out = append(w.out, ':')
}

// comma writes one unless nothing stands behind the opening bracket yet.
func (w *returning) comma(open byte) {
	if w.out[len(w.out)-1] != open {
		w.out = append(w.out, ',')
	}
}

func (w *returning) quoted(text string) {
	w.out, _ = jsontext.AppendQuote(w.out, text) // what it complains of, invalid UTF-8, it has replaced
}

// escapeName keeps a document's own names apart from ours.
func escapeName(name string) string {
	if isOurs(name) {
		return "$" + name
	}
	return name
}

// isOurs reports whether a name is of ours, however many dollar signs it has.
func isOurs(name string) bool {
	rest := strings.TrimLeft(name, "$")
	return len(rest) < len(name) && (rest == textName[1:] || rest == recordName[1:] || rest == otherError[1:])
}
