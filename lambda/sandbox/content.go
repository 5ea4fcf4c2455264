package sandbox

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxEntries        = 10_000
	maxPairs          = 50
	maxAttributeName  = 64
	maxAttributeValue = 4096
)

// content is an item's list of entries, kept as the compact JSON of each entry one after the other: a page of a long list
// is then a part of it, and a large fleet fits in memory.
type content struct {
	raw   []byte
	ends  []int    // where each entry ends in raw
	names []string // every attribute name, once, in order of first appearance

	textBytes int // of all names and values
}

// readContent reads a list of flat maps of strings. The JSON library has read the value before and found it free of repeated names. An
// error means that the value has another form; what violates the model's limits is noted in v.
func readContent(value jsontext.Value, v *violations) (*content, error) {
	r := entryReader{
		from: jsontext.NewDecoder(bytes.NewBuffer(value), jsontext.AllowDuplicateNames(true)),
		to:   &content{raw: make([]byte, 0, len(value))},
		seen: map[string]struct{}{},
		v:    v,
	}
	if err := r.read(jsontext.KindBeginArray); err != nil {
		return nil, err
	}
	for r.from.PeekKind() != jsontext.KindEndArray {
		if err := r.entry(); err != nil {
			return nil, err
		}
	}
	v.size(len(r.to.ends), "content", 0, maxEntries)
	return r.to, nil
}

type entryReader struct {
	from *jsontext.Decoder
	to   *content
	seen map[string]struct{}
	v    *violations
	text []byte // the last string, unquoted
}

// read reads one token, of that kind.
func (r *entryReader) read(kind jsontext.Kind) error {
	token, err := r.from.ReadToken()
	if err != nil || token.Kind() != kind {
		return errForm()
	}
	return nil
}

func (r *entryReader) entry() error {
	if err := r.read(jsontext.KindBeginObject); err != nil {
		return err
	}
	r.to.raw = append(r.to.raw, '{')
	pairs := 0
	for ; r.from.PeekKind() != jsontext.KindEndObject; pairs++ {
		if err := r.pair(pairs); err != nil {
			return err
		}
	}
	if err := r.read(jsontext.KindEndObject); err != nil {
		return err
	}
	r.to.raw = append(r.to.raw, '}')
	r.to.ends = append(r.to.ends, len(r.to.raw))
	if pairs > maxPairs {
		r.v.size(pairs, r.place(), 0, maxPairs)
	}
	return nil
}

// place is the path of the entry being read, for a violation.
func (r *entryReader) place() string {
	return fmt.Sprintf("content.%d.member", len(r.to.ends)+1)
}

// pair reads one name and value; number counts the entry's pairs from 0.
func (r *entryReader) pair(number int) error {
	if number > 0 {
		r.to.raw = append(r.to.raw, ',')
	}
	if err := r.string(); err != nil {
		return err
	}
	if n := len(r.text); n == 0 || n > maxAttributeName {
		r.v.length(string(r.text), r.place()+".key", 1, maxAttributeName)
	}
	r.note(number)
	r.to.raw = append(r.to.raw, ':')
	if err := r.string(); err != nil {
		return err
	}
	if len(r.text) > maxAttributeValue {
		r.v.length(string(r.text), r.place()+".value", 0, maxAttributeValue)
	}
	return nil
}

// note adds a name that is new to the list. Entries mostly have the same names in the same order.
func (r *entryReader) note(number int) {
	if number < len(r.to.names) && r.to.names[number] == string(r.text) {
		return
	}
	if _, seen := r.seen[string(r.text)]; !seen {
		r.seen[string(r.text)] = struct{}{}
		r.to.names = append(r.to.names, string(r.text))
	}
}

// string reads the next JSON string, appends its shortest form to the content and keeps its value in r.text. With the shortest form the
// size does not depend on what a client escapes.
func (r *entryReader) string() error {
	quoted, err := r.from.ReadValue()
	if err != nil || quoted.Kind() != jsontext.KindString {
		return errForm()
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		r.text = append(r.text[:0], quoted[1:len(quoted)-1]...)
		r.to.textBytes += len(r.text)
		r.to.raw = append(r.to.raw, quoted...)
		return nil
	}
	r.text, err = jsontext.AppendUnquote(r.text[:0], []byte(quoted))
	if err != nil {
		return errForm()
	}
	r.to.textBytes += len(r.text)
	r.to.raw, err = jsontext.AppendQuote(r.to.raw, r.text)
	return err
}

// len is the number of entries.
func (c *content) len() int { return len(c.ends) }

// bytes is the size of the content as a compact JSON list.
func (c *content) bytes() int { return len(c.raw) + max(len(c.ends)-1, 0) + len("[]") }

// entry is the i-th entry as JSON. It must not be changed.
func (c *content) entry(i int) jsontext.Value {
	begin := 0
	if i > 0 {
		begin = c.ends[i-1]
	}
	return jsontext.Value(c.raw[begin:c.ends[i]:c.ends[i]])
}

// pairs is the i-th entry as a map.
func (c *content) pairs(i int) map[string]string {
	m := map[string]string{}
	_ = json.Unmarshal(c.entry(i), &m) // it was written by readContent
	return m
}

// clashes reports whether attribute names differ only in case.
func (c *content) clashes() bool {
	folded := make(map[string]struct{}, len(c.names))
	for _, name := range c.names {
		f := strings.ToLower(name)
		if _, seen := folded[f]; seen {
			return true
		}
		folded[f] = struct{}{}
	}
	return false
}

// contentOf makes content of entries that the sandbox states itself.
func contentOf(entries []map[string]string) *content {
	raw, _ := json.Marshal(entries, json.Deterministic(true)) // strings
	c, err := readContent(raw, new(violations))
	if err != nil {
		return &content{}
	}
	return c
}
