// Package plan knows what is to be read of a document (blocks of records with their entries, tables) and compiles all its paths into one
// automaton over the names of fields, which finds for each value what it is and who reads it. It reads no document itself.
package plan

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Plan is all that is read of a document. Paths inside Reads may have any root: what they need of the host, of enclosing
// objects, of the document or of tables is found out by Compile. Keys and conditions of paths need not be listed apart.
type Plan struct {
	Blocks []Block
	Tables []Table
	Late   []path.Path       // from the document (RootHere, too), read after its end: no record waits for them
	Unwrap []string          // fields that stand for an object where a text is wanted
	Empty  func(string) bool // texts that are no value, given trimmed; nil: none

	Unescape bool // texts are escaped for HTML
}

// Block is one kind of record.
type Block struct {
	Each       []path.Path // alternatives: roots RootHere, RootRows and RootDoc; none: the whole document is the one record
	Host       []path.Path // inside the record; the first that leads anywhere; none: the record is its own host
	Reads      []path.Path // relative to the record: where, remove
	HostReads  []path.Path // relative to the host: identify, key
	CapturedAt []path.Path // relative to the record. $doc in these alone does not make the records wait: see Record.DocComplete
	Types      []Entries   // what a record is made of
}

// Entries is one kind of entry inside the records of a block.
type Entries struct {
	Each  []path.Path // alternatives, inside the record (RootHere); none: the record is the one entry
	Reads []path.Path // relative to the entry
}

// Table is a set of rows that are found by a key, without case; of equal keys the first row counts.
type Table struct {
	Name string      // without $
	Each []path.Path // alternatives, from the document
	Key  []path.Path // relative to the row; the first that has a value

	Parts string // what separates the parts of keys: without a row, the last part of the key that is looked up is left out; "": none
}

// Program is a compiled Plan. It is immutable: several readings may use it at once.
type Program struct {
	Plan       Plan
	nfa        nfa
	Holds      []*Hold // by the plan's blocks
	Unwrap     *path.Unwrap
	TablePaths int  // places of rows, of all tables
	UsesIndex  bool // positions among fields of one name matter
	Padded     bool // see CompileWhole: in the document that is given back, too
}

// Hold is what must be held of the records of a block.
type Hold struct {
	Late bool // they wait for the document's end
	Up   bool // what encloses entries and records must be held with them

	DeepEntries bool // which of the places for entries exists turns out when the record closes
}

// Names returns the names that the program's paths tell apart, none of which was met yet.
func (g *Program) Names() *tree.Names { return tree.NewNames(g.nfa.patterns) }

// ReadsRows reports whether any path begins at the document's rows.
func (g *Program) ReadsRows() bool {
	rows := &g.nfa.states[g.nfa.rows]
	return len(rows.eps)+len(rows.edges)+len(rows.accepts) > 0
}

// Record is the acceptance of a block's alternative by its number, from 1; nil where there is none.
func (g *Program) Record(owner int64) *Accept {
	if owner < 1 || owner > int64(len(g.nfa.alts)) {
		return nil
	}
	return g.nfa.alts[owner-1]
}

// Entry is the acceptance of entries in the records of a block's alternative; nil where there is none.
func (g *Program) Entry(owner int32, typ, alt int) *Accept {
	for _, a := range g.nfa.entries {
		if a.Owner == owner && a.Type == typ && a.Alternative == alt {
			return a
		}
	}
	return nil
}

// Error is what a plan cannot mean.
type Error struct {
	Path string
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("plan: path %s: %s", e.Path, e.Msg) }
