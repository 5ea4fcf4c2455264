package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Head is what the ledger holds of a partition's nodes, without their rows. It is stored as JSON with a checksum (as zstd where it is large)
// under heads/<0000>.json and written whole, only over the version that was read. A field that a program does not know would be lost, so
// whoever adds one raises the version.
//
// Rows and scopes are blocks: bytes that are named by their SHA-256. They lie in packs, under packs/<0000>-<name>, each of which holds the blocks of one
// delivery, and those of packs that it has taken over. In states of versions 1 and 2 each was an object of its own, which can still be read.
type Head struct {
	Version   int                   `json:"version"`
	Of        string                `json:"of,omitempty"` // Installation.ID; "": of a version before 3
	Partition int                   `json:"partition"`
	Nodes     map[string]*NodeState `json:"nodes"`           // by node ID
	Pages     map[string]*PageSet   `json:"pages,omitempty"` // by Page.List: lists of which pages have been applied

	// History is what imports have changed, the oldest first, for as long as they can be undone: see package past.
	History []Past      `json:"history,omitempty"`
	Packs   []pack.Info `json:"packs,omitempty"`  // in which the blocks lie that the head references
	Places  string      `json:"places,omitempty"` // where they lie there: see package pack
	Writes  int         `json:"writes,omitempty"` // number of the last pack that was written; one of a higher number is of a later head
	Import  string      `json:"-"`                // for which it is changed; "": for none

	etag  string      // of the stored version; "": there is none
	bytes int         // of the stored version as JSON; 0: not known
	table *pack.Table // of Packs and Places; nil: not asked for yet
	tidy  bool        // blocks are packed anew with the next Save
	last  bool        // it is known that no later head was written
}

// Past is what an import has changed: the shares and sources as they were before, in a block.
type Past struct {
	Import   string    `json:"import"`
	Received time.Time `json:"received,omitzero"`
	Block    string    `json:"block"`             // its name
	Mapping  string    `json:"mapping,omitempty"` // the import's; "": of a program before
}

// NodeState is what the ledger holds of one managed node.
type NodeState struct {
	Sources map[string]*Source `json:"sources,omitempty"` // by source
	Types   map[string]*Type   `json:"types,omitempty"`   // by type name; roll-ups too
	Intent  *Intent            `json:"intent,omitempty"`  // nil: nothing is to be put
	Day     Day                `json:"day,omitzero"`
	Gone    time.Time          `json:"gone,omitzero"` // since when the service does not know the node; zero: it does

	// Numbers are the machine's numbers in its sources, by family of mappings, the newest first. A program that does not know them forgets them.
	Numbers map[string][]Number `json:"numbers,omitempty"`

	// Removed is when sources were removed from the node, by source. It decides nothing. A program that does not know it forgets it.
	Removed map[string]Removal `json:"removed,omitempty"`

	Account string `json:"account,omitempty"` // of the node; "": that of the installation
	Region  string `json:"region,omitempty"`  // of the node; "": that of the installation
}

// Target is the account and region of the node; zero: those of the installation, and of a node that is not known.
func (n *NodeState) Target() target.Key {
	if n == nil {
		return target.Key{}
	}
	return target.Key{Account: n.Account, Region: n.Region}
}

// Source is what the ledger holds of a source's last statement about a node, apart from its rows.
type Source struct {
	Captured time.Time `json:"captured,omitzero"` // capture time of its last snapshot; zero: there was none
	Written  time.Time `json:"written,omitzero"`  // when the document of that snapshot was written
	Import   string    `json:"import"`            // that led there
	Mapping  string    `json:"mapping"`           // its mapping
	Form     string    `json:"form,omitempty"`    // of the source's name: Header.Form
	Subject  []string  `json:"subject,omitempty"` // identifiers that led to the node, sorted: "hostname=web-1"
	Merged   time.Time `json:"merged,omitzero"`   // capture time of the newest merge; zero: there was none
	Part     Stamp     `json:"part,omitzero"`     // of its newest part of a list; zero: there was none
	Received time.Time `json:"heard,omitzero"`    // when that import was taken in, by our clock
	Missing  *Missing  `json:"missing,omitempty"` // nil: the source's last document names the node
	Cleared  time.Time `json:"cleared,omitzero"`  // when its shares were cleared, since it no longer names the node; zero: they were not

	// ClearedBy is the import that no longer named the node. It decides nothing; "": a program of before has cleared the shares.
	ClearedBy string `json:"clearedBy,omitempty"`
}

