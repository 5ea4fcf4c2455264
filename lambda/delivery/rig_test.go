package delivery

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const (
	web1 = "i-00000000000000001"
	web2 = "i-00000000000000002"
	web3 = "mi-00000000000000003"
)

// nodes are IDs of the right form.
func nodeID(n int) string { return fmt.Sprintf("i-%017x", n) }

// world is a service, a store and a clock. Outside calls are counted, and the process can die before or after one of them.
type world struct {
	mu      sync.Mutex
	now     time.Time
	objects map[string]string
	items   map[string]map[string]types.InventoryItem // by node and type
	puts    []string                                  // "node Type=entries Type=entries"
	calls   int                                       // outside calls
	saves   int                                       // of heads
	dieAt   int                                       // the process dies at this call; 0: it lives
	after   bool                                      // the call at which it dies takes effect
	die     context.CancelFunc
	dead    bool
	answer  func(node string, put int) error // error instead of a put
	lose    func(node string, put int) bool  // the put takes effect, its answer is lost
	onSave  func()                           // called before a head is written
	onPut   func()                           // called before a put takes effect
	schemas []types.InventoryItemSchema
	found   map[string][]map[string]string // by "node type": what the service says that a node holds
	older   int                            // items put with an earlier CaptureTime than the service had
	listed  int                            // questions what a node holds
}

func newWorld() *world {
	return &world{
		now:     time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		objects: map[string]string{}, items: map[string]map[string]types.InventoryItem{},
	}
}

var errDead = errors.New("the process is dead")

// outside counts an outside call and makes it, unless the process is dead.
func (w *world) outside(effect func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return errDead
	}
	w.calls++
	if w.calls != w.dieAt {
		return effect()
	}
	w.dead = true
	w.die()
	if w.after {
		_ = effect()
	}
	return errDead
}

func etag(data string) string { return fmt.Sprintf("%x", data)[:min(2*len(data), 1<<20)] }

func (w *world) Get(_ context.Context, key string) (data []byte, tag string, err error) {
	err = w.outside(func() error {
		text, ok := w.objects[key]
		if !ok {
			return ledger.ErrNotFound
		}
		data, tag = []byte(text), etag(text)
		return nil
	})
	return data, tag, err
}

func (w *world) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	if w.onSave != nil && strings.HasPrefix(key, "heads/") {
		w.onSave()
	}
	return etag(string(data)), w.outside(func() error {
		old, ok := w.objects[key]
		if condition == ledger.Absent && ok || condition != ledger.Absent && condition != ledger.Any && etag(old) != condition {
			return ledger.ErrConflict
		}
		if strings.HasPrefix(key, "heads/") {
			w.saves++
		}
		w.objects[key] = string(data)
		return nil
	})
}

func (w *world) Delete(_ context.Context, key string) error {
	return w.outside(func() error {
		delete(w.objects, key)
		return nil
	})
}

func (w *world) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return &ssm.GetInventorySchemaOutput{Schemas: w.schemas}, w.outside(func() error { return nil })
}

func (w *world) ListInventoryEntries(_ context.Context, in *ssm.ListInventoryEntriesInput, _ ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error) {
	w.listed++
	out := &ssm.ListInventoryEntriesOutput{
		Entries: w.found[aws.ToString(in.InstanceId)+" "+aws.ToString(in.TypeName)], CaptureTime: aws.String("2026-11-20T00:00:00Z"),
	}
	return out, w.outside(func() error { return nil })
}

func (w *world) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(w.objects)) {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

func (w *world) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, options ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	in, err := testfiles.Sent(context.WithoutCancel(ctx), in, options...)
	if err != nil {
		return nil, err
	}
	if w.onPut != nil {
		w.onPut()
	}
	return &ssm.PutInventoryOutput{}, w.outside(func() error {
		node := aws.ToString(in.InstanceId)
		if w.answer != nil {
			if err := w.answer(node, len(w.puts)); err != nil {
				w.puts = append(w.puts, node+" refused")
				return err
			}
		}
		w.store(node, in.Items)
		if w.lose != nil && w.lose(node, len(w.puts)-1) {
			return errors.New("connection reset by peer")
		}
		return nil
	})
}

