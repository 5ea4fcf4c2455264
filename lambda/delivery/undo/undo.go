// Package undo knows which statements make of what an import has changed what its sources stated before. Each has the stamp of the import's own, and is
// the newer of the two: what sources have stated since stands, and the next document counts. It does not know how statements are applied.
package undo

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Prefix begins the IDs of imports that roll others back.
const Prefix = "undo-"

// Short is the beginning of an import's ID, as much as names it; of one that rolls another one back, so much of the other's.
func Short(id string) string {
	n := 8
	if at := strings.LastIndex(id, Prefix); at >= 0 {
		n += at + len(Prefix)
	}
	if strings.HasPrefix(id, receipt.FailedPrefix) {
		n += len(receipt.FailedPrefix)
	}
	return id[:min(len(id), n)]
}

// ID returns the import that rolls another one back, on all nodes or on those of a mark.
func ID(id, mark string) string {
	if mark != "" {
		mark = "-" + mark
	}
	return Prefix + id + mark
}

// Undoes reports whether an import rolls another one back.
func Undoes(id, other string) bool {
	rest, ok := strings.CutPrefix(id, Prefix+other)
	return ok && (rest == "" || rest[0] == '-')
}

// IsRollback reports whether an import is one that rolls another one back, by its ID.
func IsRollback(id string) bool { return strings.HasPrefix(id, Prefix) }

// NoteStale is why records of an import that was rolled back do not count.
const NoteStale = "the import was rolled back, so its records are stale: with --as-of now they count"

// NoteOlder is the note of records that are older than a rollback of what their source stated last.
const NoteOlder = "a rollback was made since these records were captured, so they are stale: with --as-of now they count"

// Rollback is what is to be rolled back, and how.
type Rollback struct {
	Import string   // that is rolled back
	ID     string   // of the import that does so
	Nodes  []string // on which alone; none: on all
	Merged bool     // also where a later import has set or removed rows: what that states stays
	Types  func(name string) (*inventory.Type, bool)
}

// Found is what is to be rolled back in a partition.
type Found struct {
	Mapping  string      // of the import; "": its history is of a program before
	Form     string      // of its sources' names
	Received time.Time   // when the import was taken in
	Written  time.Time   // of the statements
	Records  int         // statements, or fewer
	Later    []Later     // where a later import has stated something
	Types    []string    // that are stated
	Unknown  []string    // types that are not loaded here: their rows stay
	Missing  int         // nodes that the import marked as absent, and that are no longer
	now      []nodeFound // by node
}

// Later is a node of which a later import of a source has stated something.
type Later struct {
	Node, Source, Import string
	Merged               bool // onto rows that the import has stated; else it has replaced them
}

// Nodes is how many nodes would be rolled back.
func (f *Found) Nodes() int { return len(f.now) }

// Empty reports whether there is nothing to do.
func (f *Found) Empty() bool { return len(f.now)+f.Missing == 0 }

// Find finds what is to be rolled back in a partition. It changes nothing.
func (r *Rollback) Find(ctx context.Context, l *ledger.Ledger, partition int) (*Found, error) {
	h, err := l.Load(ctx, partition)
	if err != nil {
		return nil, err
	}
	return r.in(ctx, &stored.Objects{Ledger: l, Head: h, Plan: true})
}

// in finds it by the partition's head. Where the history is damaged, the error is a *ledger.BlockError.
func (r *Rollback) in(ctx context.Context, o *stored.Objects) (*Found, error) {
	f := &Found{}
	records, err := r.records(ctx, o, f)
	if err != nil {
		return nil, err
	}
	for _, id := range inventory.Sorted(records) {
		if n := o.Head.Nodes[id]; n != nil && (len(r.Nodes) == 0 || slices.Contains(r.Nodes, id)) {
			r.node(f, id, n, records[id])
		}
	}
	r.eachMissing(o.Head, func(*ledger.Source) { f.Missing++ })
	for _, n := range f.now {
		f.Records += len(n.types)
	}
	return f, nil
}

// eachMissing calls a function with what is held of each source whose document was the import's, and did not name a node.
func (r *Rollback) eachMissing(h *ledger.Head, each func(*ledger.Source)) {
	for id, n := range h.Nodes {
		if len(r.Nodes) > 0 && !slices.Contains(r.Nodes, id) {
			continue
		}
		for _, s := range n.Sources {
			if s.Missing != nil && s.Missing.Import == r.Import {
				each(s)
			}
		}
	}
}

// Shares are what sources stated of nodes: by node, type and source.
type Shares map[string]map[string]map[string]*ledger.Share

// Delivery is the delivery of a rollback's statements about the nodes of a partition.
type Delivery struct {
	Rollback *Rollback
	Header   ledger.Header
	First    int             // number of its first statement
	Objects  *stored.Objects // of the partition, whose head is loaded before the first statement is asked for
	Dirty    *bool           // set where the head changes otherwise
	Were     Shares          // before the rollback; made by whoever takes the statements

	// Damaged are nodes of which what was stated before is damaged or gone: they stay as they are.
	Damaged []receipt.Detail
}

// Open returns the header and the statements.
func (d *Delivery) Open(ctx context.Context) (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
	return d.Header, func(yield func(*ledger.Statement, error) bool) {
		if err := d.each(ctx, func(s *ledger.Statement) bool { return yield(s, nil) }); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}, nil
}

// errStopped ends the statements where no more are wanted.
var errStopped = errors.New("undo: no more statements are wanted")

func (d *Delivery) each(ctx context.Context, yield func(*ledger.Statement) bool) error {
	f, err := d.Rollback.in(ctx, d.Objects)
	if err != nil {
		return err
	}
	d.Damaged = nil
	d.forget()
	number := d.First
	for i := range f.now {
		list, err := d.ofNode(ctx, &f.now[i])
		if damage, ok := errors.AsType[*ledger.BlockError](err); ok {
			d.Damaged = append(d.Damaged, receipt.Detail{
				Number: number, Node: f.now[i].id, Outcome: receipt.Failed, Reason: "not rolled back: " + damage.Object + ": " + damage.Problem,
			})
			number++
			continue
		}
		if err != nil {
			return err
		}
		for _, s := range list {
			s.Records = []ledger.RecordResult{{Number: number}}
			number++
			if !yield(s) {
				return errStopped
			}
		}
	}
	return nil
}

// ofNode prepares a node, and returns the statements about it.
func (d *Delivery) ofNode(ctx context.Context, n *nodeFound) (list []*ledger.Statement, err error) {
	if err := d.prepare(ctx, n); err != nil {
		return nil, err
	}
	for i := range n.types {
		some, err := d.statements(ctx, n, &n.types[i])
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// forget makes the head one in which the import's document is no page of a list, and marks no node as absent.
func (d *Delivery) forget() {
	h := d.Objects.Head
	for list, s := range h.Pages {
		left := slices.DeleteFunc(slices.Clone(s.Pages), func(p ledger.PageDocument) bool { return p.Import == d.Rollback.Import })
		if len(left) == len(s.Pages) {
			continue
		}
		*d.Dirty = true
		s.Pages = left
		if len(left) == 0 {
			delete(h.Pages, list)
		}
	}
	d.Rollback.eachMissing(h, func(s *ledger.Source) {
		at := ledger.Stamp{Captured: s.Missing.Captured, Written: after(s.Missing.Stamp)}
		if at.Compare(s.Stamp()) > 0 { // as if the document had named it
			s.Captured, s.Written = at.Captured.UTC(), at.Written.UTC()
		}
		s.Missing, *d.Dirty = nil, true
	})
}
