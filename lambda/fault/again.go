package fault

import (
	"context"
	"math/rand/v2"
	"time"
)

// How calls that failed are paced.
const (
	FirstPause   = 40 * time.Millisecond
	LongestPause = 5 * time.Second
)

// Jitter returns a random time up to a bound that doubles with each failure ("full jitter").
func Jitter(ctx context.Context, base, most time.Duration, failures int) time.Duration {
	bound := min(most, base<<min(failures, 16))
	if random, ok := ctx.Value(Foretold{}).(func(time.Duration) time.Duration); ok {
		return random(bound)
	}
	return rand.N(bound)
}

// Foretold is the key of a context's value, a func(most time.Duration) time.Duration that returns random times below a bound: for tests
// that replay what happened. Without it the times cannot be foretold.
type Foretold struct{}

// Sleep waits, unless the context ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Pause waits a random time, longer after each conflict with another writer.
func Pause(ctx context.Context, conflicts int) error {
	return Sleep(ctx, Jitter(ctx, 10*time.Millisecond, 500*time.Millisecond, conflicts))
}

// Again makes a call, and makes it again where that may help, at most so often in all. It calls answered, which may be nil, with the class
// of each answer.
func Again[T any](ctx context.Context, most int, answered func(Class), call func() (T, error)) (T, error) {
	for failures := 1; ; failures++ {
		answer, err := call()
		class, _ := Of(err)
		if answered != nil {
			answered(class)
		}
		if class != Throttled && class != Retry || failures >= most {
			return answer, err
		}
		if Sleep(ctx, Jitter(ctx, FirstPause, LongestPause, failures)) != nil {
			return answer, err
		}
	}
}
