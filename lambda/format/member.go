package format

import (
	"bufio"
	"io"
	"path"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// Archive is a document of several members.
type Archive interface {
	Members() []string                      // their names, with slashes between folders
	Open(member int) (io.ReadCloser, error) // decoded UTF-8; may be opened more than once
}

// members reads an archive as an object of folders and of members, each under its name without extension.
type members struct {
	reading *Reading
	reader  *reader
	open    []string // folders
	passed  string   // a folder that nobody reads
}

// memberOffsets keep the places in one member apart from those in others.
const memberOffsets = 40 // bits

func (m *members) read() error {
	for i, name := range m.reading.in.Archive.Members() {
		if err := m.reading.source.ctx.Err(); err != nil {
			return err
		}
		if err := m.member(i, name); err != nil {
			return withinMember(err, name)
		}
	}
	return m.leave(0)
}

func (m *members) member(i int, name string) error {
	folder, file := path.Split(name)
	folder = strings.Trim(folder, "/")
	at := scan.Place{Offset: int64(i) << memberOffsets}
	if wanted, err := m.enter(folder, at); err != nil || !wanted {
		return err
	}
	field := []byte(strings.TrimSuffix(file, path.Ext(file)))
	if !m.reader.wants(field) {
		return nil
	}
	body, err := m.reading.in.Archive.Open(i)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	m.reading.source.reader = body
	return m.value(field, strings.ToLower(path.Ext(file)), at)
}

// enter goes to a folder, and tells whether anybody reads it.
func (m *members) enter(folder string, at scan.Place) (bool, error) {
	if m.passed != "" && (folder == m.passed || strings.HasPrefix(folder, m.passed+"/")) {
		return false, nil
	}
	var way []string
	if m.passed = ""; folder != "" {
		way = strings.Split(folder, "/")
	}
	same := 0
	for same < min(len(way), len(m.open)) && way[same] == m.open[same] {
		same++
	}
	if err := m.leave(same); err != nil {
		return false, err
	}
	for i := same; i < len(way); i++ {
		action, err := m.reader.Open([]byte(way[i]), scan.Object, at)
		if err != nil {
			return false, err
		}
		if action == scan.Skip {
			m.passed = strings.Join(way[:i+1], "/")
			return false, nil
		}
		m.open = append(m.open, way[i])
	}
	return true, nil
}

// leave closes folders until so many are open.
func (m *members) leave(depth int) error {
	for ; len(m.open) > depth; m.open = m.open[:len(m.open)-1] {
		if err := m.reader.Close(); err != nil {
			return err
		}
	}
	return nil
}

// memberHead is how many bytes of a member are looked at to tell what it is.
const memberHead = 64 << 10

// value reads a member as its bytes tell: a list of rows or of JSON values, an object of an XML root or of keys. What is none of these
// (a picture, a text for people) is no value.
func (m *members) value(field []byte, ext string, at scan.Place) error {
	text := bufio.NewReaderSize(m.reading.source, memberHead)
	head, err := text.Peek(memberHead)
	if err != nil && err != io.EOF {
		return err
	}
	placed := &memberVisitor{reader: m.reader, base: at.Offset}
	limits := m.reading.in.Limits
	switch scan.Sniff(head) {
	case scan.FormatXML:
		return scan.XML(text, &memberRoot{memberVisitor: placed, field: field}, limits)
	case scan.FormatJSON:
		return m.list(field, at, func() error { return scan.JSON(text, placed, limits) })
	case scan.FormatCSV:
		h := &Head{bytes: head, complete: err != nil, format: scan.FormatCSV}
		dialect, columns := h.firstRow()
		if columns < 2 && ext != ".csv" && ext != ".tsv" {
			return nil
		}
		return m.list(field, at, func() error { return scan.CSV(text, placed, limits, dialect) })
	default:
		return nil
	}
}

func (m *members) list(field []byte, at scan.Place, read func() error) error {
	action, err := m.reader.Open(field, scan.List, at)
	if err != nil || action == scan.Skip {
		return err
	}
	if err := read(); err != nil {
		return err
	}
	return m.reader.Close()
}

// memberVisitor makes places in a member places in the archive.
type memberVisitor struct {
	*reader
	base int64
}

// Open begins a value.
func (v *memberVisitor) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	at.Offset += v.base
	return v.reader.Open(name, kind, at)
}

// memberRoot lets the root element be the value of the member.
type memberRoot struct {
	*memberVisitor
	field  []byte
	rooted bool
}

// Open begins an element or an attribute.
func (v *memberRoot) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if !v.rooted {
		v.rooted, name = true, v.field
	}
	return v.memberVisitor.Open(name, kind, at)
}

// wants tells whether anybody reads a field of the innermost value.
func (r *reader) wants(field []byte) bool {
	return r.dfa.step(r.frames[len(r.frames)-1].state, r.names.find(field)) != nil
}

// isSection tells the keys that begin an object, by names as in paths.
func isSection(keys []string) func([]byte) bool {
	if len(keys) == 0 {
		return nil
	}
	var patterns []fieldPattern
	for _, key := range keys {
		patterns = append(patterns, newFieldPattern(key))
	}
	known := map[string]bool{}
	return func(key []byte) bool {
		is, ok := known[string(key)]
		for i := 0; i < len(patterns) && !ok && !is; i++ {
			is = patterns[i].fits(newFieldName(string(key)))
		}
		if !ok && len(known) < maxNames && len(key) <= maxNameBytes {
			known[string(key)] = is
		}
		return is
	}
}
