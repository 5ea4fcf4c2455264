package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// night is what a night of a fleet does: its feeds name every node, and state something new of the changed ones. The sweep is one at a time
// at which nothing is due; the refresh is that many hourly sweeps, in which each item is confirmed once.
type night struct {
	Nodes      int                       `json:"nodes"`
	Partitions int                       `json:"partitions"`
	Feeds      int                       `json:"feeds"`
	Changed    int                       `json:"changed"` // nodes, by each feed
	Intake     map[string]int            `json:"intake"`  // calls, by action
	Delivery   map[string]int            `json:"delivery"`
	Sweep      map[string]int            `json:"sweep"`
	Refresh    map[string]int            `json:"refresh"`
	Sweeps     int                       `json:"sweeps"` // of the refresh
	KiB        map[string]map[string]int `json:"kib"`    // that each writes, by the first part of the key; under uploads what intake reads. First: when all was new
}

// feeds are the sources of a night. All of them state rows of one type, so a changed node is composed of the rows of all.
const feeds = 5

// feedMapping is one of them: a row a node, of about 300 bytes.
const feedMapping = `version: 1
mapping: feed-%[1]d
about: one of the feeds that are counted
match:
  - s3: {key: "feed-%[1]d/**"}
each: $rows
identify: {hostname: Host}
Custom:Asset:
  Name: Host
  SerialNumber: Serial
  Location: Place
  Owner: Owner
  OS: OS
  Model: Model
  UpdatedAt: Updated
`

// feed is a document of a day: rows that differ from node to node, and of the changed nodes from day to day.
func feed(n, day, nodes, changed int) string {
	var b strings.Builder
	b.WriteString("Host,Serial,Place,Owner,OS,Model,Updated\n")
	for i := range nodes {
		state := 0
		if i%(nodes/changed) == 0 {
			state = day
		}
		mixed := uint64(i+1)*0x9E3779B97F4A7C15 + uint64(n*100+state)*0xBF58476D1CE4E5B9
		fmt.Fprintf(&b, "web-%d,%016x%d,Building %d room %d rack %d,team-%x@example.com,Linux %d.%d,Model %x-%d,2026-03-%02dT06:00:00Z\n",
			i+1, mixed, n, i%7, mixed%40, mixed%97, mixed>>40, mixed%9, state, mixed>>52, n, state+1)
	}
	return b.String()
}

// counting is the sandbox behind a count of what each caller asks. The callers are told by their access keys.
type counting struct {
	http.Handler
	mu    sync.Mutex
	calls map[string]map[string]int
	bytes map[string]map[string]int64
}

var accessKey = regexp.MustCompile(`Credential=([a-z]+)/`)

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if key := accessKey.FindStringSubmatch(r.Header.Get("Authorization")); key != nil {
		c.count(key[1], r)
	}
	c.Handler.ServeHTTP(w, r)
}

func (c *counting) count(caller string, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[caller] == nil {
		c.calls[caller], c.bytes[caller] = map[string]int{}, map[string]int64{}
	}
	c.calls[caller][actionOf(r)]++
	parts := strings.Split(r.URL.Path, "/") // "", bucket, prefix
	if r.Method == http.MethodPut && len(parts) > 2 {
		c.bytes[caller][parts[2]] += r.ContentLength
	}
}

func actionOf(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return "ssm:" + target[strings.Index(target, ".")+1:]
	}
	switch {
	case r.Method == http.MethodGet && r.URL.Query().Has("list-type"):
		return "s3:ListBucket"
	case r.Method == http.MethodPut:
		return "s3:PutObject"
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return "s3:GetObject"
	}
	return "s3:DeleteObject"
}

// counted is an installation of two roles, of which each call is counted.
type counted struct {
	*testing.T
	box      *sandbox.Sandbox
	calls    *counting
	endpoint string
	now      time.Time
	config   Config
	waiting  []signal.Message
	sends    map[string]int // calls of the queue, by caller
}

