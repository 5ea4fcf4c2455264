package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/events"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// story is a history whose last import is killed between any two of its outside calls.
type story struct {
	name   string
	before []intake.Document
	killed intake.Document
	then   []intake.Document // what another writer does before the killed import goes on
}

func tagged(name string, after time.Duration, rows ...string) intake.Document {
	return text(name, "Host,Tag,Value\n"+strings.Join(rows, "\n")+"\n", after)
}

func listed(name string, after time.Duration, rows ...string) intake.Document {
	return text(name, "Machine,Label\n"+strings.Join(rows, "\n")+"\n", after)
}

// events are lines "host tag value minute"; value "-" removes.
func tagEvents(name string, after time.Duration, lines ...string) intake.Document {
	var b strings.Builder
	for _, line := range lines {
		f := strings.Fields(line)
		at := start.Add(time.Duration(len(f[3])) * time.Minute).Format(time.RFC3339)
		fmt.Fprintf(&b, "{\"tagHost\":%q,\"tag\":%q,\"value\":%q,\"at\":%q,\"gone\":%t}\n", f[0], f[1], f[2], at, f[2] == "-")
	}
	return text(name, b.String(), after)
}

func stories() []story {
	full := tagged("f", 0, "web-1,a,1", "web-1,b,2", "web-2,a,1", "web-3,a,1")
	return []story{
		{"snapshot", nil, full, nil},
		{"changed", []intake.Document{full}, tagged("f", time.Minute, "web-1,a,9", "web-2,a,1", "web-3,a,2"), nil},
		{
			"merge",
			[]intake.Document{tagEvents("e", 0, "web-1 a 1 .", "web-2 a 1 .")},
			tagEvents("e2", time.Minute, "web-1 a - ..", "web-1 b 1 ..", "web-2 a 2 ..", "web-3 c 1 ."), nil,
		},
		{"clear", []intake.Document{full, listed("l", 0, "web-1,mine", "web-2,other")}, tagged("f", time.Minute, "web-1,a,1", "web-9,a,1"), nil},
		{"two sources", []intake.Document{full}, listed("l", time.Minute, "web-1,a", "web-1,z", "web-4,z"), nil},
		{"stale after fresh", []intake.Document{tagged("f", time.Minute, "web-1,a,9", "web-2,a,1", "web-3,b,1")}, full, nil},
		{
			"two writers",
			[]intake.Document{full},
			tagged("f", time.Minute, "web-1,a,9", "web-2,b,1", "web-3,a,1"),
			[]intake.Document{listed("l", time.Minute, "web-1,z", "web-2,b"), tagged("f", 2*time.Minute, "web-1,a,7", "web-2,a,1", "web-3,a,1")},
		},
	}
}

var testMappings = sync.OnceValues(func() (*mapping.Set, error) { return load.Options{}.Load("testdata/mappings") })

// newQuickRig is a rig without a network, with its ledger in memory.
func newQuickRig(t *testing.T, store ledger.Store) *rig {
	t.Helper()
	set, err := testMappings()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, now: start.Add(time.Hour), store: store}
	r.box, err = sandbox.New(sandbox.Config{Nodes: fleet(4), Clock: func() time.Time { return r.now }})
	if err != nil {
		t.Fatal(err)
	}
	r.config = Config{Mappings: set, SSM: clientOf(r.box), Now: func() time.Time { return r.now }, NodesFor: time.Nanosecond}
	r.config.Ledger = r.ledger(store)
	return r
}

// clientOf calls a sandbox without a network, once a call.
func clientOf(box *sandbox.Sandbox) *ssm.Client {
	return ssm.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: new("http://sandbox"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} }, HTTPClient: &http.Client{Transport: box.Transport()},
	})
}

// entrance is how a document comes in, and what of it is left when its process was killed.
type entrance struct {
	name string
	take func(r *rig, b *Bridge, d intake.Document) error
}

func entrances() []entrance {
	return []entrance{
		{"one process", func(r *rig, b *Bridge, d intake.Document) error {
			_, err := b.Import(r.t.Context(), d, Options{})
			return err
		}},
		{"intake and delivery", func(r *rig, b *Bridge, d intake.Document) error {
			_, staged, err := b.Stage(r.t.Context(), d)
			for i := 0; err == nil && i < len(staged); i++ {
				err = b.deliverStaged(r, staged[i])
			}
			return err
		}},
	}
}

// deliverStaged hands a staged delivery to the handler.
func (b *Bridge) deliverStaged(r *rig, p events.Pointer) error {
	var a MessageAnswer
	return b.staged(r.t.Context(), p, func(ctx context.Context, p events.Pointer) ([]byte, error) {
		data, _, err := b.Ledger.Store().Get(ctx, p.Key)
		return data, err
	}, &a)
}

// outcome is what there is in the end.
type outcome struct {
	inventory map[string][]map[string]string
	heads     map[string]*ledger.NodeState
	receipt   receipt.Receipt
}

