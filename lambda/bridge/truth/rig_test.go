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
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// This file alone knows how the product is called.

var begin = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

var mappings = sync.OnceValues(func() (*mapping.Set, error) { return mapping.Options{}.Load("testdata/mappings") })

// recorder hands the calls on to the service, and keeps which record was put where.
type recorder struct {
	*ssm.Client
	mu     sync.Mutex
	landed map[string][]string // nodes by marker
}

func (s *recorder) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, options ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	s.mu.Lock()
	for _, item := range in.Items {
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
// it was put and what else became of it.
func (w *world) imports(t testing.TB) error {
	t.Helper()
	set, err := mappings()
	if err != nil {
		return err
	}
	listed, err := json.Marshal(w.rows)
	if err != nil {
		return err
	}
	directory, err := node.ParseFile(bytes.NewReader(listed))
	if err != nil {
		return err
	}
	box, err := sandbox.New(sandbox.Config{Nodes: w.seeds(), Clock: func() time.Time { return begin }})
	if err != nil {
		return err
	}
	for _, d := range w.docs {
		if err := d.imported(t.Context(), set, directory, box); err != nil {
			return fmt.Errorf("document %d: %w", d.number, err)
		}
	}
	return nil
}

func (w *world) seeds() []sandbox.Node {
	var list []sandbox.Node
	for _, r := range w.rows {
		list = append(list, sandbox.Node{
			InstanceID: r.InstanceId, ComputerName: r.ComputerName, IPAddress: r.IPAddress, PingStatus: r.PingStatus, InstanceStatus: r.InstanceStatus,
		})
	}
	return list
}

func (d *doc) imported(ctx context.Context, set *mapping.Set, directory *node.Directory, box *sandbox.Sandbox) error {
	service := &recorder{landed: map[string][]string{}, Client: ssm.New(ssm.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: &http.Client{Transport: box.Transport()},
		Retryer: aws.NopRetryer{}, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})}
	state, err := ledger.Open(ctx, newShelf(), ledger.Options{Partitions: 1, Endpoint: "http://sandbox"})
	if err != nil {
		return err
	}
	b := bridge.New(bridge.Config{
		Mappings: set, Ledger: state, SSM: service, Nodes: directory, Region: "us-east-1", Writer: "truth", Now: func() time.Time { return begin },
	})
	said := map[int]string{}
	_, err = b.Import(ctx, intake.Document{
		Source:   document.Inline(fmt.Sprintf("%s-%d", d.source, d.number), []byte(d.text()), begin.Add(-time.Hour)),
		Delivery: mapping.Delivery{Local: true},
	}, bridge.Options{Machines: func(m intake.Machine) {
		said[m.First] = strings.Join(strings.Fields(fmt.Sprint(m.Decision.Outcome, " ", m.Decision.Reason, " ", m.Decision.Rule)), " ")
	}})
	if err != nil {
		return err
	}
	for i, r := range d.records {
		r.landed, r.outcome = service.landed[r.marker], said[i+1]
	}
	return nil
}
