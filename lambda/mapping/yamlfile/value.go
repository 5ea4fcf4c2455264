package yamlfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Tags of YAML.
const (
	nullTag  = "!!null"
	mergeTag = "!!merge"
)

// Value is a value of a file, with the way to it. The zero Value stands nowhere.
type Value struct {
	file    *file
	node    *yaml.Node
	pointer string
	depth   int
}

// Field is one pair of a mapping.
type Field struct {
	Name string
	Key  Value // the name, with its place
	At   Value
}

// resolved follows an alias.
func (v Value) resolved() *yaml.Node {
	n := v.node
	for range 8 {
		if n == nil || n.Kind != yaml.AliasNode {
			break
		}
		n = n.Alias
	}
	return n
}

func (v Value) is(kind yaml.Kind) bool {
	n := v.resolved()
	return n != nil && n.Kind == kind
}

// IsZero reports whether the value stands nowhere.
func (v Value) IsZero() bool { return v.file == nil }

// IsMapping reports whether the value is a mapping.
func (v Value) IsMapping() bool { return v.is(yaml.MappingNode) }

// IsList reports whether the value is a list.
func (v Value) IsList() bool { return v.is(yaml.SequenceNode) }

// IsNull reports whether the value is null, or nothing.
func (v Value) IsNull() bool {
	n := v.resolved()
	return n != nil && n.Tag == nullTag
}

// IsEmpty reports whether a mapping or list has nothing in it.
func (v Value) IsEmpty() bool {
	n := v.resolved()
	return n != nil && len(n.Content) == 0
}

// File is the name of the value's file.
func (v Value) File() string { return v.file.name }

// Builtin reports whether the file is one of the program's own.
func (v Value) Builtin() bool { return v.file.builtin }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (v Value) child(name string, node *yaml.Node) Value {
	v.file.visited++
	return Value{file: v.file, node: node, pointer: v.pointer + "/" + pointerEscapes.Replace(name), depth: v.depth + 1}
}

// TooLarge notes, once, that a file nests too deep or repeats too much through aliases.
func (v Value) TooLarge() bool {
	if v.depth < maxDepth && v.file.visited < maxValues {
		return false
	}
	if v.file.visited < 2*maxValues {
		v.Problem("the file nests too deep or is too large")
		v.file.visited = 2 * maxValues
	}
	return true
}

// Fields returns the pairs of a mapping in the order of the file and notes names that occur twice. Pairs of `<<` come where they are
// not given beside it.
func (v Value) Fields() []Field {
	if v.TooLarge() {
		return nil
	}
	if !v.IsMapping() {
		v.Problem("expected a mapping")
		return nil
	}
	n := v.resolved()
	fields := make([]Field, 0, len(n.Content)/2)
	lines := make(map[string]int, len(n.Content)/2)
	var merged []Value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := v.child(key.Value, value)
		name := Value{file: v.file, node: key, pointer: at.pointer, depth: at.depth}
		if key.Kind == yaml.ScalarNode && key.Tag == mergeTag {
			merged = append(merged, Value{file: v.file, node: value, pointer: v.pointer, depth: at.depth})
			continue
		}
		if !name.is(yaml.ScalarNode) {
			name.Problem("a name must be a string")
			continue
		}
		text := name.resolved().Value
		if line, twice := lines[text]; twice {
			name.Problem("%s is given twice, first in line %d", text, line)
			continue
		}
		lines[text] = key.Line
		fields = append(fields, Field{Name: text, Key: name, At: at})
	}
	for _, from := range merged {
		fields = append(fields, from.mergedFields(lines)...)
	}
	return fields
}

// mergedFields returns the pairs that `<<` adds.
func (v Value) mergedFields(lines map[string]int) []Field {
	var fields []Field
	for _, source := range v.Items() {
		for _, f := range source.Fields() {
			if _, given := lines[f.Name]; !given {
				lines[f.Name] = f.Key.node.Line
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// Field returns the value of a field, or the mapping itself where there is none.
func (v Value) Field(name string) Value {
	for _, f := range v.Fields() {
		if f.Name == name {
			return f.At
		}
	}
	return v
}

// Has reports whether a mapping has a field.
func (v Value) Has(name string) bool { return v.IsMapping() && valueOf(v.resolved(), name) != nil }

// valueOf finds a field of a mapping; nil where there is none.
func valueOf(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// Items returns the items of a list. What is no list is its own only item.
func (v Value) Items() []Value {
	if v.TooLarge() {
		return nil
	}
	if !v.IsList() {
		return []Value{v}
	}
	n := v.resolved()
	items := make([]Value, len(n.Content))
	for i, item := range n.Content {
		items[i] = v.child(strconv.Itoa(i), item)
	}
	return items
}

// Each returns what is read of the items of a list, without those of which nothing is.
func Each[T any](v Value, read func(item Value) (T, bool)) []T {
	var all []T
	for _, item := range v.Items() {
		if one, ok := read(item); ok {
			all = append(all, one)
		}
	}
	return all
}
