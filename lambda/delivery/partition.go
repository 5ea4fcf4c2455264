package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/intents"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/lanes"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/past"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// partition is a partition's head in memory, with what a piece of work changes in it. Applier, claimer, composer and settler share it.
type partition struct {
	config  Config
	targets *lanes.Targets
	plan    bool          // nothing is stored, and nothing put
	header  ledger.Header // of the delivery; of work without one, the partition and the time
	head    *ledger.Head
	intents intents.Intents // of the head
	dirty   bool            // head has changed since it was loaded or saved
	stored  stored.Objects  // rows and scopes
	part    receipt.Part    // what became of records, and what it took
	past    past.Keeper     // what was stated before the work
}

// load reads the head. It is read anew where another writer has written it meanwhile.
func (p *partition) load(ctx context.Context) error {
	before := p.head
	head, err := p.config.Ledger.Load(ctx, p.header.Partition)
	if err != nil {
		return err // what is counted until then is counted by the head of before
	}
	p.head, p.stored.Head = head, head
	p.head.Import, p.part.Writes = p.header.Import, p.head.Writes
	if before != nil {
		p.head.Remember(before)
	}
	return nil
}

func (p *partition) save(ctx context.Context) error {
	if err := p.config.Ledger.Save(ctx, p.head); err != nil {
		return err
	}
	for _, key := range p.head.Damaged() {
		p.part.Note("damaged or gone: " + key + ": what is left of its rows stays there")
	}
	p.dirty, p.part.Writes = false, p.head.Writes
	return nil
}

// keepPast makes the head name what the work has changed.
func (p *partition) keepPast(ctx context.Context) error {
	if p.plan {
		return nil
	}
	return p.past.Save(ctx, p.config.Ledger, p.head, p.now())
}

func (p *partition) now() time.Time { return p.config.Clock().UTC() }

// received is when the delivery's document was taken in, by our clock.
func (p *partition) received() time.Time {
	if at := p.header.Received; !at.IsZero() && at.Before(p.now()) {
		return at.UTC()
	}
	return p.now()
}

// wait is the part of a receipt that this work writes.
func (p *partition) wait() ledger.Wait {
	return ledger.Wait{Import: p.header.Import, Partition: p.header.Partition}
}

// node returns what the head holds of a node, and makes room for it.
func (p *partition) node(id string) *ledger.NodeState {
	n := p.head.Nodes[id]
	if n == nil {
		n = &ledger.NodeState{}
		p.head.Nodes[id] = n
	}
	return n
}

// locate notes in which account and region a node is. One that was known elsewhere holds nothing there; it is so only where the service says it, and
// not where the delivery is older than what is known: who states something of a node moves it nowhere.
func (p *partition) locate(ctx context.Context, id string, n *ledger.NodeState, at target.Key) {
	isNewer := func(s *ledger.Source) bool { return s.Received.After(p.received()) }
	if n.Target() == at || slices.ContainsFunc(slices.Collect(maps.Values(n.Sources)), isNewer) {
		return
	}
	if isKnown := len(n.Sources)+len(n.Types) > 0; isKnown && p.config.Listed != nil {
		if there, err := p.config.Listed(ctx, at, id, true); err != nil || !there {
			p.part.Note("a document places a node in another account or region, where it is not known to be: it stays where it was")
			return
		}
	}
	n.Account, n.Region = at.Account, at.Region
	p.intents.IsBack(n)
}

// forgetEmpty removes what holds nothing: types without shares that were never accepted, and a node of which nothing is left.
func (p *partition) forgetEmpty(id string, n *ledger.NodeState) {
	maps.DeleteFunc(n.Types, func(name string, t *ledger.Type) bool {
		open := n.Intent != nil && n.Intent.Types[name] != nil
		return len(t.Shares) == 0 && t.Accepted == nil && !open
	})
	if len(n.Types)+len(n.Sources) == 0 && n.Intent == nil {
		delete(p.head.Nodes, id)
	}
}
