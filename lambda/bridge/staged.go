package bridge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// maxStagedBytes is the largest staged partition that is read.
const maxStagedBytes = 256 << 20

// staged delivers a partition that was staged in the state, where fetch reads it.
func (b *Bridge) staged(ctx context.Context, p events.Pointer, fetch func(context.Context, events.Pointer) ([]byte, error), a *MessageAnswer) error {
	a.Document = fmt.Sprintf("s3://%s/%s", p.Bucket, p.Key)
	at, err := b.stagedAt(p)
	if err != nil {
		return err
	}
	body, err := fetch(ctx, p)
	if err != nil {
		return err
	}
	part, err := b.deliverPart(ctx, b.deliverer(Options{Observe: b.Observe}), func() (ledger.Header, statements, error) {
		h, list, err := ledger.ReadDelivery(bytes.NewReader(body))
		if err == nil {
			err = at.Header(&h)
		}
		return h, list, err
	})
	if err != nil {
		return err
	}
	a.answer(receipt.Receipt{Import: part.Import, Records: part.Records, Counts: part.Counts, Calls: part.Calls})
	if err := b.resumeIf(ctx, part.Counts.Of(receipt.Pending) > 0, a.ID, part.Partition); err != nil {
		return err
	}
	r, err := b.book.Complete(ctx, part.Import)
	if err != nil || !r.Complete {
		return err
	}
	if err := b.Ledger.MarkHeads(ctx); err != nil {
		return err
	}
	r, err = b.decide(ctx, r)
	if err != nil {
		return err
	}
	return b.announce(ctx, r)
}

// stagedAt returns which delivery a pointer names. One that lies anywhere but in the state is not read, whoever names it. Where the state is
// a directory, it is a person at a laptop who names one in a bucket.
func (b *Bridge) stagedAt(p events.Pointer) (allowed.Staged, error) {
	if b.Place == (Place{}) {
		return allowed.StagedAt(p.Key)
	}
	key, within := strings.CutPrefix(p.Key, b.Place.pointer("").Key)
	if p.Bucket != b.Place.Bucket || !within {
		key = ""
	}
	return allowed.StagedAt(key)
}

func (b *Bridge) fetch(ctx context.Context, p events.Pointer) (body []byte, err error) {
	in := &s3.GetObjectInput{Bucket: &p.Bucket, Key: &p.Key}
	if p.VersionID != "" {
		in.VersionId = &p.VersionID
	}
	out, err := b.Objects.GetObject(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("reading the staged delivery: %w", err)
	}
	defer func() { _ = out.Body.Close() }() // it was read to its end, or the error is known
	body, err = io.ReadAll(io.LimitReader(out.Body, maxStagedBytes+1))
	if err == nil && len(body) > maxStagedBytes {
		err = reject(fmt.Errorf("the staged delivery has more than %d bytes", maxStagedBytes))
	}
	return body, err
}
