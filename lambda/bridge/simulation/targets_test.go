package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// What may be wrong with an account.
const (
	refuses   = "refuses its role"
	throttles = "throttles"
	isCutOff  = "is cut off"
	hasLeft   = "is no target for a while"
)

// What may happen with several accounts.
const (
	sparedNode    = "an absent node is spared, since its target could not be listed"
	waitedForIt   = "records wait for a target"
	putElsewhere  = "a node of a target is put to"
	targetsMoved  = "the targets of a process change"
	targetFailure = "a target "
)

// accounts are those of an installation, the own first.
var accounts = []target.Key{
	{Account: "000000000000", Region: "us-east-1"}, {Account: "111122223333", Region: "us-east-1"}, {Account: "000000000000", Region: "eu-west-1"},
}

// severalAccounts is the percent of histories in several accounts.
const severalAccounts = 25

// accounts decides where the nodes are. Nodes of several accounts keep their names.
func (p *planner) accounts() {
	rng := rand.New(rand.NewPCG(p.seed, 4))
	if !chance(rng, severalAccounts) {
		return
	}
	p.targets = 1 + rng.IntN(len(accounts)-1)
	p.renames, p.goes = false, false
	for range p.nodes {
		p.at = append(p.at, rng.IntN(1+p.targets))
	}
}

// outages adds what is wrong with accounts for a while.
func (p *planner) outages() {
	rng := rand.New(rand.NewPCG(p.seed, 5))
	for n := 1; n <= p.targets; n++ {
		for range rng.IntN(3) {
			at := time.Duration(rng.Int64N(int64(2 * time.Minute)))
			if chance(rng, 40) {
				at = 0
			}
			p.events = append(p.events, event{
				kind: targetEvent, at: at, ends: at + time.Duration(rng.Int64N(int64(8*time.Minute))), node: n,
				what: one(rng, refuses, refuses, throttles, isCutOff, hasLeft),
			})
		}
	}
}

func (w *world) boxOf(m *machine) *sandbox.Sandbox { return w.boxes[m.target] }

// isOut makes something wrong with an account for a while, unless something is already.
func (w *world) isOut(e *event) {
	if !w.becomes(e.node, "", e.what) {
		return
	}
	time.Sleep(e.ends - e.at)
	w.becomes(e.node, e.what, "")
}

// becomes makes an account that is as given another one.
func (w *world) becomes(n int, was, is string) bool {
	w.mu.Lock()
	if w.out[n] != was {
		w.mu.Unlock()
		return false
	}
	w.out[n] = is
	if was == hasLeft || is == hasLeft {
		w.sets++
	}
	w.mu.Unlock()
	w.tell(fmt.Sprint("target", n), was+" -> "+is)
	return true
}

// reachesAll ends what is wrong with accounts.
func (w *world) reachesAll() {
	for n := range w.out {
		w.becomes(n, w.out[n], "")
	}
}

// targets are those of the installation now, and how often they have changed.
func (w *world) targets() (*target.Set, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.plan.targets == 0 {
		return nil, 0
	}
	var list []target.Target
	for n := 1; n <= w.plan.targets; n++ {
		if w.out[n] != hasLeft {
			list = append(list, target.Target{Key: accounts[n], Role: "role"})
		}
	}
	return target.NewSet(accounts[0], list), w.sets
}

// leg is how a process calls the service of one account. What it does in several accounts at once wakes at moments of their own.
type leg struct {
	process *process
	target  int
	rng     *rand.Rand
	lane    time.Duration // its own nanoseconds at which it wakes: no two legs act at once
}

func (w *world) legsOf(p *process, n int) []*leg {
	legs := []*leg{{process: p, lane: time.Duration(n % lanes)}}
	for i := range w.plan.targets {
		legs[0].lane = time.Duration(n * len(accounts) % lanes)
		legs = append(legs, &leg{
			process: p, target: i + 1, rng: rand.New(rand.NewPCG(p.rng.Uint64(), 0)), lane: time.Duration((n*len(accounts) + i + 1) % lanes),
		})
	}
	return legs
}

func (l *leg) below(most time.Duration) time.Duration {
	if l.rng == nil {
		return l.process.below(most)
	}
	return time.Duration(l.rng.Int64N(int64(most)))
}

