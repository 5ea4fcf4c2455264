// Package mapping knows what mappings and types are once they are loaded: which documents a mapping takes, where its records, machines
// and entries stand in them, and how the values of a type are made fit. How they are written, chosen and read, packages in its folder
// know; it does not know where documents come from, which nodes exist, or what is put.
package mapping

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Mapping is one mapping file, with what it took over by `extends`, checked and resolved. It is immutable and may be
// used by several readings at once.
type Mapping struct {
	Head

	Hash  string // SHA-256, hex, of the effective mapping and of the types that it fills
	Tests []Test // of its own; not of the mapping that it extends

	Whole       *Whole   // nil: every document is all that it speaks about
	Blocks      []*Block // kinds of records
	Tables      []*Table
	Source      []SourcePart // template of who states, behind the mapping's name and a slash; none: the mapping itself
	Conventions Conventions

	Expressions []*Expression // all of them

	once     sync.Once
	prepared any
	err      error
}

// Conventions are how the documents of a mapping write values.
type Conventions struct {
	Unwrap   []string // fields that only wrap others
	Empty    []string // strings that are no value
	Sections []string // keys that begin an object, in text of keys and values
	Unescape bool     // strings are escaped for HTML
	Dates    date.Reader
	Open     bool // some layout of a date leaves to the document which of two numbers is the day
}

// Whole is how a document says that it is not all: a page of a list, an answer that timed out.
type Whole struct {
	Holds       *Expression // on the document and `$records`; false: it is a part. nil: Page and Pages decide
	Page, Pages *Value      // which page of how many the document is, from 1; nil: pages do not say it

	At problem.Place
}

// SourcePart is a literal of a source template, a path, or a value.
type SourcePart struct {
	Literal  string
	Path     path.Path
	IsPath   bool
	Value    *Value // nil: none
	Sum      string // of how the value is written
	Optional bool   // a slash and the value, the last part of the template; nothing where there is no value
	Category bool   // of the value what stands before its last slash
}

// Paths returns what the part reads.
func (p *SourcePart) Paths() []path.Path {
	if p.IsPath {
		return []path.Path{p.Path}
	}
	return p.Value.Paths()
}

// SourceForm is the template of the source where its last part may be left out; else "". Templates without such a part are as old as the
// language: a source that was stated without a form may have been named by any of them.
func (m *Mapping) SourceForm() string {
	if len(m.Source) == 0 || !m.Source[len(m.Source)-1].Optional {
		return ""
	}
	var form strings.Builder
	for _, part := range m.Source {
		form.WriteString(part.text())
	}
	return form.String()
}

func (p *SourcePart) text() string {
	switch {
	case p.Value != nil:
		return "{/part " + p.Sum + "}"
	case !p.IsPath:
		return p.Literal
	case p.Category:
		return "{/" + p.Path.String() + "/}"
	case p.Optional:
		return "{/" + p.Path.String() + "}"
	default:
		return "{" + p.Path.String() + "}"
	}
}

// Fill takes the types that the mapping fills, sorted by name, and its blocks.
func (m *Mapping) Fill(types []*Type, blocks []*Block) {
	m.SetTypes(types)
	m.Blocks = blocks
	for _, b := range blocks {
		for _, paths := range b.recordPaths() {
			m.RecordPaths = append(m.RecordPaths, textsOf(paths))
		}
	}
}

func textsOf(paths []path.Path) []string {
	texts := make([]string, len(paths))
	for i := range paths {
		texts[i] = paths[i].String()
	}
	return texts
}

// Prepared returns what prepare returned when it was called first. It is for a reader, which makes ready once what all its readings need.
func (m *Mapping) Prepared(prepare func() (any, error)) (any, error) {
	m.once.Do(func() { m.prepared, m.err = prepare() })
	return m.prepared, m.err
}

// NamesMachine reports whether the mapping's documents name the machine that they are about, if only by its number in the source. If not, it is named from outside: by the
// key pattern, the sender, or the command line.
func (m *Mapping) NamesMachine() bool {
	return slices.ContainsFunc(m.Blocks, func(b *Block) bool { return b.Identity != nil || b.Key != nil })
}

// StatesAccount reports whether some of the mapping's records say in which account their machine is.
func (m *Mapping) StatesAccount() bool {
	return slices.ContainsFunc(m.Blocks, func(b *Block) bool { return b.Identity != nil && b.Identity.Account != nil })
}

// Merges reports whether some records of the mapping add and remove single entries (`update: merge`) instead of stating all that the
// source knows.
func (m *Mapping) Merges() bool {
	return slices.ContainsFunc(m.Blocks, func(b *Block) bool { return b.Merge })
}

// SplitsSource reports whether documents decide which source states, within the mapping's own name.
func (m *Mapping) SplitsSource() bool { return len(m.Source) > 0 }

// Keyed reports whether records of the mapping are united to machines by a key.
func (m *Mapping) Keyed() bool {
	return slices.ContainsFunc(m.Blocks, func(b *Block) bool { return b.Key != nil })
}

// Fills returns the attributes of a type for which the mapping names a value, sorted.
func (m *Mapping) Fills(typeName string) []string {
	names := make(map[string]bool)
	for _, b := range m.Blocks {
		for _, f := range b.Fills {
			for i, v := range f.Values {
				if v != nil && f.Type.Name() == typeName {
					names[f.Type.Attributes[i].Name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