func (r *rig) outcome(id string) outcome {
	r.t.Helper()
	o := outcome{inventory: r.inventory("Custom:Tag"), heads: map[string]*ledger.NodeState{}}
	for p := range r.config.Ledger.Partitions() {
		h, err := r.config.Ledger.Load(r.t.Context(), p)
		if err != nil {
			r.t.Fatal(err)
		}
		for id, n := range h.Nodes {
			o.heads[id] = n
		}
	}
	data, _, err := r.store.Get(r.t.Context(), "receipts/"+id+"/receipt.json")
	if err == nil {
		err = json.Unmarshal(data, &o.receipt)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

// same compares outcomes. What was put once more has another time and counts twice against the day, and what was found to be put already
// is "unchanged".
func (o outcome) same(t *testing.T, what string, want outcome, others bool) {
	t.Helper()
	if diff := o.diff(want, others); diff != "" {
		t.Fatalf("%s: %s", what, diff)
	}
}

func (o outcome) diff(want outcome, others bool) string {
	if diff := cmp.Diff(want.inventory, o.inventory, cmpopts.EquateEmpty()); diff != "" {
		return "inventory: " + diff
	}
	ignored := []cmp.Option{
		cmpopts.IgnoreFields(ledger.Accepted{}, "At", "Captured"), cmpopts.IgnoreFields(ledger.Day{}, "Bytes"), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want.heads, o.heads, ignored...); diff != "" {
		return "heads: " + diff
	}
	if diff := cmp.Diff(summary(want.receipt, others), summary(o.receipt, others)); diff != "" {
		return "receipt: " + diff
	}
	return ""
}

func summary(r receipt.Receipt, others bool) map[string]any {
	done, stale := r.Counts.Of(receipt.Put)+r.Counts.Of(receipt.Unchanged)+r.Counts.Of(receipt.Duplicate), r.Counts.Of(receipt.Stale)
	if others { // who has said something newer before the import went on
		done, stale = done+stale, 0
	}
	return map[string]any{
		"records": r.Records, "complete": r.Complete, "done": done, "stale": stale, "parked": r.Counts.Of(receipt.Parked),
		"pending": r.Counts.Of(receipt.Pending), "rejected": r.Counts.Of(receipt.Rejected), "absence": r.Absence != nil && r.Absence.Cleared,
	}
}

// TestKilledAtEveryStep kills the process of an import before and after each of its outside calls, and goes on from what is left: the
// message comes again; it has gone to the dead letters, and is redriven later; or it was a command line, and is not repeated. After a
// sweep, inventory, heads and receipt are those of an undisturbed run, or, where nothing was repeated, each node's are those
// from before or from after the import.
func TestKilledAtEveryStep(t *testing.T) {
	var total atomic.Int64
	t.Cleanup(func() { t.Logf("%d kills", total.Load()) })
	for _, s := range stories() {
		for _, e := range entrances() {
			t.Run(s.name+", "+e.name, func(t *testing.T) {
				t.Parallel()
				calm := perform(t, s, e, &axe{}, true)
				steps := calm.steps
				for at := 1; at <= steps; at++ {
					for _, after := range []bool{false, true} {
						what := fmt.Sprintf("killed at call %d of %d (after: %v)", at, steps, after)
						repeated := perform(t, s, e, &axe{at: at, after: after}, true)
						repeated.outcome.same(t, what+", repeated", calm.outcome, s.then != nil)
						abandoned := perform(t, s, e, &axe{at: at, after: after}, false)
						abandoned.consistent(what + ", not repeated")
						abandoned.repeat(s.killed, e).same(t, what+", redriven", calm.outcome, s.then != nil)
						total.Add(2)
					}
				}
			})
		}
	}
}

type performed struct {
	*rig
	steps   int
	id      string
	outcome outcome
}

// perform plays a story. What another writer does happens before the killed import goes on, and in the undisturbed run after it.
func perform(t *testing.T, s story, e entrance, a *axe, again bool) performed {
	t.Helper()
	r := newQuickRig(t, shelf{})
	for _, d := range s.before {
		if err := e.take(r, r.bridge(), d); err != nil {
			t.Fatal(err)
		}
	}
	p := performed{rig: r, id: r.importID(s.killed)}
	err := e.take(r, r.underTheAxe(a), s.killed)
	if a.at == 0 && err != nil {
		t.Fatal(err)
	}
	p.steps = a.calls
	for _, d := range s.then {
		if err := e.take(r, r.bridge(), d); err != nil {
			t.Fatal(err)
		}
	}
	if a.at > 0 && again {
		if err := e.take(r, r.bridge(), s.killed); err != nil {
			t.Fatal(err)
		}
	}
	r.sweep()
	if again {
		p.outcome = r.outcome(p.id)
	}
	return p
}

// importID is the ID that a document's import gets.
func (r *rig) importID(d intake.Document) string {
	r.t.Helper()
	im, _, err := r.bridge().Explain(r.t.Context(), d, Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	return im.Import
}

func (r *rig) sweep() SweepResult {
	r.t.Helper()
	s, err := r.bridge().Sweep(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// repeat is the redrive of the dead letter.
func (p performed) repeat(d intake.Document, e entrance) outcome {
	p.t.Helper()
	if err := e.take(p.rig, p.bridge(), d); err != nil {
		p.t.Fatal(err)
	}
	p.sweep()
	return p.rig.outcome(p.id)
}

// consistent: no intent is open, and the service holds what the ledger's shares make.
func (p performed) consistent(what string) {
	p.t.Helper()
	set, _ := testMappings()
	tag, _ := set.Type("Custom:Tag")
	for partition := range p.config.Ledger.Partitions() {
		h, err := p.config.Ledger.Load(p.t.Context(), partition)
		if err != nil {
			p.t.Fatal(err)
		}
		for id, n := range h.Nodes {
			if n.Intent != nil {
				p.t.Fatalf("%s: the intent of %s is open", what, id)
			}
			want := map[string]bool{}
			for _, share := range n.Type("Custom:Tag").Shares {
				if share.Rows == "" {
					continue
				}
				rows, err := p.config.Ledger.ReadRows(p.t.Context(), h, tag.Inventory, share.Rows)
				if err != nil {
					p.t.Fatal(err)
				}
				for _, row := range rows.Rows {
					want[row[0]] = true
				}
			}
			got := map[string]bool{}
			for _, e := range p.entries(id, "Custom:Tag") {
				got[e["Name"]] = true
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				p.t.Fatalf("%s: %s: %s", what, id, diff)
			}
		}
	}
}
