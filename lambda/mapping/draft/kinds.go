package draft

import (
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// partKinds are the objects of a list in which one field names what each is, where some are interfaces of the machine: {"class": "network",
// "serial": "02:…"}. What these have is a field of its own, found by a condition: parts(class=network).serial.
type partKinds struct {
	key    *shape
	shapes map[string]*shape            // by kind: what the objects of this kind have
	fields map[string]map[*shape]*shape // likewise, by the field that all kinds have
}

var kindKeys = []string{"class", "kind", "type", "category"}

// ofKind is a text of an object whose kind is not known yet.
type ofKind struct {
	of   *shape
	text string
}

// maxKindTexts bounds the texts of such an object.
const maxKindTexts = 100

// findKinds finds the lists of objects of several kinds in a tree.
func (s *shape) findKinds() {
	for _, c := range s.children {
		if c.many && c.isObject() && c.pairs == nil && naming.Fit(naming.Tokens(c.name), naming.Words().Lists["interfaces"]) == naming.Unfit {
			i := slices.IndexFunc(c.children, func(f *shape) bool { return !f.isObject() && slices.Contains(kindKeys, strings.ToLower(f.name)) })
			if i >= 0 {
				c.kinds = &partKinds{c.children[i], map[string]*shape{}, map[string]map[*shape]*shape{}}
			}
		}
		c.findKinds()
	}
}

// kindText notes a text of the nearest object around it that has a kind.
func (g *grower) kindText(s *shape, text string) {
	for i := len(g.frames) - 1; i >= 0; i-- {
		if f := &g.frames[i]; f.shape.kinds != nil && f.shape != s {
			if len(f.texts) < maxKindTexts {
				f.texts = append(f.texts, ofKind{s, text})
			}
			return
		}
		if i < len(g.frames)-1 && g.frames[i].shape.many {
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
		k.shapes[kind] = newShape(kind, f.shape)
		k.fields[kind] = map[*shape]*shape{}
	}
	for _, t := range f.texts {
		own := k.fields[kind][t.of]
		if own == nil {
			own = newShape(t.of.name, k.shapes[kind])
			k.fields[kind][t.of] = own
			k.shapes[kind].children = append(k.shapes[kind].children, own)
		}
		own.column.Add(t.text)
	}
}

// kindFields returns the fields of the interfaces in a list of several kinds.
func (t *tree) kindFields(of, list *shape, title []string) []*field {
	path, ok := t.pathFrom(of, list)
	key, known := list.kinds.key.step()
	if !ok || !known {
		return nil
	}
	if list.repeats {
		step := plainName(list.name)
		path = strings.TrimSuffix(path, step+"+") + "(" + step + ")*." + step
	}
	var fields []*field
	for _, kind := range slices.Sorted(maps.Keys(list.kinds.shapes)) {
		for _, c := range list.children {
			fields = t.kindField(fields, list, c, kind, path+"("+key+"="+kind+")", title)
		}
	}
	return fields
}

// kindField appends the fields of a kind that are under one that all kinds have.
func (t *tree) kindField(fields []*field, list, at *shape, kind, path string, title []string) []*field {
	if own := list.kinds.fields[kind][at]; own != nil {
		if inner, ok := t.pathFrom(list, at); ok {
			fields = append(fields, &field{shape: own, path: path + "." + inner, title: strings.Join(title, ".") + " " + kind, tokens: naming.Tokens(at.name), nested: true})
		}
	}
	for _, c := range at.children {
		fields = t.kindField(fields, list, c, kind, path, title)
	}
	return fields
}
