// Package read knows what a chosen mapping makes of a document: its records, the machines that they are about, the entries of types,
// and notes of what did not go well. It neither chooses mappings nor knows how they are written, and puts nothing.
package read

import (
	"context"
	"hash/maphash"
	"io"
	"iter"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/expression"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
)

// Input is a document's bytes and what reading them may use.
type Input struct {
	Reader  io.Reader     // decoded UTF-8
	Archive scan.Archive  // in place of it, where ChooseArchive took the mapping
	TempDir string        // for what exceeds the budget; "": the system's
	Budget  int           // bytes held in memory before they are spooled; 0: the engine's default
	Limits  scan.Limits   // zero: defaults
	Trace   *missed.Trace // collects what the mapping makes of the document; nil: nobody asks
}

// Facts is what is known of a document besides its bytes.
type Facts struct {
	Name         string            // file name
	Key          string            // object key, "" where there is none
	Captures     map[string]string // {name} segments of the key pattern, as in Choice.Captures
	DocumentTime time.Time
}

// Record is what one record states about one machine. A record about two machines is two of these, with one Number.
type Record struct {
	Number     int                // of the document's record, from 1
	Place      scan.Place         // where it begins
	Skip       string             // why nothing is taken from it: it has no entries then; "" otherwise
	Aside      bool               // Skip says why it is a row of a table, but none of its records
	Key        string             // records of equal key are one machine; "" is a machine of its own
	Outside    bool               // the machine is named from outside: the record has neither identity nor key
	Subject    Subject            // the machine's identifiers; of records about one machine as a rule the same lists
	Source     string             // who states: the mapping's name, or "name/…" by its template
	Captured   time.Time          // when this was true; zero: see Late
	Late       bool               // Reading.LateCapture has the capture time; if neither, the document's time counts
	Merge      bool               // it sets and removes single entries; else the document is all that the source knows of the machine
	Newest     bool               // the record alone is all that the source knows of the machine: of several the newest counts
	States     []int              // indices into Mapping.Types, ascending: types that this record states, also without entries
	Scopes     []*inventory.Scope // by States: what the record looked at of the type; nil: all of it, or see LateScopes. None: all of all types
	LateScopes []int              // by States: the number, from 1, of the scope among Reading.LateScopes; 0: Scopes has it
	Partial    bool               // it looked at nothing as a whole: it only adds, and attributes without a value are not spoken of

	block   int
	reader  *reader
	entries func(yield func(Entry, error) bool)
}

// Subject is the machine that a record is about: candidates as the document has them, the best first, trimmed,
// each once, not normalised.
type Subject struct {
	NodeID, Serial, Hostname, IP, MAC []string
	Reverse                           []string            `json:",omitempty"` // of Hostname those that were asked of an address
	Account, Region                   []string            `json:",omitempty"` // in which the machine is
	Tags                              map[string][]string // by tag key
}

// Entry is one entry of a type, normalised, with a value for every declared attribute.
type Entry struct {
	Type   int             // index into Mapping.Types
	Values inventory.Entry // in the order of the type's attributes; valid until the next step of the iteration
	Remove bool            // a merge removes the entry (a snapshot leaves such entries out)
	Reject string          // why it cannot be put: names attributes and limits, never a value; "" otherwise
	Cuts   int             // values that were cut to their attribute's max
	CutKey uint64          // of an entry whose key was cut a hash, in this reading, of what was cut; 0: it was not
}

// Note is something that did not go as the mapping hoped, without harm to the record.
type Note struct {
	Record int // number of the record, from 1; 0: the document
	Place  scan.Place
	Type   string // the type, or ""
	Word   string // the attribute or block word
	Reason string // never with a value
}

// Reading is one pass over a document. It is used by one goroutine.
type Reading struct {
	notes   notes
	remarks []string
	late    time.Time
	part    *Part
	scopes  []*inventory.Scope
	run     func(yield func(*Record, error) bool)
}

// Document prepares one pass over a document whose mapping is chosen. Nothing is read yet.
func Document(ctx context.Context, in Input, c mapping.Choice, f Facts) *Reading {
	r := &Reading{}
	if c.Mended != nil {
		f.Name, f.Key, f.Captures = c.Mended.Name, c.Mended.Key, c.Mended.Captures
	}
	rd := &reader{Mapping: c.Mapping, reading: r, choice: c, facts: fileFacts(f), late: make(map[int]bool), kept: keeper{seed: maphash.MakeSeed()}}
	rd.maker.evaluator = &evaluator{notes: &r.notes, trace: in.Trace, seed: rd.kept.seed, runner: expression.Runner{Limit: in.Limits.Expression}}
	for _, t := range c.Mapping.Types() {
		rd.values = append(rd.values, make([]string, len(t.Attributes)))
	}
	rd.record.entries, rd.record.reader, rd.each = rd.entries, rd, rd.entry
	r.run = func(yield func(*Record, error) bool) { rd.run(ctx, in, yield) }
	return r
}

// Records yields what the records state, in the document's order; records whose machine is known late may come later. A
// document that is cut off or malformed yields its error last: nothing of it must be used then. A Record and its
// entries are valid until the next step.
func (r *Reading) Records() iter.Seq2[*Record, error] { return r.run }

// Entries yields the record's entries: once, while the record is the current one.
func (r *Record) Entries() iter.Seq2[Entry, error] {
	if r.entries == nil || r.Skip != "" {
		return func(func(Entry, error) bool) {}
	}
	return r.entries
}

// LateCapture is the capture time of the records with Late, known after the last record; zero where the document has
// none.
func (r *Reading) LateCapture() time.Time { return r.late }

// LateScopes are the scopes that records have from the document, by their numbers, known after the last record. They are few: each is
// that of one type in all records of a kind.
func (r *Reading) LateScopes() []*inventory.Scope { return r.scopes }

// Part says that a document is not all that its source knows, and which page of how many it is, from 1, where it says that.
type Part struct{ Page, Pages int }

// Part returns which part the document is, once it was read to its end; nil: it is the whole.
func (r *Reading) Part() *Part { return r.part }

// Remarks returns what the document has that its author may not know, without harm to it, with names of its fields and without values. They are
// among the notes, too.
func (r *Reading) Remarks() []string { return r.remarks }

// Notes returns the first of the things that did not go well, and how many there were in all.
func (r *Reading) Notes() (first []Note, total int) { return r.notes.first, r.notes.total }
