package lanes

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
)

// heldBytes is how much content is made ready at once for all lanes. One node may have more.
const heldBytes = 64 << 20

// Job is a node that is put to, and its items.
type Job struct {
	Node  *put.Node
	Items []*put.Item // none: nothing is put
}

func (j *Job) bytes() (sum int64) {
	for _, i := range j.Items {
		sum += int64(i.Bytes)
	}
	return sum
}

// Host makes ready what lanes put. It is called by one goroutine.
type Host interface {
	// Next makes the next node ready of those that are claimed of a lane; nil: there is none. Begun: it may be put to.
	Next(ctx context.Context, l *Lane, begun bool) *Job

	// Waits reports whether more nodes of a lane wait to be claimed.
	Waits(l *Lane) bool

	// Close notes what became of all that some lanes were given, and claims what is put next. It returns the lanes of that.
	Close(ctx context.Context, lanes []*Lane) ([]*Lane, error)
}

// Together puts what is claimed of lanes, each at its own pace, and what is claimed next until nothing is left. A lane that is done is closed
// when more of its nodes wait, when all are done, or when it began so long ago as is given.
func Together(ctx context.Context, h Host, lanes []*Lane, reserve, most time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	t := &together{host: h, reserve: reserve, asks: make(chan ask)}
	defer t.end(cancel)
	for {
		for _, l := range lanes {
			t.start(ctx, l)
		}
		lanes = nil
		if t.busy > 0 && !t.hurries() {
			t.wait(ctx, most)
		}
		if t.busy == 0 && len(t.idle) == 0 {
			return nil
		}
		if t.busy == 0 || t.late || t.hurries() {
			done := t.idle
			t.idle, t.late = nil, false
			var err error
			if lanes, err = h.Close(ctx, done); err != nil {
				return err
			}
		}
	}
}

// together is lanes that put at once.
type together struct {
	host    Host
	reserve time.Duration
	asks    chan ask
	busy    int     // lanes that put
	held    int64   // bytes that are made ready
	wanting []ask   // that wait for others to be done with what they hold
	idle    []*Lane // that are done with what was claimed
	late    bool    // some of these are to be closed now
}

// ask is a lane that asks for its next node, or is done.
type ask struct {
	lane  *Lane
	begun bool
	done  bool
}

// start has a lane put what is claimed of it. It has its first node when it is started, so that the lanes begin in their order.
func (t *together) start(ctx context.Context, l *Lane) {
	if !l.running {
		l.running, l.since = true, time.Now()
		t.busy++
		go l.run(ctx, t.asks, t.reserve)
		for first := true; first; {
			a := <-t.asks
			first = a.lane != l
			t.answer(ctx, a)
		}
	}
}

// run puts one node after the other.
func (l *Lane) run(ctx context.Context, asks chan<- ask, reserve time.Duration) {
	for {
		asks <- ask{lane: l, begun: l.Putter.Begin(ctx, reserve)}
		j := <-l.reply
		if j == nil {
			break
		}
		if len(j.Items) > 0 {
			l.Putter.Put(ctx, j.Node, j.Items)
		}
		for _, i := range j.Items {
			i.Rows, i.JSON = nil, nil // they may be large
		}
	}
	asks <- ask{lane: l, done: true}
}

// answer gives a lane its next node, unless too much is held already.
func (t *together) answer(ctx context.Context, a ask) {
	t.held -= a.lane.bytes
	a.lane.bytes = 0
	if a.done {
		a.lane.running = false
		t.busy--
		t.idle = append(t.idle, a.lane)
	} else {
		t.wanting = append(t.wanting, a)
	}
	for len(t.wanting) > 0 && (t.held == 0 || t.held < heldBytes) {
		next := t.wanting[0]
		t.wanting = t.wanting[1:]
		j := t.host.Next(ctx, next.lane, next.begun)
		if j != nil {
			next.lane.bytes = j.bytes()
			t.held += next.lane.bytes
		}
		next.lane.reply <- j
	}
}

// wait waits for a lane, or until one that is done began so long ago.
func (t *together) wait(ctx context.Context, most time.Duration) {
	var late <-chan time.Time
	if len(t.idle) > 0 {
		first := slices.MinFunc(t.idle, func(a, b *Lane) int { return a.since.Compare(b.since) })
		timer := time.NewTimer(time.Until(first.since.Add(most)))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case a := <-t.asks:
		t.answer(ctx, a)
	case <-late:
		t.late = true
	}
}

// hurries reports whether more nodes wait of a lane that is done.
func (t *together) hurries() bool {
	for _, l := range t.idle {
		if t.host.Waits(l) {
			return true
		}
	}
	return false
}

// end waits until all lanes have stopped.
func (t *together) end(cancel context.CancelFunc) {
	cancel()
	for _, a := range t.wanting {
		a.lane.reply <- nil
	}
	for t.busy > 0 {
		a := <-t.asks
		if a.done {
			a.lane.running = false
			t.busy--
		} else {
			a.lane.reply <- nil
		}
	}
}
