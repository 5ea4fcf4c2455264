package reach

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	atOnce    = 16               // targets that are listed at once
	freshFor  = 75 * time.Minute // how old the nodes may be that the hourly sweep has listed
	knownFor  = 10 * time.Minute // how old what is known of the targets may be
	listFor   = time.Minute      // how long one target may take, so that it holds up no other
	askFor    = 3 * time.Minute  // how long all of them may take that have to be listed before a document is read
	askedOnce = 10 * time.Second // how old an answer may be to the question whether a node is there
)

// Nodes lists the nodes of all targets: those beside the installation's own as the sweep has stored them, or, where that is too long ago, from
// the service. It is safe for use by several goroutines.
type Nodes struct {
	clients *Clients
	file    *target.Set     // targets that the file lists; nil: there is no file, and no target beside the installation's own
	find    Find            // nil: there is no organization
	state   *listed.Objects // nil: nothing is stored
	now     func() time.Time

	mu      sync.Mutex
	known   *listed.Targets
	knownAt time.Time
	answers map[target.Key]answer
}

// answer is which nodes a target has.
type answer struct {
	at  time.Time
	ids map[string]bool
	err error
}

// NewNodes returns what lists the nodes of all targets: those of a file (nil: there is none), and those that are found in an organization
// (nil: there is none).
func NewNodes(c *Clients, file *target.Set, find Find, now func() time.Time) *Nodes {
	n := &Nodes{clients: c, file: file, find: find, now: now}
	if file == nil {
		return n
	}
	c.more = func() {
		ctx, cancel := context.WithTimeout(context.Background(), listFor)
		defer cancel()
		_, _, _ = n.targets(ctx) // what cannot be read is not served: its nodes wait
	}
	return n
}

// StoredIn has them use what the sweep has stored in a state.
func (n *Nodes) StoredIn(s ledger.Store) { n.state = listed.In(s) }

// targets returns the targets that are served beside the installation's own, and what is known of them.
func (n *Nodes) targets(ctx context.Context) ([]target.Target, *listed.Targets, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || n.now().Sub(n.knownAt) >= knownFor {
		known := &listed.Targets{}
		if n.state != nil {
			var err error
			if known, err = n.read(ctx); err != nil {
				return nil, nil, err
			}
		}
		n.is(known)
	}
	return n.set(n.known).Targets(), n.known, nil
}

// Served returns the targets that are served beside the installation's own; nil: there is no file of targets.
func (n *Nodes) Served(ctx context.Context) (*target.Set, error) {
	if n.file == nil {
		return nil, nil //nolint:nilnil // none is no error
	}
	list, _, err := n.targets(ctx)
	return target.NewSet(n.file.Own(), list), err
}

// read reads what is known of the targets of this installation.
func (n *Nodes) read(ctx context.Context) (*listed.Targets, error) {
	known, err := n.state.Targets(ctx)
	if err == nil {
		err = known.IsOf(n.file.Own())
	}
	return known, err
}

// is takes what is known of the targets for current.
func (n *Nodes) is(known *listed.Targets) {
	n.known, n.knownAt = known, n.now()
	n.clients.serve(n.set(known))
}

// set is the targets of the file, and those that were found in the organization. One that the file does not list any more may be found there: the
// next sweep says so, and until then it is served.
func (n *Nodes) set(known *listed.Targets) *target.Set {
	list := slices.Clone(n.file.Targets())
	for _, s := range known.Targets {
		if s.Left.IsZero() && (s.Found || n.find != nil) {
			list = append(list, s.Target)
		}
	}
	return target.NewSet(n.file.Own(), list)
}

