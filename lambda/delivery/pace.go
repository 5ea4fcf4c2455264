package delivery

import (
	"context"
	"math"
	"sync"

	"golang.org/x/time/rate"
)

// How a process adapts within its share of the rate.
const (
	slowest = 1.0 / 16 // of the share: it never goes more slowly
	slower  = 1.0 / 2  // after a call that was throttled
	faster  = 1.0 / 32 // of the share, more after each call that was not
)

// Pace paces the calls of a process: at its share of the rate at most, and more slowly for as long as the service throttles. It is safe
// for use by several goroutines.
type Pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter // nil: no limit
	share   rate.Limit
}

// NewPace makes a pace of so many calls a second; 0 or +Inf is no limit.
func NewPace(perSecond float64) *Pace {
	if perSecond <= 0 || math.IsInf(perSecond, 1) {
		return &Pace{}
	}
	return &Pace{limiter: rate.NewLimiter(rate.Limit(perSecond), 1), share: rate.Limit(perSecond)}
}

// Wait waits until a call may be made.
func (p *Pace) Wait(ctx context.Context) error {
	if p == nil || p.limiter == nil {
		return nil
	}
	return p.limiter.Wait(ctx)
}

// Answered adapts the pace to what became of a call.
func (p *Pace) Answered(throttled bool) {
	if p == nil || p.limiter == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.limiter.Limit()
	next := min(p.share, now+p.share*faster)
	if throttled {
		next = max(p.share*slowest, now*slower)
	}
	if next != now {
		p.limiter.SetLimit(next)
	}
}

// perSecond is how many calls a second are made now; +Inf: no limit.
func (p *Pace) perSecond() float64 {
	if p == nil || p.limiter == nil {
		return math.Inf(1)
	}
	return float64(p.limiter.Limit())
}
