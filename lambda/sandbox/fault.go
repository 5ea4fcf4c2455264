package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	FaultThrottle  FaultKind = "throttle"  // ThrottlingException; of S3, SlowDown
	FaultError     FaultKind = "error"     // Code, or InternalServerError; of S3, InternalError. Nothing is committed
	FaultCutBefore FaultKind = "cutBefore" // the connection is cut and nothing is committed
	FaultCutAfter  FaultKind = "cutAfter"  // the connection is cut after the commit, or in a GetObject after AfterBytes
	FaultDelay     FaultKind = "delay"     // the answer waits for Delay of real time
	FaultEmptyPage FaultKind = "emptyPage" // DescribeInstanceInformation returns a page without nodes that is not the last

	// FaultLate cuts the connection of an inventory call at once; S3's requests never meet it. The call is executed later,
	// after Delay on the sandbox's clock, like a call that hung inside the service: against the state of that time, over what was put
	// in between, and its errors are lost. The sandbox has no timer: it executes what is due before it serves the next request.
	FaultLate FaultKind = "late"
)

func faultKinds() []FaultKind {
	return []FaultKind{FaultThrottle, FaultError, FaultCutBefore, FaultCutAfter, FaultDelay, FaultEmptyPage, FaultLate}
}

// ends reports whether the kind decides how a call ends. A call meets at most one fault of such a kind.
func (k FaultKind) ends() bool { return k != FaultDelay && k != FaultEmptyPage }

// Fault asks for something to go wrong at calls that match: where Operation, Node or Type is "", any does. An S3 request has its API's
// name (GetObject, PutObject, ListObjectsV2, …) for its operation, and neither node nor type.
type Fault struct {
	Operation  string
	Node       string
	Type       string
	Nth        int // the first call it happens at, counted among those that match from its injection on; 0 and 1: the next
	Times      int // at how many matching calls from then on; 0: one, -1: all
	Kind       FaultKind
	Code       string        // of FaultError
	Delay      time.Duration // of FaultDelay in real time, of FaultLate on the sandbox's clock
	AfterBytes int64         // of FaultCutAfter in a GetObject

	// Probability is the part of those calls at which it happens; 0: all. It is drawn from a generator of Config.Seed, so equal calls in
	// equal order meet equal faults. Faults that decide how a call ends share one draw and never happen together: throttling of 0.3 and
	// an error of 0.05 are 30 and 5 of 100 calls, and the other 65 meet neither. Where the sum is over 1, or several are certain, those
	// injected first happen.
	Probability float64
}

// UnmarshalJSON reads {"operation","node","type","nth","times","kind","code","delay":"2s","afterBytes","probability"}, all but kind
// optional.
func (f *Fault) UnmarshalJSON(b []byte) error {
	type plain Fault
	j := struct {
		*plain
		Delay string // in Go's notation
	}{plain: new(plain)}
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("sandbox: fault: %w", err)
	}
	delay, err := time.ParseDuration(cmp.Or(j.Delay, "0s"))
	if err != nil {
		return fmt.Errorf("sandbox: fault: delay: %w", err)
	}
	if !slices.Contains(faultKinds(), j.Kind) {
		return fmt.Errorf("sandbox: fault: kind must be one of %v", faultKinds())
	}
	if j.Probability < 0 || j.Probability > 1 {
		return errors.New("sandbox: fault: probability must be from 0 to 1")
	}
	*f = Fault(*j.plain)
	f.Delay = delay
	return nil
}

// armedFault is a Fault with the number of matching calls since its injection.
type armedFault struct {
	Fault
	met int
}

// Inject asks for a fault. Several may be waiting. At one call all delays happen, and at most one fault that decides how it ends; the
// call counts for the others all the same.
func (s *Sandbox) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{Fault: f})
}

// ClearFaults removes all faults, those that have happened and those that have not.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// effects are what faults do to one call.
type effects struct {
	delay      time.Duration
	err        error // the answer; nothing is committed
	cutBefore  bool  // the connection is cut before the commit
	emptyPage  bool
	late       bool
	lateAfter  time.Duration
	cutAfter   bool // the connection is cut after the commit
	afterBytes int64
}

// meet counts a call and returns what the faults that it meets do to it.
func (s *Sandbox) meet(operation, node string, types []string) (e effects) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var drawn lot
	for _, f := range s.faults {
		if f.matches(operation, node, types) && f.fires() && f.happens(&drawn, s.random) {
			f.apply(&e)
		}
	}
	return e
}

// lot is one call's draw: the faults that decide how a call ends get parts of the range from 0 to 1, one after the other, and the fault
// whose part the draw falls into happens.
type lot struct {
	isDrawn bool
	drawn   float64
	given   float64 // how much of the range earlier faults have
}

// happens reports whether a fault that fires at a call does happen.
func (f *armedFault) happens(l *lot, random *rand.Rand) bool {
	if !f.Kind.ends() {
		return f.Probability == 0 || random.Float64() < f.Probability
	}
	part := 1.0
	if f.Probability > 0 {
		part = f.Probability
		if !l.isDrawn {
			l.isDrawn, l.drawn = true, random.Float64()
		}
	}
	from := l.given
	l.given += part
	return from <= l.drawn && l.drawn < l.given
}

func (f *armedFault) matches(operation, node string, types []string) bool {
	return (f.Operation == "" || f.Operation == operation) &&
		(f.Node == "" || f.Node == node) &&
		(f.Type == "" || slices.Contains(types, f.Type)) &&
		(f.Kind != FaultLate || operations[operation] != nil)
}

// fires counts a matching call and reports whether it is one of those that the fault is for.
func (f *armedFault) fires() bool {
	f.met++
	first := max(f.Nth, 1)
	return f.met >= first && (f.Times < 0 || f.met < first+max(f.Times, 1))
}

func (f *armedFault) apply(e *effects) {
	switch f.Kind {
	case FaultThrottle:
		e.err = errThrottled()
	case FaultError:
		e.err = &apiError{code: cmp.Or(f.Code, codeInternal), message: "A fault that was asked for."}
	case FaultCutBefore:
		e.cutBefore = true
	case FaultCutAfter:
		e.cutAfter, e.afterBytes = true, f.AfterBytes
	case FaultDelay:
		e.delay += f.Delay
	case FaultEmptyPage:
		e.emptyPage = true
	case FaultLate:
		e.late, e.lateAfter = true, f.Delay
	}
}

// before waits, cuts the connection or returns an error: what happens before the commit.
func (e effects) before(ctx context.Context) error {
	if e.delay > 0 {
		select {
		case <-time.After(e.delay):
		case <-ctx.Done():
		}
	}
	if e.cutBefore {
		cutConnection()
	}
	return e.err
}

// cutConnection ends the connection without an answer, in the way that net/http has for it.
func cutConnection() { panic(http.ErrAbortHandler) }

func errThrottled() error { return &apiError{code: codeThrottling, message: "Rate exceeded"} }

// newBucket is a full token bucket; 0 calls a second is no limit, and a burst of 0 is one second's worth, at least 1.
func newBucket(perSecond float64, burst int) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	if burst <= 0 {
		burst = int(max(perSecond, 1))
	}
	return rate.NewLimiter(rate.Limit(perSecond), burst)
}

// SetRate changes the token bucket that inventory calls share; 0 calls a second is no limit. The bucket is full then.
func (s *Sandbox) SetRate(perSecond float64, burst int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bucket = newBucket(perSecond, burst)
}

// admit takes a token of the bucket.
func (s *Sandbox) admit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.bucket.AllowN(s.now(), 1) {
		return errThrottled()
	}
	return nil
}
