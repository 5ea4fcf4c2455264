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
	FaultEmptyPage FaultKind = "emptyPage" // DescribeInstanceInformation gives a page without nodes that is not the last

	// FaultLate cuts the connection of an inventory call at once; S3's requests never meet it. The call is executed Delay of the
	// sandbox's clock later, as one that hung inside the service: against the state of that time, over what was put in between, its
	// errors lost. The sandbox has no clock that strikes: it does so before whatever is next asked of it.
	FaultLate FaultKind = "late"
)

func faultKinds() []FaultKind {
	return []FaultKind{FaultThrottle, FaultError, FaultCutBefore, FaultCutAfter, FaultDelay, FaultEmptyPage, FaultLate}
}

// answers tells whether the kind decides how a call ends. Of those that do one call meets one.
func (k FaultKind) answers() bool { return k != FaultDelay && k != FaultEmptyPage }

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

	// Probability lets it happen at a part of those calls only; 0: at each. It is drawn from a generator of Config.Seed, so equal
	// calls in equal order meet equal faults. Faults that decide how a call ends share one draw and never add up at one call: throttling
	// of 0.3 and an error of 0.05 are 30 and 5 of 100 calls, and the other 65 meet neither. Where more than 1 is asked for in all, or
	// several are certain, those injected first have it.
	Probability float64
}

// faultJSON is a Fault on the wire, the delay in Go's notation.
type faultJSON struct {
	Operation  string    `json:"operation"`
	Node       string    `json:"node"`
	Type       string    `json:"type"`
	Nth        int       `json:"nth"`
	Times      int       `json:"times"`
	Kind       FaultKind `json:"kind"`
	Code       string    `json:"code"`
	Delay      string    `json:"delay"`
	AfterBytes int64     `json:"afterBytes"`

	Probability float64 `json:"probability"`
}

// UnmarshalJSON reads {"operation","node","type","nth","times","kind","code","delay":"2s","afterBytes",
// "probability"}, all but kind optional.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("sandbox: fault: %w", err)
	}
	delay, err := time.ParseDuration(cmp.Or(j.Delay, "0s"))
	if err != nil {
		return fmt.Errorf("sandbox: fault: delay: %w", err)
	}
	if !slices.Contains(faultKinds(), j.Kind) {
		return fmt.Errorf("sandbox: fault: kind is one of %v", faultKinds())
	}
	if j.Probability < 0 || j.Probability > 1 {
		return errors.New("sandbox: fault: probability is from 0 to 1")
	}
	*f = Fault{
		Operation: j.Operation, Node: j.Node, Type: j.Type, Nth: j.Nth, Times: j.Times, Kind: j.Kind, Code: j.Code,
		Delay: delay, AfterBytes: j.AfterBytes, Probability: j.Probability,
	}
	return nil
}

// armedFault is a Fault with the number of matching calls since its injection.
type armedFault struct {
	Fault
	met int
}

// Inject asks for a fault. Several may be waiting. At one call all delays happen, and one at most of those that decide how it ends:
// for the others the call counts all the same.
func (s *Sandbox) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{Fault: f})
}

// ClearFaults forgets all faults, those that have happened and those that have not.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// prelude is what faults do to a call before its commit.
type prelude struct {
	delay     time.Duration
	fault     error
	cut       bool
	emptyPage bool
	late      bool
	lateAfter time.Duration
}

// aftermath is what faults do to a call after its commit.
type aftermath struct {
	cut        bool
	afterBytes int64
}

// meet counts a call and tells which faults it meets.
func (s *Sandbox) meet(operation, node string, types []string) (before prelude, after aftermath) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var drawn lot
	for _, f := range s.faults {
		if f.matches(operation, node, types) && f.fires() && f.happens(&drawn, s.random) {
			f.apply(&before, &after)
		}
	}
	return before, after
}

// lot is one call's draw: the faults that decide how a call ends get parts of the range from 0 to 1, one after the other, and the one
// that it falls into happens.
type lot struct {
	isDrawn bool
	drawn   float64
	given   float64 // the part of the range that is given away
}

// happens tells whether a fault that fires at a call does happen.
func (f *armedFault) happens(l *lot, random *rand.Rand) bool {
	if !f.Kind.answers() {
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

// fires counts a matching call and tells whether it is one of those that the fault is for.
func (f *armedFault) fires() bool {
	f.met++
	first := max(f.Nth, 1)
	return f.met >= first && (f.Times < 0 || f.met < first+max(f.Times, 1))
}

func (f *armedFault) apply(before *prelude, after *aftermath) {
	switch f.Kind {
	case FaultThrottle:
		before.fault = errThrottled()
	case FaultError:
		before.fault = &apiError{code: cmp.Or(f.Code, codeInternal), message: "A fault that was asked for."}
	case FaultCutBefore:
		before.cut = true
	case FaultCutAfter:
		after.cut, after.afterBytes = true, f.AfterBytes
	case FaultDelay:
		before.delay += f.Delay
	case FaultEmptyPage:
		before.emptyPage = true
	case FaultLate:
		before.late, before.lateAfter = true, f.Delay
	}
}

// happen waits, cuts or refuses, as the faults want it.
func (b prelude) happen(ctx context.Context) error {
	if b.delay > 0 {
		select {
		case <-time.After(b.delay):
		case <-ctx.Done():
		}
	}
	if b.cut {
		cutConnection()
	}
	return b.fault
}

// cutConnection ends the connection without an answer, in the way that net/http has for it.
func cutConnection() { panic(http.ErrAbortHandler) }

func errThrottled() error { return &apiError{code: codeThrottling, message: "Rate exceeded"} }

// tokenBucket admits calls at a rate.
type tokenBucket struct {
	rate   float64 // a second; 0: all are admitted
	burst  int
	tokens float64
	filled time.Time
}

func (b *tokenBucket) take(now time.Time) bool {
	if b.rate <= 0 {
		return true
	}
	size := max(float64(b.burst), b.rate, 1)
	if b.burst > 0 {
		size = float64(b.burst)
	}
	if b.filled.IsZero() {
		b.tokens = size
	} else {
		b.tokens = min(size, b.tokens+b.rate*now.Sub(b.filled).Seconds())
	}
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// SetRate changes the token bucket that inventory calls share; 0 calls a second is no limit. The bucket is full then.
func (s *Sandbox) SetRate(perSecond float64, burst int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bucket = tokenBucket{rate: perSecond, burst: burst}
}

// admit takes a token of the bucket.
func (s *Sandbox) admit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.bucket.take(s.now()) {
		return errThrottled()
	}
	return nil
}
