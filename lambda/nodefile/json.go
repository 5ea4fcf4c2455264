package nodefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readJSON reads one or several values, each a list of nodes or the output of an operation that lists them.
func (l *list) readJSON(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("nodefile: reading the file of nodes: %w", err)
	}
	if len(raw) >= maxFile {
		return &Error{Line: 1, What: fmt.Sprintf("the file is larger than %d MB", maxFile>>20)}
	}
	values := &jsonFile{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw)), to: l}
	for values.dec.More() {
		if err := values.value(); err != nil {
			return err
		}
	}
	return nil
}

type jsonFile struct {
	raw    []byte
	dec    *json.Decoder
	to     *list
	record int

	counted int64 // up to this byte the lines are counted
	lines   int
}

// lineHere is the line of the last token. Lines are counted on from the last one asked for.
func (f *jsonFile) lineHere() int {
	at := f.dec.InputOffset()
	f.lines += bytes.Count(f.raw[f.counted:at], []byte("\n"))
	f.counted = at
	return 1 + f.lines
}

func (f *jsonFile) value() error {
	start, err := f.dec.Token()
	if err != nil {
		return f.wrong(err)
	}
	switch start {
	case json.Delim('['):
		return f.list(f.described)
	case json.Delim('{'):
		return f.output()
	}
	return &Error{Line: f.line(f.dec.InputOffset()), What: "expected a list of nodes, or an object with InstanceInformationList or Entities"}
}

// output reads the members of an operation's output; it has paging tokens besides the list.
func (f *jsonFile) output() error {
	found := false
	for f.dec.More() {
		name, err := f.dec.Token()
		if err != nil {
			return f.wrong(err)
		}
		node := f.nodeOf(name)
		if node == nil {
			var other json.RawMessage
			if err := f.dec.Decode(&other); err != nil {
				return f.wrong(err)
			}
			continue
		}
		found = true
		if start, err := f.dec.Token(); err != nil {
			return f.wrong(err)
		} else if start != json.Delim('[') {
			return &Error{Line: f.line(f.dec.InputOffset()), What: fmt.Sprintf("%s must be a list", name)}
		}
		if err := f.list(node); err != nil {
			return err
		}
	}
	if _, err := f.dec.Token(); err != nil {
		return f.wrong(err)
	}
	if !found {
		return &Error{Line: f.line(f.dec.InputOffset()), What: "the object has neither InstanceInformationList nor Entities"}
	}
	return nil
}

// nodeOf returns what reads a node of the list of that name; nil for what is no list of nodes.
func (f *jsonFile) nodeOf(name json.Token) func() (Record, error) {
	switch name {
	case "InstanceInformationList":
		return f.described
	case "Entities":
		return f.entity
	}
	return nil
}

func (f *jsonFile) described() (r Record, err error) {
	err = f.dec.Decode(&r)
	return r, err
}

func (f *jsonFile) entity() (Record, error) {
	var e entity
	err := f.dec.Decode(&e)
	return e.record(), err
}

// list reads the nodes of a list, and its end.
func (f *jsonFile) list(node func() (Record, error)) error {
	for f.dec.More() {
		f.record++
		r, err := node()
		if err != nil {
			return f.wrong(err)
		}
		if err := f.to.add(r, f.record, f.lineHere()); err != nil {
			return err
		}
	}
	if _, err := f.dec.Token(); err != nil {
		return f.wrong(err)
	}
	f.record = 0
	return nil
}

// wrong returns what the parser found, in our words: its own may quote the data.
func (f *jsonFile) wrong(err error) error {
	at, what := f.dec.InputOffset(), "this is not JSON"
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = f.broken(at)
	}
	switch wrong, isType := errors.AsType[*json.UnmarshalTypeError](err); {
	case isType && wrong.Field != "":
		what = wrong.Field + " is of a wrong kind"
	case isType:
		what = "a node must be an object"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		at, what = int64(len(f.raw)), "the file ends in the middle"
	case errors.Is(err, errTexts), errors.Is(err, errTags):
		what = err.Error()
	}
	return &Error{Line: f.line(at), Record: f.record, What: what}
}

// broken finds the byte that is not JSON, from the end of the last token that is: the decoder counts otherwise.
func (f *jsonFile) broken(from int64) int64 {
	rest := f.raw[from:]
	start := len(rest) - len(bytes.TrimLeft(rest, ", \t\r\n"))
	var value json.RawMessage
	err := json.Unmarshal(rest[start:], &value)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return from + int64(start) + max(syntax.Offset-1, 0)
	}
	return from + int64(start)
}

// line is the line of an offset.
func (f *jsonFile) line(at int64) int {
	return 1 + bytes.Count(f.raw[:min(at, int64(len(f.raw)))], []byte("\n"))
}

var (
	errTexts = errors.New("a serial number or MAC address is neither a string nor a list of strings")
	errTags  = errors.New("the member Tags is neither an object of strings nor a list of Key and Value")
)

// Texts is a string or a list of strings.
type Texts []string

// UnmarshalJSON reads both forms.
func (t *Texts) UnmarshalJSON(raw []byte) error {
	var one *string
	if json.Unmarshal(raw, &one) == nil {
		if *t = nil; one != nil {
			*t = Texts{*one}
		}
		return nil
	}
	if json.Unmarshal(raw, (*[]string)(t)) != nil {
		return errTexts
	}
	return nil
}

// Tags is an object, or the list that tagging operations return.
type Tags map[string]string

// UnmarshalJSON reads both forms.
func (t *Tags) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, (*map[string]string)(t)) == nil {
		return nil
	}
	var list []struct{ Key, Value string }
	if json.Unmarshal(raw, &list) != nil {
		return errTags
	}
	*t = Tags{}
	for _, tag := range list {
		(*t)[tag.Key] = tag.Value
	}
	return nil
}
