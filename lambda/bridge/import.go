package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/numbers"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Options are how a document is taken in, and who watches.
type Options struct {
	Plan     bool // return what would be done, and do nothing
	Force    bool // put also what did not change
	Observe  func(differ.Node)
	Rows     bool // Observe also gets each row that comes, goes or changes
	Machines func(intake.Machine)
	Stated   func(*ledger.Statement) // Explain also calls it with each statement, after all machines; one without a node is of a parked machine
	Progress func(bytes int64)
	Parts    func(done, all int) // called before each partition is delivered; may be nil
}

// Import takes a document in and delivers its statements, in this process. The receipt holds what became of the records. An error means
// that the document, or the delivery of some of its partitions, failed; ClassOf returns what to do about it.
func (b *Bridge) Import(ctx context.Context, d intake.Document, o Options) (receipt.Receipt, error) {
	im, err := b.read(ctx, d, o)
	if err != nil && !o.Plan {
		err = b.reject(ctx, d, err)
	}
	if err != nil {
		return receipt.Receipt{}, err
	}
	r, err := b.deliver(ctx, im, o)
	return r, errors.Join(err, im.Close())
}

// Explain reads a document and looks for the nodes of its machines; Options.Machines is called with each. It delivers nothing, and returns
// why the document's mapping was chosen.
func (b *Bridge) Explain(ctx context.Context, d intake.Document, o Options) (receipt.Import, string, error) {
	im, err := b.read(ctx, d, o)
	if err != nil {
		return receipt.Import{}, "", err
	}
	err = eachStatement(im, o.Stated)
	return im.Receipt(), im.Why, errors.Join(err, im.Close())
}

// eachStatement calls stated, where there is one, with what an import states of nodes and of machines without a node.
func eachStatement(im *intake.Import, stated func(*ledger.Statement)) error {
	if stated == nil {
		return nil
	}
	call := func(list statements) error {
		for s, err := range list {
			if err != nil {
				return err
			}
			stated(s)
		}
		return nil
	}
	for _, p := range im.Partitions() {
		_, list, err := im.Open(p)
		if err := cmp.Or(err, call(list)); err != nil {
			return err
		}
	}
	for _, p := range im.ParkedPartitions() {
		_, list := im.OpenParked(p)
		if err := call(list); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bridge) read(ctx context.Context, d intake.Document, o Options) (*intake.Import, error) {
	nodes, err := b.Directory(ctx)
	if err != nil {
		return nil, err
	}
	in := intake.Intake{
		Mappings: b.Mappings, Nodes: nodes, Partitions: 1, PartitionOf: func(string) int { return 0 }, Account: b.Account, Region: b.Region,
		Accounts: func(account string) bool { return account == b.Account || nodes.HasAccount(account) },
		Limits:   b.Limits, Now: b.Now, Observe: o.Machines, Progress: o.Progress,
	}
	if b.Ledger != nil {
		in.Imports = b.book
		in.Ledger, in.Partitions, in.PartitionOf = true, b.Ledger.Partitions(), b.Ledger.Partition
	}
	tied := numbers.Of(ctx, b.Ledger, false)
	in.Numbers = tied
	asked := func() error { return nil }
	if b.Nodes == nil {
		asking := nodes.Asking(ctx, b.clients.Own(), b.clients.Listing) // the service's list of nodes has neither tags nor MACs: they are asked for
		in.Nodes, asked = asking, asking.Err
	}
	im, err := in.Read(ctx, d)
	if err == nil && errors.Join(asked(), tied.Err()) != nil {
		err = errors.Join(fmt.Errorf("looking for a managed node: %w", errors.Join(asked(), tied.Err())), im.Close())
	}
	return im, err
}

// deliver parks the statements without a node, delivers each partition and sums up what became of the records.
func (b *Bridge) deliver(ctx context.Context, im *intake.Import, o Options) (receipt.Receipt, error) {
	deliverer := b.deliverer(o)
	if o.Plan {
		return b.plan(ctx, deliverer, im, im.Receipt())
	}
	own, err := b.begin(ctx, im, nil)
	if err != nil {
		return receipt.Receipt{}, err
	}
	var parts []receipt.Part
	var errs []error
	for i, p := range own.Partitions {
		if o.Parts != nil {
			o.Parts(i, len(own.Partitions))
		}
		part, err := b.deliverPart(ctx, deliverer, func() (ledger.Header, statements, error) { return im.Open(p) })
		if stopped := ctx.Err(); stopped != nil && err != nil {
			return receipt.Sum(own, parts), errors.Join(append(errs, &StoppedError{Done: len(parts), All: len(own.Partitions), Cause: stopped})...)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("partition %d: %w", p, err))
			continue
		}
		parts = append(parts, part)
	}
	r := receipt.Sum(own, parts)
	if len(errs) > 0 {
		return r, errors.Join(errs...)
	}
	return b.complete(ctx, r)
}

// StoppedError is returned where the process was told to stop, or its time was over, before all partitions of an import were delivered.
type StoppedError struct {
	Done, All int // partitions
	Cause     error
}

func (e *StoppedError) Error() string {
	return fmt.Sprintf("stopped after %d of %d partitions", e.Done, e.All)
}

// Unwrap returns why.
func (e *StoppedError) Unwrap() error { return e.Cause }

// complete completes the receipt of an import whose partitions are all delivered, and decides about the nodes that it does not name.
func (b *Bridge) complete(ctx context.Context, r receipt.Receipt) (receipt.Receipt, error) {
	if err := r.Check(); err != nil {
		return r, err
	}
	if _, err := b.book.Complete(ctx, r.Import); err != nil {
		return r, err
	}
	if err := b.Ledger.MarkHeads(ctx); err != nil {
		return r, err
	}
	r, err := b.decide(ctx, r)
	if err != nil {
		return r, err
	}
	return r, b.announce(ctx, r)
}

func (b *Bridge) plan(ctx context.Context, d *delivery.Deliverer, im *intake.Import, own receipt.Import) (receipt.Receipt, error) {
	var parts []receipt.Part
	if _, err := rollback.Again(ctx, b.book, &own); err != nil {
		return receipt.Receipt{}, err
	}
	for _, p := range own.Partitions {
		part, err := d.Plan(ctx, func() (ledger.Header, statements, error) { return im.Open(p) })
		if err != nil {
			return receipt.Receipt{}, fmt.Errorf("partition %d: %w", p, err)
		}
		parts = append(parts, part)
	}
	r := receipt.Sum(own, parts)
	if r.Clears != nil && absentOf(r.Absent) > 0 {
		a, err := b.wouldClear(ctx, r)
		if err != nil {
			return r, err
		}
		r.Absence = &a
		if a.Cleared {
			a.Done = absentOf(r.Absent)
			r.Calls += a.Done
		}
	}
	err := r.Check()
	return r, err
}

// deliverPart delivers a partition, writes its part of the receipt, and changes the receipts that waited for its nodes.
func (b *Bridge) deliverPart(ctx context.Context, d *delivery.Deliverer, open delivery.Open) (receipt.Part, error) {
	part, settled, err := d.Deliver(ctx, open)
	if err == nil {
		err = b.book.PutPart(ctx, part)
	}
	return part, errors.Join(err, b.settle(ctx, settled))
}

// settle changes receipts with records that are pending no longer.
func (b *Bridge) settle(ctx context.Context, settled []delivery.Settled) error {
	var errs []error
	for _, s := range settled {
		errs = append(errs, b.book.Settle(ctx, s.Import, s.Partition, s.Node, s.Outcome, s.Reason))
	}
	return errors.Join(errs...)
}
