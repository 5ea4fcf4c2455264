package bridge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// open opens the document that a message carries or points at. Where that fails, what is known of the document is returned all the same.
func (b *Bridge) open(ctx context.Context, d *events.Document) (intake.Document, error) {
	doc := intake.Document{
		Delivery: choose.Origin{
			Declared: d.Mapping, Bucket: d.Bucket, Key: d.Key,
			EventSource: d.Source, DetailType: d.DetailType, Attributes: d.Attributes,
		},
		As: node.Subject{NodeID: d.As["nodeId"], Hostname: d.As["hostname"], Serial: d.As["serial"], IP: d.As["ip"], MAC: d.As["mac"]},
	}
	if d.Bucket == "" {
		doc.Event = d.EventID
		doc.Source = document.Inline(eventName(d), d.Inline, d.Time)
		return doc, nil
	}
	if len(b.Uploads) > 0 && !slices.Contains(b.Uploads, d.Bucket) {
		return doc, reject(fmt.Errorf("the pointer names a bucket that is not one of this installation's upload buckets"))
	}
	var err error
	doc.Source, err = document.Object(ctx, b.Objects, d.Bucket, d.Key, d.VersionID)
	if d.VersionID != "" {
		doc.Superseded = func(ctx context.Context) (bool, error) { return b.superseded(ctx, d) }
	}
	return doc, err
}

// superseded reports whether a version of an object is no longer the current one. Where the object was deleted since, the version is the
// last that there was.
func (b *Bridge) superseded(ctx context.Context, d *events.Document) (bool, error) {
	current, err := document.Object(ctx, b.Objects, d.Bucket, d.Key, "")
	if errors.Is(err, document.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return current.Version != d.VersionID, current.Close()
}

// eventName returns the name of a document that came with its message, for receipts and logs.
func eventName(d *events.Document) string {
	switch {
	case d.Source != "":
		return "event " + d.EventID + " of " + d.Source
	case d.EventID != "":
		return "message " + d.EventID
	default:
		return "the event"
	}
}
