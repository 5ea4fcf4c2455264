package format

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Plan is all that is read of a document. Paths inside Reads may have any root: what they need of the host, of enclosing
// objects, of the document or of tables is found out by Compile. Keys and conditions of paths need not be listed apart.
type Plan struct {
	Blocks []Block
	Tables []Table
	Unwrap []string          // fields that stand for an object where a text is wanted
	Empty  func(string) bool // texts that are no value, given trimmed; nil: none
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
}

// Program is a compiled Plan. It is immutable: several readings may use it at once.
type Program struct {
	plan      Plan
	nfa       nfa
	holds     []*hold // by the plan's blocks
	unwrap    *path.Unwrap
	usesIndex bool // positions among fields of one name matter
	padded    bool // see CompileReturned: in the document that is given back, too
}

// hold is what must be held of the records of a block.
type hold struct {
	late bool // they wait for the document's end
	up   bool // what encloses entries and records must be held with them

	deepEntries bool // which of the places for entries exists turns out when the record closes
}

// names returns the names that the program's paths tell apart, none of which was met yet.
func (g *Program) names() *tree.Names { return tree.NewNames(g.nfa.patterns) }

// readsRows reports whether any path begins at the document's rows.
func (g *Program) readsRows() bool {
	rows := &g.nfa.states[g.nfa.rows]
	return len(rows.eps)+len(rows.edges)+len(rows.accepts) > 0
}

// record is the acceptance of a block's alternative by its number, from 1; nil where there is none.
func (g *Program) record(owner int64) *accept {
	if owner < 1 || owner > int64(len(g.nfa.alts)) {
		return nil
	}
	return g.nfa.alts[owner-1]
}

// entry is the acceptance of entries in the records of a block's alternative; nil where there is none.
func (g *Program) entry(owner int32, typ, alt int) *accept {
	for _, a := range g.nfa.entries {
		if a.owner == owner && a.typ == typ && a.alt == alt {
			return a
		}
	}
	return nil
}