// Stamp is that of the source's last snapshot.
func (s *Source) Stamp() Stamp { return Stamp{s.Captured, s.Written} }

// Missing marks a node that a document did not name which states all nodes of a source. The source's shares stay until it is decided
// whether so many nodes may be cleared.
type Missing struct {
	Stamp            // of the document
	Import string    `json:"import"`
	Since  time.Time `json:"since"`
}

// Type is what the ledger holds of one type on a node, or of one of the items that a type with a context makes.
type Type struct {
	Shares   map[string]*Share `json:"shards,omitempty"`   // by source
	Accepted *Accepted         `json:"accepted,omitempty"` // nil: nothing was ever accepted
	Looked   time.Time         `json:"looked,omitzero"`    // when the service was asked what the node held before the first put
}

// Share is which rows a source currently states. One without rows is kept for its time: older statements about the type are stale.
type Share struct {
	Rows     string    `json:"rows,omitempty"`    // name of the block of rows; "": neither rows nor removed keys
	Compare  string    `json:"compare,omitempty"` // SHA-256 of the rows in canonical form, without volatile attributes
	Count    int       `json:"count,omitempty"`   // rows
	Bytes    int       `json:"bytes,omitempty"`   // of the rows as an item's content
	Captured time.Time `json:"captured,omitzero"` // capture time of the last snapshot of all of the type; zero: there was none
	Written  time.Time `json:"written,omitzero"`  // when the document of that snapshot was written
	Merged   Stamp     `json:"mergedAt,omitzero"` // of the newest row that was set or removed by itself
	Stated   time.Time `json:"stated,omitzero"`   // when the last statement was received, by our clock, for expiry
	Removed  int       `json:"removed,omitempty"` // keys in that block that were removed
	Forget   time.Time `json:"forgetAt,omitzero"` // when the first of those may be forgotten
	Adopted  bool      `json:"adopted,omitempty"` // the rows were read from the service, no source has stated them

	// Scopes are what newer snapshots looked at that were not of all of the type: older rows within them are stale.
	Scopes []Looked `json:"scopes,omitempty"`
	By     string   `json:"by,omitempty"` // the scope among Scopes whose snapshot states all rows; "": there is none
	// Pages are what documents have stated that are pages of a list, until the list is forgotten.
	Pages []PageRows `json:"pages,omitempty"`
	// Parts is the name of the block of rows with what parts of a list have stated: of each key the row of the newest, with its stamp. They stay
	// beside snapshots that were written about then. A program that does not know it forgets them, and its snapshots remove their rows.
	Parts string `json:"parts,omitempty"`

	Beyond inventory.Beyond `json:"beyond,omitzero"` // rows that are not among Rows; Compare has it behind the hash
}

// Stamp is that of the last snapshot of all of the type.
func (s *Share) Stamp() Stamp { return Stamp{s.Captured, s.Written} }

// Newest is the capture time of the newest of the share's rows, removed keys and snapshots.
func (s *Share) Newest() time.Time { return Newest(Newest(s.Stamp(), s.Merged), s.Looked()).Captured }

// Accepted is the item that the service accepted last.
type Accepted struct {
	ContentHash string    `json:"contentHash,omitempty"` // as it was sent; "": without
	Compare     string    `json:"compare"`               // SHA-256 of the item in canonical form, without volatile attributes
	Schema      string    `json:"schemaVersion"`
	Definition  string    `json:"definition"` // of the type as it was then (inventory.Type.Definition): another one may compose otherwise
	Captured    time.Time `json:"captured"`   // CaptureTime as it was sent
	At          time.Time `json:"at"`         // when it was accepted, by our clock
	Refreshed   time.Time `json:"refreshed,omitzero"`
	Entries     int       `json:"entries"`
	Truncated   int       `json:"cut,omitempty"`       // rows that did not fit
	Duplicates  int       `json:"displaced,omitempty"` // rows whose key another source has too
}

// Confirmed is when the item was last put or confirmed.
func (a *Accepted) Confirmed() time.Time {
	if a.Refreshed.After(a.At) {
		return a.Refreshed
	}
	return a.At
}