func newCounted(t *testing.T, nodes, partitions int) *counted {
	t.Helper()
	c := &counted{T: t, now: start, sends: map[string]int{}}
	var err error
	if c.box, err = sandbox.New(sandbox.Config{Nodes: fleet(nodes), Clock: func() time.Time { return c.now }}); err != nil {
		t.Fatal(err)
	}
	c.calls = &counting{Handler: c.box, calls: map[string]map[string]int{}, bytes: map[string]map[string]int64{}}
	server := httptest.NewServer(c.calls)
	t.Cleanup(server.Close)
	c.endpoint = server.URL
	dir := t.TempDir()
	for n := range feeds {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("feed-%d.yaml", n)), fmt.Appendf(nil, feedMapping, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.config = Config{Now: func() time.Time { return c.now }, Place: Place{Bucket: "state"}}
	if c.config.Mappings, err = (load.Options{}).Load(dir); err != nil {
		t.Fatal(err)
	}
	c.as("setup", "", partitions) // which makes the installation
	return c
}

// as is a process of a role that has just started, and calls under a name.
func (c *counted) as(caller string, role Role, partitions int) *Bridge {
	c.Helper()
	settings := aws.Config{Region: "us-east-1", BaseEndpoint: &c.endpoint, Credentials: credentials.NewStaticCredentialsProvider(caller, "test", "")}
	objects := s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true; o.DisableLogOutputChecksumValidationSkipped = true })
	l, err := ledger.Open(c.Context(), ledger.S3(objects, "state", ""), ledger.Options{
		Now: c.config.Now, Partitions: partitions, Endpoint: "http://sandbox", Guest: role == RoleIntake,
	})
	if err != nil {
		c.Fatal(err)
	}
	config := c.config
	config.Role, config.Ledger, config.Objects, config.SSM, config.Writer = role, l, objects, ssm.NewFromConfig(settings), caller
	config.Queue, config.Bus = &countedQueue{c, caller}, &line{}
	return New(config)
}

// countedQueue is the queue of deliveries as a role calls it.
type countedQueue struct {
	*counted
	caller string
}

func (q *countedQueue) Send(_ context.Context, messages []signal.Message) error {
	q.sends[q.caller] += (len(messages) + 9) / 10 // a call takes ten
	q.waiting = append(q.waiting, messages...)
	return nil
}

func (q *countedQueue) Again(context.Context, string, time.Duration) error { return nil }

// handle hands an event to a bridge; what it says of it must be good.
func (c *counted) handle(b *Bridge, event string) {
	c.Helper()
	if got := only(c.T, b, json.RawMessage(event)); got.Error != "" {
		c.Fatal(got.Error)
	}
}

// deliver hands what waits in the queue to a process, until nothing waits; returns how many messages it was.
func (c *counted) deliver(b *Bridge) (n int) {
	c.Helper()
	for ; len(c.waiting) > 0; n++ {
		body := c.waiting[0].Body
		c.waiting = c.waiting[1:]
		c.handle(b, body)
	}
	return n
}

// feed takes the feeds of a day in, an hour apart, and delivers them. Each comes to processes that have just started.
func (c *counted) feed(day int, callers []string, n night) {
	c.Helper()
	for i := range n.Feeds {
		c.now = start.Add(time.Duration(24*day+i) * time.Hour)
		key, body := fmt.Sprintf("feed-%d/day-%d.csv", i, day), feed(i, day, n.Nodes, n.Changed)
		if err := c.box.PutObject("uploads", key, []byte(body)); err != nil {
			c.Fatal(err)
		}
		c.handle(c.as(callers[0], RoleIntake, n.Partitions), fmt.Sprintf(`{"document":{"bucket":"uploads","key":%q}}`, key))
		messages := c.deliver(c.as(callers[1], RoleDelivery, n.Partitions))
		c.sends[callers[1]+" messages"] += messages
	}
}

