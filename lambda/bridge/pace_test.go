package bridge

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// metered is a service that remembers when it was called, by all processes together.
type metered struct {
	SSM
	mu    sync.Mutex
	down  bool
	calls []time.Time
}

func (m *metered) PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, &types.InternalServerError{}
	}
	m.calls = append(m.calls, time.Now())
	return &ssm.PutInventoryOutput{}, nil
}

func (m *metered) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return &ssm.GetInventorySchemaOutput{}, nil
}

// TestRateOfAllProcesses runs as many deliveries as may run at once on a virtual clock, for long enough that none is done within the time that
// is looked at. All of them busy make the calls a second that were asked for, one that is busy makes its share, and the sweep is one of them.
func TestRateOfAllProcesses(t *testing.T) {
	for _, most := range []int{2, 5, 10} {
		for _, c := range []struct {
			name        string
			busy        int
			sweep       bool // in place of one of the deliveries
			wantPerHour int
		}{
			{"all busy", most, false, 7200},
			{"all busy, one with the sweep", most, true, 7200},
			{"one busy", 1, false, 7200 / most},
			{"the sweep alone", 1, true, 7200 / most},
		} {
			t.Run(fmt.Sprintf("%d, %s", most, c.name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { rateOf(t, most, c.busy, c.sweep, c.wantPerHour) })
			})
		}
	}
}

func rateOf(t *testing.T, most, busy int, sweep bool, want int) {
	const seconds = 100
	service := &metered{}
	share := config.Settings{Rate: 2, Concurrency: most}.PerProcess()
	works := make([]func(context.Context) error, busy)
	for i := range works {
		works[i] = paced(t, service, share, sweep && i == 0, 2*seconds*2/most+1)
	}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var wg sync.WaitGroup
	for _, work := range works {
		wg.Go(func() {
			if err := work(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	within := func(from, to time.Duration) (n int) {
		for _, at := range service.calls {
			if since := at.Sub(begun); since >= from && since < to {
				n++
			}
		}
		return n
	}
	// At its beginning a process makes a call at once; from then on it waits for each.
	if got, exact := within(10*time.Second, (10+seconds)*time.Second), want*seconds/3600; got != exact {
		t.Errorf("%d calls in %d seconds, want %d", got, seconds, exact)
	}
	for from := time.Duration(0); from < seconds*time.Second; from += time.Second {
		if n := within(from, from+10*time.Second); n > 20+busy {
			t.Fatalf("%d calls in the ten seconds from %s on", n, from)
		}
	}
}

// paced makes a process of its own with something to put: what a document states of so many nodes, or as many open intents for the sweep.
func paced(t *testing.T, service *metered, perSecond float64, sweep bool, nodes int) func(context.Context) error {
	t.Helper()
	set, err := testMappings()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), shelf{}, ledger.Options{Partitions: 2, Endpoint: "http://sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	known := make([]node.Node, nodes)
	lines := []string{"Host,Tag,Value"}
	for i := range known {
		known[i] = node.Node{ID: nodeID(i + 1), ComputerName: fmt.Sprintf("web-%d", i+1), PingStatus: "Online"}
		lines = append(lines, fmt.Sprintf("web-%d,owner,team", i+1))
	}
	d := text("fleet.csv", strings.Join(lines, "\n")+"\n", 0)
	d.Source.Time = time.Now()
	b := New(Config{Mappings: set, Ledger: l, SSM: service, Nodes: node.New(known), Rate: perSecond, Writer: "w", Now: time.Now})
	if !sweep {
		return func(ctx context.Context) error {
			_, err := b.Import(ctx, d, Options{})
			return err
		}
	}
	service.down = true
	first := New(Config{Mappings: set, Ledger: l, SSM: service, Nodes: node.New(known), Writer: "v", Now: time.Now})
	got, err := first.Import(t.Context(), d, Options{})
	if err != nil || got.Counts.Of(receipt.Pending) != nodes {
		t.Fatalf("%+v, %v: want %d pending", got.Counts, err, nodes)
	}
	service.down = false
	return func(ctx context.Context) error {
		_, err := b.Sweep(ctx)
		return err
	}
}