// Day counts the bytes of content that were put on a day, or may have been, against the service's quota of a node and day.
type Day struct {
	Date  string `json:"date,omitempty"` // UTC, "2026-11-23"
	Bytes int64  `json:"bytes,omitempty"`
}

// Intent is kept while a node does not hold, or may not hold, what its shares make. It is saved before anything is put, and removed with
// what was accepted. While a claim runs only its holder puts; after it anybody may claim anew.
type Intent struct {
	Types  map[string]*Want `json:"types"` // by type name; roll-ups too
	Since  time.Time        `json:"since"`
	Import string           `json:"import"`          // the last that changed something
	Waits  []Wait           `json:"waits,omitempty"` // parts of receipts in which records about the node are pending
	Claim  *Claim           `json:"claim,omitempty"` // nil: nobody is at work on it
}

// Wait is a part of a receipt that has to be changed when an intent is closed.
type Wait struct {
	Import    string `json:"import"`
	Partition int    `json:"partition"`
}

// Want is the intent of one type.
type Want struct {
	// Unsure: a put may have been sent whose end is not known, so the service may hold something else than was accepted last; the
	// item is put in full, whatever the hashes are.
	Unsure    bool      `json:"unsure,omitempty"`
	Look      bool      `json:"look,omitempty"`     // the head was put back: what the node holds is kept, whoever stated it
	Refresh   bool      `json:"refresh,omitempty"`  // what was accepted last grows old: it is confirmed though nothing changed
	Sent      time.Time `json:"sent,omitzero"`      // no later CaptureTime than this may have been sent and not accepted
	NotBefore time.Time `json:"notBefore,omitzero"` // it is not put before
	Failed    string    `json:"failed,omitempty"`   // the service's code where it refused the item for good
	Reason    string    `json:"reason,omitempty"`   // why it is still open, for people
	Tried     string    `json:"tried,omitempty"`    // Type.StatedHash when it was last refused or put off: with another one it is put at once
}

// Claim is who is at work on an intent.
type Claim struct {
	Writer string    `json:"writer"` // the process
	Run    string    `json:"run"`    // its piece of work
	Until  time.Time `json:"until"`  // it sends nothing after this

	// Reserved is how many bytes it may put, against the quota of the day: where it does not come back, they count as put.
	Reserved int64 `json:"reserved,omitempty"`
}

// SharesText is all that decides what the node should hold of the type, but for the type's definition: which rows which source states, and since
// when.
func (t *Type) SharesText() string { return t.text(true) }

// StatedText is SharesText without the times: it changes only where a source states something else.
func (t *Type) StatedText() string { return t.text(false) }

// StatedHash is HashOf StatedText.
func (t *Type) StatedHash() string { return HashOf(t.StatedText()) }

// HashOf is the hash of a text.
func HashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

func (t *Type) text(times bool) string {
	known := make([]byte, 0, 256*len(t.Shares))
	for _, source := range inventory.Sorted(t.Shares) {
		s := t.Shares[source]
		if s.Count == 0 {
			continue
		}
		known = append(append(strconv.AppendQuote(known, source), ' '), s.Compare...)
		if times {
			known = append(append(append(known, ' '), s.Rows...), ' ')
			known = strconv.AppendInt(known, s.Base().Captured.UnixNano(), 10)
		}
		known = append(known, '\n')
	}
	return string(known)
}

// Captured is the capture time of the newest share of a type that has rows; where none has, that of the newest statement about the node.
func (n *NodeState) Captured(name string) time.Time {
	var at Stamp
	for _, s := range n.Type(name).Shares {
		if s.Count > 0 {
			at = Newest(at, Stamp{Captured: s.Newest()})
		}
	}
	if at.IsZero() {
		for _, s := range n.Sources {
			at = Newest(at, Newest(Stamp{Captured: s.Captured}, Stamp{Captured: s.Merged}))
		}
	}
	return at.Captured
}

// States reports whether any source states rows of the type.
func (t *Type) States() bool {
	for _, s := range t.Shares {
		if s.Count > 0 {
			return true
		}
	}
	return false
}

// Type returns what the ledger holds of a type, and makes room for it.
func (n *NodeState) Type(name string) *Type {
	t := n.Types[name]
	if t == nil {
		t = &Type{}
		if n.Types == nil {
			n.Types = map[string]*Type{}
		}
		n.Types[name] = t
	}
	return t
}
