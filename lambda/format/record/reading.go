// Package record reads a document once, whatever its size, and yields its records one by one: it builds what the plan reads out of the marks,
// holds it until it is complete, and spools it to temporary files where that takes too much memory. It does not know what is done with the
// records.
package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Input is a document and what reading it may use.
type Input struct {
	Reader  io.Reader     // decoded UTF-8, from its first byte
	Archive scan.Archive  // in place of Reader, of FormatArchive and FormatWorkbook
	Format  syntax.Format // all but FormatUnknown
	Dialect scan.Dialect  // CSV, the sheet of a workbook whose header was found, the folder of an archive
	Section []string      // key-value text: keys that begin an object
	Limits  scan.Limits   // zero: defaults
	TempDir string        // for what exceeds the budget; "": the system's
	Budget  int           // bytes held in memory before they are spooled to a file; 0: 8 MiB
	Mended  Mending       // it is made of records that were given back; nil: it is not

	// Watch is called for each field inside a record, with its path, and whether anything is read of it; not for an empty text of which nothing
	// is read, and not for what is inside a field of which nothing is read. nil: nobody asks.
	Watch func(path string, read bool)

	Only func(scan.Place) bool // with CompileWhole: where the records begin that are wanted; others may be given too
}

// Reading is one pass over a document, used by one goroutine.
type Reading struct {
	reader *reader
	in     Input
	used   bool
}

// defaultBudget is that of Input.
const defaultBudget = 8 << 20

// Read prepares one pass over a document. Nothing is read yet.
func Read(ctx context.Context, g *plan.Program, in Input) *Reading {
	r := newReader(g)
	in.Limits = in.Limits.OrDefaults()
	r.limit, r.items = in.Limits.Held, in.Limits.Items
	r.held.budget = min(cmp.Or(in.Budget, defaultBudget), r.limit)
	r.held.tempDir, r.only, r.watch = in.TempDir, in.Only, in.Watch
	in.Reader = scan.InContext(ctx, in.Reader)
	if in.Archive != nil {
		in.Archive = scan.ArchiveInContext(ctx, in.Archive)
	}
	return &Reading{reader: r, in: in}
}

// Records returns the records as they close; those that need something from elsewhere in the document come after its last
// byte. What is wrong with the document comes last, as an error (*scan.SyntaxError, *AlternativeError, *HeldError, or of
// the Reader): what came before must not be used then. It can be used once. A record is valid until the next
// step; breaking off is allowed and leaves nothing behind.
func (r *Reading) Records() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		if r.used {
			yield(nil, errUsed)
			return
		}
		r.used = true
		err := r.run(yield)
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

var (
	errUsed    = errors.New("record: a document can be read only once")
	errStopped = errors.New("record: stopped")
)

func (r *Reading) run(yield func(*Record, error) bool) (err error) {
	b := r.reader
	defer func() {
		if b.held.spool != nil {
			if e := b.held.spool.close(); err == nil && e != nil {
				err = fmt.Errorf("record: spool: %w", e)
			}
		}
	}()
	b.known = r.in.Dialect.Sheet
	b.give = func(rec *record) error { return b.yield(rec, yield) }
	if err := b.begin(r.in.Format.Shape()); err != nil {
		return err
	}
	if err := r.scan(b); err != nil {
		return err
	}
	return b.end()
}

func (r *Reading) scan(b *reader) error {
	in := syntax.Source{
		Reader: r.in.Reader, Archive: r.in.Archive, Dialect: r.in.Dialect, Section: tree.AnyOf(r.in.Section), Limits: r.in.Limits,
		TempDir: r.in.TempDir, Budget: b.held.budget,
	}
	v := b.visitor(r.in.Format)
	if r.in.Mended != nil && r.in.Format.Shape() != syntax.Root {
		v = r.in.Mended.Visitor(r.in.Format, b)
	}
	return r.in.Format.Read(in, v)
}

// Mending stands between a document of records that were given back and its reading.
type Mending interface {
	Visitor(syntax.Format, Marker) syntax.Visitor
}

// visitor receives a document of the format.
func (r *reader) visitor(format syntax.Format) syntax.Visitor {
	if format.Shape() == syntax.Root {
		return &innerVisitor{reader: r}
	}
	return r
}

// Doc is the document with what $doc paths read: complete after the last record, and valid then until the Reading is
// forgotten. Evaluate capture times of records without DocComplete from it, by a path whose root is RootDoc.
func (r *Reading) Doc() *tree.Value { return r.reader.doc }

// Scope is for evaluating paths of RootDoc after the last record.
func (r *Reading) Scope() path.Scope { return r.reader.scope }

// Remarks returns what the document has that is no error, but that its author may not know: with the names of its fields, without values.
func (r *Reading) Remarks() []string { return r.reader.asides.remarks }

// Program is what the document is read by.
func (r *Reading) Program() *plan.Program { return r.reader.g }

// Record is one record of the document.
type Record struct {
	Block       int           // index into Plan.Blocks
	Alternative int           // index into the block's Each; 0 where it has none
	Number      int           // of the object that is the record, from 1
	Place       scan.Place    // where it begins
	Value       *tree.Value   // with the fields that are read; for a JSON document without Each a list of its root values
	Hosts       []*tree.Value // the block's Host; the Node itself where it has none
	Present     []bool        // by the block's Types: whether its each path is in this record (an empty list is; null is not); true without Each
	DocComplete bool          // $doc is complete now; else it is after the last record
	Aside       string        // why it is a row of a table that is no record; "": it is one
	scope       path.Scope
	entries     func(yield func(Found, error) bool)
}

// Scope is for evaluating paths of this record: its Host is the first of Hosts.
func (r *Record) Scope() path.Scope { return r.scope }

// Found is an entry of a record.
type Found struct {
	Type  int         // index into the block's Types
	Value *tree.Value // where the type's paths start
}

// Entries yields the record's entries: the record itself first, for types without Each, then the others in the order in
// which they close, which is why entries inside entries come before those. It may be used several times while the record
// is valid; each entry is valid until the next step. An error is of the spool.
func (r *Record) Entries() iter.Seq2[Found, error] { return r.entries }
