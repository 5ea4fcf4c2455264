package account

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Found is what the service has of a node and type.
type Found struct {
	Rows     []inventory.Entry
	Captured time.Time
}

// Entries asks what the service has of a node and type.
func (a *Account) Entries(ctx context.Context, node string, t *inventory.Type) (f Found, err error) {
	in := &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: &t.Name, MaxResults: aws.Int32(50)}
	for {
		out, err := ask(ctx, a.Pace, func() (*ssm.ListInventoryEntriesOutput, error) { return a.API.ListInventoryEntries(ctx, in) })
		if class, code := fault.Of(err); class == fault.Gone || code == "InvalidTypeNameException" {
			return Found{Captured: f.Captured}, nil // the put finds that out too, or there is nothing
		}
		if err != nil {
			return f, &Error{"ListInventoryEntries", err}
		}
		if at, err := time.Parse(time.RFC3339, aws.ToString(out.CaptureTime)); err == nil {
			f.Captured = at.UTC()
		}
		for _, e := range out.Entries {
			f.Rows = append(f.Rows, t.EntryOf(e))
		}
		in.NextToken = out.NextToken
		if aws.ToString(in.NextToken) == "" {
			return f, nil
		}
	}
}

// adopted is the source of rows that nodes held before this installation put anything.
const adopted = "found"

// Adopt keeps what a node holds of a type before it is put for the first time, so that what another program put is not erased: its
// rows become a share of their own, until the operator removes it.
func (f Found) Adopt(ctx context.Context, o *stored.Objects, p *receipt.Part, held *ledger.Type, t *inventory.Type, now time.Time) error {
	held.Looked = now
	if len(f.Rows) == 0 || held.Shares[adopted] != nil {
		return nil
	}
	arranged := t.Arrange(f.Rows)
	p.NoteTimes(receipt.NoteDisplaced, len(arranged.Displaced))
	p.NoteTimes(receipt.NoteCut, arranged.Cuts)
	share, err := o.Share(ctx, t, arranged.Rows)
	if err != nil {
		return err
	}
	share.Captured, share.Stated, share.Adopted = f.Captured, now, true
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[adopted] = share
	p.Note("rows that a node held already were kept as the source " + adopted)
	return nil
}

// mostCalls is how many calls a question may take.
const mostCalls = 4

// ask asks the service, at the process's pace, and again where that may help.
func ask[T any](ctx context.Context, pace Pace, question func() (T, error)) (T, error) {
	return fault.Again(ctx, mostCalls, pace.Answered, func() (T, error) {
		if err := pace.Wait(ctx); err != nil {
			var none T
			return none, err
		}
		return question()
	})
}

// Error is a question to the service that was not answered. What it was about stays open.
type Error struct {
	operation string
	err       error
}

func (e *Error) Error() string { return fmt.Sprintf("account: %s: %v", e.operation, e.err) }

func (e *Error) Unwrap() error { return e.err }

// Reason is the reason of records that wait for the answer.
func (e *Error) Reason() string {
	_, code := fault.Of(e.err)
	return e.operation + ": " + code
}