// Load returns the directory of the nodes of all targets. The installation's own are listed now, and an error there is one of the directory.
func (n *Nodes) Load(ctx context.Context, options node.Options) (*node.Directory, error) {
	if n.file == nil {
		return node.Load(ctx, n.clients.Own(), options)
	}
	b := &node.Builder{Own: n.file.Own()}
	targets, known, err := n.targets(ctx)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	b.More = n.find != nil && known.Asked.IsZero()
	tags := node.TagList(options.Tags)
	var mu sync.Mutex
	each(targets, func() bool { return false }, func(t target.Target) {
		nodes, reached := n.nodesOf(ctx, asking, t.Key, known.Find(t.Key), tags)
		mu.Lock()
		defer mu.Unlock()
		err := nodes.each(t.Key, b.Add)
		b.Target(t.Key, !reached || err != nil, nodes.tags)
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("reach: %w", ctx.Err())
	}
	return b.Load(ctx, n.clients.Own(), options)
}

// each calls a function with each target in turn, for some of them at once, until there is no time left.
func each(targets []target.Target, noTime func() bool, do func(target.Target)) {
	var all sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, t := range targets {
		slots <- struct{}{}
		if noTime() {
			break
		}
		all.Go(func() {
			defer func() { <-slots }()
			do(t)
		})
	}
	all.Wait()
}

// nodesOfTarget are the nodes of a target, encoded as they are stored: they take less so.
type nodesOfTarget struct {
	encoded []byte
	tags    []listing.Tag
}

func (l nodesOfTarget) each(of target.Key, add func(*held.Node)) error {
	if len(l.encoded) == 0 {
		return nil
	}
	return held.Decode(l.encoded, func(n *held.Node) {
		n.Target = of
		add(n)
	})
}

// nodesOf returns the nodes of a target: as they are stored, where that is not long ago, else as they are now. Where it cannot be reached they
// are those that were listed last, however long ago. It is asked with a context of its own, which may have ended.
func (n *Nodes) nodesOf(ctx, asking context.Context, k target.Key, state *listed.State, tags []listing.Tag) (nodes nodesOfTarget, reached bool) {
	stored, ok := n.stored(ctx, k)
	fresh := state != nil && state.Unreachable == "" && n.now().Sub(state.Listed) < freshFor
	if ok && fresh && !slices.ContainsFunc(tags, func(t listing.Tag) bool { return !slices.Contains(stored.tags, t) }) {
		return stored, true
	}
	list, err := n.list(asking, k, tags)
	if err != nil {
		return stored, false
	}
	return nodesOfTarget{held.Encode(list), tags}, true
}

func (n *Nodes) stored(ctx context.Context, k target.Key) (nodesOfTarget, bool) {
	if n.state == nil {
		return nodesOfTarget{}, false
	}
	shard, err := n.state.Shard(ctx, k)
	if err != nil {
		return nodesOfTarget{}, false // the sweep stores it anew
	}
	nodes := nodesOfTarget{encoded: shard.Nodes}
	for _, t := range shard.Tags {
		nodes.tags = append(nodes.tags, listing.Tag{Key: t[0], Value: t[1]})
	}
	return nodes, true
}

// list lists a target now.
func (n *Nodes) list(ctx context.Context, k target.Key, tags []listing.Tag) ([]held.Node, error) {
	api, err := n.clients.Listing(k)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, listFor)
	defer cancel()
	return listing.List(ctx, api, k, tags)
}

// Has reports whether a target has a node, by an answer that is some seconds old at most. One for many nodes that are asked about is enough.
func (n *Nodes) Has(ctx context.Context, k target.Key, id string) (bool, error) {
	n.mu.Lock()
	known, ok := n.answers[k]
	n.mu.Unlock()
	if !ok || n.now().Sub(known.at) >= askedOnce {
		list, err := n.list(ctx, k, nil)
		known = answer{at: n.now(), err: err, ids: make(map[string]bool, len(list))}
		for i := range list {
			known.ids[list[i].ID] = true
		}
		n.mu.Lock()
		if n.answers == nil {
			n.answers = map[target.Key]answer{}
		}
		n.answers[k] = known
		n.mu.Unlock()
	}
	return known.ids[id], known.err
}
