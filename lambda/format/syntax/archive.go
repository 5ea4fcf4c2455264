package syntax

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
)

// members makes marks of an archive: an object of folders and of members, each under its name without extension.
type members struct {
	source  Source
	visitor Visitor
	open    []string      // folders
	text    *bufio.Reader // of one member after the other
	passed  string        // a folder that nobody reads
}

func readArchive(s Source, v Visitor) error {
	m := &members{source: s, visitor: v}
	for i, name := range s.Archive.Members() {
		if err := m.member(i, strings.TrimPrefix(name, s.Dialect.Folder)); err != nil {
			return scan.Within(err, fmt.Sprintf("member %.200q", name))
		}
	}
	return m.leave(0)
}

// readDocuments makes marks of those members of an archive that are documents: the root values of one behind those of the other.
func readDocuments(s Source, v Visitor) error {
	m := &members{source: s, visitor: v}
	for i, name := range s.Archive.Members() {
		if !s.Dialect.Takes(name) {
			continue
		}
		if err := m.document(i, name); err != nil {
			return scan.Within(err, fmt.Sprintf("member %.200q", name))
		}
	}
	return nil
}

// document reads a member that is a document. Where it has no root value it says nothing of what it should be about, and nobody would know.
func (m *members) document(i int, name string) error {
	body, err := m.source.Archive.Open(i)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	format, s, err := m.look(body, strings.ToLower(path.Ext(name)))
	switch {
	case err != nil:
		return err
	case format == Empty || format.Shape() == Object:
		return &scan.SyntaxError{Place: scan.Place{Line: 1}, Msg: "it is empty, or neither XML, JSON nor a table: mend it, or pack the others without it"}
	}
	return format.Read(s, &memberVisitor{Visitor: m.visitor, base: scan.MemberPlace(i).Offset, root: format.Shape() == Root})
}

func (m *members) member(i int, name string) error {
	folder, file := path.Split(name)
	folder = strings.Trim(folder, "/")
	at := scan.MemberPlace(i)
	if wanted, err := m.enter(folder, at); err != nil || !wanted {
		return err
	}
	field := []byte(strings.TrimSuffix(file, path.Ext(file)))
	if !m.visitor.Wants(field) {
		return nil
	}
	body, err := m.source.Archive.Open(i)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	return m.value(body, field, strings.ToLower(path.Ext(file)), at)
}

// enter goes to a folder, and reports whether anybody reads it.
func (m *members) enter(folder string, at scan.Place) (bool, error) {
	if m.passed != "" && (folder == m.passed || strings.HasPrefix(folder, m.passed+"/")) {
		return false, nil
	}
	var way []string
	m.passed = ""
	if folder != "" {
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
		action, err := m.visitor.Open([]byte(way[i]), scan.Object, at)
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
		if err := m.visitor.Close(); err != nil {
			return err
		}
	}
	return nil
}

// memberHead is how many bytes of a member are looked at to tell what it is.
const memberHead = 64 << 10

// look tells by a member's first bytes how it is written, and how it is read.
func (m *members) look(body io.Reader, ext string) (Format, Source, error) {
	if m.text == nil {
		m.text = bufio.NewReaderSize(nil, memberHead)
	}
	m.text.Reset(body)
	head, err := m.text.Peek(memberHead)
	if err != nil && err != io.EOF {
		return Unknown, Source{}, err
	}
	format, s := Sniff(head), Source{Reader: m.text, Limits: m.source.Limits}
	if err == io.EOF {
		s.Reader = bytes.NewReader(head) // of a small member nothing more is held
	}
	if format == CSV {
		var columns int
		s.Dialect, columns = csv.FirstRow(head, err != nil)
		if columns < 2 && ext != ".csv" && ext != ".tsv" {
			format = Unknown
		}
	}
	return format, s, nil
}

// value reads a member by its first bytes: a list of rows or of JSON values, an object of an XML root or of keys. What is none of these
// (a picture, a text for people) is no value.
func (m *members) value(body io.Reader, field []byte, ext string, at scan.Place) error {
	format, s, err := m.look(body, ext)
	if err != nil {
		return err
	}
	placed := &memberVisitor{Visitor: m.visitor, base: at.Offset}
	switch format.Shape() {
	case Root:
		placed.root, placed.named = true, field
		return format.Read(s, placed)
	case List:
		if format != Empty {
			return m.list(field, at, func() error { return format.Read(s, placed) })
		}
	}
	return nil
}

func (m *members) list(field []byte, at scan.Place, read func() error) error {
	action, err := m.visitor.Open(field, scan.List, at)
	if err != nil || action == scan.Skip {
		return err
	}
	if err := read(); err != nil {
		return err
	}
	return m.visitor.Close()
}

// memberVisitor makes places in a member places in the archive.
type memberVisitor struct {
	Visitor
	base  int64
	root  bool   // the root element comes next
	named []byte // the field whose value it is; nil: it is an item
}

// Open begins a value.
func (v *memberVisitor) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	at.Offset += v.base
	if v.root {
		name, v.root = v.named, false
	}
	return v.Visitor.Open(name, kind, at)
}
