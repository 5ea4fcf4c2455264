package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// How often a call is made in all, and how long is waited at most between two.
const (
	throttledAttempts = 8
	failedAttempts    = 4
	firstPause        = 100 * time.Millisecond
	longestPause      = 5 * time.Second
	failedStreak      = 3 // nodes in a row after which each gets one attempt only
)

// refusedFor is how long an item that the service refuses for good is left alone, unless a source says something else.
const refusedFor = 24 * time.Hour

// calls groups the items that must be put into calls: as many together as fit.
func calls(items []*item) [][]*item {
	var all [][]*item
	var bytes int
	for _, i := range items {
		if !i.put {
			continue
		}
		last := len(all) - 1
		if last < 0 || len(all[last]) == inventory.MaxItemsPerCall || bytes+i.bytes > inventory.PlannedCallBytes {
			all, bytes = append(all, nil), 0
			last++
		}
		all[last] = append(all[last], i)
		bytes += i.bytes
	}
	return all
}

// putNode puts the items that must be put. What becomes of each stands in it.
func (r *run) putNode(ctx context.Context, a *attempted, n *ledger.Node) {
	for _, i := range a.items {
		if i.outcome = receipt.Put; !i.put {
			i.outcome = receipt.Unchanged
		}
	}
	for _, call := range calls(a.items) {
		switch {
		case r.halted != "":
			r.ended(call, halt, r.halted)
		case !r.withinDay(a, n, call):
			r.leave(call, "the node's quota of the day is used up")
		default:
			r.call(ctx, a, call)
		}
	}
}

// withinDay says whether a call fits what is planned for the node and day.
func (r *run) withinDay(a *attempted, n *ledger.Node, call []*item) bool {
	r.today(n)
	return n.Day.Bytes+a.bytes+total(call) <= inventory.PlannedDayBytes
}

// today begins to count anew where a day has begun.
func (r *run) today(n *ledger.Node) {
	if date := r.now().Format(time.DateOnly); n.Day.Date != date {
		n.Day = ledger.Day{Date: date}
	}
}

func (r *run) leave(call []*item, reason string) {
	tomorrow := r.now().Truncate(24 * time.Hour).Add(24 * time.Hour)
	for _, i := range call {
		i.pending(reason)
		i.until = tomorrow
	}
}

func total(call []*item) int64 {
	sum := int64(0)
	for _, i := range call {
		sum += int64(i.bytes)
	}
	return sum
}

func (i *item) pending(reason string) { i.outcome, i.reason = receipt.Pending, reason }

// call puts some items in one call. Where the service refuses one of them, the others are put without it.
func (r *run) call(ctx context.Context, a *attempted, items []*item) {
	for len(items) > 0 {
		class, code, err := r.attempts(ctx, a.work.node, items)
		for _, i := range items {
			i.sent = true
		}
		if class == accepted || class == retry {
			a.bytes += total(items)
		}
		if class != reject {
			r.ended(items, class, code)
			return
		}
		culprits, others := separate(items, culprit(err))
		for _, i := range culprits {
			i.outcome, i.reason, i.until = receipt.Failed, code, r.now().Add(refusedFor)
		}
		if len(culprits) == 0 { // the error names none of them, so each is tried alone
			for _, i := range others {
				r.call(ctx, a, []*item{i})
			}
			return
		}
		items = others
	}
}

// separate finds the items that an error is about: the one it names, or the only one.
func separate(items []*item, name string) (culprits, others []*item) {
	for _, i := range items {
		if i.t.Name == name || len(items) == 1 {
			culprits = append(culprits, i)
		} else {
			others = append(others, i)
		}
	}
	return culprits, others
}

// ended notes what became of the items of a call that was not refused.
func (r *run) ended(items []*item, class class, code string) {
	if class == tomorrow {
		r.leave(items, code)
		return
	}
	for _, i := range items {
		switch class {
		case accepted:
			r.part.Bytes += int64(i.bytes)
			r.cleared(i)
		case gone:
			i.outcome, i.reason = receipt.Parked, "node-gone"
		default:
			i.pending(code)
		}
	}
}

func (r *run) cleared(i *item) {
	if i.entries == 0 && i.before != nil && i.before.Entries > 0 {
		r.part.Cleared++
	}
}

// attempts makes a call, again where that may help, and counts nodes whose calls fail in a row.
func (r *run) attempts(ctx context.Context, node string, items []*item) (class, string, error) {
	in := &ssm.PutInventoryInput{InstanceId: &node, Items: make([]types.InventoryItem, len(items))}
	for n, i := range items {
		in.Items[n] = i.wire()
	}
	for n := 1; ; n++ {
		class, code, err := r.request(ctx, in)
		switch class {
		case accepted, gone, reject, tomorrow:
			r.streak = 0
			return class, code, err
		case halt:
			r.halted = code
			return class, code, err
		case denied:
			if r.streak++; r.streak >= failedStreak {
				r.halted = code
			}
			return class, code, err
		case throttled, retry:
		}
		wait := r.config.jitter(firstPause, longestPause, n)
		if n >= r.mostAttempts(class) || !r.time(wait) || sleep(ctx, wait) != nil {
			r.streak++
			return class, code, err
		}
	}
}

func (r *run) mostAttempts(c class) int {
	switch {
	case c == throttled:
		return throttledAttempts
	case r.streak >= failedStreak:
		return 1
	}
	return failedAttempts
}

// request is one HTTP request. It ends before the claim does.
func (r *run) request(ctx context.Context, in *ssm.PutInventoryInput) (class, string, error) {
	if r.config.Limiter != nil {
		if err := r.config.Limiter.Wait(ctx); err != nil {
			r.halted = "no time is left"
			return halt, r.halted, err
		}
	}
	left := min(callTimeout, r.until.Sub(r.now())-margin)
	if left <= 0 {
		return throttled, "no time is left in the claim", fmt.Errorf("delivery: no time is left in the claim")
	}
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	r.part.Calls++
	out, err := r.config.SSM.PutInventory(ctx, in, once)
	class, code := classify(err)
	if err == nil && out != nil && aws.ToString(out.Message) != "" {
		r.part.Note("the service answered with a message")
	}
	return class, code, err
}

// once turns the SDK's own retries off: attempts are counted and paced here.
func once(o *ssm.Options) { o.Retryer = aws.NopRetryer{} }

// time says whether there is time for a call after a wait.
func (r *run) time(wait time.Duration) bool {
	return r.now().Add(wait).Before(r.until.Add(-margin))
}

// wire makes an item as the service takes it. The content is a list also where it is empty: without a list it would say "unchanged".
func (i *item) wire() types.InventoryItem {
	content := make([]map[string]string, len(i.rows))
	for n, row := range i.rows {
		entry := make(map[string]string, len(row))
		for a, name := range i.t.Attributes {
			entry[name] = row[a]
		}
		content[n] = entry
	}
	out := types.InventoryItem{
		TypeName: &i.t.Name, SchemaVersion: &i.t.SchemaVersion,
		CaptureTime: new(inventory.CaptureTime(i.captured)), Content: content,
	}
	if hash := i.hash(); hash != "" {
		out.ContentHash = &hash
	}
	return out
}
