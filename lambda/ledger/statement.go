package ledger

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Header is from which document a delivery comes. A delivery carries the statements of one document about the nodes of one partition.
type Header struct {
	Import      string      `json:"import"`             // ID of the import; the same document and mapping give the same ID
	Partition   int         `json:"partition"`          // all nodes of the delivery belong to it (Ledger.Partition)
	Mapping     string      `json:"mapping"`            // the mapping's name
	Form        string      `json:"form,omitempty"`     // the template of the sources' names, where that may leave out its last part; "": another, or of before
	MappingHash string      `json:"mappingHash"`        // of the mapping with its types, as intake had it
	Document    string      `json:"document,omitempty"` // a name or an s3:// URL, for people
	Written     time.Time   `json:"written,omitzero"`   // when the document was written (LastModified, mtime, an event's time)
	Received    time.Time   `json:"received,omitzero"`  // when it was taken in; captures later than this are clamped to it
	Into        string      `json:"into,omitempty"`     // of a mended file: the import whose rejected records it mends
	Types       []TypeShape `json:"types"`              // every type that a statement of the delivery names
	Found       bool        `json:"found,omitempty"`    // it was parked: its rows join those that the same document has stated of a node before
	Page        *Page       `json:"page,omitempty"`     // nil: the document is no page, or does not say which
	Absence     *Absence    `json:"absence,omitempty"`  // nil: the document does not prove that nodes are absent

	// Unreachable are the targets whose nodes could not be listed when the document was read: it proves of none of their nodes that it is absent.
	Unreachable []target.Key `json:"unreachable,omitempty"`
}

// Absence is that a delivery's document states all nodes of some sources: those that it does not name are missing.
type Absence struct {
	Stamp                     // of the document: a newer statement of a source stands
	Sources []string          `json:"sources"`
	Named   *NamedIdentifiers `json:"-"` // identifiers that the document names; nil: they are staged
}

// Page is which part of a list a delivery's document is. Its statements are merges; once all pages were applied, rows that none of them
// states are removed. A document of which a record was rejected is no page, nor is one whose mapping merges anyhow.
type Page struct {
	Number  int      `json:"number"`            // from 1
	Of      int      `json:"of"`                // how many there are
	Alone   string   `json:"alone,omitempty"`   // the node that all pages are about, where it is named from outside
	Sources []string `json:"sources,omitempty"` // of which the document is a page; none: those of its statements, and the mapping
}

// TypeShape is the order in which the values of a type's rows stand in a delivery.
type TypeShape struct {
	Name       string   `json:"name"`
	Attributes []string `json:"attributes"`
}

// Shape returns the shape of a type as it is loaded here.
func Shape(t *inventory.Type) TypeShape {
	return TypeShape{Name: t.Name, Attributes: t.Attributes}
}

// Statement is what one document of a source states of one node.
type Statement struct {
	Node     string          // managed node ID
	Source   string          // the mapping's name, or "name/…"
	Captured time.Time       // when the source saw it; zero: when the document was written
	Merge    bool            // rows set and removed by key; else a snapshot: all that the source knows of the types it states
	Part     bool            // of a merge: its document says that it is not all; snapshots written about then may be the end of the same list
	Partial  bool            // of a merge: attributes without a value are not spoken of, and keep what they are
	Subject  []string        // the identifiers that led here ("hostname=web-1"), kept so that an absent machine differs from an unmatched one
	Records  []RecordResult  // every record of the document that this statement carries, each once
	Types    []TypeStatement // each type once; a type with no rows is stated too: "nothing of this type"
	Target   target.Key      // the node's account and region; zero: the installation's own
}

// RecordResult is a record of the document and what is already decided about it.
type RecordResult struct {
	Number  int             // of the record in the document, from 1
	Line    int             // where it begins, from 1; 0: not known
	Outcome receipt.Outcome // "": nothing decided yet; else at least this bad (some or all of its entries were rejected)
	Reason  string          // why; never a value from the data
}

// TypeStatement is the part of a statement that is about one type.
type TypeStatement struct {
	Type  string
	Rows  []Row
	Scope *inventory.Scope // of a snapshot, or of a page of one: rows outside it are not spoken of; nil: it covers all

	Beyond inventory.Beyond // of a snapshot of all of the type: rows that are not among Rows
}

// Row is one entry that is set, or removed by its key (in a merge).
type Row struct {
	Values inventory.Entry // in the order of the type's attributes
	Remove bool            // the row with this key is removed; only the key's values matter
	Record int32           // index into Statement.Records
}

// CapturedAt is the time of a statement of a document: never later than when the document was taken in. It reports whether it would have been.
func (s *Statement) CapturedAt(written, received time.Time) (at time.Time, clamped bool) {
	at = s.Captured
	if at.IsZero() {
		at = written
	}
	if at.IsZero() || at.After(received) {
		return received, !at.IsZero()
	}
	return at, false
}
