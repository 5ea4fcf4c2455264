package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path"
	"strconv"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// mostTries is how often a queue hands a message out.
const mostTries = 3

// handling is what became of a document.
type handling struct {
	id         string // of the import; "": nobody came so far
	importRuns []*importRun
	left       map[int]bool   // accounts that were no targets when it was taken in or some of it was delivered: that proved nothing of their nodes
	open       sync.WaitGroup // deliveries under way
}

// run is one time that a document was taken in.
type importRun struct {
	names map[string]int // the directory with which it was taken in
	all   bool           // it came to its end
	done  map[int]bool   // partitions that came to theirs

	unlisted map[int]bool // accounts whose nodes could not be listed then
}

// reached reports whether a record found its node, when the run was made.
func (a *importRun) reached(r rec) bool {
	node, ok := a.names[r.name]
	return ok && node == r.node
}

// certain reports whether what the run says of a partition was applied for sure.
func (a *importRun) certain(partition int) bool { return a.all || a.done[partition] }

func (w *world) handling(d *doc) *handling {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.imports[d] == nil {
		w.imports[d] = &handling{}
	}
	return w.imports[d]
}

// handed notes that a document was handed in.
func (h *handling) handed(w *world, p *process) {
	if p.importRun == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h.importRuns = append(h.importRuns, p.importRun)
}

// worker is a function: one that is warm, or a new one.
func (w *world) worker(rng *rand.Rand) *process {
	w.mu.Lock()
	if n := len(w.idle); n > 0 && chance(rng, 50) {
		p := w.idle[n-1]
		w.idle = w.idle[:n-1]
		w.mu.Unlock()
		return p
	}
	w.mu.Unlock()
	return w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
}

// rests gives a function back.
func (w *world) rests(p *process) {
	if p.dead {
		w.ends(p)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, p)
}

// swing is when a process dies, if it does.
func (w *world) swing(rng *rand.Rand) axe {
	if w.calm || !chance(rng, w.plan.crash) {
		return axe{}
	}
	return axe{at: 1 + rng.IntN(40), after: chance(rng, 50)}
}

// visibility is how long a message that failed is not seen.
func visibility(rng *rand.Rand) time.Duration {
	return time.Duration(rng.Int64N(int64(4*time.Minute))) + 10*time.Second
}

// function hands a document to the functions. It comes again where that fails, and goes to the dead letters after some tries;
// what must be handled is brought back from there.
func (w *world) function(e *event, rng *rand.Rand) {
	h := w.handling(e.doc)
	for try := 1; try <= mostTries || e.must && try < 20; try++ {
		a := w.swing(rng)
		if try > mostTries {
			a = axe{}
		}
		p := w.worker(rng)
		var staged []events.Pointer
		var own receipt.Import
		ok := p.works(fmt.Sprintf("takes in %s #%d", e.doc.source, e.doc.number), a, func(ctx context.Context) (err error) {
			own, staged, err = p.bridge.Stage(ctx, e.doc.input())
			return err
		})
		h.handed(w, p)
		w.leftAt(p, h)
		w.rests(p)
		if ok {
			w.taken(e.doc, h, own)
			for _, pointer := range staged {
				w.queues.add(&message{doc: e.doc, of: h, pointer: pointer, rng: rand.New(rand.NewPCG(rng.Uint64(), 0)), must: e.must})
			}
			return
		}
		time.Sleep(visibility(rng))
	}
}

// taken checks what intake says of a document.
func (w *world) taken(d *doc, h *handling, own receipt.Import) {
	w.mu.Lock()
	h.id = own.Import // of each try the same
	w.mu.Unlock()
	if own.Read != len(d.records) {
		w.failf("%s #%d: intake read %d of %d records", d.source, d.number, own.Read, len(d.records))
	}
}

// command hands a document to a command line. Where that fails somebody may run it again, or not.
func (w *world) command(e *event, rng *rand.Rand) {
	for try := 1; ; try++ {
		a := w.swing(rng)
		if try > mostTries {
			a = axe{}
		}
		p := w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
		done := w.imported(p, e.doc, a)
		w.ends(p)
		if again := e.must && try < 20 || chance(rng, 50) && try < mostTries; done || !again {
			return
		}
		time.Sleep(time.Duration(rng.Int64N(int64(time.Minute))))
	}
}

