// Package put knows how the items of one node get into the service: which of them go in one call, what an answer means for each, and how
// often a call is made. It is the one place that calls PutInventory. It does not know how items are composed, nor what is remembered of
// those that were accepted.
package put

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// API is the action that writes. *ssm.Client has it.
type API interface {
	PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error)
}

// Service puts items. It is for one goroutine, which may have it put to several nodes at once.
type Service struct {
	Caller   *Caller
	Pace     *Pace
	Now      func() time.Time
	Part     *receipt.Part // where calls, bytes and notes are counted
	Together int           // nodes that are put to at once at most; 0: one

	// Listed reports whether the directory has a node; now: by an answer that is not older than the question. nil: a node that the
	// service does not know is gone.
	Listed func(ctx context.Context, node string, now bool) (bool, error)

	Until  time.Time // when the claims at hand run out: every call ends before
	Halted string    // why nothing more is put; "": it goes on

	// HaltedAs is why nothing more is put where no call will succeed now, or some in a row have failed; "": the service's code, and they go on.
	HaltedAs string

	streak int // puts in a row that failed

	mu sync.Mutex // held by whoever puts, but while it waits
}

// Node is a managed node that is put to, and how much.
type Node struct {
	ID       string
	Today    int64 // bytes of content that were put today before, or may have been
	Reserved int64 // bytes that may be put under the claim at hand
	Bytes    int64 // that were put under it, or may have been
}

// fits reports whether a call stays within what was reserved for the node.
func (n *Node) fits(call []*Item) bool { return n.Bytes+total(call) <= n.Reserved }

// sent counts what the service has taken, or may have.
func (n *Node) sent(call []*Item) {
	n.Bytes += total(call)
	for _, i := range call {
		i.Sent = i.Sent || i.Confirms == ""
	}
}

// putNode puts the items that need it, and notes in each what became of it.
func (s *Service) putNode(ctx context.Context, n *Node, items []*Item) {
	for _, i := range items {
		i.begin(s.Now())
	}
	for _, call := range calls(items) {
		switch {
		case s.Halted != "":
			s.note(call, fault.Halt, s.Halted)
		case n.Today+n.Bytes+total(call) > inventory.PlannedDayBytes:
			s.leaveToday(call, "the node's quota of the day is used up")
		case !n.fits(call):
			for _, i := range call {
				i.pending("it may have been put too often for now")
			}
		default:
			s.putTogether(ctx, n, call)
		}
	}
}

// Plan notes in each item what Each would make of it, and counts the calls.
func (s *Service) Plan(items []*Item) {
	for _, i := range items {
		i.begin(s.Now())
		s.countCleared(i)
	}
	for _, call := range calls(items) {
		s.Part.Calls++
		s.Part.Bytes += total(call)
	}
}

// Begin reports whether another node may be begun: nothing has halted the service, the caller still waits for so long at least, and the
// claims run.
func (s *Service) Begin(ctx context.Context, reserve time.Duration) bool {
	deadline, ok := ctx.Deadline()
	switch {
	case s.Halted != "":
	case ok && time.Until(deadline) < reserve:
		s.Halted = outOfTime
	case ctx.Err() != nil:
		s.Halted = "it was ended"
	}
	return s.Halted == "" && s.hasTime(callTimeout)
}

// calls groups the items that must be put: as many together as fit in a call.
func calls(items []*Item) [][]*Item {
	var all [][]*Item
	var bytes int
	for _, i := range items {
		if !i.Needed {
			continue
		}
		last := len(all) - 1
		if last < 0 || len(all[last]) == inventory.MaxItemsPerCall || bytes+i.Bytes > inventory.PlannedCallBytes {
			all, bytes = append(all, nil), 0
			last++
		}
		all[last] = append(all[last], i)
		bytes += i.Bytes
	}
	return all
}

// putTogether puts items in one call. Where the service refuses one of them, the others are put without it; where it holds something
// else than a hash is of, all are put in full.
func (s *Service) putTogether(ctx context.Context, n *Node, items []*Item) {
	for len(items) > 0 {
		class, code, err := s.put(ctx, n, items)
		refused := class == fault.Refused || class == fault.Mismatch
		if class == fault.None || refused && len(items) > 1 { // of several items some may be kept though one is refused
			n.sent(items)
		}
		if contradicts(items, class, code) {
			s.Part.Note("the service no longer held what it had accepted: it was put again")
			inFull(items)
			s.putNode(ctx, n, items)
			return
		}
		if !refused && class != fault.Conflict && class != fault.Missing {
			s.note(items, class, code)
			return
		}
		culprits, others := separate(items, fault.Item(err))
		for _, i := range culprits {
			i.fail(code, s.Now())
		}
		if len(culprits) == 0 { // the error names none of them, so each is put alone
			for _, i := range others {
				s.putTogether(ctx, n, []*Item{i})
			}
			return
		}
		items = others
	}
}
