package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Answer is the answer to a direct invocation, or one by the bus. A queue is answered with the messages that have to come again.
type Answer struct {
	Messages []MessageAnswer `json:"messages"`
}

// MessageAnswer is what became of one message.
type MessageAnswer struct {
	ID       string          `json:"id,omitempty"`
	Document string          `json:"document,omitempty"` // s3://bucket/key, or the event's ID
	Import   string          `json:"import,omitempty"`
	Mapping  string          `json:"mapping,omitempty"`
	Records  int             `json:"records"`
	Outcomes *receipt.Counts `json:"outcomes,omitempty"`
	Calls    int             `json:"calls"`
	Swept    *SweepResult    `json:"swept,omitempty"`   // what a sweep did
	Staged   []StagedAnswer  `json:"staged,omitempty"`  // in the role intake: what is to be delivered
	Nothing  string          `json:"nothing,omitempty"` // why there was nothing to do
	Error    string          `json:"error,omitempty"`   // why the document was rejected, or has to come again
	Class    Class           `json:"class,omitempty"`   // of the error: retry or reject
}

// StagedAnswer is a staged delivery: an event for a process in the role delivery.
type StagedAnswer struct {
	Delivery objectPointer `json:"delivery"`
}

// Handle is what the function does with an event: it opens the envelopes, takes each document in, delivers its statements, and returns
// which messages have to come again. Rejected documents are acknowledged: the reason is on their receipts.
func (b *Bridge) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	batch, err := events.Decode(raw)
	if err != nil {
		return nil, err
	}
	answers := b.messages(ctx, batch)
	if batch.SQS {
		b.requeue(ctx, batch, answers)
		response, unreported := batch.Response(func(i int) bool { return answers[i].Class == Retry })
		if unreported > 0 {
			return nil, errors.New("messages without an ID have to come again")
		}
		return response, nil
	}
	var again []error
	for _, a := range answers {
		if a.Class == Retry {
			again = append(again, errors.New(a.Error))
		}
	}
	return Answer{answers}, errors.Join(again...)
}

// messages handles one message after the other. After one that has to come again, the rest of its group is left for later: a later
// message must not overtake it.
func (b *Bridge) messages(ctx context.Context, batch events.Batch) []MessageAnswer {
	answers := make([]MessageAnswer, len(batch.Messages))
	stopped := map[string]bool{}
	for i, m := range batch.Messages {
		if stopped[m.Group] {
			answers[i] = MessageAnswer{ID: m.ID, Class: Retry, Error: "an earlier message of its group has to come again"}
			continue
		}
		answers[i] = b.message(ctx, m)
		if m.Group != "" && answers[i].Class == Retry {
			stopped[m.Group] = true
		}
		b.log(ctx, answers[i])
		if b.Answered != nil {
			b.Answered(answers[i])
		}
	}
	return answers
}

func (b *Bridge) message(ctx context.Context, m events.Message) MessageAnswer {
	a := MessageAnswer{ID: m.ID}
	var err error
	switch {
	case m.Err != nil:
		err = m.Err
	case m.Document != nil && b.Role == RoleDelivery, (m.Delivery != nil || m.Sweep) && b.Role == RoleIntake:
		err = reject(errors.New("a process in this role does not take such messages"))
	case m.Document != nil:
		err = b.document(ctx, m.Document, &a)
	case m.Delivery != nil:
		err = b.staged(ctx, *m.Delivery, b.fetch, &a)
	case m.Sweep:
		err = b.sweep(ctx, m, &a)
	default:
		a.Nothing = m.Nothing
	}
	switch {
	case errors.Is(err, intake.ErrSuperseded):
		a.Nothing = err.Error()
	case err != nil:
		a.Error, a.Class = err.Error(), ClassOf(err)
	}
	return a
}

func (b *Bridge) document(ctx context.Context, d *events.Document, a *MessageAnswer) error {
	a.Document = d.EventID
	if d.Bucket != "" {
		a.Document = fmt.Sprintf("s3://%s/%s", d.Bucket, d.Key)
	}
	doc, err := b.open(ctx, d)
	if err != nil {
		return b.reject(ctx, doc, err)
	}
	if b.Role == RoleIntake {
		return b.stageFor(ctx, doc, a)
	}
	r, err := b.Import(ctx, doc, Options{Observe: b.Observe})
	if err != nil {
		return err
	}
	a.answer(r)
	return nil
}

func (b *Bridge) stageFor(ctx context.Context, doc intake.Document, a *MessageAnswer) error {
	own, staged, err := b.Stage(ctx, doc)
	if err != nil {
		return err
	}
	a.answer(receipt.Sum(own, nil))
	for _, p := range staged {
		a.Staged = append(a.Staged, StagedAnswer{objectPointer{p.Bucket, p.Key}})
	}
	if err := b.send(ctx, own, staged); err != nil {
		return err
	}
	return b.announce(ctx, receipt.Sum(own, nil)) // where nothing is to be delivered
}

func (a *MessageAnswer) answer(r receipt.Receipt) {
	a.Import, a.Mapping, a.Records, a.Outcomes, a.Calls = r.Import, r.Mapping, r.Records, &r.Counts, r.Calls
}

// log writes one line for each message: names and numbers, never a value from the data.
func (b *Bridge) log(ctx context.Context, a MessageAnswer) {
	if a.Error != "" {
		b.Log.ErrorContext(ctx, "document not taken in", "document", a.Document, "class", a.Class, "error", a.Error)
		return
	}
	b.Log.InfoContext(ctx, "message handled", "document", a.Document, "import", a.Import, "mapping", a.Mapping,
		"records", a.Records, "outcomes", a.Outcomes, "calls", a.Calls, "nothing", a.Nothing)
}
