package record_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// tree is a value of a document, all of it in memory: what the streaming engine is compared with.
type whole struct {
	kind   tree.Kind
	name   string
	named  bool
	text   string
	index  int
	parent *whole
	fields []*whole
}

func (t *whole) add(c *whole) {
	c.parent = t
	t.fields = append(t.fields, c)
}

// jsonTree reads root values as items of a list.
func jsonTree(doc string) (*whole, error) {
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber()
	root := &whole{kind: tree.List}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		item := &whole{index: len(root.fields)}
		root.add(item)
		if err := jsonValue(d, token, item); err != nil {
			return nil, err
		}
	}
}

func jsonValue(d *json.Decoder, token json.Token, into *whole) error {
	switch v := token.(type) {
	case nil:
	case bool:
		into.setText(strconv.FormatBool(v))
	case json.Number:
		into.setText(v.String())
	case string:
		into.setText(v)
	case json.Delim:
		into.kind = tree.Object
		if v == '[' {
			into.kind = tree.List
		}
		return jsonFields(d, into)
	}
	return nil
}

func jsonFields(d *json.Decoder, into *whole) error {
	for d.More() {
		c := &whole{index: len(into.fields), name: into.name, named: into.named}
		token, err := d.Token()
		if err != nil {
			return err
		}
		if into.kind == tree.Object {
			c.name, c.named, c.index = token.(string), true, into.count(token.(string))
			if token, err = d.Token(); err != nil {
				return err
			}
		}
		into.add(c)
		if err := jsonValue(d, token, c); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (t *whole) count(name string) int {
	n := 0
	for _, c := range t.fields {
		if c.name == name {
			n++
		}
	}
	return n
}

func (t *whole) setText(text string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	t.kind, t.text = tree.Text, text
	if text[0] == '{' && json.Valid([]byte(text)) {
		inner, err := jsonTree(text)
		if err != nil {
			return
		}
		t.kind = tree.Object
		for _, c := range inner.fields[0].fields {
			t.add(c)
		}
	}
}

func xmlTree(doc string) (*whole, error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	var open *whole
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch v := token.(type) {
		case xml.StartElement:
			c := &whole{kind: tree.Object}
			if open != nil {
				c.name, c.named, c.index = v.Name.Local, true, open.count(v.Name.Local)
				open.add(c)
			}
			for _, a := range v.Attr {
				f := &whole{name: a.Name.Local, named: true}
				f.setText(a.Value)
				c.add(f)
			}
			open = c
		case xml.CharData:
			if open != nil {
				open.text += string(v)
			}
		case xml.EndElement:
			open.text = strings.TrimSpace(open.text)
			if open.parent == nil {
				return open, nil
			}
			open = open.parent
		}
	}
}

// oracle answers paths on whole trees.
type oracle struct {
	doc, host *whole
	listed    bool // a list of nothing but nulls is something
	places    bool // an empty list is a place for entries, whatever the conditions on them
	plan      *plan.Plan
	tables    map[string][][]tableRow // by alternative
}

// tableRow is a row, or an empty list where rows could be, and the objects to which it belongs.
type tableRow struct {
	value  *whole
	owners []*whole
	keys   []string
}

func (o *oracle) value(t *whole) bool {
	if t.text != "" {
		return o.plan.Empty == nil || !o.plan.Empty(t.text)
	}
	return t.kind != tree.Null
}

func flat(t *whole) []*whole {
	if t.kind != tree.List {
		return []*whole{t}
	}
	var out []*whole
	for _, c := range t.fields {
		out = append(out, flat(c)...)
	}
	return out
}

// values returns the fields of a name, or those of a loose name where no exact one has a value.
func (o *oracle) values(name string, t *whole) []*whole {
	var exact, loose []*whole
	pattern := tree.NewPattern(name)
	for _, c := range t.fields {
		switch {
		case strings.Contains(name, "*"):
			if tree.Glob(name, c.name) {
				loose = append(loose, c)
			}
		case c.name == name && c.kind != tree.Null:
			exact = append(exact, c)
		case pattern.Loose(tree.NewName(c.name)):
			loose = append(loose, c)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return loose
}

// nothingIn reports whether a list is empty, or as good as that where it matters only that it was given.
func (o *oracle) nothingIn(list *whole) bool {
	return !slices.ContainsFunc(list.fields, func(t *whole) bool {
		return !o.listed || t.kind != tree.Null && (t.kind != tree.List || !o.nothingIn(t))
	})
}

// along returns the values at the end of the steps; with lists, also empty lists there.
func (o *oracle) along(steps []path.Step, t *whole, lists bool) []*whole {
	if t.kind == tree.List {
		if path.MayBeEmpty(steps) && lists && o.nothingIn(t) {
			return []*whole{t}
		}
		var out []*whole
		for _, c := range t.fields {
			out = append(out, o.along(steps, c, lists)...)
		}
		return out
	}
	if t.kind == tree.Null {
		return nil
	}
	if len(steps) == 0 {
		return []*whole{t}
	}
	s, rest := steps[0], steps[1:]
	var out []*whole
	if s.Repeat == path.AnyTimes || s.Repeat == path.AtMostOnce {
		out = o.along(rest, t, lists)
	}
	for _, m := range o.single(s, t, lists && path.MayBeEmpty(rest)) {
		out = append(out, o.along(rest, m, lists)...)
		if s.Repeats() {
			again := s
			again.Repeat = path.OnceOrMore
			out = append(out, o.along(append([]path.Step{again}, rest...), m, lists)...)
		}
	}
	return out
}

func (o *oracle) single(s path.Step, t *whole, lists bool) []*whole {
	switch s.Kind {
	case path.Group:
		return o.along(s.Group, t, lists)
	case path.Self:
		if o.passes(s.Tests, t) {
			return []*whole{t}
		}
		return nil
	}
	var out, empty []*whole
	for _, c := range o.values(s.Name.String(), t) {
		if o.places && len(s.Tests) > 0 && lists && c.kind == tree.List && o.nothingIn(c) {
			empty = append(empty, c)
		}
		if len(s.Tests) == 0 && lists && c.kind == tree.List && o.nothingIn(c) {
			out = append(out, c)
		}
		out = append(out, flat(c)...)
	}
	for _, t := range s.Tests {
		if t.Index >= 0 {
			if t.Index >= len(out) {
				return empty
			}
			out = out[t.Index : t.Index+1]
			continue
		}
		out = slices.DeleteFunc(out, func(c *whole) bool { return !o.passes([]path.Test{t}, c) })
	}
	return append(out, empty...)
}

func (o *oracle) passes(tests []path.Test, t *whole) bool {
	for _, test := range tests {
		if t.kind == tree.Null {
			return false
		}
		if test.Values == nil {
			if !o.has(test.Path, t) {
				return false
			}
			continue
		}
		hit := slices.ContainsFunc(o.texts(test.Path, t), func(text string) bool { return tree.GlobAny(test.Values, text) })
		if hit == test.Negate {
			return false
		}
	}
	return true
}

func (o *oracle) has(p path.Path, t *whole) bool {
	return slices.ContainsFunc(o.from(p, t, true), o.value)
}

func (o *oracle) from(p path.Path, t *whole, lists bool) []*whole {
	switch p.Root {
	case path.RootHere:
		return o.along(p.Steps, t, lists)
	case path.RootHost:
		return o.along(p.Steps, o.host, lists)
	case path.RootDoc:
		return o.along(p.Steps, o.doc, lists)
	case path.RootRows:
		if o.doc.kind != tree.List {
			return nil
		}
		return o.along(p.Steps, o.doc, lists)
	case path.RootTable:
		return o.ofTable(p, t, lists)
	case path.RootUp:
		for up := t.parent; up != nil; up = up.parent {
			if up.kind != tree.Object {
				continue
			}
			inner := *p.Inner()
			if len(p.Steps) == 0 && len(o.texts(inner, up)) > 0 || len(p.Steps) > 0 && o.has(inner, up) {
				return o.along(p.Steps, up, lists)
			}
		}
	}
	return nil
}

func (o *oracle) ofTable(p path.Path, t *whole, lists bool) []*whole {
	at, alone := []*whole{t}, false
	if p.In != nil {
		if rows := o.from(*p.In, t, false); len(rows) > 0 || !p.InAny {
			at, alone = rows, true
		}
	}
	var out []*whole
	for _, at := range at {
		for _, keys := range p.Keys {
			found := false
			for _, key := range o.texts(keys, t) {
				if row := o.lookUp(p.Table, key, at, alone); row != nil {
					out, found = append(out, o.along(p.Steps, row, lists)...), true
				}
			}
			if found {
				break
			}
		}
	}
	return out
}

func (o *oracle) texts(p path.Path, t *whole) []string {
	var out []string
	for _, n := range o.from(p, t, false) {
		var text string
		switch p.End {
		case path.FieldName:
			text = n.name
		case path.Index:
			text = strconv.Itoa(n.index)
		case path.Text:
			if text = n.text; !o.value(n) {
				text = ""
			}
		default:
			text = o.text(n)
		}
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func (o *oracle) text(t *whole) string {
	if t.text != "" {
		if !o.value(t) {
			return ""
		}
		return t.text
	}
	for _, name := range o.plan.Unwrap {
		for _, f := range o.values(name, t) {
			for _, v := range flat(f) {
				if text := o.text(v); text != "" {
					return text
				}
			}
		}
	}
	return ""
}
