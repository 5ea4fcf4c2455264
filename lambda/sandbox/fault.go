package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
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
)

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
	Delay      time.Duration // of FaultDelay
	AfterBytes int64         // of FaultCutAfter in a GetObject
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
}

// UnmarshalJSON reads {"operation","node","type","nth","times","kind","code","delay":"2s","afterBytes"}, all but kind optional.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("sandbox: fault: %w", err)
	}
	delay, err := time.ParseDuration(cmp.Or(j.Delay, "0s"))
	if err != nil {
		return fmt.Errorf("sandbox: fault: delay: %w", err)
	}
	kinds := []FaultKind{FaultThrottle, FaultError, FaultCutBefore, FaultCutAfter, FaultDelay, FaultEmptyPage}
	if !slices.Contains(kinds, j.Kind) {
		return fmt.Errorf("sandbox: fault: kind is one of %v", kinds)
	}
	*f = Fault{
		Operation: j.Operation, Node: j.Node, Type: j.Type, Nth: j.Nth, Times: j.Times, Kind: j.Kind, Code: j.Code,
		Delay: delay, AfterBytes: j.AfterBytes,
	}
	return nil
}

// armedFault is a Fault with the number of matching calls since its injection.
type armedFault struct {
	Fault
	met int
}

// Inject asks for a fault. Several may be waiting; of those that meet one call, all happen.
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
	for _, f := range s.faults {
		if f.matches(operation, node, types) && f.fires() {
			f.apply(&before, &after)
		}
	}
	return before, after
}

func (f *armedFault) matches(operation, node string, types []string) bool {
	return (f.Operation == "" || f.Operation == operation) &&
		(f.Node == "" || f.Node == node) &&
		(f.Type == "" || slices.Contains(types, f.Type))
}

// fires counts a matching call and tells whether the fault happens at it.
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
