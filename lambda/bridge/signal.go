package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// Queue is that of the deliveries. *signal.Queue is one.
type Queue interface {
	Send(context.Context, []signal.Message) error
	Again(ctx context.Context, receipt string, after time.Duration) error
}

// Bus is where completed imports are announced. *bus.Bus is one.
type Bus interface {
	Put(ctx context.Context, detailType string, detail any) error
}

// ImportCompleted is the detail type of the event that announces a completed import. It may come more than once for one import.
const ImportCompleted = "Inventory Import Completed"

// completed is that event's detail: numbers and names, and where the receipt is.
type completed struct {
	Import   string         `json:"import"`
	Document string         `json:"document,omitempty"`
	Key      string         `json:"key,omitempty"`
	Mapping  string         `json:"mapping,omitempty"`
	Failure  string         `json:"failure,omitempty"` // why the document was not taken in
	Records  int            `json:"records"`
	Outcomes receipt.Counts `json:"outcomes"`
	Nodes    int            `json:"nodes"`
	Calls    int            `json:"calls"`
	Bytes    int64          `json:"bytes"`
	Cleared  int            `json:"cleared"`
	Absence  *bool          `json:"absentCleared,omitempty"` // whether nodes that it does not name were cleared; absent: there were none
	Receipt  objectPointer  `json:"receipt"`
	receipt.PartOf
}

type objectPointer struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
}

// announce announces a completed import. Where that fails, the message comes again: delivering once more changes nothing.
func (b *Bridge) announce(ctx context.Context, r receipt.Receipt) error {
	if !r.Complete {
		return nil
	}
	if b.Completed != nil {
		b.Completed(r)
	}
	if b.Bus == nil {
		return nil
	}
	place := b.Place.pointer("receipts/" + r.Import + "/receipt.json")
	detail := completed{
		Import: r.Import, Document: r.Document, Key: r.Key, Mapping: r.Mapping, Failure: r.Failure, Records: r.Records, Outcomes: r.Counts,
		Nodes: r.Nodes, Calls: r.Calls, Bytes: r.Bytes, Cleared: r.Cleared, Receipt: objectPointer{place.Bucket, place.Key}, PartOf: r.PartOf,
	}
	if r.Absence != nil {
		detail.Absence = &r.Absence.Cleared
	}
	if err := b.Bus.Put(ctx, ImportCompleted, detail); err != nil {
		return fmt.Errorf("announcing that import %s is complete: %w", r.Import, err)
	}
	return nil
}

// send queues staged deliveries. Those of one partition come one after the other, and one that is sent again within minutes comes once.
func (b *Bridge) send(ctx context.Context, own receipt.Import, staged []events.Pointer) error {
	if b.Queue == nil {
		return nil
	}
	messages := make([]signal.Message, len(staged))
	for i, p := range staged {
		body, err := json.Marshal(StagedAnswer{objectPointer{p.Bucket, p.Key}})
		if err != nil {
			return err
		}
		partition := strconv.Itoa(own.Partitions[i])
		messages[i] = signal.Message{Group: partition, Once: own.Import + "-" + partition, Body: string(body)}
	}
	return b.Queue.Send(ctx, messages)
}

// How soon a message of a FIFO queue comes again. Its group waits for it, and the queue's own time is made for a function that was killed.
const (
	requeueAfter  = 30 * time.Second // doubled each time
	requeueAtMost = 15 * time.Minute
	requeueTime   = 5 * time.Second // for saying so
)

// requeue makes messages of FIFO queues that failed come again soon. Where that fails, they come when the queue brings them.
func (b *Bridge) requeue(ctx context.Context, batch events.Batch, answers []MessageAnswer) {
	if b.Queue == nil || b.Role == RoleIntake { // whose queue is another one
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requeueTime)
	defer cancel()
	for i, m := range batch.Messages {
		if m.Group == "" || m.Receipt == "" || answers[i].Class != Retry {
			continue
		}
		if err := b.Queue.Again(ctx, m.Receipt, requeueIn(m.Received)); err != nil {
			b.Log.WarnContext(ctx, "message comes again when its queue brings it", "id", m.ID, "error", err)
		}
	}
}

func requeueIn(received int) time.Duration {
	return min(requeueAfter<<min(max(received-1, 0), 10), requeueAtMost)
}
