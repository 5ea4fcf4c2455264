package meaning

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// written is when the first document of a row was written, the others a minute after each other. The clock stands later.
var written = time.Date(2026, 12, 9, 6, 0, 0, 0, time.UTC)

var builtins = sync.OnceValues(load.Builtin)

// row is some documents, in the order in which they were written, and what nodes hold after them, whatever the order of their delivery.
type row struct {
	name    string
	nodes   string // a file of nodes; by default nodesCSV
	docs    []doc
	refused bool // the documents are: what nodes hold is what they held
	want    []holds
	sums    map[receipt.Outcome]int // of the last document in the order of writing, where it came last; others are not looked at
}

// doc is a document: a file, or its text.
type doc struct {
	file, text string
	as         string        // the node, for a document that names none
	key        string        // of the object, where it says what the document does not
	later      time.Duration // how much later than its place in the row says it was written
}

// holds is what a node holds of a type: attributes of its entries, with bars between them. "Attribute?" is whether it has a value.
type holds struct {
	node, typeName, attributes string
	entries                    []string
	count                      int  // where not each is named
	passes                     bool // whether each value is PASS is asked, not which it is
}

// delivered hands the documents over in an order, each a process of its own, and returns what differs from the wanted.
func (r *row) delivered(ctx context.Context, dir string, order []int) error {
	in, err := install(ctx, r.nodes, dir)
	if err != nil {
		return err
	}
	var last receipt.Receipt
	for _, i := range order {
		if last, err = in.put(ctx, fmt.Sprint(i), r.docs[i], written.Add(time.Duration(i)*time.Minute+r.docs[i].later)); (err != nil) != r.refused {
			return fmt.Errorf("document %d: error %w, refused %v", i+1, err, r.refused)
		}
	}
	for _, h := range r.want {
		if err := h.check(in.box); err != nil {
			return err
		}
	}
	if order[len(order)-1] != len(r.docs)-1 {
		return nil
	}
	for outcome, n := range r.sums {
		if got := last.Counts.Of(outcome); got != n {
			return fmt.Errorf("%d records %s, want %d: %v", got, outcome, n, last.Counts)
		}
	}
	return nil
}

func (h *holds) check(box *sandbox.Sandbox) error {
	item, _ := box.Inventory(h.node, h.typeName)
	if h.count > 0 {
		if len(item.Entries) != h.count {
			return fmt.Errorf("%s holds %d × %s, want %d", h.node, len(item.Entries), h.typeName, h.count)
		}
		return nil
	}
	var got []string
	for _, e := range item.Entries {
		var values []string
		for name := range strings.FieldsSeq(h.attributes) {
			name, asked := strings.CutSuffix(name, "?")
			value := e[name]
			if asked {
				value = map[bool]string{true: "yes", false: "no"}[value != ""]
			}
			if h.passes {
				value = map[bool]string{true: "yes", false: "no"}[value == "PASS"]
			}
			values = append(values, value)
		}
		got = append(got, strings.Join(values, "|"))
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(h.entries))
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("%s, %s, %s (-want +got):\n%s", h.node, h.typeName, h.attributes, diff)
	}
	return nil
}

// installation is an account with nodes and a state in a directory.
type installation struct {
	box    *sandbox.Sandbox
	config bridge.Config
}

// install makes one with a state in a directory; "": in memory.
func install(ctx context.Context, nodes, dir string) (*installation, error) {
	if nodes == "" {
		nodes = nodesCSV
	}
	var list []sandbox.ManagedNode
	err := nodefile.Parse(strings.NewReader(nodes), func(r nodefile.Record) string {
		list = append(list, sandbox.ManagedNode{InstanceID: r.InstanceID, ComputerName: r.ComputerName, IPAddress: r.IPAddress, PingStatus: "Online"})
		return ""
	})
	if err != nil {
		return nil, err
	}
	directory, err := node.ParseFile(strings.NewReader(nodes))
	if err != nil {
		return nil, err
	}
	set, err := builtins()
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return written.Add(8 * 24 * time.Hour) }
	in := &installation{}
	if in.box, err = sandbox.New(sandbox.Config{Nodes: list, Clock: now}); err != nil {
		return nil, err
	}
	in.config = bridge.Config{
		Mappings: set, Nodes: directory, Region: "eu-west-1", Writer: "meaning", Now: now,
		SSM: ssm.New(ssm.Options{
			Region: "eu-west-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: &http.Client{Transport: in.box.Transport()},
			Retryer: aws.NopRetryer{}, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		}),
	}
	store := ledger.Dir(dir)
	if dir == "" {
		store = newShelf()
	}
	in.config.Ledger, err = ledger.Open(ctx, store, ledger.Options{Now: now, Partitions: 2, Endpoint: "http://sandbox", Start: in.box.StartID()})
	return in, err
}

func (in *installation) put(ctx context.Context, name string, d doc, at time.Time) (receipt.Receipt, error) {
	text, source := []byte(d.text), name
	if d.file != "" {
		var err error
		if text, err = os.ReadFile(d.file); err != nil {
			return receipt.Receipt{}, err
		}
		source = filepath.Base(d.file)
	}
	document := intake.Document{Source: document.Inline(source, bytes.Clone(text), at), Delivery: choose.Origin{Local: true, Key: d.key}}
	if d.as != "" {
		document.As = node.Subject{NodeID: []string{d.as}}
	}
	got, err := bridge.New(in.config).Import(ctx, document, bridge.Options{})
	if err == nil && got.Counts.Sum() != got.Records {
		err = fmt.Errorf("the outcomes sum up to %d of %d records", got.Counts.Sum(), got.Records)
	}
	return got, err
}

// orders are all orders of up to four documents, and two of more.
func orders(n int) [][]int {
	forth := make([]int, n)
	for i := range forth {
		forth[i] = i
	}
	if n > 4 {
		back := slices.Clone(forth)
		slices.Reverse(back)
		return [][]int{forth, back}
	}
	list := [][]int{{}}
	for range n {
		var longer [][]int
		for _, begun := range list {
			for _, i := range forth {
				if !slices.Contains(begun, i) {
					longer = append(longer, append(slices.Clone(begun), i))
				}
			}
		}
		list = longer
	}
	return list
}

// wants runs rows; one that is on the list of those that wait must fail yet.
func wants(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var errs []string
			for _, order := range orders(len(r.docs)) {
				if err := r.delivered(t.Context(), t.TempDir(), order); err != nil {
					errs = append(errs, fmt.Sprintf("delivered as %v: %v", order, err))
				}
			}
			part, waits := waits[r.name]
			switch {
			case waits && len(errs) == 0:
				t.Errorf("passes: %s is done, so take it from the list of rows that wait", part)
			case waits:
				t.Logf("waits for %s: %s", part, errs[0])
			case len(errs) > 0:
				t.Error(strings.Join(errs, "\n"))
			}
		})
	}
}
