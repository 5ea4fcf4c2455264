// Package bridge takes a document through intake and delivery, for every entrance: the function's events and the command line. It wires
// the packages that do the work, and knows which errors are worth doing it again. It does not know what a mapping, an item or a ledger
// is.
package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/reach"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// SSM are the actions of Systems Manager that are used. *ssm.Client is one.
type SSM = reach.SSM

// Config is what a bridge works with.
type Config struct {
	Mappings  *mapping.Set
	Ledger    *ledger.Ledger
	Place     Place // of the ledger's store in S3
	Role      Role
	SSM       SSM
	Objects   document.S3API
	Nodes     *node.Directory // nil: the service's, read when first needed and again when it is older than NodesFor
	NodesFor  time.Duration   // 0: ten minutes
	Account   string          // of the nodes; "": not known
	Region    string          // of the nodes; "": not known
	Uploads   []string        // buckets that a pointer may name; empty: any
	Rate      float64         // PutInventory calls a second; +Inf or 0: no limit
	Together  int             // nodes of an account and region that are put to at once at most; 0: one
	Processes int             // that share the rates of targets, which are those of all together; 0: one
	Targets   *target.Set     // accounts and regions beside this one; nil: none
	Reach     func(target.Target) SSM

	// FindTargets asks the organization which targets it has, at each sweep; nil: there are none but Targets.
	FindTargets func(context.Context) ([]target.Target, error)

	Writer    string // names this process among all writers of the state
	Alive     func(writer string) bool
	Limits    document.Limits
	Log       *slog.Logger
	Now       func() time.Time
	Plan      bool                  // RemoveSource and ConfirmAbsent do nothing: Observe is called with what they would do, row by row
	Observe   func(differ.Node)     // called with each node that an event reaches
	Answered  func(MessageAnswer)   // called with each message that was handled
	Queue     Queue                 // of deliveries; nil: what is staged is in the answer only
	Bus       Bus                   // completed imports are announced there; nil: nowhere
	Completed func(receipt.Receipt) // called with completed imports, perhaps more than once
}

// Role is what a process does with documents: one that parses what strangers upload needs other rights than one that puts.
type Role string

// The roles.
const (
	RoleBoth     Role = ""         // take documents in and deliver them, in one process
	RoleIntake   Role = "intake"   // take documents in and stage their deliveries
	RoleDelivery Role = "delivery" // deliver what is staged, and take no documents
)

// Bridge takes documents in and delivers their statements.
type Bridge struct {
	Config
	book    *receipt.Book
	known   lanes.Known
	clients *reach.Clients
	reach   *reach.Nodes

	mu     sync.Mutex
	nodes  *node.Directory
	nodeAt time.Time
}

// New returns a bridge.
func New(c Config) *Bridge {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NodesFor == 0 {
		c.NodesFor = 10 * time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bridge{Config: c, nodes: c.Nodes, clients: reach.NewClients(c.SSM, c.Targets, c.Reach, c.Rate, c.Processes)}
	b.reach = reach.NewNodes(b.clients, c.Targets, c.FindTargets, c.Now)
	if c.Ledger != nil {
		b.reach.StoredIn(c.Ledger.Store())
		b.book = receipt.NewBook(c.Ledger.Store())
		b.book.Conflict = ledger.ErrConflict
	}
	return b
}

// Calls returns how many calls of PutInventory this process has made so far, and how many of them were throttled.
func (b *Bridge) Calls() (calls, throttled int) { return b.clients.Counts() }

// Directory returns the directory of managed nodes.
func (b *Bridge) Directory(ctx context.Context) (*node.Directory, error) {
	return b.directory(ctx, b.NodesFor)
}

// directory returns a directory of managed nodes that is not older than it may be.
func (b *Bridge) directory(ctx context.Context, age time.Duration) (*node.Directory, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.nodes != nil && (b.Nodes != nil || b.Now().Sub(b.nodeAt) < age) {
		return b.nodes, nil
	}
	if b.Targets != nil {
		b.nodes = nil // two at once may be large
	}
	d, err := b.reach.Load(ctx, b.needs())
	if err != nil {
		return nil, fmt.Errorf("reading the directory of managed nodes: %w", err)
	}
	b.nodes, b.nodeAt = d, b.Now()
	return d, nil
}

// hasDirectory reports whether a directory is at hand that need not be read again.
func (b *Bridge) hasDirectory() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.nodes != nil && b.Now().Sub(b.nodeAt) < b.NodesFor
}

// freshFor is how old a directory may be that is asked whether a node exists at all. It is read again for the first of many nodes that
// are gone, not for each.
const freshFor = 10 * time.Second

// listed reports whether the directory has a node of a target; now: by one that was read seconds ago, or by what the target alone answers. A
// directory from a file is certain of its nodes.
func (b *Bridge) listed(ctx context.Context, of target.Key, id string, now bool) (bool, error) {
	if now && b.Nodes == nil && b.Targets != nil {
		return b.reach.Has(ctx, of, id)
	}
	age := b.NodesFor
	if now {
		age = min(age, freshFor)
	}
	d, err := b.directory(ctx, age)
	if err != nil {
		return false, err
	}
	n, ok := d.Lookup(id)
	return ok && n.Target == of && (b.Nodes == nil || !now), nil
}

func (b *Bridge) inventoryType(name string) (*inventory.Type, bool) {
	t, ok := b.Mappings.Type(name)
	if !ok {
		return nil, false
	}
	return t.Inventory, true
}

func (b *Bridge) deliverer(o Options) *delivery.Deliverer {
	_, pace, _ := b.clients.Of(target.Key{}) // that of the own is always there
	return delivery.New(delivery.Config{
		Ledger: b.Ledger, SSM: b.SSM, Types: b.inventoryType, Allow: b.allowed(), Listed: b.listed, Expires: b.expires, Misplaced: b.isMisplaced,
		Targets: b.inventoryOf, Known: &b.known, Pace: pace, Together: b.Together, Clock: b.Now, Writer: b.Writer, Alive: b.Alive,
		Force: o.Force, Observe: o.Observe, Rows: o.Rows || b.Plan, Plan: b.Plan, Down: b.down(),
	})
}

// down returns the targets that could not be listed, as far as the directory is at hand.
func (b *Bridge) down() []target.Key {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.nodes == nil {
		return nil
	}
	return b.nodes.Unreachable()
}

// inventoryOf returns what puts to the nodes of a target.
func (b *Bridge) inventoryOf(k target.Key) (delivery.Inventory, *put.Pace, error) {
	return b.clients.Of(k)
}

// expires returns how long a mapping's shares are kept that are not stated again; 0: for ever, as those of a mapping that is not loaded.
func (b *Bridge) expires(name string) time.Duration {
	m, ok := b.Mappings.Head(name)
	if !ok {
		return 0
	}
	return m.ExpireAfter
}
