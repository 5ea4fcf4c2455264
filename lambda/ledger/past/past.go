// Package past knows what imports have changed: which rows each source stated before, of which nodes and types. It is written with what changes them,
// as one block an import and partition, and read when an import is rolled back. It does not know how that is done.
package past

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
)

// How much of the past a head names. The blocks that it does not name any more are still stored for all this time.
const (
	Kept        = 29 * 24 * time.Hour // since the import was received: packs that no head names are kept for 30 days
	PerMapping  = 8                   // imports of one mapping
	perHead     = 64                  // imports
	blockPrefix = "ibpast01"
)

// Changes are what an import has changed in a partition, by node.
type Changes struct {
	Nodes map[string]*Node `json:"nodes"`
}

// Node is what an import has changed of a node.
type Node struct {
	Sources map[string]*Source `json:"sources,omitempty"`
	Numbers Numbers            `json:"numbers,omitzero"`
}

// Numbers are the numbers that were tied to a node before; they were others after.
type Numbers struct {
	Known  bool                       `json:"known,omitempty"`
	Before map[string][]ledger.Number `json:"before,omitempty"`
}

// IsZero reports whether the import has tied no number.
func (n Numbers) IsZero() bool { return !n.Known }

// Source is what an import has changed of what a source states of a node.
type Source struct {
	Known *ledger.Source   `json:"known,omitempty"` // what was held of the source before; nil: nothing
	Types map[string]*Type `json:"types,omitempty"`
}

// Type is what an import has changed of a type.
type Type struct {
	Share *ledger.Share `json:"share,omitempty"` // before; nil: there was none
	Rows  ledger.Lain   `json:"rows,omitzero"`   // where the share's rows lie
	Parts ledger.Lain   `json:"parts,omitzero"`  // and those of parts of lists
	Form  Form          `json:"form"`
}

// Form is how an import has stated rows of a type.
type Form struct {
	At     ledger.Stamp `json:"at"`               // the newest of its statements
	Whole  bool         `json:"whole,omitempty"`  // as a snapshot of all of the type
	Scopes []string     `json:"scopes,omitempty"` // as snapshots of these; neither: rows were set and removed by key
}

// Add adds another statement's form; nil: there was none.
func (f *Form) Add(at ledger.Stamp, whole bool, looked []ledger.Looked) *Form {
	if f == nil {
		f = &Form{}
	}
	f.At, f.Whole = ledger.Newest(f.At, at), f.Whole || whole
	for _, l := range looked {
		f.Scopes = append(f.Scopes, l.Scope)
	}
	return f
}

// encode lays out changes.
func encode(c *Changes) ([]byte, error) {
	data, err := written.For[Changes]().Append([]byte(blockPrefix), c)
	if err != nil {
		return nil, fmt.Errorf("past: %w", err)
	}
	return data, nil
}

// Read reads what an import has changed. Where that is damaged or gone, the error is a *ledger.BlockError.
func Read(ctx context.Context, l *ledger.Ledger, h *ledger.Head, one ledger.Past) (*Changes, error) {
	data, err := l.ReadPast(ctx, h, one.Block)
	if err != nil {
		return nil, fmt.Errorf("past: %w", err)
	}
	var c Changes
	if len(data) < len(blockPrefix) || string(data[:len(blockPrefix)]) != blockPrefix || json.Unmarshal(data[len(blockPrefix):], &c) != nil || c.lacks() {
		return nil, fmt.Errorf("past: %w", &ledger.BlockError{Object: "history " + one.Block, Problem: "it is damaged, or of another version of this program"})
	}
	return &c, nil
}

// lacks reports whether anything is missing that must be there.
func (c *Changes) lacks() bool {
	for _, n := range c.Nodes {
		if n == nil {
			return true
		}
		for _, s := range n.Sources {
			if s == nil {
				return true
			}
			for _, t := range s.Types {
				if t == nil {
					return true
				}
			}
		}
	}
	return false
}
