// Package sandbox is a local AWS for laptops and tests: the inventory part of Systems Manager with its real limits, errors, hash,
// schema and retention rules, and S3, both on one endpoint and over their wire protocols. It knows the two services from outside; it does
// not know who uses them or what for.
//
// The rules come from the AWS API reference of Systems Manager. Where AWS leaves a question open, the sandbox has one answer by default
// and, where another is as easy, a field of Switches for the other.
//
// It is one package, since nearly every file needs what exists once: the lock and the clock, the faults and hooks for requests of either
// service, the counts and the endpoint. What it adds to the library behind S3 is in s3.go, s3get.go and s3store.go; each inventory
// operation has a file.
package sandbox

import (
	"bytes"
	"cmp"
	cryptorand "crypto/rand"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	defaultAccount       = "123456789012"
	defaultDeletionDelay = time.Minute
)

// Config is what a sandbox holds at its start and how it behaves. The zero value is a usable, empty sandbox.
type Config struct {
	Nodes    []ManagedNode    // managed nodes to begin with
	Objects  string           // directory whose files <bucket>/<key> are objects; "" for none
	Clock    func() time.Time // nil: time.Now. Advance moves an offset on top
	Account  string           // 12 digits, default 123456789012
	Region   string           // default us-east-1
	Switches Switches         // answers to what AWS leaves open
	Faults   []Fault          // injected at the start
	Seed     int64            // of the generator that faults with a probability draw from

	RequestsPerSecond float64       // refill of the one token bucket all inventory calls share; 0: no limit
	Burst             int           // size of that bucket; 0: one second's worth, at least 1
	DeletionDelay     time.Duration // from DeleteInventory to its completion, on the sandbox's clock; 0: one minute
}

// Sandbox is the two services with their state. It is an http.Handler and safe for concurrent use.
type Sandbox struct {
	config  Config
	startID string
	builtin map[string]*builtinType // AWS's own types by name
	objects *objectStore

	mu        sync.Mutex
	switches  Switches
	offset    time.Duration // what Advance has added to the clock
	pinned    time.Time     // while a task is done: the time at which it was due
	nodes     map[string]*registeredNode
	sortedIDs []string // of nodes, nil after a change of nodes
	custom    map[string]*customType
	deletions []*deletion // oldest first
	events    []Event
	faults    []*armedFault
	random    *rand.Rand
	tasks     []task        // in the order in which they are due
	bucket    *rate.Limiter // of inventory calls
	counts    Counts
	nodeCalls map[string]map[string]int // by node, then by operation
	dayBytes  map[nodeDay]int64
}

// New makes a sandbox. It fails where a node's ID is malformed or stands there twice, or the directory of objects can't be read.
func New(c Config) (*Sandbox, error) {
	c.Account = cmp.Or(c.Account, defaultAccount)
	c.Region = cmp.Or(c.Region, "us-east-1")
	c.DeletionDelay = cmp.Or(c.DeletionDelay, defaultDeletionDelay)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Sandbox{
		config:    c,
		startID:   newUUID(),
		builtin:   newBuiltinTypes(),
		switches:  c.Switches,
		nodes:     make(map[string]*registeredNode, len(c.Nodes)),
		custom:    map[string]*customType{},
		random:    rand.New(rand.NewPCG(uint64(c.Seed), 0)), //nolint:gosec // any bits will do for a seed
		bucket:    newBucket(c.RequestsPerSecond, c.Burst),
		counts:    Counts{Calls: map[string]int{}, Errors: map[string]int{}},
		nodeCalls: map[string]map[string]int{},
		dayBytes:  map[nodeDay]int64{},
	}
	for i, n := range c.Nodes {
		if _, known := s.nodes[n.InstanceID]; known {
			return nil, fmt.Errorf("sandbox: node %d: its InstanceId was given before: give each node once", i+1)
		}
		if err := n.check(); err != nil {
			return nil, fmt.Errorf("sandbox: node %d: %w", i+1, err)
		}
		s.register(n)
	}
	objects, err := newObjectStore(c.Objects, s.Now)
	if err != nil {
		return nil, err
	}
	s.objects = objects
	for _, f := range c.Faults {
		s.Inject(f)
	}
	return s, nil
}

// StartID is a random name of this sandbox: a client's state that was made with another sandbox is not valid here.
func (s *Sandbox) StartID() string { return s.startID }

// Now is the sandbox's time: the configured clock and all that Advance has added.
func (s *Sandbox) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is Now for those who hold the lock.
func (s *Sandbox) now() time.Time {
	if !s.pinned.IsZero() {
		return s.pinned
	}
	return s.config.Clock().Add(s.offset).UTC()
}

// Advance moves the sandbox's clock forward: retention, the day quota, deletions and late calls follow it.
func (s *Sandbox) Advance(d time.Duration) {
	s.enter()
	defer s.mu.Unlock()
	s.offset += d
	s.settle()
}

// task is something that is done later: the end of a deletion, or a call whose connection was cut and that is executed all the same.
type task struct {
	due time.Time
	do  func()
}

// schedule has something done at a time. The caller holds the lock.
func (s *Sandbox) schedule(due time.Time, do func()) {
	s.tasks = append(s.tasks, task{due, do})
	slices.SortStableFunc(s.tasks, func(a, b task) int { return a.due.Compare(b.due) })
}

// enter takes the lock and first does what is due.
func (s *Sandbox) enter() {
	s.mu.Lock()
	s.settle()
}

// settle does what is due, one task after the other and each at its own time.
func (s *Sandbox) settle() {
	for len(s.tasks) > 0 && !s.now().Before(s.tasks[0].due) {
		first := s.tasks[0]
		s.tasks = s.tasks[1:]
		s.pinned = first.due
		first.do()
		s.pinned = time.Time{}
	}
}

// PutObject stores an object as an upload would, making the bucket where there is none.
func (s *Sandbox) PutObject(bucket, key string, body []byte) error {
	meta := map[string]string{"Last-Modified": s.Now().Format(http.TimeFormat)}
	if _, err := s.objects.PutObject(bucket, key, meta, bytes.NewReader(body), int64(len(body)), nil); err != nil {
		return fmt.Errorf("sandbox: put object: %w", err)
	}
	return nil
}

// ServeHTTP answers the sandbox's own hooks, inventory calls and S3 requests, recognized in this order.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, HookPrefix):
		s.serveHook(w, r)
	case r.Header.Get("X-Amz-Target") != "" || strings.HasPrefix(r.Header.Get("Content-Type"), jsonContentType):
		s.serveInventory(w, r)
	default:
		s.serveObjects(w, r)
	}
}

// newUUID is a random version 4 UUID in lower case.
func newUUID() string {
	var b [16]byte
	_, _ = cryptorand.Read(b[:]) // documented to never fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
