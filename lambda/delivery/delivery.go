// Package delivery knows how statements become what nodes hold: it applies them to the ledger, says what is to be put before it is put,
// puts it, and remembers what was accepted. It is the one place that calls PutInventory. It does not know what documents look like,
// nor how a node was found.
package delivery

import (
	"context"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Inventory are the actions of the service that are used: one that writes, and two that say what is there before the first put.
// *ssm.Client is one.
type Inventory interface {
	GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error)
	ListInventoryEntries(context.Context, *ssm.ListInventoryEntriesInput, ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error)
	PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error)
}

// Types are the types that may be put.
type Types interface {
	Type(name string) (*inventory.Type, bool)
}

// Open opens a staged delivery from its beginning. A delivery is read once, and again when somebody else has written its partition
// meanwhile. The error of the sequence is the last thing it yields; a statement is valid until the next one.
type Open func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error)

// Config says with what a Deliverer works. Ledger, SSM, Types and Writer are needed; the others have a meaning when left out.
type Config struct {
	Ledger *ledger.Ledger
	SSM    Inventory
	Types  Types

	// Allow says whether a statement may be written: its mapping is known, it may speak for that source, fill those types and write
	// to that node. A *Refusal rejects the statement's records; any other error ends the delivery. nil: everything is allowed.
	Allow func(context.Context, ledger.Header, *ledger.Statement) error

	// Listed says whether the directory has a node; now: from an answer that is not older than the question. nil: nobody can tell, so
	// a node that the service does not know is gone.
	Listed func(ctx context.Context, node string, now bool) (bool, error)

	Pace    *Pace                    // paces the calls; nil: no limit
	Clock   func() time.Time         // nil: time.Now
	Writer  string                   // names this process among all that write the state, and no other one ever
	Alive   func(writer string) bool // whether another writer may still be at work; nil: not known, its intents are waited for
	Reserve time.Duration            // no call begins so short before the context's deadline; 0: 10 s
	// Expires is after how long a shard of a mapping is dropped that is not stated again; 0: never. nil: never.
	Expires func(mapping string) time.Duration

	// Misplaced reports whether what a source states of a node is of a machine that leads to another node now. nil: nothing is.
	Misplaced func(ctx context.Context, node string, said *ledger.Source) (bool, error)

	Force   bool             // put what the statements speak of also where nothing changed
	Observe func(NodeResult) // told of each node when it is done, in the delivery's order; nil: nobody asks

	batch int // nodes of a batch at most; 0: batchNodes
}

// Refusal is the error of Config.Allow for what may not be written. The reason stands in the receipt.
type Refusal struct {
	Reason string // never a value from the data
}

func (e *Refusal) Error() string { return "delivery: refused: " + e.Reason }

// NodeResult is what a delivery did, or would do, to a node.
type NodeResult struct {
	Node  string
	Items []ItemResult // by type name; roll-ups too
}

// Change is how an item differs from what the node held.
type Change string

// The changes.
const (
	ChangeNew     Change = "new"     // the node held nothing of this type
	ChangeChanged Change = "changed" // it held something else
	ChangeSame    Change = "same"    // it holds this already
	ChangeStale   Change = "stale"   // the source has said something newer
)

// ItemResult is what a delivery did, or would do, to one item.
type ItemResult struct {
	Type    string
	Change  Change
	Added   int             // entries with a key that was not there
	Removed int             // entries whose key is no longer there
	Changed int             // entries that differ in more than volatile attributes
	Entries int             // entries of the item as it is then
	Cut     int             // entries that did not fit
	Outcome receipt.Outcome // put, unchanged, stale, pending, failed, parked; "" in a plan
	Reason  string          // why it is pending, failed or parked
}

// Deliverer delivers. It is safe for use by several goroutines, also on one partition.
type Deliverer struct {
	config  Config
	account account
}

// New returns a Deliverer.
func New(c Config) *Deliverer {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Reserve == 0 {
		c.Reserve = defaultReserve
	}
	return &Deliverer{config: c}
}

// Deliver applies a delivery and puts what it changes. Its part of the receipt says what became of each record; calls that fail leave
// their nodes pending and are no error. An error means that nothing more is known than what the ledger says: the same delivery
// again ends as if nothing had happened. It is ErrSkew where the delivery was made with other types than are loaded here. Records of
// other deliveries that waited for their nodes, and wait no longer, are told of.
func (d *Deliverer) Deliver(ctx context.Context, open Open) (receipt.Part, []Settled, error) {
	return d.run(ctx, false, func(ctx context.Context, r *run) error { return r.apply(ctx, open) })
}

// DeliverRecords is Deliver, and tells what became of each record.
func (d *Deliverer) DeliverRecords(ctx context.Context, open Open, tell func(receipt.Detail)) (receipt.Part, []Settled, error) {
	return d.run(ctx, false, func(ctx context.Context, r *run) error {
		r.tellRecord = tell
		return r.apply(ctx, open)
	})
}

// Plan says in the same words what Deliver would do now. It writes nothing and puts nothing; Part.Calls is the calls it would take.
func (d *Deliverer) Plan(ctx context.Context, open Open) (receipt.Part, error) {
	part, _, err := d.run(ctx, true, func(ctx context.Context, r *run) error { return r.apply(ctx, open) })
	return part, err
}
