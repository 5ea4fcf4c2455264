package mapping

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Bounds of what is read of one file, so that no stranger's file, with aliases in aliases, takes the loader's time.
const (
	maxFileBytes = 1 << 20
	maxYAMLNodes = 50_000
	maxYAMLDepth = 64
)

// yamlFile is one YAML file while it is checked: it collects what is wrong.
type yamlFile struct {
	name     string
	builtin  bool
	problems *Problems
	nodes    int                   // visited so far
	origin   map[*yaml.Node]string // nodes taken over from other files
}

// place is a node of a file, with the way to it.
type place struct {
	file    *yamlFile
	node    *yaml.Node
	pointer string
	depth   int
}

// field is one pair of a YAML mapping.
type field struct {
	name string
	key  place // of the name
	at   place // of the value
}

// parseYAML reads the documents of a file, as a rule one; problems are noted.
func parseYAML(f *yamlFile, content []byte) []place {
	root := place{file: f}
	if len(content) > maxFileBytes {
		root.problem("the file is larger than 1 MiB")
		return nil
	}
	var roots []place
	something := false
	loader, err := yaml.NewLoader(bytes.NewReader(content))
	if err != nil {
		root.syntax(err)
		return nil
	}
	for {
		var document yaml.Node
		err := loader.Load(&document)
		if errors.Is(err, io.EOF) && something {
			return roots
		}
		if err != nil {
			root.syntax(err)
			return roots
		}
		if len(document.Content) != 1 || document.Content[0].Tag == "!!null" {
			continue
		}
		something = true
		if at, ok := root.document(document.Content[0]); ok {
			roots = append(roots, at)
		}
	}
}

// document gives the top of one document; false where it is none.
func (p place) document(top *yaml.Node) (place, bool) {
	p.node = top
	if !p.is(yaml.MappingNode) {
		p.problem("a file has words at its top, each with a colon: version, then mapping or types")
		return p, false
	}
	return p, true
}

// syntax notes an error of the YAML parser at the line where what it could not read begins.
func (p place) syntax(err error) {
	problem := Problem{File: p.file.name, Message: "no YAML: " + err.Error()}
	var wrong *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		problem.Message = "the file is empty"
	case errors.As(err, &wrong):
		problem.Line = cmp.Or(wrong.ContextMark.Line, wrong.Mark.Line, 1)
		problem.Message = "no YAML: " + wrong.Message
	}
	*p.file.problems = append(*p.file.problems, problem)
}

// resolved follows an alias.
func (p place) resolved() *yaml.Node {
	n := p.node
	for range 8 {
		if n == nil || n.Kind != yaml.AliasNode {
			break
		}
		n = n.Alias
	}
	return n
}

func (p place) is(kind yaml.Kind) bool {
	n := p.resolved()
	return n != nil && n.Kind == kind
}

// problem notes that something is wrong here.
func (p place) problem(format string, args ...any) { p.suggest("", format, args...) }

// suggest notes that something is wrong here, and what is probably meant.
func (p place) suggest(suggestion, format string, args ...any) {
	p.offset(-1, suggestion, format, args...)
}

// offset notes that something is wrong at a byte of the scalar here; -1: at its beginning.
func (p place) offset(offset int, suggestion, format string, args ...any) {
	problem := Problem{File: p.file.name, Pointer: p.pointer, Message: fmt.Sprintf(format, args...), Suggestion: suggestion}
	if p.node != nil {
		if from, ok := p.file.origin[p.node]; ok {
			problem.File = from
		}
		problem.Line, problem.Column = p.node.Line, p.node.Column
		if n := p.node; offset >= 0 && n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			problem.Column += len([]rune(n.Value[:min(offset, len(n.Value))]))
			if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
				problem.Column++
			}
		}
	}
	*p.file.problems = append(*p.file.problems, problem)
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (p place) child(name string, node *yaml.Node) place {
	p.file.nodes++
	return place{file: p.file, node: node, pointer: p.pointer + "/" + pointerEscapes.Replace(name), depth: p.depth + 1}
}

// tooLarge notes, once, that a file nests too deep or repeats too much through aliases.
func (p place) tooLarge() bool {
	if p.depth < maxYAMLDepth && p.file.nodes < maxYAMLNodes {
		return false
	}
	if p.file.nodes < 2*maxYAMLNodes {
		p.problem("the file nests too deep or is too large")
		p.file.nodes = 2 * maxYAMLNodes
	}
	return true
}

// fields gives the pairs of a YAML mapping in the order of the file and notes names that occur twice. Pairs of `<<` come
// where they are not given beside it.
func (p place) fields() []field {
	if p.tooLarge() {
		return nil
	}
	n := p.resolved()
	if n == nil || n.Kind != yaml.MappingNode {
		p.problem("here stand words, each with a colon")
		return nil
	}
	var fields []field
	var merged []place
	lines := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := p.child(key.Value, value)
		name := place{file: p.file, node: key, pointer: at.pointer, depth: at.depth}
		if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
			merged = append(merged, place{file: p.file, node: value, pointer: p.pointer, depth: at.depth})
			continue
		}
		if name.resolved().Kind != yaml.ScalarNode {
			name.problem("a name is one text")
			continue
		}
		text := name.resolved().Value
		if line, twice := lines[text]; twice {
			name.problem("%s stands here twice, first in line %d", text, line)
			continue
		}
		lines[text] = key.Line
		fields = append(fields, field{name: text, key: name, at: at})
	}
	for _, from := range merged {
		fields = append(fields, from.mergedFields(lines)...)
	}
	return fields
}

// word gives the place of a field's value, or the mapping itself where there is none.
func (p place) word(name string) place {
	for _, f := range p.fields() {
		if f.name == name {
			return f.at
		}
	}
	return p
}

// mergedFields gives the pairs that `<<` adds.
func (p place) mergedFields(lines map[string]int) []field {
	var fields []field
	sources := []place{p}
	if p.is(yaml.SequenceNode) {
		sources = p.items()
	}
	for _, source := range sources {
		for _, f := range source.fields() {
			if _, given := lines[f.name]; !given {
				lines[f.name] = f.key.node.Line
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// items gives the items of a list; one thing that is no list is its own only item.
func (p place) items() []place {
	if p.tooLarge() {
		return nil
	}
	n := p.resolved()
	if n == nil || n.Kind != yaml.SequenceNode {
		return []place{p}
	}
	items := make([]place, len(n.Content))
	for i, item := range n.Content {
		items[i] = p.child(strconv.Itoa(i), item)
	}
	return items
}
