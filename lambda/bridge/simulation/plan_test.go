package simulation

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// plan is a history before it is run: all that its seed decides.
type plan struct {
	seed       uint64
	nodes      int
	partitions int
	fifo       bool
	knowsDead  bool    // whose process is dead is known at once
	rate       float64 // PutInventory calls a second of a process; 0: no limit
	unknowns   []bool  // the sandbox's switches
	crash      int     // percent of pieces of work during which the process dies
	slow       int     // percent of processes that are slow
	skewed     int     // percent of processes whose clock is wrong
	storeFaults,
	lateFaults int // of a thousand calls

	targets       int   // accounts besides the own
	at            []int // by node: its account
	renames, goes bool  // what nodes may do
	fixed         bool  // a port's area follows from its ID
	events        []event
}

// event is something that begins at a time of the history.
type event struct {
	at   time.Duration
	kind kind
	doc  *doc
	must bool // the document is handled whatever it takes, and before the source's next
	node int
	what string // what the node does, or happens to a head
	ends time.Duration

	fault sandbox.Fault
	seed  uint64
}

type kind string

const (
	toFunction  kind = "function"
	toCommand   kind = "command"
	nodeEvent   kind = "node"
	faultEvent  kind = "fault"
	sweepEvent  kind = "sweep"
	targetEvent kind = "target" // something is wrong with an account for a while
	headEvent   kind = "head"   // something happens to a head of the state
)

func (e event) String() string {
	text := fmt.Sprintf("%8s %s", e.at, e.kind)
	switch e.kind {
	case toFunction, toCommand:
		text += " " + e.doc.String()
	case nodeEvent:
		text += fmt.Sprintf(" %d %s", e.node, e.what)
	case faultEvent:
		text += fmt.Sprintf(" %s of %s from the %d-th on, %d times", e.fault.Kind, e.fault.Operation, e.fault.Nth, e.fault.Times)
	case targetEvent:
		text += fmt.Sprintf(" %d %s until %s", e.node, e.what, e.ends)
	case headEvent:
		text += fmt.Sprintf(" %d %s until %s", e.node, e.what, e.ends)
	case sweepEvent:
	}
	return text
}

// begin is when histories begin. The bubble's clock begins a year before.
var begin = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// switches are the sandbox's unknowns as the plan has them.
func (p *plan) switches() (s sandbox.Switches, err error) {
	for i, name := range sandbox.SwitchNames() {
		err = errors.Join(err, s.Set(name, p.unknowns[i]))
	}
	return s, err
}

// planner makes a plan of a seed.
type planner struct {
	*plan
	rng       *rand.Rand
	registers bool // most documents are of the register. Its own numbers decide, so that the histories of other seeds stay as they are
	docs      []*doc
}

