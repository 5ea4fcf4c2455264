// Package delivery knows how statements become what nodes hold. A run applies a delivery's statements to a partition's head (applier), or
// tends its nodes one by one without a document (package tended); claims the nodes that something is to be put to (claimer); composes their
// items (composer); puts them (package put, the one place that calls PutInventory), each account and region in a lane of its own; and notes in the head what was accepted (settler).
// It does not know what documents look like, nor how a node was found.
package delivery

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/composed"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/doubt"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Inventory are the actions of the service that are used.
type Inventory = lanes.Inventory

// Open opens a staged delivery from its beginning. It is read once, and again when somebody else has written its partition meanwhile.
// The error of the sequence is the last thing it yields; a statement is valid until the next one.
type Open func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error)

// Config is what a Deliverer works with. Ledger, SSM, Types and Writer are required.
type Config struct {
	Ledger *ledger.Ledger
	SSM    Inventory
	Types  func(name string) (*inventory.Type, bool) // the types that may be put

	Allow Allow // nil: everything is allowed

	// Targets returns what puts to the nodes of a target, at which pace. After an error the target is not served now: its nodes stay pending.
	// nil: there are no nodes but the installation's own, whose are SSM and Pace.
	Targets func(target.Key) (Inventory, *put.Pace, error)
	Known   *lanes.Known // what accounts have answered to earlier runs; nil: nothing

	// Listed reports whether the directory has a node of a target; now: by an answer that is not older than the question. nil: a node that the
	// service does not know is gone.
	Listed func(ctx context.Context, of target.Key, node string, now bool) (bool, error)

	Pace     *put.Pace                // paces the calls; nil: no limit
	Together int                      // nodes that are put to at once at most; 0: one
	Clock    func() time.Time         // nil: time.Now
	Writer   string                   // names this process, and no other one ever, among all that write the state
	Alive    func(writer string) bool // reports whether another writer may still be at work; nil: every claim is waited for
	Reserve  time.Duration            // no call begins so short before the context's deadline; 0: 10 s
	// Expires returns how long a share of a mapping is kept that is not stated again; 0: for ever. nil: for ever.
	Expires func(mapping string) time.Duration

	// Misplaced reports whether the machine of a source's statement about a node leads to another node now. nil: no machine does.
	Misplaced func(ctx context.Context, node string, known *ledger.Source) (bool, error)

	Force   bool              // put what the statements are about also where nothing changed
	Observe func(differ.Node) // called with each node when it is done, in the delivery's order; may be nil
	Plan    bool              // Remove and Clear do nothing: Observe is called with what they would do
	Down    []target.Key      // targets that do not answer, whose nodes wait in a plan, besides those of its header
	Rows    bool              // also each row that comes, goes or changes

	batch int // nodes of a batch at most; 0: batchNodes
}

// Allow says what deliveries may state, whoever staged them. *allowed.Rules are such. Of errors a *allowed.Refusal is about what was asked for
// alone; any other one ends the delivery.
type Allow interface {
	// Header is asked before anything is applied, Statement for each statement, which a refusal rejects.
	Header(h *ledger.Header) error
	Statement(ctx context.Context, h *ledger.Header, s *ledger.Statement) error

	// Absent is asked for a node that the delivery says to be absent, which a refusal leaves as it is.
	Absent(ctx context.Context, h *ledger.Header, node string) error
}

// Deliverer delivers. It is safe for use by several goroutines, also on one partition.
type Deliverer struct {
	config  Config
	targets *lanes.Targets
}

// New returns a Deliverer.
func New(c Config) *Deliverer {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Reserve == 0 {
		c.Reserve = defaultReserve
	}
	return &Deliverer{config: c, targets: lanes.New(lanes.Config{
		Own: c.SSM, Known: c.Known, Ledger: c.Ledger, Pace: c.Pace, Together: c.Together, Find: c.Targets, Listed: c.Listed, Now: func() time.Time { return c.Clock().UTC() },
	})}
}

// Deliver applies a delivery and puts what it changes. It returns the delivery's part of the receipt, and which records of other
// deliveries are no longer pending. Calls that fail leave their nodes pending and are no error. After an error the ledger alone says what
// was done: the same delivery again ends as if nothing had happened. The error is allowed.ErrSkew where the delivery was made with other types
// than are loaded here.
func (d *Deliverer) Deliver(ctx context.Context, open Open) (receipt.Part, []Settled, error) {
	return d.deliver(ctx, open, false, nil)
}

// DeliverRecords is Deliver, and calls each with every record.
func (d *Deliverer) DeliverRecords(ctx context.Context, open Open, each func(receipt.Detail)) (receipt.Part, []Settled, error) {
	return d.deliver(ctx, open, false, each)
}

// Plan returns what Deliver would return now. It writes nothing and puts nothing; Part.Calls is how many calls it would make.
func (d *Deliverer) Plan(ctx context.Context, open Open) (receipt.Part, error) {
	part, _, err := d.deliver(ctx, open, true, nil)
	return part, err
}

// deliver applies the statements of a delivery, and puts what they change. In a plan, the puts of each node are planned at once.
func (d *Deliverer) deliver(ctx context.Context, open Open, plan bool, each func(receipt.Detail)) (receipt.Part, []Settled, error) {
	return d.run(ctx, plan, func(ctx context.Context, r *run) error {
		a := applier{partition: r.partition, seen: map[string]bool{}}
		if plan {
			a.planNode = r.planNode
		}
		r.eachRecord = each
		err := a.apply(ctx, open)
		r.works = a.works
		return err
	})
}

// planNode notes what would be put to a node.
func (r *run) planNode(ctx context.Context, w *work, n *ledger.NodeState) error {
	defer func() { w.done = true }()
	if n.Intent == nil || len(r.claimer.due([]*work{w})) == 0 {
		return nil
	}
	l := r.lane(n.Target())
	if reason := l.Planned(slices.Concat(r.header.Unreachable, r.config.Down)); reason != "" {
		r.settler.postpone(w, n, reason)
		return nil
	}
	if ready, err := r.claimer.prepare(ctx, l, w, n); !ready || err != nil {
		return err
	}
	r.composer.claimed = r.now()
	due := r.intents.Due(n.Intent)
	w.doubts = doubt.Of(n.Intent, due)
	items, err := r.composer.items(ctx, w, n, due)
	if err != nil {
		return err
	}
	l.Putter.Plan(composed.ToPut(items))
	l.Take(&r.part)
	r.settler.decide(w, n, items)
	if len(items) == 0 {
		r.settler.postpone(w, n, composed.NotLoaded)
	}
	for _, name := range due {
		delete(n.Intent.Types, name)
	}
	r.settler.postpone(w, n, "") // what is open and not due
	return nil
}
