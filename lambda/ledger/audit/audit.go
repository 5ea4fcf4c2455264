// Package audit knows whether the objects of a state are what they should be, and puts back what can be put back. It does not know what nodes
// should hold.
package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Kind is what is wrong with an object.
type Kind string

// The kinds.
const (
	Damaged      Kind = "damaged"      // it cannot be read
	Missing      Kind = "missing"      // it was written, and is not there
	Older        Kind = "older"        // a later one was written
	Foreign      Kind = "foreign"      // it is of another partition or installation
	Newer        Kind = "newer"        // it is of a newer version of this program
	Unknown      Kind = "unknown"      // no object of a state is called so
	Unreferenced Kind = "unreferenced" // nothing needs it: it is deleted after 30 days. Nothing is wrong
)

// Finding is something that was found of an object.
type Finding struct {
	Object  string   `json:"object"`
	Kind    Kind     `json:"kind"`
	Problem string   `json:"problem,omitempty"`
	Sources []string `json:"sources,omitempty"` // of whose rows something is lost
	Do      string   `json:"do,omitempty"`      // what a person can do

	partition int // of a head
}

// Report is what was found in a state.
type Report struct {
	Objects      int       `json:"objects"` // that were looked at
	Unreferenced int       `json:"unreferenced"`
	Findings     []Finding `json:"findings"` // by object; without those that are unreferenced
	Spare        []Finding `json:"-"`        // those
}

// State is a state that is looked at. Nothing is written to its store unless it is repaired.
type State struct {
	Store   store.Store
	Options ledger.Options // whose state it is
}

// Check looks at every object of a state. An error is the store's, or that the state is of somebody else.
func (s *State) Check(ctx context.Context) (Report, error) {
	keys, err := collect(s.Store.List(ctx, ""))
	if err != nil {
		return Report{}, fmt.Errorf("audit: %w", err)
	}
	c := &check{State: s, stored: map[string]bool{}, needed: map[string]bool{}}
	for _, key := range keys {
		c.stored[key] = true
	}
	if err := c.installation(ctx); err != nil {
		return Report{}, err
	}
	for _, key := range keys {
		if err := c.object(ctx, key); err != nil {
			return Report{}, fmt.Errorf("audit: %w", err)
		}
	}
	if err := c.heads(ctx); err != nil {
		return Report{}, fmt.Errorf("audit: %w", err)
	}
	c.spare()
	slices.SortStableFunc(c.Findings, func(a, b Finding) int { return cmp.Compare(a.Object, b.Object) })
	c.Objects, c.Unreferenced = len(keys), len(c.Spare)
	return c.Report, nil
}

// check is a check under way.
type check struct {
	*State
	Report
	ledger *ledger.Ledger // nil: installation.json cannot be read
	stored map[string]bool
	needed map[string]bool // packs, rows and scopes that heads reference
	unsure bool            // a head cannot be read, so it is not known what is needed
}

func (c *check) found(f Finding) { c.Findings = append(c.Findings, f) }

// installation opens the state in a way that writes nothing.
func (c *check) installation(ctx context.Context) error {
	o := c.Options
	o.Guest = true
	if !c.stored[installationKey] {
		if c.isEmpty() {
			return nil
		}
		c.found(Finding{Object: installationKey, Kind: Missing, Problem: "it is gone, and the state cannot be opened without it", Do: Restore})
		return nil
	}
	l, err := ledger.Open(ctx, c.Store, o)
	refused, isRefused := errors.AsType[*ledger.StateError](err)
	if isRefused && strings.HasPrefix(refused.Problem, installationKey) {
		kind := Damaged
		if strings.Contains(refused.Problem, "newer than this program") {
			kind = Newer
		}
		c.found(Finding{Object: installationKey, Kind: kind, Problem: refused.Problem, Do: refused.WayOut})
		return nil
	}
	c.ledger = l
	return err
}

// isEmpty reports whether nothing is stored that only a state has.
func (c *check) isEmpty() bool {
	for key := range c.stored {
		if !strings.HasPrefix(key, "receipts/") {
			return false
		}
	}
	return true
}

// spare finds what is stored and no head needs.
func (c *check) spare() {
	if c.ledger == nil || c.unsure {
		return
	}
	for key := range c.stored {
		if isBlock(key) && !c.needed[key] {
			c.Spare = append(c.Spare, Finding{Object: key, Kind: Unreferenced, Do: "nothing: the sweep deletes it after 30 days"})
		}
	}
	slices.SortFunc(c.Spare, func(a, b Finding) int { return cmp.Compare(a.Object, b.Object) })
}
