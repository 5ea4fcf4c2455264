package probe

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// chunk is what is put to use up a day, in bytes, and mostChunks how often: more than 5,000 KB.
const (
	chunk      = 950_000
	mostChunks = 6
)

const (
	mostThrottled     = 300
	mostThrottledText = "300 calls one after the other"
	throttledTries    = 10
)

// offline puts an empty list to a node whose agent is offline.
func (r *run) offline(ctx context.Context) error {
	const id = "refuseConnectionLost"
	if r.Offline == r.Node { // the first put has said it
		return nil
	}
	online, code, err := r.online(ctx, r.Offline)
	switch {
	case err != nil:
		return err
	case code != accepted:
		r.open(id, "the offline node is not listed ("+code+")")
		return nil
	case online:
		r.open(id, "the node that was named as offline is online")
		return nil
	}
	code, err = r.putTo(ctx, r.Offline, r.item(narrow, "", []map[string]string{}))
	if err == nil {
		r.byCode(id, code, []string{accepted}, []string{noNode})
	}
	return err
}

// dayQuota puts until the day's quota is used up.
func (r *run) dayQuota(ctx context.Context) error {
	for range mostChunks {
		code, err := r.put(ctx, r.item(wide, "", wideOf(chunk, false)))
		if err != nil {
			return err
		}
		switch code {
		case accepted:
			continue
		case throttled: // the rate's, where a call of nothing is throttled, too
			code, err := r.putTo(ctx, r.Node, r.nothing())
			if err != nil {
				return err
			}
			if code == throttled {
				r.open(dayQuota, "calls were throttled")
				return nil
			}
		}
		r.byCode(dayQuota, code, []string{totalSize}, []string{itemSize}, []string{throttled})
		return nil
	}
	r.odd(dayQuota, "accepted: "+strconv.Itoa(mostChunks*chunk/1000)+" KB in a row")
	return nil
}

// awsType puts an entry without its first attribute, of an AWS type that the node holds nothing of.
func (r *run) awsType(ctx context.Context) error {
	const id = "requireAttributes"
	if f := r.found[emptyList]; len(r.empty) == 0 || f.outcome != 0 {
		r.open(id, "the node holds something of each AWS type that was asked for, or an empty list does not clear")
		return nil
	}
	c := r.empty[0]
	code, err := r.put(ctx, itemOf(c.typeName, "1.0", r.next(), "", []map[string]string{{c.attribute: "invbridge probe"}}))
	if err != nil {
		return err
	}
	r.byCode(id, code, []string{accepted}, []string{itemContent})
	if code != accepted {
		r.dirty = slices.DeleteFunc(r.dirty, func(d string) bool { return d == c.typeName })
		return nil
	}
	_, _, err = r.clearType(ctx, c.typeName)
	return err
}

// throttle makes calls that can only be refused, one after the other, until one is throttled.
func (r *run) throttle(ctx context.Context) error {
	began := r.Now()
	for made := range mostThrottled {
		code, err := r.fast(ctx, false)
		if err != nil {
			return err
		}
		if code == throttled {
			return r.throttledAfter(ctx, made, r.Now().Sub(began))
		}
	}
	r.answer(throttledAt, 0)
	r.open("shapeBeforeRate", "no call was throttled")
	return nil
}

func (r *run) throttledAfter(ctx context.Context, made int, took time.Duration) error {
	code, err := r.quick(ctx, func(ctx context.Context) error {
		_, err := r.api.ListInventoryEntries(ctx, r.listOf(r.Type), noRetries)
		return err
	})
	if err != nil {
		return err
	}
	r.rate = &Rate{Calls: made, PerSecond: float64(made) / max(took.Seconds(), 1), Reads: code == throttled}
	r.odd(throttledAt, "after "+strconv.Itoa(made)+" calls in "+took.Round(100*time.Millisecond).String())
	r.open("shapeBeforeRate", "calls were throttled now and then only")
	for range throttledTries { // a malformed call between two that are throttled
		var codes [3]string
		for n := range codes {
			if codes[n], err = r.fast(ctx, n == 1); err != nil {
				return err
			}
		}
		if codes[0] == throttled && codes[2] == throttled {
			r.byCode("shapeBeforeRate", codes[1], []string{throttled}, []string{validation})
			return nil
		}
	}
	return nil
}

// fast makes one call at once, malformed or not; it is never tried again.
func (r *run) fast(ctx context.Context, malformed bool) (code string, err error) {
	i := r.nothing()
	if malformed {
		x := "x"
		i.CaptureTime = &x
	}
	return r.quick(ctx, r.sends(r.Node, i))
}

// quick makes one call without a pause before it.
func (r *run) quick(ctx context.Context, do func(context.Context) error) (string, error) {
	pause := r.Pause
	r.Pause = 0
	code, err := r.once(ctx, do)
	r.Pause = pause
	return code, err
}
