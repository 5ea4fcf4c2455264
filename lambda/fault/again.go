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

// Jitter is a random time up to a bound that doubles with each failure ("full jitter").
func Jitter(ctx context.Context, base, most time.Duration, failures int) time.Duration {
	bound := min(most, base<<min(failures, 16))
	if random, ok := ctx.Value(foretold{}).(func(time.Duration) time.Duration); ok {
		return random(bound)
	}
	return rand.N(bound)
}

// foretold is the key of Foretold's value in a context.
type foretold struct{}

// Foretold is a context under which random times below a bound are those that random gives: for who wants to replay what happened.
func Foretold(ctx context.Context, random func(most time.Duration) time.Duration) context.Context {
	return context.WithValue(ctx, foretold{}, random)
}

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

// Again makes a call, and makes it again where that may help, so many times in all. Told is told of each answer; nil: nobody asks.
func Again[T any](ctx context.Context, attempts int, told func(Class), call func() (T, error)) (T, error) {
	for failures := 1; ; failures++ {
		answer, err := call()
		class, _ := Of(err)
		if told != nil {
			told(class)
		}
		if class != Throttled && class != Retry || failures >= attempts {
			return answer, err
		}
		if Sleep(ctx, Jitter(ctx, FirstPause, LongestPause, failures)) != nil {
			return answer, err
		}
	}
}
