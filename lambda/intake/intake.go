// Package intake knows how one document becomes statements: which mapping reads it, which managed nodes its subjects are, and what
// each source states of each node, partition by partition. It neither knows what nodes hold nor puts anything.
package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Resolver finds the managed nodes that the subjects of a document are.
type Resolver interface {
	Crowd() *node.Crowd
	Resolve(s node.Subject, r node.Rules) node.Decision
}

// Intake reads documents. It may be used for one document after the other.
type Intake struct {
	Mappings    *mapping.Set
	Nodes       Resolver
	Numbers     node.Numbers          // to which nodes machines' numbers in their sources are tied; nil: not known
	Partitions  int                   // how many partitions there are
	PartitionOf func(node string) int // which of them a node falls into
	Account     string                // of the nodes; "": not known
	Region      string                // of the nodes; "": not known
	Accounts    subjects.Accounts     // of all targets
	Imports     Imports               // for mended files; nil: they are documents like others
	Limits      document.Limits
	TempDir     string           // "": the system's
	Budget      int              // bytes held in memory before they are spilled; 0: 2 MiB
	Ledger      bool             // there is one: nodes that a document no longer names can be looked for
	Now         func() time.Time // nil: time.Now
	Progress    func(bytes int64)
	Observe     func(Machine)  // called with each machine that was looked for; may be nil
	Remarks     func([]string) // Look calls it with what the document has that its author may not know; may be nil
	Trace       *missed.Trace  // receives what the mapping makes of the document; may be nil
}

// Document is something to be read, and how it came.
type Document struct {
	Source   document.Source
	Delivery choose.Origin
	As       node.Subject // the machine, where the sender names it
	AsOf     bool         // it counts as of now, whatever times it has
	Event    string       // ID of the event or message that carried the records; "" for objects and files

	// Superseded reports whether there is a later version of the document, which takes its place; nil: there is none.
	Superseded func(context.Context) (bool, error)
}

// ErrSuperseded is returned for a document that is not read since there is a later version of it.
var ErrSuperseded = errors.New("there is a later version of the document")

// Machine is one machine that a document names, and what was decided about it.
type Machine struct {
	Key      string
	Source   string
	Records  int // how many records are about it
	First    int // number of the first of them
	Subject  node.Subject
	Rules    node.Rules
	Decision node.Decision
}

// ErrNoMachine is returned for a document that names no machine where neither its key nor its sender does.
var ErrNoMachine = errors.New("the document names no machine, and neither does its key or its sender: " +
	"put it under a key that names one (see the mapping's match), or name it with --as nodeId=… or --as hostname=…")

const defaultBudget = 2 << 20

// Look calls chosen with the mapping that reads a document, and each with every record, and returns whether the document is a part. It
// looks for no nodes. The error says where the document is broken.
func (in *Intake) Look(
	ctx context.Context, d Document, each func(*mapping.Mapping, *read.Record) error, chosen func(*mapping.Mapping),
) (receipt.PartOf, error) {
	doc, err := document.Look(ctx, d.Source, in.Limits)
	if err != nil {
		return receipt.PartOf{}, err
	}
	defer func() { _ = doc.Close() }() // it was read to its end, or the error is known
	choice, _, err := in.choose(ctx, d, doc)
	if err != nil {
		return receipt.PartOf{}, err
	}
	chosen(choice.Mapping)
	reading := in.reading(ctx, doc, choice, d, d.Source.Time)
	for rec, err := range reading.Records() {
		if err == nil {
			err = each(choice.Mapping, rec)
		}
		if err != nil {
			return receipt.PartOf{}, withDocument(d, err)
		}
	}
	if in.Remarks != nil {
		in.Remarks(remarks(reading, doc))
	}
	return partOf(reading.Part()), nil
}

// remarks are what a document has that its author may not know.
func remarks(reading *read.Reading, doc *document.Document) []string {
	all := reading.Remarks()
	if n := doc.Controls(); n > 0 {
		all = append(all, fmt.Sprintf("%s (%d of them)", noteControls, n))
	}
	return all
}

