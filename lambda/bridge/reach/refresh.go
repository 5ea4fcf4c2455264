package reach

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Find asks an organization for its targets.
type Find func(context.Context) ([]target.Target, error)

// Refresh lists the nodes of all targets, and stores them where they have changed, and what is known of the targets. The organization, where there
// is one, is asked which accounts it has. What fails of one target is noted, and no error. Without time it lists no more.
func (n *Nodes) Refresh(ctx context.Context, options node.Options, noTime func() bool) (states []listed.State, notes []string, err error) {
	if n.file == nil || n.state == nil {
		return nil, nil, nil
	}
	known, err := n.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	var found []target.Target
	if n.find != nil {
		found, err = n.find(ctx)
	}
	switch {
	case err != nil:
		_, code := fault.Of(err)
		notes = append(notes, "the organization could not be asked for its accounts ("+code+"): those that were found before are served")
	case n.find != nil:
		known.Asked = n.now().UTC()
	default:
		known.Asked = time.Time{}
	}
	for range n.note(known, found, err == nil) {
		notes = append(notes, "an account and region is a target from now on: invbridge redrive lists the documents whose records have named it before")
	}
	n.mu.Lock()
	n.is(known)
	n.mu.Unlock()
	var mu sync.Mutex
	var errs []error
	tags := node.TagList(options.Tags)
	each(longestAgo(n.set(known).Targets(), known), noTime, func(t target.Target) {
		mu.Lock()
		state := *known.Find(t.Key)
		mu.Unlock()
		err := n.refresh(ctx, &state, tags)
		mu.Lock()
		defer mu.Unlock()
		*known.Find(t.Key) = state
		errs = append(errs, err)
	})
	if err := n.state.SaveTargets(ctx, known); err != nil && !errors.Is(err, ledger.ErrConflict) { // another sweep has listed them just now
		errs = append(errs, err)
	}
	n.mu.Lock()
	n.is(known)
	n.answers = nil
	n.mu.Unlock()
	return known.Targets, notes, errors.Join(errs...)
}

// note notes targets that came and went, and returns how many are new. Whether one has gone is only known where the organization has answered: one that the file does not list any
// more may be there.
func (n *Nodes) note(known *listed.Targets, found []target.Target, answered bool) (came int) {
	current := target.NewSet(n.file.Own(), slices.Concat(n.file.Targets(), found))
	for _, t := range current.Targets() {
		state := known.Find(t.Key)
		if state == nil {
			came++
			known.Targets = append(known.Targets, listed.State{Since: n.now().UTC()})
			state = &known.Targets[len(known.Targets)-1]
		}
		_, inFile := n.file.Find(t.Key)
		state.Target, state.Left, state.Found = t, time.Time{}, !inFile
	}
	for i := range known.Targets {
		state := &known.Targets[i]
		_, is := current.Find(state.Key)
		if !is && state.Left.IsZero() && answered {
			state.Left = n.now().UTC()
		}
	}
	slices.SortFunc(known.Targets, func(a, b listed.State) int { return a.Compare(b.Key) })
	return came
}

// longestAgo returns targets in the order in which they were tried last, so that time that does not suffice for all of them is not the same ones' each
// time.
func longestAgo(targets []target.Target, known *listed.Targets) []target.Target {
	tried := make(map[target.Key]time.Time, len(targets))
	for _, s := range known.Targets {
		tried[s.Key] = s.Listed
		if s.Tried.After(s.Listed) {
			tried[s.Key] = s.Tried
		}
	}
	return slices.SortedStableFunc(slices.Values(targets), func(a, b target.Target) int { return tried[a.Key].Compare(tried[b.Key]) })
}

// refresh lists a target, and stores its nodes where they have changed.
func (n *Nodes) refresh(ctx context.Context, state *listed.State, tags []listing.Tag) error {
	nodes, err := n.list(ctx, state.Key, tags)
	now := n.now().UTC()
	if err != nil {
		_, code := fault.Of(err)
		if state.Unreachable == "" {
			state.Down = now
		}
		state.Unreachable, state.Tried = code, now
		return nil
	}
	state.Unreachable, state.Down, state.Tried = "", time.Time{}, time.Time{}
	shard := &listed.Shard{Key: state.Key, Nodes: held.Encode(nodes)}
	for _, t := range tags {
		shard.Tags = append(shard.Tags, [2]string{t.Key, t.Value})
	}
	stored, there := n.stored(ctx, state.Key)
	if !there || !slices.Equal(stored.tags, tags) || !bytes.Equal(stored.encoded, shard.Nodes) {
		if err := n.state.PutShard(ctx, shard); err != nil {
			return err // what was stored before stands, and is as old as it was
		}
	}
	state.Listed, state.Nodes = now, len(nodes)
	return nil
}