// legOf is the leg with which an object of the state is read or written: those of an account are asked for with the account's own.
func (p *process) legOf(key string) *leg {
	for n := range p.legs {
		k := accounts[n]
		if n > 0 && strings.Contains(key, "/"+k.Account+"-"+k.Region) {
			if strings.HasPrefix(key, "directory/") {
				p.lists(n, true)
			}
			return p.legs[n]
		}
	}
	return p.legs[0]
}

func (p *process) reach(t target.Target) bridge.SSM {
	return p.legs[slices.Index(accounts, t.Key)].client()
}

// lists notes whether the nodes of an account could be listed.
func (p *process) lists(n int, listed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if listed {
		delete(p.unlisted, n)
	} else {
		p.unlisted[n] = true
	}
}

// knows notes which accounts the process knows.
func (p *process) knows(set *target.Set) {
	if p.bridge != nil {
		p.world.happens(targetsMoved, 1)
	}
	for n := 1; n <= p.world.plan.targets; n++ {
		_, isTarget := set.Find(accounts[n])
		p.lists(n, isTarget)
	}
}

// isWritten reports whether a call writes what follows from the directory.
func isWritten(what string) bool {
	return strings.HasPrefix(what, "put ") && !strings.HasPrefix(what, "put directory/") && what != "put targets.json"
}

// isRefused answers a call to an account with which something is wrong; nil: nothing is.
func (l *leg) isRefused(c *call) (*http.Response, error) {
	w := l.process.world
	w.mu.Lock()
	out := w.out[l.target]
	w.mu.Unlock()
	lists := c.operation == "DescribeInstanceInformation" || c.operation == "GetInventory"
	if out == "" || out == hasLeft {
		if lists && l.target > 0 {
			l.process.lists(l.target, true)
		}
		return nil, nil
	}
	w.happens(targetFailure+out, 1)
	if lists {
		l.process.lists(l.target, false)
	}
	if c.operation == "PutInventory" {
		w.doubt(c.asked.InstanceID, 1)
	}
	switch out {
	case refuses:
		return nil, &fault.Assuming{Err: &smithy.GenericAPIError{Code: "AccessDenied"}}
	case isCutOff:
		return nil, errCut
	}
	return &http.Response{
		StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Request: c.request,
		Body: io.NopCloser(bytes.NewReader([]byte(`{"__type":"ThrottlingException"}`))),
	}, nil
}

// waits reports whether a record waits that names a machine by its address alone: that may be another machine's when the account is back.
func (w *world) waits(r rec, a *importRun) bool {
	return r.by == "ip" && a.unlisted[w.fleet[r.node].target]
}

// isOf checks that nothing is asked of an account about a node of another one.
func (w *world) isOf(c *call) {
	if c.asked.InstanceID == "" {
		return
	}
	m := w.fleet.by(c.asked.InstanceID)
	if m == nil || m.target != c.target {
		w.failf("%s: the node is not there", c)
	}
	if c.target > 0 && c.operation == "PutInventory" {
		w.happens(putElsewhere, 1)
	}
}

// spares checks that nothing is absent of an account that could not be listed whenever a document was read.
func (w *world) spares(p *process) {
	for _, d := range w.plan.docs() {
		h := w.imports[d]
		if d.source != register || h == nil || h.id == "" || len(h.importRuns) == 0 {
			continue
		}
		for n, m := range w.fleet {
			everUnlisted := func(a *importRun) bool { return a.unlisted[m.target] }
			if m.target == 0 || h.left[m.target] || slices.ContainsFunc(h.importRuns, func(a *importRun) bool { return !everUnlisted(a) }) {
				continue
			}
			if slices.ContainsFunc(d.records, func(r rec) bool { return r.node == n }) {
				continue
			}
			head, err := p.ledger.Load(context.Background(), p.ledger.Partition(m.id))
			if err != nil {
				w.failf("the head of node %s: %v", m.id, err)
				return
			}
			known := head.Nodes[m.id]
			if known == nil || known.Sources[register] == nil {
				continue
			}
			w.happens(sparedNode, 1)
			if s := known.Sources[register]; s.ClearedBy == h.id || s.Missing != nil && s.Missing.Import == h.id {
				w.failf("%s #%d says that node %s is absent, whose account could not be listed", d.source, d.number, m.id)
			}
		}
	}
}
