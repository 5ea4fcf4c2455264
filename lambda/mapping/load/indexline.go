package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// indexLine is a line of the index.
type indexLine struct {
	mapping.Head

	Fills   []string `json:"types"`             // names
	Extends string   `json:"extends,omitempty"` // the mapping whose words it takes over
	Sum     int      `json:"crc"`               // of the files of which the line was made
}

// lineReader reads lines of the index. What nearly every line has it takes as it comes, since each start reads all lines: json.Unmarshal takes
// twice as long. It keeps the first error.
type lineReader struct {
	*jsontext.Decoder
	err error
}

// line reads a line.
func (r *lineReader) line() *indexLine {
	line := &indexLine{Head: mapping.Head{Absent: defaultAbsent}}
	r.object(func(name string) {
		switch name {
		case "mapping":
			line.Name = r.text()
		case "about":
			line.About = r.text()
		case "seen":
			line.Seen = r.text()
		case "family":
			line.Family = r.text()
		case "match":
			r.list(func() { line.Matches = append(line.Matches, r.match()) })
		case "detect":
			r.list(func() { line.Detect = append(line.Detect, r.alternative()) })
		case "records":
			r.list(func() { line.RecordPaths = append(line.RecordPaths, r.texts()) })
		case "types":
			line.Fills = r.texts()
		case "crc":
			line.Sum = r.number()
		default:
			r.other(name, line)
		}
	})
	return line
}

func (r *lineReader) match() *choose.Match {
	m := &choose.Match{}
	r.object(func(name string) {
		switch name {
		case "key":
			m.Key = r.text()
		default:
			r.other(name, m)
		}
	})
	return m
}

func (r *lineReader) alternative() *choose.Alternative {
	a := &choose.Alternative{}
	r.object(func(name string) {
		switch name {
		case "kind":
			a.Kind = r.text()
		case "all":
			a.All = r.texts()
		case "of":
			a.Of = r.texts()
		case "least":
			a.Least = r.number()
		default:
			r.other(name, a)
		}
	})
	return a
}

// other reads a field that few lines have.
func (r *lineReader) other(name string, into any) {
	value, err := r.ReadValue()
	r.fail(err)
	if r.err == nil {
		r.fail(json.Unmarshal(fmt.Appendf(nil, "{%q:%s}", name, value), into))
	}
}

// object calls field with the name of each field, whose value it must read.
func (r *lineReader) object(field func(name string)) {
	for r.begin('{'); r.goesOn('}'); {
		field(r.text())
	}
}

// list calls item for each item of a list, which it must read.
func (r *lineReader) list(item func()) {
	for r.begin('['); r.goesOn(']'); {
		item()
	}
}

func (r *lineReader) texts() []string {
	var texts []string
	r.list(func() { texts = append(texts, r.text()) })
	return texts
}

func (r *lineReader) begin(kind jsontext.Kind) {
	if token := r.token(); r.err == nil && token.Kind() != kind {
		r.err = fmt.Errorf("expected %s", kind)
	}
}

// goesOn reports whether an object or list does not end here, and reads its end.
func (r *lineReader) goesOn(end jsontext.Kind) bool {
	if r.err == nil && r.PeekKind() != end {
		return true
	}
	r.token()
	return false
}

// text reads a string, or a number as it is written.
func (r *lineReader) text() string { return r.token().String() }

func (r *lineReader) number() int {
	n, err := strconv.Atoi(r.text())
	r.fail(err)
	return n
}

func (r *lineReader) token() jsontext.Token {
	if r.err != nil {
		return jsontext.Token{}
	}
	token, err := r.ReadToken()
	r.fail(err)
	return token
}

// lineNumber is the number of the line in which the reader stands.
func (r *lineReader) lineNumber(text []byte) int {
	left := bytes.TrimLeft(text[r.InputOffset():], "\n")
	return 1 + bytes.Count(text[:len(text)-len(left)], []byte("\n"))
}

func (r *lineReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
