// Package lanes knows with what the nodes of each account and region are put to, each in a lane of its own: which API answers, at which pace, and
// which types may be put there. Lanes put at once, and none waits for another. The package does not know what is put, nor what is remembered of it.
package lanes

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Inventory are the actions of the service that are used: one that writes, and two that read what is there before the first put.
// *ssm.Client has them.
type Inventory interface {
	put.API
	account.API
}

// Config is what puts, and what is asked for it. Find, Listed and Known may be nil.
type Config struct {
	Ledger   *ledger.Ledger
	Own      Inventory
	Known    *Known
	Pace     *put.Pace // of the installation's own
	Together int       // its nodes that are put to at once at most; 0: one
	Now      func() time.Time

	// Find returns what puts to the nodes of another account and region. An error: it is not served. nil: none is.
	Find func(target.Key) (Inventory, *put.Pace, error)

	// Listed reports whether the directory has a node: see put.Service. It is asked by one goroutine at a time, since a question may read the directory
	// anew for all.
	Listed func(ctx context.Context, of target.Key, node string, now bool) (bool, error)
}

// Targets has what puts to the nodes of each account and region. It is safe for use by several goroutines.
type Targets struct {
	Config
	mu      sync.Mutex
	known   map[target.Key]*Target
	listing chan struct{} // held by whoever asks Listed
}

// New returns the targets of an installation.
func New(c Config) *Targets {
	return &Targets{Config: c, known: map[target.Key]*Target{}, listing: make(chan struct{}, 1)}
}

// Target is what puts to the nodes of one account and region.
type Target struct {
	Account *account.Account
	caller  *put.Caller
	pace    *put.Pace
}

// of returns a target; nil: it is not served.
func (t *Targets) of(k target.Key) *Target {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.known[k]; known != nil {
		return known
	}
	api, pace := t.Own, t.Pace
	if !k.IsOwn() {
		if t.Find == nil {
			return nil
		}
		var err error
		if api, pace, err = t.Find(k); err != nil {
			return nil
		}
	}
	own := &account.Account{Target: k, API: api, Ledger: t.Ledger, Pace: pace, Now: t.Now}
	t.known[k] = &Target{caller: put.NewCaller(api), pace: pace, Account: t.Known.account(own)}
	return t.known[k]
}

// Serves reports whether the nodes of an account and region are put to.
func (t *Targets) Serves(k target.Key) bool { return t.of(k) != nil }

// Lane is how a run puts to the nodes of one account and region.
type Lane struct {
	*Target
	Key     target.Key
	Putter  *put.Service
	Claimed time.Time // when the claims of the nodes at hand were made

	part    receipt.Part // what it did since it was taken last
	answers map[string]Answer
	found   map[[2]string]account.Found // by node and type: what it was asked ahead
	refused int                         // questions in a row that were not answered
	closed  string                      // why no more nodes are claimed; "": they are
	running bool
	since   time.Time // when it began
	reply   chan *Job
	bytes   int64 // that it was given
}

// Lane returns a lane. One of an account and region that is not served is halted.
func (t *Targets) Lane(k target.Key) *Lane {
	l := &Lane{Key: k, Target: t.of(k), reply: make(chan *Job)}
	l.Putter = &put.Service{Now: t.Now, Part: &l.part}
	if t.Listed != nil {
		l.Putter.Listed = func(ctx context.Context, node string, now bool) (bool, error) {
			t.listing <- struct{}{}
			defer func() { <-t.listing }()
			return t.Listed(ctx, k, node, now)
		}
	}
	if l.Target == nil {
		l.Putter.Halted = target.Unreachable
		return l
	}
	l.Putter.Caller, l.Putter.Pace = l.caller, l.pace
	if k.IsOwn() {
		l.Putter.Together = t.Together
	} else {
		l.Putter.HaltedAs = target.Unreachable
	}
	return l
}

const (
	batchTime  = time.Minute // what a batch should take at the rate given
	batchNodes = 500         // at most
)

// Batch is how many nodes are claimed at once, as the lane puts now; 0 for most: the lane's own.
func (l *Lane) Batch(most int) int {
	return int(max(1, min(l.pace.PerSecond()*batchTime.Seconds(), float64(cmp.Or(most, batchNodes)))))
}

// IsRunning reports whether the lane puts now.
func (l *Lane) IsRunning() bool { return l.running }

// Take adds what the lane did to a part, and begins to count anew.
func (l *Lane) Take(p *receipt.Part) {
	p.Calls += l.part.Calls
	p.Bytes += l.part.Bytes
	p.Cleared += l.part.Cleared
	p.Refreshed += l.part.Refreshed
	p.Notes = receipt.AddNotes(p.Notes, l.part.Notes)
	l.part = receipt.Part{}
}

// mostRefused is how many questions in a row may not be answered, after which no more nodes are claimed in a run.
const mostRefused = 3

// Answered notes that a question was answered.
func (l *Lane) Answered() { l.refused = 0 }

// Unanswered notes that a question to the service was not answered, and returns why what depends on it stays open.
func (l *Lane) Unanswered(err *account.Error) (reason string) {
	class, _ := fault.Of(err)
	reason = err.Reason()
	l.refused++
	if class == fault.Halt && !l.Key.IsOwn() {
		reason, l.refused = target.Unreachable, mostRefused
	}
	if l.refused >= mostRefused {
		l.closed = reason
	}
	return reason
}

// Planned is why nothing would be put, where the document could not list the nodes of some accounts and regions; "": it would.
func (l *Lane) Planned(down []target.Key) string {
	if slices.Contains(down, l.Key) {
		return target.Unreachable
	}
	return l.Stopped()
}

// Stopped is why nothing more is put, or no more nodes are claimed; "": it goes on.
func (l *Lane) Stopped() string { return cmp.Or(l.Putter.Halted, l.closed) }
