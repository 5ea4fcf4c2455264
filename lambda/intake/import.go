package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/asof"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/keycut"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Import is a document that was read: statements by partition, and the outcomes of the records that reach no node.
type Import struct {
	ID      string // made from the document's version, or the message's ID, and the mapping's hash
	Mapping *mapping.Mapping
	Why     string // why this mapping was chosen
	Records int    // all records read; about two machines a record counts as two
	Decided receipt.Part

	in         *Intake
	document   Document
	choice     mapping.Choice
	outside    node.Subject
	outsideRaw []byte // the same, encoded
	received   time.Time
	late       time.Time                // capture time of the document as a whole; zero: it has none
	byKey      *spill.Buckets           // records by machine, where they wait for the machine's others or for the document's end
	byNode     *spill.Buckets           // records by partition and node
	parked     *spill.Buckets           // records without a node, by partition of their identifiers
	crowd      *node.Crowd              // the machines of the document, looked at together
	observed   []Machine                // those for Observe, where there is one
	unread     node.Unreadable          // cells that yield no address
	leftOut    int                      // identifiers of machines beyond those that one may have
	named      *ledger.NamedIdentifiers // identifiers of all machines; nil: what the document does not name is none of its business
	sources    map[string]sourceKinds
	scopes     frame.Scopes
	scoped     bool       // there may be records that look at a part of what their source knows
	missed     bool       // a machine may be a node of a target that could not be asked
	part       *read.Part // nil: the document is the whole of what its sources know
	alone      string     // of a page of which the machine is named from outside: its node; "": none was found
	frame      []byte     // used again for each record
	places     []place    // used again for each machine
	frames     frame.Reader
	before     frame.Before // the record that was put somewhere last
	writing    writing
	writeEntry func(read.Entry, error) bool // is entry
	subjects   Subjects
	elsewhere  receipt.Elsewhere
	displaced  map[int]bool // numbers of records whose machine turned out not to be its node
	clamped    int          // records whose capture time lay in the future
	cuts       int          // values that were cut to their attribute's length
	cutKeys    int          // entries of which a value of the key was
	sameKeys   *keycut.Keys // those that have the key of another one since then; nil: none was
	rejected   rejected
	into       *receipt.Import // of a mended file: the import whose rejected records it mends
}

func (in *Intake) newImport(d Document, c mapping.Choice, outside node.Subject) *Import {
	im := &Import{
		Mapping: c.Mapping, Why: c.Why, in: in, document: d, choice: c, outside: outside, outsideRaw: frame.AppendSubject(nil, outside), received: in.now(),
		byNode: spill.New(in.TempDir, in.Partitions, in.budget()), parked: spill.New(in.TempDir, in.Partitions, in.budget()),
		sources: map[string]sourceKinds{}, crowd: in.Nodes.Crowd(), scoped: isScoped(c.Mapping), subjects: Subjects{Accounts: in.Accounts},
	}
	im.writeEntry = im.entry
	if c.Mapping.Absent.Clear && !c.Mapping.Merges() && c.Mended == nil && in.Ledger {
		im.named = &ledger.NamedIdentifiers{}
	}
	if c.Mapping.Keyed() {
		im.byKey = spill.New(in.TempDir, keyBuckets, in.budget())
	}
	return im
}

// keyBuckets is how many buckets the records of a keyed mapping fall into until their machines are united.
const keyBuckets = 64

func (in *Intake) budget() int {
	if in.Budget == 0 {
		return defaultBudget
	}
	return in.Budget
}

// Close removes what the import holds on disk.
func (im *Import) Close() error {
	return errors.Join(im.byNode.Close(), im.parked.Close(), im.byKey.Close())
}

// Partitions returns the partitions that get a delivery: those that the import touches, or all where the document proves absence or
// is a page; of a page about one node that is named from outside, that node's.
func (im *Import) Partitions() []int {
	var touched []int
	page := im.page()
	for i := range im.byNode.Len() {
		ofPage := page != nil && (page.Alone == "" || im.in.PartitionOf(page.Alone) == i)
		if im.named != nil || ofPage || im.byNode.Touched(i) {
			touched = append(touched, i)
		}
	}
	return touched
}

// identify makes the import's ID: the same document read with the same mapping is the same import.
func (im *Import) identify(doc *document.Document) error {
	version := im.document.Event
	if version == "" {
		var err error
		version, err = doc.Version()
		if err != nil {
			return err
		}
	}
	if im.document.AsOf {
		version = asof.Version(version)
	}
	h := sha256.New()
	for _, part := range []string{im.document.Source.Name, version, im.Mapping.Name, im.Mapping.Hash, outsideText(im.outside)} {
		h.Write(fmt.Appendf(nil, "%d:%s", len(part), part))
	}
	im.ID = hex.EncodeToString(h.Sum(nil))[:24]
	return nil
}

// outsideText is the machine that is named from outside, as it always stood in what an import's ID is made from.
func outsideText(s node.Subject) string {
	return fmt.Sprintf("{%v %v %v %v %v %v %v %v %v}", s.NodeID, s.Tags, s.Serial, s.Hostname, s.IP, s.MAC, s.Reverse, s.Account, s.Region)
}

// isScoped reports whether a mapping has records that look at a part of what their source knows.
func isScoped(m *mapping.Mapping) bool {
	return slices.ContainsFunc(m.Blocks, func(b *mapping.Block) bool {
		return b.Scope != nil || slices.ContainsFunc(b.Fills, func(f *mapping.Fill) bool { return f.Scope != nil })
	})
}
