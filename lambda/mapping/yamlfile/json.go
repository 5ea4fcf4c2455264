package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// ParseJSON parses the documents of a file as somebody has written them down as JSON, which takes a tenth of the time. They have no lines.
// Aliases are written out, `<<` merges as it does in YAML, and null is a value that was left out.
func ParseJSON(name string, builtin bool, content []byte, problems *problem.List) ([]Value, error) {
	root := Value{file: &file{name: name, builtin: builtin, problems: problems}}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(content))
	var documents []Value
	for {
		var err error
		root.node, err = nodeOf(decoder)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("mapping: %s as JSON: %w", name, err)
		}
		documents = append(documents, root)
	}
}

// nodeOf reads a value.
func nodeOf(decoder *jsontext.Decoder) (*yaml.Node, error) {
	token, err := decoder.ReadToken()
	if err != nil {
		return nil, err //nolint:wrapcheck // its caller wraps it
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle}
	switch token.Kind() {
	case 'n':
		n.Tag, n.Style = nullTag, 0
		return n, nil
	case '{', '[':
		n.Kind, n.Style = yaml.MappingNode, 0
		if token.Kind() == '[' {
			n.Kind = yaml.SequenceNode
		}
		return n, contentOf(decoder, n)
	}
	n.Value = token.String()
	if n.Value == "<<" {
		n.Tag = mergeTag
	}
	return n, nil
}

// contentOf reads what stands in an object or a list, and its end.
func contentOf(decoder *jsontext.Decoder, n *yaml.Node) error {
	for kind := decoder.PeekKind(); kind != '}' && kind != ']'; kind = decoder.PeekKind() {
		child, err := nodeOf(decoder)
		if err != nil {
			return err
		}
		n.Content = append(n.Content, child)
	}
	_, err := decoder.ReadToken()
	return err //nolint:wrapcheck // as above
}
