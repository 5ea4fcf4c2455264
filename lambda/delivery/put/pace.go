package put

import (
	"context"
	"math"
	"sync"

	"golang.org/x/time/rate"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// How a process adapts within its part of the rate.
const (
	slowest = 1.0 / 16 // of its part: it is never slower
	slower  = 1.0 / 2  // after a call that was throttled
	faster  = 1.0 / 32 // of its part, more after each call that was not
)

// Pace paces the calls of a process: at its part of the rate at most, and more slowly for as long as the service throttles. It is safe
// for use by several goroutines. A nil Pace is no limit.
type Pace struct {
	mu        sync.Mutex
	limiter   *rate.Limiter // nil: no limit
	most      rate.Limit
	calls     int
	throttled int
}

// NewPace returns a pace of so many calls a second; 0 or +Inf is no limit.
func NewPace(perSecond float64) *Pace {
	if perSecond <= 0 || math.IsInf(perSecond, 1) {
		return &Pace{}
	}
	return &Pace{limiter: rate.NewLimiter(rate.Limit(perSecond), 1), most: rate.Limit(perSecond)}
}

// Wait waits until a call may be made.
func (p *Pace) Wait(ctx context.Context) error {
	if p == nil || p.limiter == nil {
		return nil
	}
	return p.limiter.Wait(ctx)
}

// Answered adapts the pace to what became of a call.
func (p *Pace) Answered(c fault.Class) {
	if p == nil || p.limiter == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.limiter.Limit()
	next := min(p.most, now+p.most*faster)
	if c == fault.Throttled {
		next = max(p.most*slowest, now*slower)
	}
	if next != now {
		p.limiter.SetLimit(next)
	}
}

// put adapts the pace as Answered does, and counts the call.
func (p *Pace) put(c fault.Class) {
	p.Answered(c)
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if c == fault.Throttled {
		p.throttled++
	}
}

// Counts returns how many calls of PutInventory were made, and how many of them were throttled.
func (p *Pace) Counts() (calls, throttled int) {
	if p == nil {
		return 0, 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls, p.throttled
}

// PerSecond is how many calls a second are made now; +Inf: no limit.
func (p *Pace) PerSecond() float64 {
	if p == nil || p.limiter == nil {
		return math.Inf(1)
	}
	return float64(p.limiter.Limit())
}
