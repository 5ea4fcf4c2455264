package path

import (
	"slices"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Scope is what a path is evaluated in besides the value that it starts at. Record.Scope returns one with Doc, Tables,
// Unwrap and Empty set; who evaluates sets Host and File.
type Scope struct {
	Host   *tree.Value       // $host; nil: it has no value
	Doc    *tree.Value       // $doc and $rows
	File   map[string]string // $file: "name", "key.app"
	Tables *Tables           // $table(key)
	Unwrap *Unwrap           // fields that stand for an object where a text is wanted
	Empty  func(string) bool // texts that are no value; nil: none
	Rows   *tree.Value       // $rows of a workbook, whose document is an object
	Names  *tree.Names       // all names of the values; nil: they are not known
	Index  *tree.Index       // of the value at which most paths begin; nil: none
	Buffer *Buffer           // for what is at hand; copies of a scope share it. nil: conditions take memory of their own
}

// Buffer is memory that paths use again.
type Buffer struct{ texts []string }

// Unwrap is a list of fields that stand for an object where a text is wanted, the first that has a value.
type Unwrap struct{ fields []tree.Pattern }

// NewUnwrap prepares the names for comparing.
func NewUnwrap(fields []string) *Unwrap {
	u := &Unwrap{}
	for _, f := range fields {
		u.fields = append(u.fields, tree.NewPattern(f))
	}
	return u
}

// Fields are the patterns of the names.
func (u *Unwrap) Fields() []tree.Pattern { return u.fields }

// Texts appends the texts that the path leads to from a value, in the document's order: trimmed, none empty. They are
// valid as long as the value: strings.Clone what shall outlive it.
func (p *Path) Texts(s *Scope, from *tree.Value, texts []string) []string {
	if text, known := p.Only(s, from); known {
		if text != "" {
			texts = append(texts, text)
		}
		return texts
	}
	if p.Lacks(s) {
		return texts
	}
	if p.plain {
		return s.plainTexts(p.Steps, from, texts)
	}
	if p.Root == RootFile {
		if text := s.File[p.File]; text != "" && !s.isEmpty(text) {
			texts = append(texts, text)
		}
		return texts
	}
	var buf [8]*tree.Value
	for _, n := range p.Nodes(s, from, buf[:0]) {
		if text := p.textOf(s, n); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Only returns the one text that a path of one name leads to, "" where there is none; false where there may be several, or where it is not known
// without a search.
func (p *Path) Only(s *Scope, from *tree.Value) (text string, known bool) {
	if !p.only || from.Kind == tree.List {
		return "", false
	}
	field, known := s.Index.Only(from, &p.Steps[0].Name)
	switch {
	case !known || field == nil:
		return "", known
	case field.Kind == tree.List:
		return "", false
	}
	return s.Text(field), true
}

// Lacks reports whether the path leads nowhere in the whole document, since that has no field of the name with which the path begins. Of the
// names that mappings know for a value most documents have one, so this saves looking for the others in each record.
func (p *Path) Lacks(s *Scope) bool {
	if s.Names == nil || p.Root != RootHere || len(p.Steps) == 0 {
		return false
	}
	first := &p.Steps[0]
	return first.Kind == Field && (first.Repeat == Once || first.Repeat == OnceOrMore) && s.Names.Lack(&first.Name)
}

// plainTexts does the same for nothing but names, which most paths are, without a list of values in between.
func (s *Scope) plainTexts(steps []Step, n *tree.Value, texts []string) []string {
	if n.Kind == tree.List && (len(steps) > 0 || !n.HasText()) {
		for item := n.First; item != nil; item = item.Next {
			texts = s.plainTexts(steps, item, texts)
		}
		return texts
	}
	if len(steps) == 0 {
		if text := s.Text(n); text != "" {
			texts = append(texts, text)
		}
		return texts
	}
	if n.IsWide() {
		return s.manyTexts(steps, n, texts)
	}
	name, found, near := &steps[0].Name, false, (*tree.Value)(nil)
	if only, known := s.Index.Only(n, name); known {
		return s.textsIn(only, steps[1:], texts)
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Field == nil || !name.Near(c.Field) {
			continue
		}
		if c.Kind != tree.Null && name.Exact(c.Field) {
			texts, found = s.plainTexts(steps[1:], c, texts), true
		} else if near == nil {
			near = c
		}
	}
	if found {
		return texts
	}
	return s.looseTexts(steps, near, texts)
}

// textsIn goes on from the only field of a name; nil: there is none.
func (s *Scope) textsIn(only *tree.Value, steps []Step, texts []string) []string {
	if only == nil {
		return texts
	}
	return s.plainTexts(steps, only, texts)
}

// manyTexts goes on from the fields of a name of a wide object.
func (s *Scope) manyTexts(steps []Step, n *tree.Value, texts []string) []string {
	name := &steps[0].Name
	exact := hasExact(name, n)
	for c := range n.Near(name) {
		if isNamed(c, name, exact) {
			texts = s.plainTexts(steps[1:], c, texts)
		}
	}
	return texts
}

// looseTexts goes on from the fields, from one on, that have a name's letters and digits.
func (s *Scope) looseTexts(steps []Step, from *tree.Value, texts []string) []string {
	for c := from; c != nil; c = c.Next {
		if c.Field != nil && steps[0].Name.Loose(c.Field) {
			texts = s.plainTexts(steps[1:], c, texts)
		}
	}
	return texts
}

// textOf is what the path means of a value that it leads to.
func (p *Path) textOf(s *Scope, n *tree.Value) string {
	switch p.End {
	case FieldName:
		return n.Name()
	case Index:
		return strconv.Itoa(n.Index())
	case Text:
		if text := n.Text(); !s.isEmpty(text) {
			return text
		}
		return ""
	default:
		return s.Text(n)
	}
}

// Nodes appends the values that the path leads to from a value, in the document's order; lists are walked through. A path
// that ends in $name, $index or $text leads to the value that it is a fact of; one of $file leads to none.
func (p *Path) Nodes(s *Scope, from *tree.Value, nodes []*tree.Value) []*tree.Value {
	return p.from(&walk{scope: s}, from, nodes)
}

// Has reports whether the path leads to an object, a list (also an empty one) or a text that is a value.
func (p *Path) Has(s *Scope, from *tree.Value) bool {
	if p.Root == RootFile {
		return s.File[p.File] != ""
	}
	return p.has(&walk{scope: s, lists: true, one: true}, from)
}

// LeadsToList reports whether the path leads to a list. A text or an object there is some other document's field of that name.
func (p *Path) LeadsToList(s *Scope, from *tree.Value) bool {
	return slices.ContainsFunc(p.from(&walk{scope: s, lists: true}, from, nil), func(v *tree.Value) bool { return v.Kind == tree.List })
}

// has does the same on a walk that looks for one value.
func (p *Path) has(w *walk, from *tree.Value) bool {
	var buf [8]*tree.Value
	return len(p.from(w, from, buf[:0])) > 0
}

// isValue reports whether a value is there for a condition: texts and elements of nothing but text must have a text.
func (s *Scope) isValue(n *tree.Value) bool {
	if n.HasText() {
		return !s.isEmpty(n.Text())
	}
	return n.Kind != tree.Null
}

func (s *Scope) isEmpty(text string) bool {
	return text == "" || s.Empty != nil && s.Empty(text)
}

// Text is a value's text where a text is wanted: its own, or the first one of the scope's Unwrap fields; trimmed, valid
// as long as the value. "" is no text.
func (s *Scope) Text(n *tree.Value) string {
	if text := n.Text(); text != "" {
		if s.isEmpty(text) {
			return ""
		}
		return text
	}
	if s.Unwrap == nil || n.First == nil {
		return ""
	}
	w := walk{scope: s}
	for i := range s.Unwrap.fields {
		var buf [4]*tree.Value
		for _, field := range w.fields(&s.Unwrap.fields[i], n, buf[:0]) {
			if text := s.Text(field); text != "" {
				return text
			}
		}
	}
	return ""
}