// imported takes a document in and delivers it, in one process.
func (w *world) imported(p *process, d *doc, a axe) bool {
	h := w.handling(d)
	var r receipt.Receipt
	ok := p.works(fmt.Sprintf("imports %s #%d", d.source, d.number), a, func(ctx context.Context) (err error) {
		r, err = p.bridge.Import(ctx, d.input(), bridge.Options{})
		return err
	})
	h.handed(w, p)
	if ok {
		h.id, p.importRun.all = r.Import, true
		w.sums(d, r)
	}
	return ok
}

// sums checks that every record has an outcome.
func (w *world) sums(d *doc, r receipt.Receipt) {
	if r.Records != len(d.records) || r.Counts.Sum() != len(d.records) {
		w.failf("%s #%d: the outcomes sum up to %d, of %d records that were read; it has %d", d.source, d.number, r.Counts.Sum(), r.Records, len(d.records))
	}
}

// message points at a staged delivery.
type message struct {
	doc     *doc
	of      *handling
	pointer events.Pointer
	rng     *rand.Rand
	must    bool
}

func (m *message) partition() int {
	n, _ := strconv.Atoi(path.Base(m.pointer.Key))
	return n
}

// queues hand deliveries to functions: one after the other in each partition, or all at once, as overlapping time-outs would.
type queues struct {
	world   *world
	mu      sync.Mutex
	waiting map[int][]*message
	busy    map[int]bool
}

func (q *queues) add(m *message) {
	m.of.open.Add(1)
	if !q.world.plan.fifo {
		q.begins(m, func() { q.world.deliver(m) })
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == nil {
		q.waiting, q.busy = map[int][]*message{}, map[int]bool{}
	}
	n := m.partition()
	q.waiting[n] = append(q.waiting[n], m)
	if !q.busy[n] {
		q.busy[n] = true
		q.begins(m, func() { q.drain(n) })
	}
}

// begins lets somebody begin with a message; deliveries that were staged together are not begun at one moment.
func (q *queues) begins(m *message, work func()) {
	q.world.actors.Go(func() {
		time.Sleep(time.Duration(m.partition()+1) * lanes)
		work()
	})
}

func (q *queues) drain(partition int) {
	for m := q.first(partition); m != nil; m = q.first(partition) {
		q.world.deliver(m)
	}
}

func (q *queues) first(partition int) *message {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.waiting[partition]
	if len(list) == 0 {
		q.busy[partition] = false
		return nil
	}
	q.waiting[partition] = list[1:]
	return list[0]
}

// deliver hands a delivery to a function, until it is done or tried too often.
func (w *world) deliver(m *message) {
	defer m.of.open.Done()
	for try := 1; try <= mostTries || m.must && try < 20; try++ {
		a := w.swing(m.rng)
		if try > mostTries {
			a = axe{}
		}
		p := w.worker(m.rng)
		ok := p.works(fmt.Sprintf("delivers %s #%d to partition %d", m.doc.source, m.doc.number, m.partition()), a, func(ctx context.Context) error {
			return p.delivers(ctx, m)
		})
		w.leftAt(p, m.of)
		if ok {
			w.delivered(p, m)
		}
		w.rests(p)
		if ok {
			return
		}
		time.Sleep(visibility(m.rng))
	}
	w.tell("queue", fmt.Sprintf("gives up %s #%d for partition %d", m.doc.source, m.doc.number, m.partition()))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = append(w.dead, m)
}

// delivered notes that what the last run staged was applied.
func (w *world) delivered(p *process, m *message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.importRun.done[m.partition()] = true
}

// leftAt notes which accounts were no targets of a process that took a document in, or delivered some of it: they may have been others' in between.
func (w *world) leftAt(p *process, h *handling) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n := 1; p.served != nil && n <= w.plan.targets; n++ {
		if _, serves := p.served.Find(accounts[n]); !serves {
			if h.left == nil {
				h.left = map[int]bool{}
			}
			h.left[n] = true
		}
	}
}

func (p *process) delivers(ctx context.Context, m *message) error {
	raw, err := json.Marshal(map[string]any{"delivery": map[string]string{"bucket": m.pointer.Bucket, "key": m.pointer.Key}})
	if err != nil {
		return err
	}
	answer, err := p.bridge.Handle(ctx, raw)
	if err != nil {
		return err
	}
	if a, ok := answer.(bridge.Answer); !ok || len(a.Messages) != 1 || a.Messages[0].Error != "" {
		return fmt.Errorf("the answer is %+v", answer)
	}
	return nil
}
