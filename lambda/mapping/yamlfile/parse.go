// Package yamlfile knows what is written in YAML files: mappings, lists and strings, each with its place in a file, and how one file
// extends another. It alone knows a YAML library, and knows nothing of what the words in the files mean.
package yamlfile

import (
	"bytes"
	"cmp"
	"errors"
	"io"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Bounds of what is read of one file, so that no stranger's file, with aliases in aliases, takes the loader's time.
const (
	maxBytes  = 1 << 20
	maxValues = 50_000
	maxDepth  = 64
)

// file is one YAML file while it is checked: it collects what is wrong.
type file struct {
	name     string
	builtin  bool
	problems *problem.List
	visited  int                   // values so far
	origin   map[*yaml.Node]string // files of the nodes that are taken over from other files
}

// Parse parses the documents of a file of mappings or types, as a rule one. Problems are noted.
func Parse(name string, builtin bool, content []byte, problems *problem.List) []Value {
	return ParseAs("version, then mapping or types", name, builtin, content, problems)
}

// ParseAs parses the documents of a file in which top is to stand.
func ParseAs(top, name string, builtin bool, content []byte, problems *problem.List) []Value {
	root := Value{file: &file{name: name, builtin: builtin, problems: problems}}
	if len(content) > maxBytes {
		root.Problem("the file is larger than 1 MiB")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(content))
	if err != nil {
		root.syntax(err)
		return nil
	}
	var documents []Value
	for some := false; ; {
		var document yaml.Node
		err := loader.Load(&document)
		if errors.Is(err, io.EOF) && some {
			return documents
		}
		if err != nil {
			root.syntax(err)
			return documents
		}
		if len(document.Content) != 1 || document.Content[0].Tag == nullTag {
			continue
		}
		some = true
		root.node = document.Content[0]
		if root.IsMapping() {
			documents = append(documents, root)
		} else {
			root.Problem("expected a mapping at the top of the file: %s", top)
		}
		root.node = nil
	}
}

// syntax notes an error of the YAML parser at the line where what it could not read begins.
func (v Value) syntax(err error) {
	p := problem.Problem{Place: v.Place(), Message: "not YAML: " + err.Error()}
	var wrong *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		p.Message = "the file is empty"
	case errors.As(err, &wrong):
		p.Line = cmp.Or(wrong.ContextMark.Line, wrong.Mark.Line, 1)
		p.Message = "not YAML: " + wrong.Message
	}
	*v.file.problems = append(*v.file.problems, p)
}
