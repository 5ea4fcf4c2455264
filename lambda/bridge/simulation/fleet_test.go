package simulation

import (
	"fmt"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// machine is a node with the two names that it goes by, one at a time. No other node ever has either.
type machine struct {
	id, ip  string
	target  int // its place among the installation's accounts; 0: the own
	names   [2]string
	name    int // which of them it has now
	there   bool
	stopped bool
	lost    bool // what it held went without a word: it was taken away and came back
	late    bool // a put came to effect when nobody waited for it any more
	doubts  int  // puts of which nobody knows whether they came to effect
}

// fleet is the nodes by their numbers.
type fleet []*machine

func newFleet(n int) fleet {
	var f fleet
	for i := range n {
		f = append(f, &machine{
			id: fmt.Sprintf("i-%017x", 0xa0000+i), ip: fmt.Sprintf("10.0.0.%d", i+1),
			names: [2]string{fmt.Sprint("web-", i), fmt.Sprint("db-", i)}, there: true,
		})
	}
	return f
}

func (m *machine) node() sandbox.ManagedNode {
	n := sandbox.ManagedNode{InstanceID: m.id, ComputerName: m.names[m.name], IPAddress: m.ip, State: sandbox.StateRunning}
	if m.stopped {
		n.State = sandbox.StateStopped
	}
	return n
}

// identifier is one of those by which documents name the machine.
func (m *machine) identifier(by string, name int) string {
	switch by {
	case "node":
		return m.id
	case "ip":
		return m.ip
	}
	return m.names[name]
}

// identifiers are all by which nodes can be found now.
func (f fleet) identifiers() map[string]int {
	known := map[string]int{}
	for i, m := range f {
		if m.there {
			known[m.id], known[m.ip], known[m.names[m.name]] = i, i, i
		}
	}
	return known
}

func (f fleet) by(id string) *machine {
	for _, m := range f {
		if m.id == id {
			return m
		}
	}
	return nil
}

// beginsReading and stopsReading mark the time in which a process reads the directory; nodes do not change meanwhile, so that it is
// known what the process knows.
func (p *process) beginsReading() {
	p.stopsReading()
	p.reading = true
	p.world.readers(1)
}

func (p *process) stopsReading() {
	if p.reading {
		p.reading = false
		p.world.readers(-1)
	}
}

// changes does something to a node.
func (w *world) changes(node int, what string) {
	for w.readers(0) > 0 {
		time.Sleep(50 * time.Millisecond)
	}
	w.mu.Lock()
	m := w.fleet[node]
	switch what {
	case "goes":
		m.there, m.lost = false, true
	case "comes":
		m.there = true
	case "is renamed":
		m.name = 1 - m.name
	case "stops":
		m.stopped = true
	case "starts":
		m.stopped = false
	}
	there, n := m.there, m.node()
	w.mu.Unlock()
	w.tell("node", m.id+" "+what)
	if !there {
		w.boxOf(m).RemoveNode(m.id)
		return
	}
	if err := w.boxOf(m).AddNode(n); err != nil {
		w.failf("adding a node: %v", err)
	}
}
