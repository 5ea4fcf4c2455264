package put

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// How many calls a put may take, and how long.
const (
	MostCalls      = 4 // where they fail
	throttledCalls = 8 // where they are throttled
	failedStreak   = 3 // puts in a row that failed, after which each gets one call only

	callTimeout = 30 * time.Second
	margin      = 10 * time.Second // between the last moment of a call and the end of its claim
)

const outOfTime = "no time is left"

var errClaimEnds = errors.New("put: no time is left in the claim")

// put makes calls until the items are accepted or given up. What may have been put is counted against the day for each call.
func (s *Service) put(ctx context.Context, n *Node, items []*Item) (fault.Class, string, error) {
	sent := body(n, items)
	in := func() *ssm.PutInventoryInput { return input(n, items) }
	for made := 1; ; made++ {
		class, code, err := s.call(ctx, in, sent)
		switch class {
		case fault.None, fault.Refused, fault.Mismatch, fault.Tomorrow, fault.Conflict, fault.Missing:
			s.streak = 0
			return class, code, err
		case fault.Gone:
			s.streak = 0
			return s.gone(ctx, n.ID, items), code, err
		case fault.Halt:
			s.Halted = cmp.Or(s.HaltedAs, code)
			return class, s.Halted, err
		case fault.Denied:
			s.streak++
			if s.streak >= failedStreak {
				s.Halted = code
			}
			return class, code, err
		case fault.Retry:
			n.sent(items)
		case fault.Throttled:
		}
		wait := fault.Jitter(ctx, fault.FirstPause, fault.LongestPause, made)
		if made >= s.mostCalls(class) || !n.fits(items) || !s.hasTime(wait) || s.sleep(ctx, wait) != nil {
			return class, s.failed(class, code), err
		}
	}
}

func (s *Service) sleep(ctx context.Context, wait time.Duration) error {
	return s.unlocked(func() error { return fault.Sleep(ctx, wait) })
}

// failed notes that a put failed, and returns why. After some in a row nothing more is put, unless it is the installation's own account that is put to.
func (s *Service) failed(class fault.Class, code string) string {
	s.streak++
	if s.HaltedAs == "" || s.streak < failedStreak {
		return code
	}
	s.Halted = s.HaltedAs
	if class == fault.Throttled {
		s.Halted = code
	}
	return s.Halted
}

func (s *Service) mostCalls(c fault.Class) int {
	switch {
	case c == fault.Throttled:
		return throttledCalls
	case s.streak >= failedStreak:
		return 1
	}
	return MostCalls
}

// call makes one HTTP request. It ends before the claim does.
func (s *Service) call(ctx context.Context, in func() *ssm.PutInventoryInput, body []byte) (fault.Class, string, error) {
	if err := s.unlocked(func() error { return s.Pace.Wait(ctx) }); err != nil {
		s.Halted = outOfTime
		return fault.Halt, s.Halted, err
	}
	left := min(callTimeout, s.Until.Sub(s.Now())-margin)
	if left <= 0 {
		return fault.Throttled, "no time is left in the claim", errClaimEnds
	}
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	var out *ssm.PutInventoryOutput
	err := s.unlocked(func() (err error) {
		out, err = s.Caller.call(ctx, in, body)
		return err
	})
	class, code := fault.Of(err)
	if _, unmade := errors.AsType[*fault.Assuming](err); unmade {
		s.Pace.Answered(class)
		return class, code, err
	}
	s.Part.Calls++
	s.Pace.put(class)
	if err == nil && out != nil && aws.ToString(out.Message) != "" {
		s.Part.Note("the service answered with a message")
	}
	return class, code, err
}

// hasTime reports whether the claims leave time for a call after a wait.
func (s *Service) hasTime(wait time.Duration) bool {
	return s.Now().Add(wait).Before(s.Until.Add(-margin))
}

// listedFor is how long a node is left alone that the service lists and yet refuses.
const listedFor = time.Hour

// gone returns what it means that the service does not know a node: the directory may be old, or the service may refuse a node that it
// lists.
func (s *Service) gone(ctx context.Context, node string, items []*Item) fault.Class {
	if s.Listed == nil {
		return fault.Gone
	}
	listed, err := s.Listed(ctx, node, true)
	switch {
	case err != nil:
		return fault.Retry
	case !listed:
		return fault.Gone
	}
	for _, i := range items {
		i.NotBefore = s.Now().Add(listedFor)
	}
	return fault.Retry
}
