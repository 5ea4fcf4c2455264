package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/parked"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// SweepResult is what a sweep did, and what it left.
type SweepResult struct {
	Calls        int            `json:"calls"`        // of PutInventory
	Bytes        int64          `json:"bytes"`        // of content that was put
	Settled      int            `json:"settled"`      // nodes whose open intents came to their end, and on which receipts waited
	Refreshed    int            `json:"refreshed"`    // items that grew old and were confirmed
	Cleared      int            `json:"cleared"`      // items that were emptied
	ClearedNodes int            `json:"clearedNodes"` // nodes on which a source's shares were cleared, since it no longer names them
	Expired      int            `json:"expired"`      // shares that were not stated again in time
	Forgotten    int            `json:"forgotten"`    // nodes that were gone for 30 days
	Found        int            `json:"found"`        // records that were parked and have a node now
	Parked       int            `json:"parked"`       // records that wait for a node
	ParkedBy     map[string]int `json:"parkedBySource,omitempty"`
	NotLookedUp  int            `json:"notLookedUp,omitempty"` // of those, such as only a MAC address could name that was not looked up yet
	ParkExpired  int            `json:"parkExpired"`           // records that waited for a node for 30 days, and wait no longer
	Rows         int            `json:"rows"`                  // stored rows deleted that no head has named for 30 days
	Open         int            `json:"open"`                  // nodes whose intents stay open
	OpenLong     int            `json:"openLong"`              // of those, for more than a day, where they could be put to
	OpenFor      []OpenFor      `json:"openFor,omitempty"`     // why they do, those of most nodes first
	NodeBytes    int64          `json:"nodeBytes"`             // the most that was put to any one node today
	Misplaced    []Misplaced    `json:"misplaced,omitempty"`   // rows of sources on nodes to which their machines do not lead any more
	Undecided    []string       `json:"undecided"`             // imports whose absent nodes wait for somebody to confirm that they are cleared
	Silent       []Silent       `json:"silent"`                // sources without an import for longer than their mapping allows
	Left         []int          `json:"left,omitempty"`        // partitions for which no time was left
	Targets      int            `json:"targets,omitempty"`     // accounts and regions beside the installation's own
	Unreachable  []Unreachable  `json:"unreachable,omitempty"` // those that could not be listed
	Notes        []receipt.Note `json:"notes,omitempty"`
}

// openLong is after how long an open intent is worth an alarm.
const openLong = 24 * time.Hour

// Sweep does what is due and no document will do: it finishes open intents, looks for nodes of parked machines, decides about absent
// nodes where that was left undone, confirms what grows old, and drops what has expired. A partition that fails is left for the next
// sweep; the error names it.
func (b *Bridge) Sweep(ctx context.Context) (SweepResult, error) {
	s := b.newSweep()
	s.Undecided = []string{}
	errs := []error{s.refresh(ctx), s.parked(ctx), s.look(ctx)}
	for p := range b.Ledger.Partitions() {
		if noTimeLeft(ctx) {
			s.Left = append(s.Left, p)
			continue
		}
		if err := s.partition(ctx, p); err != nil {
			errs = append(errs, fmt.Errorf("partition %d: %w", p, err))
		}
	}
	s.OpenFor = s.open.sorted()
	if len(s.Left) > 0 { // what follows needs to know all of them
		return s.SweepResult, errors.Join(errs...)
	}
	errs = append(errs, s.absences(ctx), b.Ledger.MarkHeads(ctx))
	removed, _, err := b.Ledger.SweepRows(ctx, b.Now())
	s.Rows = removed
	s.Silent = silent(b.Mappings, s.sources, b.Now())
	return s.SweepResult, errors.Join(append(errs, err)...)
}

// sweep is a sweep under way.
type sweep struct {
	SweepResult
	b       *Bridge
	d       *delivery.Deliverer
	open    openReasons
	sources map[string]*ledger.SourceSummary
	placing *placing // nil: where machines lead is not looked at now
}

func (b *Bridge) newSweep() *sweep {
	return &sweep{b: b, d: b.deliverer(Options{Observe: b.Observe}), open: openReasons{}, sources: map[string]*ledger.SourceSummary{}}
}

// look looks at where machines lead where a directory is at hand, and else once a day: reading it takes a call for 50 nodes.
func (s *sweep) look(ctx context.Context) (err error) {
	if s.b.Nodes == nil && !s.b.hasDirectory() && s.b.Now().UTC().Hour() != 0 {
		return nil
	}
	s.placing, err = s.b.placing(ctx)
	return err
}

