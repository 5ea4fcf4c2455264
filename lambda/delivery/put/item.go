package put

import (
	"cmp"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Item is what a node should hold of one type, and what became of it.
type Item struct {
	Type     *inventory.Type
	Rows     []inventory.Entry
	JSON     []byte            // of the rows, without a context; nil: it is made when they are sent
	Context  map[string]string // nil: its type has none
	Captured time.Time
	Hash     string // ContentHash of the rows; "": none is sent
	Confirms string // ContentHash that the service has already: it is sent without the content. "": the content is sent
	Bytes    int    // of the content that is sent
	Needed   bool   // it must be put; else the service holds it already
	Refused  string // why it may not be put; "": it may
	Clears   bool   // the node held entries, and the item has none

	Outcome   receipt.Outcome // put, unchanged, pending, failed or parked
	Reason    string
	NotBefore time.Time // it is not put again before
	Sent      bool      // its content was part of a call that may have had an effect
}

// Settled reports whether the node holds the item.
func (i *Item) Settled() bool { return i.Outcome == receipt.Put || i.Outcome == receipt.Unchanged }

// ContentHash is the hash that is sent.
func (i *Item) ContentHash() string { return cmp.Or(i.Confirms, i.Hash) }

// begin notes what becomes of an item where all goes well, and of one that may not be put.
func (i *Item) begin(now time.Time) {
	switch {
	case !i.Needed:
		i.Outcome = receipt.Unchanged
	case i.Refused != "":
		i.Needed = false
		i.fail(i.Refused, now)
	default:
		i.Outcome = receipt.Put
	}
}

func (i *Item) fail(reason string, now time.Time) {
	i.Outcome, i.Reason, i.NotBefore = receipt.Failed, reason, now.Add(refusedFor)
}

func (i *Item) pending(reason string) { i.Outcome, i.Reason = receipt.Pending, reason }

// inFull has items that were to be confirmed put with their content.
func inFull(items []*Item) {
	for _, i := range items {
		if i.Confirms != "" {
			i.Confirms, i.Bytes = "", i.Type.ContentBytes(i.Rows)
		}
	}
}
