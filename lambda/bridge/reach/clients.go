// Package reach knows how the accounts and regions of an installation are reached: a client and a pace for each of them, which nodes they have, and
// which of them do not answer. It does not know which node a subject is, nor what is put.
package reach

import (
	"errors"
	"math"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// SSM are the actions of Systems Manager that are used. *ssm.Client is one.
type SSM interface {
	node.API
	delivery.Inventory
}

// ErrNotServed is returned for an account and region that is no target of the installation, or not any more.
var ErrNotServed = errors.New("the account and region is no target of this installation")

// Clients has a client and a pace for each target. It is safe for use by several goroutines.
type Clients struct {
	own   client
	reach func(target.Target) SSM
	rate  float64 // of this process, where a target has none of its own
	share float64 // part of a target's own rate that is this process's

	mu   sync.Mutex
	set  *target.Set
	made map[target.Key]client
	more func() // looks for targets that are not in the set; nil: there are none
}

type client struct {
	of   target.Target
	api  SSM
	pace *put.Pace
}

// NewClients returns the clients of an installation: its own, and those that reach makes when they are first asked for. The rate is in calls a
// second of this process, of so many.
func NewClients(own SSM, set *target.Set, reach func(target.Target) SSM, rate float64, processes int) *Clients {
	return &Clients{
		own: client{api: own, pace: put.NewPace(rate)}, reach: reach, rate: rate, share: 1 / float64(max(processes, 1)), set: set, made: map[target.Key]client{},
	}
}

// Of returns the client and the pace of a target.
func (c *Clients) Of(k target.Key) (SSM, *put.Pace, error) {
	if k.IsOwn() {
		return c.own.api, c.own.pace, nil
	}
	made, ok := c.of(k)
	if !ok && c.more != nil {
		c.more()
		made, ok = c.of(k)
	}
	if !ok {
		return nil, nil, ErrNotServed
	}
	return made.api, made.pace, nil
}

func (c *Clients) of(k target.Key) (client, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, known := c.set.Find(k)
	if !known || c.reach == nil {
		return client{}, false
	}
	made, ok := c.made[k]
	if !ok || made.of != t { // its role may be another one now
		made = client{t, c.reach(t), put.NewPace(c.rateOf(t))}
		c.made[k] = made
	}
	return made, true
}

// serve makes these the targets that are served from now on.
func (c *Clients) serve(set *target.Set) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set = set
}

func (c *Clients) rateOf(t target.Target) float64 {
	if t.Rate > 0 && !math.IsInf(c.rate, 1) {
		return t.Rate * c.share
	}
	return c.rate
}

// Counts returns how many calls of PutInventory were made so far, and how many of them were throttled.
func (c *Clients) Counts() (calls, throttled int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls, throttled = c.own.pace.Counts()
	for _, made := range c.made {
		n, slow := made.pace.Counts()
		calls, throttled = calls+n, throttled+slow
	}
	return calls, throttled
}
