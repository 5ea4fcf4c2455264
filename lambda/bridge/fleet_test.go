package bridge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// countingStore counts what is done with heads, and with all objects.
type countingStore struct {
	ledger.Store
	read, written int // heads
	gets, puts    int // heads and packs
	all           int // objects of any kind that were written
}

func isLedgers(key string) bool {
	return strings.HasPrefix(key, "heads/") || strings.HasPrefix(key, "packs/")
}

func (s *countingStore) Get(ctx context.Context, key string) ([]byte, string, error) {
	if strings.HasPrefix(key, "heads/") {
		s.read++
	}
	if isLedgers(key) {
		s.gets++
	}
	return s.Store.Get(ctx, key)
}

func (s *countingStore) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	if strings.HasPrefix(key, "heads/") {
		s.written++
	}
	if isLedgers(key) {
		s.puts++
	}
	s.all++
	return s.Store.Put(ctx, key, data, condition)
}

// willing is a service that takes everything and remembers nothing.
type willing struct {
	SSM
	calls int
}

func (w *willing) PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	w.calls++
	return &ssm.PutInventoryOutput{}, nil
}

func (w *willing) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return &ssm.GetInventorySchemaOutput{}, nil
}

// fleetRegister is a register of nodes, of which every fiftieth has another owner in each version.
func fleetRegister(n, version int) string {
	var b strings.Builder
	b.WriteString("Host,Tag,Value\n")
	for i := range n {
		owner := i % 7
		if i%50 == 0 {
			owner = 10 + version
		}
		fmt.Fprintf(&b, "web-%d,owner,team-%d\nweb-%d,place,rack-%d\n", i+1, owner, i+1, i%90)
	}
	return b.String()
}

// TestALargeFleet imports a register of INVBRIDGE_FLEET nodes (else 3,000) that speaks for all of them, and then the same again: that takes
// no call, and reads and writes the head of each partition once. Then a fiftieth changes, night after night: however many nodes of a partition
// do, its delivery writes three objects of the ledger at most, and reads few.
func TestALargeFleet(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("INVBRIDGE_FLEET"))
	if err != nil {
		n = 3000
	}
	nodes := make([]node.Node, n)
	for i := range n {
		nodes[i] = node.Node{ID: nodeID(i + 1), ComputerName: fmt.Sprintf("web-%d", i+1), PingStatus: "Online"}
	}
	set, err := testMappings()
	if err != nil {
		t.Fatal(err)
	}
	of := []int{64, 1024}
	if n < 50_000 { // so that each has nodes
		of = []int{16, 64}
	}
	for _, partitions := range of {
		t.Run(fmt.Sprint(partitions, " partitions"), func(t *testing.T) {
			store := &countingStore{Store: ledger.Dir(filepath.Join(t.TempDir(), "state"))}
			service := &willing{}
			c := Config{Mappings: set, SSM: service, Nodes: node.New(nodes), Writer: "w"}
			some := (n + 49) / 50
			for round, want := range []int{n, 0, some, some, some} {
				c.Ledger, err = ledger.Open(t.Context(), store, ledger.Options{Partitions: partitions, Endpoint: "http://sandbox"})
				if err != nil {
					t.Fatal(err)
				}
				store.read, store.written, store.gets, store.puts, store.all, service.calls = 0, 0, 0, 0, 0, 0
				begun, cpu := time.Now(), cpuTime()
				d := text("fleet.csv", fleetRegister(n, max(0, round-1)), time.Duration(round)*time.Minute)
				d.Source.Time = start.Add(time.Duration(round) * time.Minute)
				got, err := New(c).Import(t.Context(), d, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if service.calls != want || got.Calls != want || got.Counts.Of(receipt.Put)+got.Counts.Of(receipt.Unchanged) != 2*n {
					t.Errorf("round %d: %d calls, %+v", round, service.calls, got.Counts)
				}
				if round == 1 && (store.read != partitions || store.written != partitions) {
					t.Errorf("%d heads were read and %d written, of %d partitions", store.read, store.written, partitions)
				}
				oneBatch := n/partitions < 300 // else the head is saved with each
				if oneBatch && store.puts > 3*partitions || store.gets > 6*partitions {
					t.Errorf("round %d: %d objects of the ledger written, %d read, in %d deliveries", round, store.puts, store.gets, partitions)
				}
				// With a delivery that intake stages for each partition, which this process holds, there are as many again.
				// The first marks of heads are written one by one.
				if oneBatch && store.all+partitions > 6000*partitions/1024+16 {
					t.Errorf("round %d: %d objects written in %d partitions", round, store.all, partitions)
				}
				t.Logf("%d nodes, %d partitions, round %d: %d calls, %d objects of the ledger read, %d written, %d of all kinds, %.1f s, %.1f CPU s, %d MiB at most",
					n, partitions, round+1, service.calls, store.gets, store.puts, store.all, time.Since(begun).Seconds(), (cpuTime() - cpu).Seconds(), peakMiB())
			}
		})
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // a figure for people
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMiB is the most memory that the process ever had.
func peakMiB() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Maxrss >> 10
}