// partition sweeps one partition, and looks at what is left.
func (s *sweep) partition(ctx context.Context, p int) error {
	part, settled, err := s.d.Sweep(ctx, p)
	s.add(part)
	s.Settled += len(settled)
	if err := errors.Join(err, s.b.settle(ctx, settled)); err != nil {
		return err
	}
	h, err := s.b.Ledger.Load(ctx, p)
	if err != nil {
		return err
	}
	h.CountSources(s.sources)
	if s.placing != nil {
		s.Misplaced = append(s.Misplaced, s.placing.misplaced(h)...)
	}
	for _, n := range h.Nodes {
		if n.Day.Date == s.b.Now().UTC().Format(time.DateOnly) {
			s.NodeBytes = max(s.NodeBytes, n.Day.Bytes)
		}
		if n.Intent == nil {
			continue
		}
		s.Open++
		s.b.count(s.open, n.Intent)
		if s.b.Now().Before(n.Intent.Since.Add(openLong)) {
			continue
		}
		if _, _, err := s.b.inventoryOf(n.Target()); err == nil { // there is nothing to be done about nodes of an account that has left
			s.OpenLong++
		}
	}
	return nil
}

// parked looks for the nodes of machines that had none, and delivers the statements about those that have one now.
func (s *sweep) parked(ctx context.Context) error {
	f := parked.Finder{Records: s.b.parked(), Nodes: s.b.resolver, Note: func(n receipt.Note) { s.Notes = receipt.AddNotes(s.Notes, []receipt.Note{n}) }}
	f.Deliver = func(ctx context.Context, open delivery.Open, each func(receipt.Detail)) error {
		part, settled, err := s.d.DeliverRecords(ctx, open, each)
		s.add(part)
		return errors.Join(err, s.b.settle(ctx, settled))
	}
	err := f.Find(ctx)
	s.Found, s.Parked, s.ParkedBy, s.NotLookedUp, s.ParkExpired = f.Found, f.Waiting, f.By, f.NotLookedUp, f.Expired
	return err
}

// parked are the records that wait for a node.
func (b *Bridge) parked() *parked.Records {
	return &parked.Records{
		Ledger: b.Ledger, Book: b.book, Mappings: b.Mappings, Allowed: b.allowed(), Account: b.Account, Region: b.Region, Now: b.Now,
	}
}

// resolver returns what finds the nodes of machines that wait: the directory, and the service where that has neither tags nor MAC addresses.
func (b *Bridge) resolver(ctx context.Context) (intake.Resolver, error) {
	nodes, err := b.directory(ctx, min(b.NodesFor, freshFor))
	if err != nil || b.Nodes != nil {
		return nodes, err
	}
	return nodes.Asking(ctx, b.clients.Own(), b.clients.Listing), nil
}

func (s *sweep) add(p receipt.Part) {
	s.Calls += p.Calls
	s.Bytes += p.Bytes
	s.Refreshed += p.Refreshed
	s.Cleared += p.Cleared
	s.ClearedNodes += p.ClearedNodes
	s.Expired += p.Expired
	s.Forgotten += p.Forgotten
	s.Notes = receipt.AddNotes(s.Notes, p.Notes)
}

// absences does what was decided about absent nodes and not done, and decides what can be decided now.
func (s *sweep) absences(ctx context.Context) error {
	var imports []string
	for _, summary := range s.sources {
		for id := range summary.Absent {
			imports = append(imports, id)
		}
	}
	slices.Sort(imports)
	var errs []error
	for _, id := range slices.Compact(imports) {
		errs = append(errs, s.absence(ctx, id))
	}
	return errors.Join(errs...)
}

func (s *sweep) absence(ctx context.Context, id string) error {
	r, err := s.b.book.Read(ctx, id)
	if errors.Is(err, receipt.ErrUnknownImport) || errors.Is(err, fs.ErrNotExist) || err == nil && !r.Complete {
		s.Undecided = append(s.Undecided, id) // not all of its partitions are delivered
		return nil
	}
	if err != nil {
		return err
	}
	before := 0
	if r.Absence != nil {
		before = r.Absence.Done
	}
	calls, bytes, cleared := r.Calls, r.Bytes, r.Cleared
	r, err = s.b.decideMarked(ctx, r)
	if err != nil {
		return err
	}
	if r.Absence == nil || !r.Absence.Cleared {
		s.Undecided = append(s.Undecided, id)
		return nil
	}
	s.ClearedNodes += r.Absence.Done - before
	s.Calls += r.Calls - calls
	s.Bytes += r.Bytes - bytes
	s.Cleared += r.Cleared - cleared
	return nil
}
