// Package mapping knows the language of mapping and type files: it loads and checks them, chooses the mapping of a
// document, and makes of each record the machine that it speaks about and the entries of shared types. It does not know
// where documents come from, which nodes exist, or what is put.
package mapping

import (
	"time"
)

// Mapping is one mapping file, with what it took over by `extends`, checked and resolved. It is immutable and may be
// used by several readings at once.
type Mapping struct {
	Name        string        // also the Source of its entries
	About       string        // one line for people
	Hash        string        // SHA-256, hex, of the effective mapping and of the types that it fills
	File        string        // where it was loaded from; "builtin/<name>.yaml" for the built-in ones
	Builtin     bool          //
	Extends     string        // name of the mapping that it takes over, or ""
	Matches     []Match       // deliveries that may use it
	Every       time.Duration // how often this source is expected; 0: not said
	ExpireAfter time.Duration // a shard not stated again for so long is dropped; 0: never
	Absent      Absent
	Allow       Allow

	Tests []Test // of its own; not of the mapping that it extends

	OnAmbiguousOnline bool   // of several nodes that fit take the only one online
	Prefer            string // of a machine that is registered twice: "managed", "ec2", or "" for neither
	TrustIP           bool   // an address decides though the node is called otherwise

	types   []*Type
	tags    []string
	detect  []alternative
	blocks  []*block
	tables  []*table
	source  []sourcePart
	reading readingWords
	uses    uses
	program lazyProgram
}

// Absent says what becomes of machines that a document of the mapping no longer names.
type Absent struct {
	Clear      bool    // clear what the source said of them; else keep it
	MaxCleared float64 // share of the source's nodes that one document may clear, 0 to 1
}

// Allow restricts what a mapping may write.
type Allow struct {
	NodeTags map[string]string // tags that a node must have, all of them; empty: any node
	Nodes    []string          // node IDs, in which `*` fits any letters; empty: any node
	Types    []string          // of the types that it fills those that are written; empty: all
}

// uses is what a mapping asks of the directory of nodes, and how its statements are meant.
type uses struct {
	identify, mac, serial, merge, keyed bool
}

// NamesMachine tells whether the mapping's documents name the machine that they speak about. If not, it is named from
// outside: by the key pattern, the sender, or the command line.
func (m *Mapping) NamesMachine() bool { return m.uses.identify }

// Types gives the types that the mapping fills, sorted by name. Record.States and Entry.Type are indices into it.
func (m *Mapping) Types() []*Type { return m.types }

// TagKeys gives the keys of node tags by which the mapping identifies machines, sorted.
func (m *Mapping) TagKeys() []string { return m.tags }

// UsesMAC tells whether the mapping identifies machines by MAC addresses.
func (m *Mapping) UsesMAC() bool { return m.uses.mac }

// UsesSerial tells whether the mapping identifies machines by serial numbers.
func (m *Mapping) UsesSerial() bool { return m.uses.serial }

// Merges tells whether some records of the mapping add and remove single entries (`update: merge`) instead of saying all
// that the source knows.
func (m *Mapping) Merges() bool { return m.uses.merge }

// SplitsSource tells whether what documents say decides who speaks, within the mapping's own name.
func (m *Mapping) SplitsSource() bool { return len(m.source) > 0 }

// Keyed tells whether records of the mapping are united to machines by a key.
func (m *Mapping) Keyed() bool { return m.uses.keyed }