// store is what the service does with a put: an item with the stored hash is not changed.
func (w *world) store(node string, items []types.InventoryItem) {
	put := node
	if w.items[node] == nil {
		w.items[node] = map[string]types.InventoryItem{}
	}
	for _, i := range items {
		name := aws.ToString(i.TypeName)
		put += fmt.Sprintf(" %s=%d", strings.TrimPrefix(name, "Custom:"), len(i.Content))
		if old, ok := w.items[node][name]; ok && aws.ToString(old.CaptureTime) > aws.ToString(i.CaptureTime) {
			w.older++ // which the service may take for old news
		}
		if old, ok := w.items[node][name]; ok && aws.ToString(old.ContentHash) != "" && aws.ToString(old.ContentHash) == aws.ToString(i.ContentHash) {
			i.Content = old.Content
		}
		w.items[node][name] = i
	}
	w.puts = append(w.puts, put)
}

// holds is what the service has of a node: the IDs of findings, and the roll-up.
func (w *world) holds(node string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(w.items[node])) {
		var entries []string
		for _, e := range w.items[node][name].Content {
			if total, ok := e["Total"]; ok {
				entries = append(entries, fmt.Sprintf("%s:%s/%s", e["Source"], total, e["Cut"]))
				continue
			}
			entries = append(entries, e["Source"]+e["Id"]+e["Name"]+e["State"]+e["Title"])
		}
		parts = append(parts, strings.TrimPrefix(name, "Custom:")+"["+strings.Join(entries, " ")+"]")
	}
	return strings.Join(parts, " ")
}

// catalogue is the types of the tests.
type catalogue map[string]*inventory.Type

func (c catalogue) Type(name string) (*inventory.Type, bool) {
	t, ok := c[name]
	return t, ok
}

func kinds() catalogue {
	summary := &inventory.Type{
		Name: "Custom:Summary", SchemaVersion: "1.0",
		Attributes: []string{"Cut", "HIGH", "Source", "Total"}, Key: []int{2}, Sort: []int{2},
	}
	return catalogue{
		"Custom:Finding": {
			Name: "Custom:Finding", SchemaVersion: "1.0", Attributes: []string{"Id", "LastSeen", "Source", "Title"},
			Volatile: []bool{false, true, false, false}, Key: []int{0, 2}, Sort: []int{0}, Limit: inventory.Limit{Entries: 5},
			Rollup: &inventory.Rollup{Type: summary, Count: 3, Words: []string{"HIGH"}},
		},
		"Custom:Summary": summary,
		"Custom:Asset": {
			Name: "Custom:Asset", SchemaVersion: "1.0", Attributes: []string{"Id", "Source", "Title"},
			Key: []int{0}, Sort: []int{0}, Limit: inventory.Limit{Entries: 3, Reject: true},
		},
		"Custom:Port": {
			Name: "Custom:Port", SchemaVersion: "1.0", Attributes: []string{"Id", "Name", "Source", "State", "Title"}, Key: []int{0, 2}, Sort: []int{0},
			Defaults: []string{"", "", "", "q", ""},
		},
		"Custom:Compliance": {
			Name: "Custom:Compliance", SchemaVersion: "1.0", Attributes: []string{"ComplianceType", "Id"}, Key: []int{0, 1}, Context: []int{0},
		},
	}
}

func shapes(c catalogue) []ledger.TypeShape {
	var list []ledger.TypeShape
	for _, name := range slices.Sorted(maps.Keys(c)) {
		list = append(list, ledger.Shape(c[name]))
	}
	return list
}

// document is a delivery to be made.
type document struct {
	id         string
	at         int // capture and writing time, in minutes after the world's beginning, usually negative
	statements []*ledger.Statement
}

func (d document) open() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
	at := newWorld().now.Add(time.Duration(d.at) * time.Minute)
	h := ledger.Header{Import: d.id, Mapping: "m", Written: at, Received: newWorld().now, Types: shapes(kinds())}
	return h, func(yield func(*ledger.Statement, error) bool) {
		for _, s := range d.statements {
			c := *s
			if c.Captured.IsZero() {
				c.Captured = at
			}
			if !yield(&c, nil) {
				return
			}
		}
	}, nil
}

