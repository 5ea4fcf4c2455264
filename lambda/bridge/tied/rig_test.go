// Package tied tests that a source's own number of a machine leads to the node to which an earlier import has tied it.
package tied

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

const (
	web1 = "i-00000000000000001"
	web2 = "i-00000000000000002"
	db1  = "i-00000000000000003"

	aid1 = "8fc65315612b4f6b96d356ad11cd0e6a"
	aid2 = "11112222333344445555666677778888"
	aid3 = "99990000aaaabbbbccccddddeeeeffff"
)

// start is when the first document was written.
var start = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)

var mappings = sync.OnceValues(func() (*mapping.Set, error) { return load.Options{}.Load("testdata/mappings") })

// fleet is three nodes with names, addresses and serials.
func fleet() []node.Node {
	return []node.Node{
		{ID: web1, ComputerName: "web-1", IPAddress: "10.0.0.1", Serials: []string{"ser-1"}, PingStatus: "Online"},
		{ID: web2, ComputerName: "web-2", IPAddress: "10.0.0.2", Serials: []string{"ser-2"}, PingStatus: "Online"},
		{ID: db1, ComputerName: "db-1", IPAddress: "10.0.0.3", Serials: []string{"ser-3"}, PingStatus: "Online"},
	}
}

// installation is an account and its state.
type installation struct {
	tb    testing.TB
	box   *sandbox.Sandbox
	store *shelf
	now   time.Time
	nodes []node.Node
}

func install(tb testing.TB, nodes ...node.Node) *installation {
	tb.Helper()
	in := &installation{tb: tb, now: start.Add(time.Hour), nodes: nodes, store: newShelf()}
	var list []sandbox.ManagedNode
	for _, n := range nodes {
		list = append(list, sandbox.ManagedNode{InstanceID: n.ID, ComputerName: n.ComputerName, IPAddress: n.IPAddress, PingStatus: n.PingStatus})
	}
	var err error
	in.box, err = sandbox.New(sandbox.Config{Nodes: list, Clock: func() time.Time { return in.now }})
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// bridge is a process of its own.
func (in *installation) bridge() *bridge.Bridge {
	in.tb.Helper()
	return bridge.New(in.config(in.store))
}

// config is what a process works with whose state is in a store.
func (in *installation) config(store ledger.Store) bridge.Config {
	in.tb.Helper()
	set, err := mappings()
	if err != nil {
		in.tb.Fatal(err)
	}
	in.now = in.now.Add(time.Second) // the runs of an import are told apart by their time
	now := func() time.Time { return in.now }
	c := bridge.Config{
		Mappings: set, Nodes: node.New(in.nodes), Region: "eu-west-1", Writer: "tied", Now: now,
		SSM: ssm.New(ssm.Options{
			Region: "eu-west-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: &http.Client{Transport: in.box.Transport()},
			Retryer: aws.NopRetryer{}, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		}),
	}
	c.Ledger, err = ledger.Open(in.tb.Context(), store, ledger.Options{Now: now, Partitions: 3, Endpoint: "http://sandbox", Start: in.box.StartID()})
	if err != nil {
		in.tb.Fatal(err)
	}
	return c
}

// doc is a CSV, and when it was written.
func doc(name, text string, after time.Duration) intake.Document {
	return intake.Document{Source: document.Inline(name, bytes.Clone([]byte(text)), start.Add(after)), Delivery: choose.Origin{Local: true}}
}

func (in *installation) try(ctx context.Context, d intake.Document) (receipt.Receipt, error) {
	got, err := in.bridge().Import(ctx, d, bridge.Options{})
	if err == nil && got.Counts.Sum() != got.Records {
		err = fmt.Errorf("the outcomes sum up to %d of %d records", got.Counts.Sum(), got.Records)
	}
	return got, err
}

func (in *installation) put(d intake.Document) receipt.Receipt {
	in.tb.Helper()
	got, err := in.try(in.tb.Context(), d)
	if err != nil {
		in.tb.Fatal(err)
	}
	return got
}

func (in *installation) sweep() bridge.SweepResult {
	in.tb.Helper()
	got, err := in.bridge().Sweep(in.tb.Context())
	if err != nil {
		in.tb.Fatal(err)
	}
	return got
}

// holds is what a node holds of the flaws' type, sorted.
func (in *installation) holds(id string) string { return in.values(id, "Custom:TiedFlaw", "Id") }

// values is what a node holds of an attribute of a type, sorted.
func (in *installation) values(id, typeName, attribute string) string {
	item, _ := in.box.Inventory(id, typeName)
	var ids []string
	for _, e := range item.Entries {
		ids = append(ids, e[attribute])
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// tied is which numbers the heads tie to which nodes: "node family key source", sorted.
func (in *installation) tied() []string {
	in.tb.Helper()
	var list []string
	for id, n := range in.states() {
		for _, family := range slices.Sorted(maps.Keys(n.Numbers)) {
			for _, k := range n.Numbers[family] {
				list = append(list, fmt.Sprintf("%s %s %s %s %s", id, family, k.Key, k.By, k.At.Format(time.DateOnly)))
			}
		}
	}
	slices.Sort(list)
	return list
}

// states are what the heads hold of all nodes.
func (in *installation) states() map[string]*ledger.NodeState {
	in.tb.Helper()
	l, err := ledger.Open(in.tb.Context(), in.store, ledger.Options{Endpoint: "http://sandbox", Start: in.box.StartID()})
	if err != nil {
		in.tb.Fatal(err)
	}
	all := map[string]*ledger.NodeState{}
	for p := range l.Partitions() {
		h, err := l.Load(in.tb.Context(), p)
		if err != nil {
			in.tb.Fatal(err)
		}
		maps.Copy(all, h.Nodes)
	}
	return all
}
