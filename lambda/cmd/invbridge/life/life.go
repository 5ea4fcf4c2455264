// Package life is what has happened to a node, by all that a state keeps: older versions of a head, what a head keeps of its imports, receipts, and what
// the head holds now.
package life

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Event is something that has happened to a node.
type Event struct {
	At       time.Time `json:"at"`
	What     What      `json:"what"`
	Source   string    `json:"source,omitempty"`
	Type     string    `json:"type,omitempty"`
	Import   string    `json:"import,omitempty"`
	Document string    `json:"document,omitempty"`
	Changes  []Change  `json:"changes,omitempty"` // by type
	Text     string    `json:"text,omitempty"`

	version int // of the head's versions that it was found in, the newest first
}

// What is the kind of an event.
type What string

// The kinds.
const (
	Stated    What = "stated"    // a source has stated rows
	Changed   What = "changed"   // what a source states has changed without a statement of its own
	Cleared   What = "cleared"   // its rows were cleared, since it no longer names the node
	Removed   What = "removed"   // it was removed from the node
	Expired   What = "expired"   // it had not stated its rows again
	Missing   What = "missing"   // it no longer names the node, and nothing was cleared yet
	Put       What = "put"       // the service has accepted an item
	Confirmed What = "confirmed" // and has confirmed it
	Open      What = "open"      // something is still to be put
	Gone      What = "gone"      // the service does not know the node
	Back      What = "back"      // it knows it again
	Record    What = "record"    // a record was not put
)

// Change is how what a source states of a type has changed.
type Change struct {
	Type    string       `json:"type"`
	Before  int          `json:"before"` // rows
	After   int          `json:"after"`
	Counted bool         `json:"counted"` // the rows could be compared
	Added   int          `json:"added,omitempty"`
	Removed int          `json:"removed,omitempty"`
	Changed int          `json:"changed,omitempty"`
	Rows    []differ.Row `json:"rows,omitempty"` // where they were asked for
}

// Node is the node that is asked about, and how much.
type Node struct {
	ID     string
	Type   string // with Custom: or without; "": all
	Rows   bool   // with the rows that come, go and change
	Most   int    // events; 0: all
	Ledger *ledger.Ledger
	Types  func(name string) (*inventory.Type, bool)

	events  []Event
	version int
	seen    map[seen]bool
}

// seen is what makes an event one and the same.
type seen struct {
	at                 int64
	what               What
	source, typ, about string
}

// moment is the node in one version of its head; nil: it was not there.
type moment struct {
	head *ledger.Head
	node *ledger.NodeState
}

func (n *Node) at(h *ledger.Head) moment { return moment{h, h.Nodes[n.ID]} }

// Events returns what has happened, the newest first. Short is why that is not all: the store keeps no older versions, or they cannot be read.
func (n *Node) Events(ctx context.Context, more []Event) (list []Event, short, err error) {
	n.seen = map[seen]bool{}
	for i := range more {
		n.add(more[i])
	}
	head, err := n.Ledger.Load(ctx, n.Ledger.Partition(n.ID))
	if err != nil {
		return nil, nil, err
	}
	last := n.at(head)
	n.open(last.node)
	for h, err := range n.Ledger.Versions(ctx, head.Partition) {
		if err != nil {
			short = err
			break
		}
		if h == nil {
			short = errors.New("an older version of the node's head is damaged: what came before it may be missing")
			continue
		}
		before := n.at(h)
		n.version++
		n.between(ctx, before, last)
		last = before
		if n.Most > 0 && len(n.events) > n.Most {
			break
		}
	}
	if short != nil {
		n.kept(ctx, last)
	} else if last.head.Writes <= 1 { // nothing was before it
		n.between(ctx, moment{}, last)
	}
	n.known(last)
	slices.SortStableFunc(n.events, func(a, b Event) int { // some times are whole seconds: in a second, they stand as the versions do
		return cmp.Or(b.At.Truncate(time.Second).Compare(a.At.Truncate(time.Second)), cmp.Compare(a.version, b.version), b.At.Compare(a.At))
	})
	if n.Most > 0 && len(n.events) > n.Most {
		n.events = n.events[:n.Most]
	}
	return n.events, short, nil
}

// add adds an event that is not known yet.
func (n *Node) add(e Event) {
	key := seen{e.At.UnixNano(), e.What, e.Source, e.Type, e.Import}
	switch e.What {
	case Record:
		key.about += e.Text
	case Stated:
		key.at = e.At.Unix() // the history of a head has no finer times
	}
	if n.seen[key] {
		return
	}
	n.seen[key] = true
	e.version = n.version
	if n.wants(&e) {
		n.events = append(n.events, e)
	}
}

// wants reports whether an event is about the type that is asked about, or about all. Of its changes others are left out.
func (n *Node) wants(e *Event) bool {
	if n.Type == "" {
		return true
	}
	if e.Type != "" {
		return n.isType(e.Type)
	}
	had := len(e.Changes)
	e.Changes = slices.DeleteFunc(slices.Clone(e.Changes), func(c Change) bool { return !n.isType(c.Type) })
	return had == 0 && e.What != Stated || len(e.Changes) > 0
}

func (n *Node) isType(name string) bool {
	return strings.EqualFold(n.Type, name) || strings.EqualFold("Custom:"+n.Type, name)
}
