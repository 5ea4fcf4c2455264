package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// How often a call is made in all.
const (
	throttledAttempts = 8
	failedAttempts    = 4
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
func (r *run) putNode(ctx context.Context, a *attempted, n *ledger.NodeState) {
	for _, i := range a.items {
		i.outcome = receipt.Put
		if !i.put {
			i.outcome = receipt.Unchanged
		}
		if reason := a.work.refused[i.t.Name]; i.put && reason != "" {
			i.put = false
			i.outcome, i.reason, i.until = receipt.Failed, reason, r.now().Add(refusedFor)
		}
	}
	r.putItems(ctx, a, n, a.items)
}

func (r *run) putItems(ctx context.Context, a *attempted, n *ledger.NodeState, items []*item) {
	for _, call := range calls(items) {
		switch {
		case r.halted != "":
			r.ended(call, fault.Halt, r.halted)
		case n.Day.Bytes+a.bytes+total(call) > inventory.PlannedDayBytes:
			r.leave(call, "the node's quota of the day is used up")
		case !withinClaim(a, n, call):
			for _, i := range call {
				i.pending("it may have been put too often for now")
			}
		default:
			r.call(ctx, a, n, call)
		}
	}
}

// sent counts what the service has, or may have, taken.
func (a *attempted) sent(items []*item) {
	a.bytes += total(items)
	for _, i := range items {
		i.sent = i.sent || !i.confirm
	}
}

// withinClaim reports whether a call fits what was reserved for the node.
func withinClaim(a *attempted, n *ledger.NodeState, call []*item) bool {
	return a.bytes+total(call) <= n.Intent.Claim.Reserved
}

// today begins to count anew where a day has begun.
func (r *run) today(n *ledger.NodeState) {
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

// call puts some items in one call. Where the service refuses one of them, the others are put without it; where it holds something
// else than a hash says, all are put in full.
func (r *run) call(ctx context.Context, a *attempted, n *ledger.NodeState, items []*item) {
	for len(items) > 0 {
		class, code, err := r.attempts(ctx, a, n, items)
		r.noteSent(a, items, class)
		if contradicts(items, class, code) {
			r.putInFull(ctx, a, n, items)
			return
		}
		if class != fault.Refused && class != fault.Mismatch && class != fault.Conflict && class != fault.Missing {
			r.ended(items, class, code)
			return
		}
		culprits, others := separate(items, fault.Item(err))
		for _, i := range culprits {
			i.outcome, i.reason, i.until = receipt.Failed, code, r.now().Add(refusedFor)
		}
		if len(culprits) == 0 { // the error names none of them, so each is tried alone
			for _, i := range others {
				r.call(ctx, a, n, []*item{i})
			}
			return
		}
		items = others
	}
}

// noteSent remembers what may have reached the service.
func (r *run) noteSent(a *attempted, items []*item, class fault.Class) {
	refused := class == fault.Refused || class == fault.Mismatch
	if class == fault.None || refused && len(items) > 1 { // of several items some may be kept though one is refused
		a.sent(items)
	}
}

// contradicts reports whether the service no longer holds what some of the items would confirm.
func contradicts(items []*item, class fault.Class, code string) bool {
	if class != fault.Mismatch && code != "InvalidItemContentException" {
		return false
	}
	return slices.ContainsFunc(items, func(i *item) bool { return i.confirm })
}

func (r *run) putInFull(ctx context.Context, a *attempted, n *ledger.NodeState, items []*item) {
	r.part.Note("the service no longer held what it had accepted: it was put again")
	for _, i := range items {
		if i.confirm {
			i.inFull()
		}
	}
	r.putItems(ctx, a, n, items)
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

// listedFor is how long a node is left alone that the service lists and yet refuses.
const listedFor = time.Hour

// ended notes what became of the items of a call that was not refused.
func (r *run) ended(items []*item, class fault.Class, code string) {
	switch class {
	case fault.Tomorrow:
		r.leave(items, code)
		return
	case fault.None:
		for _, i := range items {
			r.part.Bytes += int64(i.bytes)
			r.cleared(i)
			if i.confirm {
				r.part.Refreshed++
			}
		}
		return
	}
	for _, i := range items {
		i.pending(code)
		if class == fault.Gone {
			i.outcome, i.reason = receipt.Parked, reasonGone
		}
	}
}

// reasonGone is why the records of a node are parked that the service no longer knows.
const reasonGone = "node-gone"

func (r *run) cleared(i *item) {
	if i.entries == 0 && i.before != nil && i.before.Entries > 0 {
		r.part.Cleared++
	}
}

// attempts makes a call, again where that may help, and counts nodes whose calls fail in a row. What may have been put is counted
// against the day for each attempt.
func (r *run) attempts(ctx context.Context, a *attempted, n *ledger.NodeState, items []*item) (fault.Class, string, error) {
	in := &ssm.PutInventoryInput{InstanceId: &a.work.node, Items: make([]types.InventoryItem, len(items))}
	for n, i := range items {
		in.Items[n] = i.wire()
	}
	for tries := 1; ; tries++ {
		class, code, err := r.request(ctx, in)
		switch class {
		case fault.None, fault.Refused, fault.Mismatch, fault.Tomorrow, fault.Conflict, fault.Missing:
			r.streak = 0
			return class, code, err
		case fault.Gone:
			r.streak = 0
			return r.gone(ctx, a.work.node, items, code, err)
		case fault.Halt:
			r.halted = code
			return class, code, err
		case fault.Denied:
			r.streak++
			if r.streak >= failedStreak {
				r.halted = code
			}
			return class, code, err
		case fault.Retry:
			a.sent(items)
		case fault.Throttled:
		}
		wait := fault.Jitter(ctx, fault.FirstPause, fault.LongestPause, tries)
		if tries >= r.mostAttempts(class) || !withinClaim(a, n, items) || !r.time(wait) || fault.Sleep(ctx, wait) != nil {
			r.streak++
			return class, code, err
		}
	}
}

// gone asks whether a node that the service does not know is really gone: the directory may be old, or the service may refuse a node
// that it lists.
func (r *run) gone(ctx context.Context, node string, items []*item, code string, err error) (fault.Class, string, error) {
	if r.config.Listed == nil {
		return fault.Gone, code, err
	}
	listed, lerr := r.config.Listed(ctx, node, true)
	if lerr != nil {
		return fault.Retry, code, err
	}
	if !listed {
		return fault.Gone, code, err
	}
	for _, i := range items {
		i.until = r.now().Add(listedFor)
	}
	return fault.Retry, code, err
}

func (r *run) mostAttempts(c fault.Class) int {
	switch {
	case c == fault.Throttled:
		return throttledAttempts
	case r.streak >= failedStreak:
		return 1
	}
	return failedAttempts
}

// request is one HTTP request. It ends before the claim does.
func (r *run) request(ctx context.Context, in *ssm.PutInventoryInput) (fault.Class, string, error) {
	if err := r.config.Pace.Wait(ctx); err != nil {
		r.halted = "no time is left"
		return fault.Halt, r.halted, err
	}
	left := min(callTimeout, r.until.Sub(r.now())-margin)
	if left <= 0 {
		return fault.Throttled, "no time is left in the claim", fmt.Errorf("delivery: no time is left in the claim")
	}
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	r.part.Calls++
	out, err := r.config.SSM.PutInventory(ctx, in, once)
	class, code := fault.Of(err)
	r.config.Pace.Answered(class == fault.Throttled)
	if err == nil && out != nil && aws.ToString(out.Message) != "" {
		r.part.Note("the service answered with a message")
	}
	return class, code, err
}

// once turns the SDK's own retries off: attempts are counted and paced here.
func once(o *ssm.Options) { o.Retryer = aws.NopRetryer{} }

// time reports whether there is time for a call after a wait.
func (r *run) time(wait time.Duration) bool {
	return r.now().Add(wait).Before(r.until.Add(-margin))
}

// wire makes an item as the service takes it. The content is a list also where it is empty: without a list it would say "unchanged".
func (i *item) wire() types.InventoryItem {
	out := types.InventoryItem{
		TypeName: &i.t.Name, SchemaVersion: &i.t.SchemaVersion, CaptureTime: new(inventory.CaptureTime(i.captured)), Context: i.context,
	}
	if hash := i.hash(); hash != "" {
		out.ContentHash = &hash
	}
	if i.confirm {
		return out
	}
	out.Content = make([]map[string]string, len(i.rows))
	for n, row := range i.rows {
		entry := make(map[string]string, len(row))
		for a, name := range i.t.Attributes {
			if i.context == nil || !slices.Contains(i.t.Context, a) {
				entry[name] = row[a]
			}
		}
		out.Content[n] = entry
	}
	return out
}
