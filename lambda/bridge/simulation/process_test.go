package simulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

var (
	errKilled = errors.New("the process was killed")
	errStore  = errors.New("the store could not be reached")
)

// axe kills a process at its n-th outside call, before it is made or after it was answered.
type axe struct {
	at    int // 0: never
	after bool
}

func (a axe) String() string {
	switch {
	case a.at == 0:
		return ""
	case a.after:
		return fmt.Sprintf(", killed after its call %d", a.at)
	}
	return fmt.Sprintf(", killed before its call %d", a.at)
}

// process is one that runs the bridge. Whenever it calls outside it waits for a while that its seed says, so that the order in which
// processes act is the same at each run of a history.
type process struct {
	world *world
	name  string
	rng   *rand.Rand
	legs  []*leg        // by account, the own first
	slow  time.Duration // the longest wait at a call
	skew  time.Duration // of its clock

	bridge *bridge.Bridge
	ledger *ledger.Ledger

	mu        sync.Mutex // of what calls to several accounts change at once
	axe       axe
	calls     int
	dead      bool
	die       context.CancelFunc
	names     map[string]int // the directory as it read it: nodes by identifier
	reading   bool           // it is reading the directory
	sets      int            // of the accounts that it knows
	served    *target.Set    // those accounts, and the regions; nil: its own alone
	unlisted  map[int]bool   // accounts of which the nodes could not be listed last
	importRun *importRun     // to take in the document at hand, or the one whose delivery is at hand; nil: it did not come so far
}

const lanes = 1 << 12

// starts makes a process. It lives for one piece of work or several.
func (w *world) starts(rng *rand.Rand) *process {
	n := w.next()
	p := &process{
		world: w, name: fmt.Sprint("p", n), rng: rng, slow: 40 * time.Millisecond, unlisted: map[int]bool{},
	}
	p.legs = w.legsOf(p, n)
	if chance(rng, w.plan.slow) {
		p.slow = 15 * time.Second
	}
	if chance(rng, w.plan.skewed) {
		p.skew = time.Duration(rng.IntN(6000)-3000) * time.Millisecond
	}
	return p
}

func chance(rng *rand.Rand, percent int) bool { return rng.IntN(100) < percent }

// works does a piece of work in the process, and kills it where the axe says so. It reports whether it came to its end.
func (p *process) works(what string, a axe, work func(context.Context) error) bool {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), fault.Foretold{}, p.below))
	defer cancel()
	p.axe, p.calls, p.die, p.importRun = a, 0, cancel, nil
	p.world.tell(p.name, what+a.String())
	err := p.opens(ctx)
	if err == nil {
		err = work(ctx)
	}
	p.stopsReading()
	if p.isDead() {
		err = errKilled
	}
	if err != nil {
		p.world.disturbed()
		p.world.tell(p.name, "failed: "+packNames.ReplaceAllString(err.Error(), "$1"))
	} else {
		p.world.tell(p.name, "done: "+what)
	}
	return err == nil
}

// opens makes the bridge, where the process has none yet.
func (p *process) opens(ctx context.Context) error {
	set, sets := p.world.targets()
	if p.bridge != nil && p.sets == sets {
		return nil
	}
	p.sets, p.served = sets, set
	p.knows(set)
	l, err := ledger.Open(ctx, p, ledger.Options{Partitions: p.world.plan.partitions, Endpoint: "http://sandbox"})
	if err != nil {
		return err
	}
	p.ledger = l
	c := bridge.Config{
		Mappings: p.world.mappings, Ledger: l, Place: bridge.Place{Bucket: bucket}, SSM: p.legs[0].client(), Objects: p,
		Region: "us-east-1", Rate: p.world.plan.rate, Writer: p.name, Now: p.now, Targets: set, Reach: p.reach,
	}
	if p.world.plan.knowsDead {
		c.Alive = p.world.alive
	}
	p.bridge = bridge.New(c)
	return nil
}

func (p *process) now() time.Time { return time.Now().Add(p.skew) }

func (p *process) below(most time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Duration(p.rng.Int64N(int64(most)))
}

// client is the service as the process reaches it in an account.
func (l *leg) client() *ssm.Client {
	return ssm.New(ssm.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: l, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// outside makes a call outside of the process, unless it is dead. The process waits first; other processes go on meanwhile.
func (l *leg) outside(ctx context.Context, what string, effect func() error) error {
	p := l.process
	if p.isDead() {
		return errKilled
	}
	if err := l.wait(ctx); err != nil { // it was never sent
		p.world.tell(p.name, what+outcome(err))
		return err
	}
	n := p.counts(what)
	p.world.called()
	if n == p.axe.at && !p.axe.after {
		return p.killed(what)
	}
	lost, wrong := p.world.storeFault(what)
	err := wrong
	if wrong == nil || lost {
		err = errors.Join(effect(), wrong)
	}
	p.world.tell(p.name, what+outcome(err))
	if n == p.axe.at {
		return p.killed(what)
	}
	return err
}

func outcome(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

func (p *process) killed(what string) error {
	p.mu.Lock()
	p.dead = true
	p.mu.Unlock()
	p.die()
	p.world.happens(killed, 1)
	p.world.tell(p.name, "dies at "+what)
	return errKilled
}

// counts counts a call, and returns which it is.
func (p *process) counts(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if p.importRun == nil && p.names != nil && isWritten(what) {
		p.importRun = &importRun{names: p.names, done: map[int]bool{}, unlisted: maps.Clone(p.unlisted)} // what is written first follows from what was read
	}
	return p.calls
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// wait lets time pass, until a moment at which no other leg of any process wakes.
func (l *leg) wait(ctx context.Context) error {
	d := l.below(l.process.slow) + lanes
	wake := time.Now().Add(d)
	timer := time.NewTimer(d - time.Duration(wake.UnixNano()%lanes) + l.lane)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