// countNight counts a night of a fleet, after a first one in which all was new. Without refresh that part stays as the golden has it.
func countNight(t *testing.T, golden night, refresh bool) night {
	t.Helper()
	n := night{Nodes: golden.Nodes, Partitions: golden.Partitions, Feeds: golden.Feeds, Changed: max(golden.Nodes/50, 1)}
	c := newCounted(t, n.Nodes, n.Partitions)
	c.feed(0, []string{"first", "first"}, n)
	before := c.box.Counts().Calls["PutInventory"]
	c.feed(1, []string{"intake", "delivery"}, n)
	if put := c.box.Counts().Calls["PutInventory"] - before; put != n.Feeds*n.Changed || before != n.Feeds*n.Nodes {
		t.Errorf("%d calls of PutInventory at first and %d of %d changed nodes", before, put, n.Feeds*n.Changed)
	}
	c.sweep("sweep", n)
	n.Intake, n.Delivery, n.Sweep = c.calls.calls["intake"], c.calls.calls["delivery"], c.calls.calls["sweep"]
	n.Intake["sqs:SendMessage"], n.Delivery["sqs:ReceiveMessage"] = c.sends["intake"], c.sends["delivery messages"]
	n.KiB = map[string]map[string]int{}
	for _, caller := range []string{"first", "intake", "delivery", "sweep"} {
		n.KiB[caller] = c.written(caller)
	}
	n.KiB["intake"]["uploads"] = about(float64(len(feed(0, 1, n.Nodes, n.Changed))*n.Feeds) / 1024)
	n.Sweeps, n.Refresh, n.KiB["refresh"] = golden.Sweeps, golden.Refresh, golden.KiB["refresh"]
	if refresh {
		n.Sweeps = 0
		for c.now = start.Add(14 * 24 * time.Hour); c.now.Before(start.Add(23 * 24 * time.Hour)); n.Sweeps++ {
			c.sweep("refresh", n)
		}
		n.Refresh, n.KiB["refresh"] = c.calls.calls["refresh"], c.written("refresh")
	}
	return n
}

// written is how many KiB a caller has written, by the first part of the key.
func (c *counted) written(caller string) map[string]int {
	kib := map[string]int{}
	for prefix, bytes := range c.calls.bytes[caller] {
		kib[prefix] = about(float64(bytes) / 1024)
	}
	return kib
}

// sweep is an hourly sweep, with the messages that it sends itself where its time does not suffice.
func (c *counted) sweep(caller string, n night) {
	c.Helper()
	c.now = c.now.Add(time.Hour)
	c.handle(c.as(caller, RoleDelivery, n.Partitions), `{"sweep":{}}`)
	c.deliver(c.as(caller, RoleDelivery, n.Partitions))
}

// about rounds to two digits, since what is compressed differs a little from run to run.
func about(n float64) int {
	unit := math.Pow(10, max(math.Floor(math.Log10(n))-1, 0))
	return int(math.Ceil(n/unit) * unit)
}

// TestCallsOfANight keeps infra/testdata/nights.json, of which the table of costs is made: a single record, a fleet of 64 partitions, and a
// fiftieth of one of 100,000 nodes and 1,024 partitions. The last, and what the sweep refreshes, are counted with INVBRIDGE_FLEET alone.
func TestCallsOfANight(t *testing.T) {
	path := testfiles.Path(t, "infra", "testdata", "nights.json")
	var nights []night
	if err := json.Unmarshal(testfiles.Read(t, path), &nights); err != nil {
		t.Fatal(err)
	}
	all := os.Getenv("INVBRIDGE_FLEET") != ""
	for i, n := range nights {
		if all || n.Nodes <= 1000 {
			nights[i] = countNight(t, n, all)
		}
	}
	got, err := json.MarshalIndent(nights, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testfiles.Golden(t, path, append(got, '\n'))
}
