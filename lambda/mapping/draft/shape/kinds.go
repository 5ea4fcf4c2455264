package shape

import (
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// partKinds are the objects of a list in which one field names what each is, where some are interfaces of the machine: {"class": "network",
// "serial": "02:…"}. What these have is a field of its own, found by a condition: parts(class=network).serial.
type partKinds struct {
	key    *Shape
	shapes map[string]*Shape            // by kind: what the objects of this kind have
	fields map[string]map[*Shape]*Shape // likewise, by the field that all kinds have
}

var kindKeys = []string{"class", "kind", "type", "category"}

// ofKind is a text of an object whose kind is not known yet.
type ofKind struct {
	of   *Shape
	text string
}

// maxKindTexts bounds the texts of such an object.
const maxKindTexts = 100

// findKinds finds the lists of objects of several kinds in a tree.
func (s *Shape) findKinds() {
	for _, c := range s.Children {
		if c.Many && c.IsObject() && c.pairs == nil && naming.Fit(naming.Tokens(c.Name), naming.Words().Lists["interfaces"]) == naming.Unfit {
			i := slices.IndexFunc(c.Children, func(f *Shape) bool { return !f.IsObject() && slices.Contains(kindKeys, strings.ToLower(f.Name)) })
			if i >= 0 {
				c.kinds = &partKinds{c.Children[i], map[string]*Shape{}, map[string]map[*Shape]*Shape{}}
			}
		}
		c.findKinds()
	}
}

// kindText notes a text of the nearest object around it that has a kind.
func (g *grower) kindText(s *Shape, text string) {
	for i := len(g.frames) - 1; i >= 0; i-- {
		if f := &g.frames[i]; f.shape.kinds != nil && f.shape != s {
			if len(f.texts) < maxKindTexts {
				f.texts = append(f.texts, ofKind{s, text})
			}
			return
		}
		if i < len(g.frames)-1 && g.frames[i].shape.Many {
			return
		}
	}
}

// kindClosed takes the texts of an object that is an interface.
func (g *grower) kindClosed(f growing) {
	k := f.shape.kinds
	if k == nil {
		return
	}
	i := slices.IndexFunc(f.texts, func(t ofKind) bool { return t.of == k.key })
	if i < 0 || !isPairName(f.texts[i].text) || naming.Fit(naming.Tokens(f.texts[i].text), naming.Words().Lists["interfaces"]) != naming.Same {
		return
	}
	kind := f.texts[i].text
	if k.shapes[kind] == nil {
		k.shapes[kind] = New(kind, f.shape)
		k.fields[kind] = map[*Shape]*Shape{}
	}
	for _, t := range f.texts {
		own := k.fields[kind][t.of]
		if own == nil {
			own = New(t.of.Name, k.shapes[kind])
			k.fields[kind][t.of] = own
			k.shapes[kind].Children = append(k.shapes[kind].Children, own)
		}
		own.Column.Add(t.text)
	}
}

// kindFields returns the fields of the interfaces in a list of several kinds.
func (t *Tree) kindFields(of, list *Shape, title []string) []*Field {
	path, ok := t.PathFrom(of, list)
	key, known := list.kinds.key.Step()
	if !ok || !known {
		return nil
	}
	if list.repeats {
		step := PlainName(list.Name)
		path = strings.TrimSuffix(path, step+"+") + "(" + step + ")*." + step
	}
	var fields []*Field
	for _, kind := range slices.Sorted(maps.Keys(list.kinds.shapes)) {
		for _, c := range list.Children {
			fields = t.kindField(fields, list, c, kind, path+"("+key+"="+kind+")", title)
		}
	}
	return fields
}

// kindField appends the fields of a kind that are under one that all kinds have.
func (t *Tree) kindField(fields []*Field, list, at *Shape, kind, path string, title []string) []*Field {
	if own := list.kinds.fields[kind][at]; own != nil {
		if inner, ok := t.PathFrom(list, at); ok {
			fields = append(fields, &Field{Shape: own, Path: path + "." + inner, Title: strings.Join(title, ".") + " " + kind, Tokens: naming.Tokens(at.Name), Nested: true})
		}
	}
	for _, c := range at.Children {
		fields = t.kindField(fields, list, c, kind, path, title)
	}
	return fields
}
