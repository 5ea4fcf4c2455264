package simulation

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// world is the service, the state's store and everybody at work, in a bubble whose clock is virtual.
type world struct {
	plan     *plan
	mappings *mapping.Set
	boxes    []*sandbox.Sandbox // the service in each account: the own first
	shelf    *shelf
	actors   sync.WaitGroup
	queues   queues
	imports  map[*doc]*handling
	idle     []*process // functions that are warm
	expired  bool       // what was not said again for long is no longer believed

	mu       sync.Mutex
	fleet    fleet
	faults   *rand.Rand
	calm     bool     // no more faults
	out      []string // by account: what is wrong with it
	sets     int      // how often the installation's accounts have changed
	started  int
	outside  int
	posts    int            // calls of PutInventory
	happened map[string]int // how often each of happenings did
	broken   map[string]bool
	dead     []*message // letters that were tried too often
	reading  int
	living   map[string]bool
	failures []string
	trace    *bytes.Buffer // nil: nobody reads it
}

func newWorld(p *plan, set *mapping.Set, trace *bytes.Buffer) (*world, error) {
	w := &world{
		plan: p, mappings: set, shelf: newShelf(), fleet: newFleet(p.nodes), imports: map[*doc]*handling{},
		faults: rand.New(rand.NewPCG(p.seed, 1)), living: map[string]bool{}, broken: map[string]bool{}, happened: map[string]int{}, trace: trace,
	}
	w.queues.world = w
	nodes := make([][]sandbox.ManagedNode, 1+p.targets)
	for n, m := range w.fleet {
		if p.targets > 0 {
			m.target = p.at[n]
		}
		nodes[m.target] = append(nodes[m.target], m.node())
	}
	w.out = make([]string, 1+p.targets)
	switches, err := p.switches()
	if err != nil {
		return nil, err
	}
	for _, own := range nodes {
		box, err := sandbox.New(sandbox.Config{Nodes: own, Switches: switches, Clock: time.Now})
		if err != nil {
			return nil, err
		}
		w.boxes = append(w.boxes, box)
	}
	return w, nil
}

// tell notes what happens, for those who look at a history that failed.
func (w *world) tell(who, what string) {
	if w.trace == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(w.trace, "  %s %-8s %s\n", time.Now().Format("02T15:04:05.000"), who, what)
}

// failf notes that an invariant does not hold.
func (w *world) failf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.tell("FAILED", text)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures = append(w.failures, text)
}

func (w *world) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started++
	w.living[fmt.Sprint("p", w.started)] = true
	return w.started
}

func (w *world) called() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outside++
}

func (w *world) readers(more int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reading += more
	return w.reading
}

func (w *world) alive(process string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.living[process]
}

// ends says that a process is no more.
func (w *world) ends(p *process) {
	p.stopsReading()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.living, p.name)
}

// storeFault is what goes wrong with a call to the store: it fails, or it comes to effect and its answer is lost.
func (w *world) storeFault(what string) (lost bool, err error) {
	service := strings.HasPrefix(what, "PutInventory") || strings.HasPrefix(what, "GetInventory") || strings.HasPrefix(what, "Describe")
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calm || service || w.faults.IntN(1000) >= w.plan.storeFaults {
		return false, nil
	}
	return chance(w.faults, 50), errStore
}

// lateness is how long the service keeps a put that nobody waits for any more; 0: it does not.
func (w *world) lateness() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calm || w.faults.IntN(1000) >= w.plan.lateFaults {
		return 0
	}
	return time.Duration(w.faults.Int64N(int64(5 * time.Minute)))
}

func (w *world) lateAt(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fleet.by(id).late = true
}

// doubt notes that nobody knows whether the node holds what the ledger says: it may be put once more for that alone.
func (w *world) doubt(id string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m := w.fleet.by(id); m != nil {
		m.doubts += n
	}
}

// disturbed notes that a process did not come to the end of its work: whatever it had claimed is in doubt.
func (w *world) disturbed() {
	for _, m := range w.fleet {
		w.doubt(m.id, 1)
	}
}

// refused notes an answer that says that the node is not there.
func (w *world) refused(id string, r *reply) {
	if r != nil && bytes.Contains(r.body, []byte("InvalidInstanceId")) {
		w.doubt(id, 1)
	}
}

// holdsAlready reports whether the service holds everything that a put says, but for what is volatile.
func (w *world) holdsAlready(c *call) bool {
	w.mu.Lock()
	w.posts++
	w.mu.Unlock()
	for _, i := range c.asked.Items {
		if i.Content == nil {
			return false
		}
		var asked []string
		for _, e := range i.Content {
			asked = append(asked, entryText(i.TypeName, e))
		}
		now, there := w.boxes[c.target].Inventory(c.asked.InstanceID, i.TypeName)
		if !there || !slices.Equal(asked, texts(i.TypeName, now)) {
			return false
		}
	}
	return true
}

func texts(typ string, i sandbox.Item) []string {
	var list []string
	for _, e := range i.Entries {
		list = append(list, entryText(typ, e))
	}
	return list
}

// needless takes the doubt that gave a put its reason. Without one it had none.
func (w *world) needless(p *process, c *call) {
	w.mu.Lock()
	m := w.fleet.by(c.asked.InstanceID)
	m.doubts--
	doubts := m.doubts
	w.mu.Unlock()
	if doubts < 0 && w.plan.slow+w.plan.skewed == 0 { // else claims run out while their holders live
		w.failf("%s put to node %s what it held already, without a reason", p.name, m.id)
	}
}