// says makes a snapshot: one record for each finding ("7" or "7=title"); "-" is a record that says that there is nothing.
func says(node, source string, findings ...string) *ledger.Statement {
	s := &ledger.Statement{Node: node, Source: source, Subject: []string{"hostname=" + node}, Types: []ledger.TypeStatement{{Type: "Custom:Finding"}}}
	for i, f := range findings {
		s.Records = append(s.Records, ledger.RecordResult{Number: i + 1})
		f, remove := strings.CutPrefix(f, "!")
		id, title, _ := strings.Cut(f, "=")
		id, seen, _ := strings.Cut(id, "@")
		if id == "-" {
			continue
		}
		s.Types[0].Rows = append(s.Types[0].Rows, ledger.Row{
			Values: inventory.Entry{id, seen, source, title}, Record: int32(i), Remove: remove,
		})
	}
	return s
}

func merges(node, source string, findings ...string) *ledger.Statement {
	s := says(node, source, findings...)
	s.Merge = true
	return s
}

// after makes a statement of another time, in minutes after the world's beginning.
func after(s *ledger.Statement, minutes int) *ledger.Statement {
	s.Captured = newWorld().now.Add(time.Duration(minutes) * time.Minute)
	return s
}

// owns adds assets to a statement, each a record.
func owns(s *ledger.Statement, assets ...string) *ledger.Statement {
	t := ledger.TypeStatement{Type: "Custom:Asset"}
	for _, a := range assets {
		id, title, _ := strings.Cut(a, "=")
		t.Rows = append(t.Rows, ledger.Row{Values: inventory.Entry{id, s.Source, title}, Record: int32(len(s.Records))})
		s.Records = append(s.Records, ledger.RecordResult{Number: len(s.Records) + 1})
	}
	s.Types = append(s.Types, t)
	return s
}

// process is a process that delivers to a world.
type process struct {
	t      *testing.T
	w      *world
	name   string
	config func(*Config)
	nodes  []differ.Node
}

func (p *process) deliverer(ctx context.Context) (*Deliverer, error) {
	l, err := ledger.Open(ctx, p.w, ledger.Options{Partitions: 1})
	if err != nil {
		return nil, err
	}
	c := Config{
		Ledger: l, SSM: p.w, Types: kinds().Type, Writer: p.name, Clock: func() time.Time { return p.w.now },
		Observe: func(n differ.Node) { p.nodes = append(p.nodes, n) },
	}
	if p.config != nil {
		p.config(&c)
	}
	return New(c), nil
}

// deliver delivers and returns the outcomes as "put=2 stale=1".
func (p *process) deliver(d document) string {
	p.t.Helper()
	part, err := p.try(p.t.Context(), d)
	if err != nil {
		p.t.Fatal(err)
	}
	return outcomes(part)
}

func (p *process) try(ctx context.Context, d document) (receipt.Part, error) {
	deliverer, err := p.deliverer(ctx)
	if err != nil {
		return receipt.Part{}, err
	}
	p.nodes = nil
	part, _, err := deliverer.Deliver(ctx, d.open)
	return part, err
}

func (p *process) plan(d document) receipt.Part {
	p.t.Helper()
	deliverer, err := p.deliverer(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	p.nodes = nil
	part, err := deliverer.Plan(p.t.Context(), d.open)
	if err != nil {
		p.t.Fatal(err)
	}
	return part
}

func outcomes(p receipt.Part) string {
	var words []string
	for _, o := range receipt.Outcomes() {
		if n := p.Counts.Of(o); n > 0 {
			words = append(words, fmt.Sprintf("%s=%d", o, n))
		}
	}
	return strings.Join(words, " ")
}

// ledger is the state as another process reads it.
func (p *process) ledger() *ledger.Ledger {
	p.t.Helper()
	l, err := ledger.Open(p.t.Context(), p.w, ledger.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

// head is the head as it is stored.
func (p *process) head() *ledger.Head {
	p.t.Helper()
	h, err := p.ledger().Load(p.t.Context(), 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return h
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

type statement = ledger.Statement

// bubble runs a test whose waits take no time.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// Names of the SDK, for short signatures.
type (
	ctx          = context.Context
	schemaInput  = ssm.GetInventorySchemaInput
	schemaOutput = ssm.GetInventorySchemaOutput
	options      = ssm.Options
)
