package truth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// This file alone knows how the product is called.

var begin = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

var mappings = sync.OnceValues(func() (*mapping.Set, error) { return load.Options{}.Load("testdata/mappings") })

// recorder hands the calls on to the service, and keeps which record was put where.
type recorder struct {
	*ssm.Client
	mu     sync.Mutex
	landed map[string][]string // nodes by marker
}

func (s *recorder) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, options ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	sent, err := testfiles.Sent(ctx, in, options...)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	for _, item := range sent.Items {
		for _, entry := range item.Content {
			if at := s.landed[entry["Marker"]]; !slices.Contains(at, *in.InstanceId) {
				s.landed[entry["Marker"]] = append(at, *in.InstanceId)
			}
		}
	}
	s.mu.Unlock()
	return s.Client.PutInventory(ctx, in, options...)
}

// imports hands the world's documents in, one after the other, each against an empty state, and writes into each record on which nodes
// it was put and what else became of it. Where the directory changes afterwards, a sweep follows.
func (w *world) imports(t testing.TB) error {
	t.Helper()
	set, err := mappings()
	if err != nil {
		return err
	}
	now := &installation{set: set}
	if err := now.lists(w.rows, w.service); err != nil {
		return err
	}
	before := now
	if w.early != nil {
		before = &installation{set: set}
		if err := before.lists(w.early, w.service); err != nil {
			return err
		}
	}
	for _, d := range w.docs {
		store, landed := newShelf(), map[string][]string{}
		if err := d.imported(t.Context(), before, store, landed); err != nil {
			return fmt.Errorf("document %d: %w", d.number, err)
		}
		if w.early != nil {
			if err := now.sweeps(t.Context(), store, landed); err != nil {
				return fmt.Errorf("document %d: %w", d.number, err)
			}
		}
		for _, r := range d.records {
			r.landed = landed[r.marker]
		}
	}
	return nil
}

// installation is the service with its nodes, and the directory of those.
type installation struct {
	set       *mapping.Set
	directory *node.Directory // nil: the service's
	box       *sandbox.Sandbox
}

func (i *installation) lists(rows []*row, service bool) error {
	var nodes []sandbox.ManagedNode
	for _, r := range rows {
		nodes = append(nodes, sandbox.ManagedNode{
			InstanceID: r.InstanceId, ComputerName: r.ComputerName, Name: r.Name, IPAddress: r.IPAddress, PingStatus: r.PingStatus, InstanceStatus: r.InstanceStatus,
			MACAddresses: r.MacAddresses,
		})
	}
	var err error
	if i.box, err = sandbox.New(sandbox.Config{Nodes: nodes, Clock: func() time.Time { return begin }}); err != nil || service {
		return err
	}
	listed, err := json.Marshal(slices.Concat([]*row{}, rows))
	if err != nil {
		return err
	}
	i.directory, err = node.ParseFile(bytes.NewReader(listed))
	return err
}

// bridge makes a bridge that notes where records land.
func (i *installation) bridge(ctx context.Context, store ledger.Store, landed map[string][]string, now time.Time) (*bridge.Bridge, error) {
	state, err := ledger.Open(ctx, store, ledger.Options{Partitions: 1, Endpoint: "http://sandbox"})
	if err != nil {
		return nil, err
	}
	service := &recorder{landed: landed, Client: ssm.New(ssm.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: &http.Client{Transport: i.box.Transport()},
		Retryer: aws.NopRetryer{}, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})}
	return bridge.New(bridge.Config{
		Mappings: i.set, Ledger: state, SSM: service, Nodes: i.directory, Region: "us-east-1", Writer: "truth", Now: func() time.Time { return now },
	}), nil
}

func (d *doc) imported(ctx context.Context, i *installation, store ledger.Store, landed map[string][]string) error {
	b, err := i.bridge(ctx, store, landed, begin)
	if err != nil {
		return err
	}
	said := map[string]string{}
	_, err = b.Import(ctx, intake.Document{
		Source:   document.Inline(fmt.Sprintf("%s-%d", d.source, d.number), []byte(d.text()), begin.Add(-time.Hour)),
		Delivery: choose.Origin{Local: true},
	}, bridge.Options{Machines: func(m intake.Machine) {
		if m.Key == "" { // each line is a machine of its own
			m.Key = d.records[m.First-1].marker
		}
		said[m.Key] = strings.Join(strings.Fields(fmt.Sprint(m.Decision.Outcome, " ", m.Decision.Reason, " ", m.Decision.Rule)), " ")
	}})
	for _, r := range d.records {
		r.outcome = said[r.marker]
	}
	return err
}

func (i *installation) sweeps(ctx context.Context, store ledger.Store, landed map[string][]string) error {
	b, err := i.bridge(ctx, store, landed, begin.Add(24*time.Hour))
	if err != nil {
		return err
	}
	_, err = b.Sweep(ctx)
	return err
}