func newPlan(seed uint64) *plan {
	rng := rand.New(rand.NewPCG(seed, 0))
	p := planner{rng: rng, plan: &plan{
		seed: seed, nodes: 2 + rng.IntN(4), partitions: 1 + rng.IntN(3), fifo: chance(rng, 60), knowsDead: chance(rng, 40),
		crash: one(rng, 0, 10, 30), storeFaults: one(rng, 0, 0, 5, 20),
	}}
	for range sandbox.SwitchNames() {
		p.unknowns = append(p.unknowns, chance(rng, 50))
	}
	p.rate = float64(one(rng, 0, 1, 2))
	if chance(rng, 10) {
		p.slow = one(rng, 0, 30)
		p.skewed = one(rng, 0, 50)
	}
	p.lateFaults = one(rng, 0, 0, 0, 50)
	p.renames, p.goes = chance(rng, 30), chance(rng, 30)
	p.registers = chance(rand.New(rand.NewPCG(seed, 3)), 20)
	if p.registers {
		p.renames, p.goes = chance(rng, 50), false
	}
	p.accounts()
	p.write()
	p.post()
	p.mend()
	p.disturb()
	p.damage()
	p.outages()
	slices.SortStableFunc(p.events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return p.plan
}

func one[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

// write writes the documents.
func (p *planner) write() {
	if p.registers {
		for range 4 + p.rng.IntN(4) {
			p.docs = append(p.docs, p.document(one(p.rng, register, register, register, scan, feed)))
		}
		for range 1 + p.rng.IntN(4) {
			p.node(time.Duration(p.rng.Int64N(int64(2*time.Minute))), p.rng.IntN(p.nodes))
		}
		return
	}
	if chance(p.rng, 2) {
		for range heavyDocuments {
			p.docs = append(p.docs, p.document(blob))
		}
		return
	}
	if chance(p.rng, 50) {
		p.writePorts()
		return
	}
	sources := []string{scan, lapse, feed}
	if !p.goes {
		sources = append(sources, register)
	}
	sources = slices.DeleteFunc(sources, func(string) bool { return chance(p.rng, 30) })
	for range 3 + p.rng.IntN(6) {
		p.docs = append(p.docs, p.document(one(p.rng, append(sources, scan)...)))
	}
}

// heavyDocuments are more than a node takes in a day.
const heavyDocuments = 12

// document writes one. Its times are hours before the history begins; no two documents of a source have one stamp.
func (p *planner) document(source string) *doc {
	n := len(p.docs) + 1
	at := begin.Add(time.Duration(p.rng.IntN(10)-300) * time.Minute)
	d := &doc{number: n, source: source, written: at.Add(3*time.Minute + time.Duration(n)*time.Second)}
	if source == register || source == blob {
		d.written = begin.Add(time.Duration(n-300) * time.Minute)
		at = d.written
	}
	if source == blob {
		d.records = []rec{p.record(source, 0, at)}
		return d
	}
	if p.again(d, at) {
		return d
	}
	d.more = d.source == paged && chance(p.rng, 30) || (source == probe || source == facts) && chance(p.rng, 10)
	for node := range p.nodes {
		if !chance(p.rng, 70) {
			continue
		}
		for i := 0; i == 0 || i < 3 && !p.changing() && chance(p.rng, 30); i++ {
			d.records = append(d.records, p.record(source, node, at))
		}
	}
	if source == probe && chance(p.rng, 15) { // all of them: of a document that looked at anything rows outside of that count less
		for i := range d.records {
			d.records[i].unlooked = true
		}
	}
	if len(d.records) == 0 || chance(p.rng, 15) {
		r := p.record(source, 0, at)
		r.node, r.by, r.name = nobody, "host", fmt.Sprint("ghost-", p.rng.IntN(3))
		d.records = append(d.records, r)
	}
	return d
}

// changing says that nodes may not be found where they were, or not now. A document then names each once only: the oracle does not follow which of
// two records about a node had to wait for it.
func (p *plan) changing() bool { return p.renames || p.goes || p.targets > 0 }

// again makes a document say once more what an earlier one of its source said: what a put left behind is then told apart from what was
// accepted before it.
func (p *planner) again(d *doc, at time.Time) bool {
	for _, old := range p.docs {
		if old.source == d.source && old.pages == 0 && chance(p.rng, 20) {
			for _, r := range old.records {
				r.at = at
				d.records = append(d.records, r)
			}
			return true
		}
	}
	return false
}

func (p *planner) record(source string, node int, at time.Time) rec {
	by := one(p.rng, "node", "host", "host", "ip")
	name := 0
	if p.renames {
		name = p.rng.IntN(2)
	}
	r := rec{node: node, by: by, name: newFleet(p.nodes)[node].identifier(by, name), at: at, rows: map[string][]row{}}
	if source != register && chance(p.rng, 30) {
		r.at = at.Add(time.Duration(p.rng.IntN(3)) * time.Minute)
	}
	switch source {
	case probe, facts, paged:
		p.portRecord(source, &r)
	case blob:
		r.rows[blobType] = p.blobs()
	case register:
		r.rows[assetType] = p.rows(1, assets)
	case feed:
		r.rows[findingType] = p.rows(1, 6)
		r.remove = chance(p.rng, 35)
	case scan:
		r.rows[findingType] = p.rows(p.rng.IntN(5), 6)
		r.rows[assetType] = p.rows(1+p.rng.IntN(3), assets) // an empty list would say nothing, as the mapping has `missing: keep`
		r.keepAssets = chance(p.rng, 30)
	case lapse:
		r.rows[findingType] = p.rows(p.rng.IntN(4), 6)
	}
	return r
}

// rows are n rows out of few keys, so that much is said twice.
func (p *planner) rows(n, keys int) []row {
	var list []row
	for range n {
		e := row{
			ID: fmt.Sprint("k", p.rng.IntN(keys)), Text: one(p.rng, "a", "b"), Severity: one(p.rng, "HIGH", "LOW"),
			Seen: begin.Add(time.Duration(p.rng.IntN(1000)) * time.Minute).Add(-24 * time.Hour).Format(time.RFC3339),
		}
		if chance(p.rng, 3) {
			e.ID = ""
		}
		list = append(list, e)
	}
	return list
}

// assets is out of how many keys assets are: one more than an item takes, so that some documents are rejected.
const assets = assetLimit + 1

// blobs are rows of some 400 KB in all.
func (p *planner) blobs() []row {
	var list []row
	text := fmt.Sprintf("%0100d", p.rng.IntN(1e9))
	for len(text) < 4000 {
		text += text
	}
	for i := range 100 {
		list = append(list, row{ID: fmt.Sprint("k", i), Text: text[:4000]})
	}
	return list
}

// post hands the documents in: in any order, some twice, to functions or to a command line, one after the other or all at once. Those
// that speak for all nodes come in order, since what they clear depends on it.
func (p *planner) post() {
	within := one(p.rng, 3*time.Second, time.Minute, 10*time.Minute)
	last := time.Duration(0)
	for _, d := range p.docs {
		e := event{kind: toFunction, doc: d, at: time.Duration(p.rng.Int64N(int64(within))), seed: p.rng.Uint64()}
		if chance(p.rng, 30) {
			e.kind = toCommand
		}
		if d.source == blob {
			e.at = time.Duration(d.number) * 10 * time.Second // each is newer than the one before, so that each is put
		}
		if d.source == register {
			e.must, e.at = true, max(e.at, last)
			last = e.at
		}
		p.events = append(p.events, e)
		if d.pages > 1 && chance(p.rng, 6) { // it is lost
			p.events = p.events[:len(p.events)-1]
		}
		if chance(p.rng, 25) && !e.must {
			e.at, e.seed = time.Duration(p.rng.Int64N(int64(within))), p.rng.Uint64()
			p.events = append(p.events, e)
		}
	}
}

// disturb adds what goes wrong.
func (p *planner) disturb() {
	for range p.rng.IntN(4) {
		p.events = append(p.events, event{kind: faultEvent, at: time.Duration(p.rng.Int64N(int64(2 * time.Minute))), fault: sandbox.Fault{
			Operation: one(p.rng, "PutInventory", "PutInventory", "PutInventory", "DescribeInstanceInformation", "GetInventory"),
			Kind:      one(p.rng, sandbox.FaultThrottle, sandbox.FaultError, sandbox.FaultCutBefore, sandbox.FaultCutAfter, sandbox.FaultCutAfter),
			Nth:       1 + p.rng.IntN(6), Times: 1 + p.rng.IntN(3),
		}})
	}
	for range p.rng.IntN(3) {
		p.events = append(p.events, event{kind: sweepEvent, at: time.Duration(p.rng.Int64N(int64(10 * time.Minute))), seed: p.rng.Uint64()})
	}
	for range p.rng.IntN(4) {
		p.node(time.Duration(p.rng.Int64N(int64(5*time.Minute))), p.rng.IntN(p.nodes))
	}
}

// damage adds what happens to heads, until the operator restores them.
func (p *planner) damage() {
	if !chance(p.rng, 30) {
		return
	}
	for range 1 + p.rng.IntN(2) {
		at := time.Duration(p.rng.Int64N(int64(5 * time.Minute)))
		p.events = append(p.events, event{
			kind: headEvent, at: at, ends: at + time.Duration(p.rng.Int64N(int64(5*time.Minute))), node: p.rng.IntN(p.partitions),
			what: one(p.rng, headDamaged, headMissing, headOlder), seed: p.rng.Uint64(),
		})
	}
}

func (p *planner) node(at time.Duration, node int) {
	what, back := "stops", "starts"
	switch {
	case p.goes && chance(p.rng, 60):
		what, back = "goes", "comes"
	case p.renames:
		what, back = "is renamed", "is renamed"
	}
	p.events = append(p.events, event{kind: nodeEvent, at: at, node: node, what: what})
	if what == "stops" || chance(p.rng, 60) {
		p.events = append(p.events, event{kind: nodeEvent, at: at + time.Duration(p.rng.Int64N(int64(5*time.Minute))), node: node, what: back})
	}
}