// choose returns the mapping of a document and, of a mended file, the import whose records it mends.
func (in *Intake) choose(ctx context.Context, d Document, doc *document.Document) (choice mapping.Choice, into *receipt.Import, err error) {
	head, complete, err := doc.Head(headBytes)
	id, mended := mendedImport(d)
	mended = mended && in.Imports != nil
	switch {
	case errors.Is(err, document.ErrManyMembers) && mended:
		err = errMendedArchive
	case errors.Is(err, document.ErrManyMembers):
		choice, err = in.Mappings.ChooseArchive(d.Delivery, doc.Archive())
	case err != nil:
	case mended:
		choice, into, err = in.chooseMended(ctx, d, id, head, complete)
	default:
		choice, err = in.chooseText(d, doc, head, complete)
	}
	if err != nil {
		return mapping.Choice{}, nil, withDocument(d, err)
	}
	return choice, into, nil
}

// chooseText returns the mapping of a text. Where it is the only member of a zip file, a mapping may recognise that one's name.
func (in *Intake) chooseText(d Document, doc *document.Document, head []byte, complete bool) (mapping.Choice, error) {
	choice, err := in.Mappings.Choose(d.Delivery, head, complete)
	if err != nil && doc.Archive() != nil {
		if byName, failed := in.Mappings.ChooseArchive(d.Delivery, doc.Archive()); failed == nil {
			return byName, nil
		}
	}
	if unknown(err) && !complete {
		return in.Mappings.ChooseFurther(d.Delivery, head, doc.Ahead)
	}
	return choice, err
}

// unknown reports whether no mapping recognised a document.
func unknown(err error) bool {
	_, isOther := errors.AsType[*choose.NotReportError](err)
	return isOther || errors.Is(err, choose.ErrUnknownFormat)
}

// Read reads a document to its end and makes statements of it. The error says where the document is broken; then nothing is
// delivered. The caller closes the import.
func (in *Intake) Read(ctx context.Context, d Document) (*Import, error) {
	doc, err := document.Open(ctx, d.Source, in.Limits)
	if err != nil {
		return nil, err
	}
	im, err := in.read(ctx, d, doc)
	if cerr := doc.Close(); err == nil && cerr != nil {
		err = withDocument(d, cerr)
	}
	if err != nil && im != nil {
		return nil, errors.Join(err, im.Close())
	}
	return im, err
}

// read is the whole story of a document: choose, read, unite machines, find nodes.
func (in *Intake) read(ctx context.Context, d Document, doc *document.Document) (*Import, error) {
	choice, into, err := in.choose(ctx, d, doc)
	if err != nil {
		return nil, err
	}
	if d.Superseded != nil && choice.Mended == nil && !choice.Mapping.Merges() && choice.Mapping.Whole == nil { // of merges and parts each version counts
		if superseded, err := d.Superseded(ctx); superseded || err != nil {
			return nil, withDocument(d, cmp.Or(err, ErrSuperseded))
		}
	}
	outside := outsideSubject(choice.Captures, d.As)
	if into != nil {
		outside = originSubject(into.Origin, outside)
	}
	if !choice.Mapping.NamesMachine() && outside.Empty() {
		return nil, withDocument(d, ErrNoMachine)
	}
	im := in.newImport(d, choice, outside)
	im.into = into
	if err := im.readRecords(ctx, doc); err != nil {
		return im, withDocument(d, err)
	}
	if err := errors.Join(im.unite(), im.rejectSameKeys()); err != nil {
		return im, err
	}
	err = im.identify(doc)
	return im, err
}

// withDocument adds the document's name to an error that does not contain it.
func withDocument(d Document, err error) error {
	if strings.Contains(err.Error(), d.Source.Name) {
		return err
	}
	return fmt.Errorf("%s: %w", d.Source.Name, err)
}

// headBytes is how much of a document is looked at to choose its mapping.
const headBytes = 1 << 20

func (in *Intake) now() time.Time {
	if in.Now == nil {
		return time.Now()
	}
	return in.Now()
}
