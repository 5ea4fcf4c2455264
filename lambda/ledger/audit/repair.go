package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Repair is what becomes of a finding.
type Repair struct {
	Finding
	Repaired bool   `json:"repaired"`      // or would be, in a plan
	How      string `json:"how,omitempty"` // it is repaired; else Do says what a person can do
}

// Repair puts back what can be put back; in a plan nothing is written. An object is put back from the newest of the store's older versions that is
// whole. A head that is put back, or is older than it should be, makes the next puts to its nodes full ones, that keep what the nodes hold. Nothing is deleted.
func (s *State) Repair(ctx context.Context, plan bool) ([]Repair, error) {
	var all []Repair
	done := map[string]bool{}
	for { // what a head references is known when it can be read
		report, err := s.Check(ctx)
		if err != nil {
			return all, err
		}
		repaired := false
		for _, f := range report.Findings {
			if done[f.Object] {
				continue
			}
			done[f.Object] = true
			how, err := s.repair(ctx, f, plan)
			if err != nil {
				return all, err
			}
			all = append(all, Repair{f, how != "", how})
			repaired = repaired || how != ""
		}
		if !repaired || plan {
			return all, nil
		}
	}
}

// repair repairs one object, and says how; "": it cannot be repaired.
func (s *State) repair(ctx context.Context, f Finding, plan bool) (how string, err error) {
	if f.Kind == Unknown || f.Kind == Newer {
		return "", nil
	}
	data, err := s.lastWhole(ctx, f)
	if err != nil {
		return "", err
	}
	isHead := strings.HasPrefix(f.Object, headPrefix)
	switch {
	case data != nil:
		how = "an older version is put back"
	case isHead && f.Kind == Older:
		how = "it is taken for the last one"
	default:
		return "", nil
	}
	if isHead {
		how += ": its nodes are put in full, and what they hold is kept as the source found (invbridge source remove found, when the documents have come again)"
	}
	if plan {
		return how, nil
	}
	if data != nil {
		if err := s.putBack(ctx, f.Object, data); err != nil {
			return "", err
		}
	}
	if isHead {
		err = s.putAgain(ctx, f.partition)
	}
	return how, err
}

// putBack writes an object over the one that is stored.
func (s *State) putBack(ctx context.Context, key string, data []byte) error {
	_, etag, err := s.Store.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		etag, err = store.Absent, nil
	}
	if err == nil {
		_, err = s.Store.Put(ctx, key, data, etag)
	}
	if err != nil {
		return fmt.Errorf("audit: putting %s back: %w", key, err)
	}
	return nil
}

// putAgain opens the intents of a head that was put back.
func (s *State) putAgain(ctx context.Context, partition int) error {
	l, err := ledger.Open(ctx, s.Store, s.Options)
	if err != nil {
		return err
	}
	h, err := l.Load(ctx, partition)
	if err != nil {
		return err
	}
	keys, err := collect(s.Store.List(ctx, packsOf(partition)))
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	now := time.Now
	if s.Options.Now != nil {
		now = s.Options.Now
	}
	h.Writes = max(h.Writes, lastPack(keys, partition))
	openAll(h, now().UTC())
	if err := l.Save(ctx, h); err != nil {
		return err
	}
	return l.MarkHeads(ctx)
}

// openAll opens the intents of all items of a head: each is put in full, and what the node holds then is kept, whoever has stated it.
func openAll(h *ledger.Head, now time.Time) {
	for _, n := range h.Nodes {
		for name, t := range n.Types {
			if !t.States() && t.Accepted == nil {
				continue
			}
			if n.Intent == nil {
				n.Intent = &ledger.Intent{Types: map[string]*ledger.Want{}, Since: now}
			}
			n.Intent.Claim = nil
			n.Intent.Types[name] = &ledger.Want{Unsure: true, Look: true}
		}
	}
}

// lastWhole returns the newest version of an object with which nothing would be wrong; of a head, which may be an older one. nil: there is none.
func (s *State) lastWhole(ctx context.Context, f Finding) ([]byte, error) {
	history, ok := s.Store.(store.History)
	if !ok {
		return nil, nil
	}
	now, _, err := s.Store.Get(ctx, f.Object)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("audit: %w", err)
	}
	for data, err := range history.Versions(ctx, f.Object) {
		if err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		if bytes.Equal(data, now) {
			continue
		}
		isWhole, err := s.isWhole(ctx, f, data)
		if err != nil {
			return nil, err
		}
		if isWhole {
			return data, nil
		}
	}
	return nil, nil
}

// isWhole reports whether nothing would be wrong with an object if it had other content.
func (s *State) isWhole(ctx context.Context, f Finding, data []byte) (bool, error) {
	if strings.HasPrefix(f.Object, packPrefix) {
		return packed(f.Object, data) == nil, nil
	}
	c := &check{State: &State{overlay{s.Store, f.Object, data}, s.Options}, stored: map[string]bool{f.Object: true, installationKey: true}, needed: map[string]bool{}}
	if err := c.installation(ctx); err != nil {
		return false, err
	}
	var err error
	if strings.HasPrefix(f.Object, headPrefix) && c.ledger != nil {
		_, err = c.ledger.Load(ctx, f.partition)
		if err != nil {
			err = c.badHead(f.partition, err)
		}
		if f.Kind == Older { // an even older one is no repair
			keys, lerr := collect(s.Store.List(ctx, packsOf(f.partition)))
			if lerr != nil {
				return false, fmt.Errorf("audit: %w", lerr)
			}
			for _, key := range keys {
				c.stored[key] = true
			}
			err = errors.Join(err, c.head(ctx, f.partition))
		}
	} else {
		err = c.object(ctx, f.Object)
	}
	return !slices.ContainsFunc(c.Findings, func(g Finding) bool { return g.Object == f.Object }), err
}

// overlay is a store in which an object has other content. Nothing is written to it.
type overlay struct {
	store.Store
	key  string
	data []byte
}

// Get returns the other content of that object.
func (o overlay) Get(ctx context.Context, key string) ([]byte, string, error) {
	if key == o.key {
		return o.data, "overlay", nil
	}
	return o.Store.Get(ctx, key)
}
