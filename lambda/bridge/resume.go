package bridge

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// shortTime is how long before its end a function begins nothing more: no call is made in the last ten seconds.
const shortTime = 15 * time.Second

// noTimeLeft reports whether too little time is left to begin anything more. A laptop has all the time.
func noTimeLeft(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < shortTime
}

// sweep answers the signal to sweep. Partitions for which no time is left get a message each.
func (b *Bridge) sweep(ctx context.Context, m events.Message, a *MessageAnswer) error {
	if m.Only != nil {
		return b.sweepOne(ctx, *m.Only, m.ID, a)
	}
	r, err := b.Sweep(ctx)
	a.Swept, a.Calls = &r, r.Calls
	return errors.Join(err, b.resume(ctx, m.ID, r.Left...))
}

// sweepOne sweeps one partition, and resumes it where time did not suffice.
func (b *Bridge) sweepOne(ctx context.Context, p int, id string, a *MessageAnswer) error {
	if p >= b.Ledger.Partitions() {
		return reject(fmt.Errorf("partition %d: the state has %d", p, b.Ledger.Partitions()))
	}
	s := b.newSweep()
	err := s.partition(ctx, p)
	a.Calls = s.Calls
	if err != nil {
		return err
	}
	return b.resumeIf(ctx, s.Open > 0, id, p)
}

// resumeIf resumes a partition that is not done where that is for want of time. The rest is left to the next sweep.
func (b *Bridge) resumeIf(ctx context.Context, open bool, id string, p int) error {
	if !open || !noTimeLeft(ctx) {
		return nil
	}
	return b.resume(ctx, id, p)
}

// resume sends a signal to sweep for each partition, so that all who deliver share them. A message that comes again sends them once more:
// the queue keeps the first.
func (b *Bridge) resume(ctx context.Context, id string, partitions ...int) error {
	if b.Queue == nil || len(partitions) == 0 {
		return nil
	}
	id = cmp.Or(id, rand.Text())
	messages := make([]signal.Message, len(partitions))
	for i, p := range partitions {
		messages[i] = signal.Message{
			Group: strconv.Itoa(p), Once: fmt.Sprintf("%s-on-%d", id, p), Body: fmt.Sprintf(`{"sweep":{"partition":%d}}`, p),
		}
	}
	return b.Queue.Send(ctx, messages)
}
