package bridge

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// account is Systems Manager of one account and region: it lists its nodes, and takes what is put to them.
type account struct {
	SSM
	first, nodes int // numbers of its nodes
	latency      time.Duration
	down         *atomic.Bool // of the account
	lists, puts  atomic.Int64
	strange      atomic.Int64 // puts to nodes that are not here
	mu           sync.Mutex
	last         time.Time // when something was put last
}

func (a *account) has(id string) bool {
	n, err := strconv.ParseInt(strings.TrimPrefix(id, "i-"), 16, 64)
	return err == nil && int(n)-0xa0000 > a.first && int(n)-0xa0000 <= a.first+a.nodes
}

func (a *account) answers() error {
	time.Sleep(a.latency)
	if a.down.Load() {
		return &smithy.GenericAPIError{Code: "AccessDeniedException"}
	}
	return nil
}

func (a *account) DescribeInstanceInformation(_ context.Context, in *ssm.DescribeInstanceInformationInput, _ ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	a.lists.Add(1)
	if err := a.answers(); err != nil {
		return nil, err
	}
	from := 0
	if in.NextToken != nil {
		from, _ = strconv.Atoi(*in.NextToken)
	}
	out := &ssm.DescribeInstanceInformationOutput{}
	for i := from; i < min(from+50, a.nodes); i++ {
		out.InstanceInformationList = append(out.InstanceInformationList, types.InstanceInformation{
			InstanceId: new(nodeID(a.first + i + 1)), ComputerName: new(fmt.Sprintf("web-%d", i+1)), PingStatus: types.PingStatusOnline,
			IPAddress: new(fmt.Sprintf("10.0.%d.%d", i>>8, i&255)),
		})
	}
	if from+50 < a.nodes {
		out.NextToken = new(strconv.Itoa(from + 50))
	}
	return out, nil
}

func (a *account) GetInventory(context.Context, *ssm.GetInventoryInput, ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error) {
	a.lists.Add(1)
	return &ssm.GetInventoryOutput{}, a.answers()
}

func (a *account) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return &ssm.GetInventorySchemaOutput{}, a.answers()
}

func (a *account) PutInventory(_ context.Context, in *ssm.PutInventoryInput, _ ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	if err := a.answers(); err != nil {
		return nil, err
	}
	a.puts.Add(1)
	if !a.has(*in.InstanceId) {
		a.strange.Add(1)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = time.Now()
	return &ssm.PutInventoryOutput{}, nil
}

// organization is an installation for many accounts and regions.
type organization struct {
	t        *testing.T
	accounts int // without the last, which comes later
	regions  []string
	nodes    int // of each account and region
	rowBytes int
	at       map[target.Key]*account
	down     []*atomic.Bool
	targets  []target.Target
	set      *target.Set
	store    *countingStore
	config   Config
	dir      string
}

const (
	organizationOwn  = 1 // number of the installation's own account
	organizationRate = 2 // calls a second of each account and region
)

func accountID(i int) string { return fmt.Sprintf("%012d", 100000000000+i) }

func newOrganization(t *testing.T, accounts, nodes, rowBytes int) *organization {
	t.Helper()
	o := &organization{
		t: t, accounts: accounts, regions: []string{"eu-central-1", "us-east-1"}, nodes: nodes, rowBytes: rowBytes, at: map[target.Key]*account{},
		store: &countingStore{Store: ledger.Dir(filepath.Join(t.TempDir(), "state"))}, dir: t.TempDir(),
	}
	set, err := testMappings()
	if err != nil {
		t.Fatal(err)
	}
	own := target.Key{Account: accountID(organizationOwn), Region: o.regions[0]}
	first := 0
	for i := 1; i <= accounts+1; i++ {
		down := &atomic.Bool{}
		o.down = append(o.down, down)
		for _, region := range o.regions {
			k := target.Key{Account: accountID(i), Region: region}
			o.at[k] = &account{first: first, nodes: nodes, latency: 50 * time.Millisecond, down: down}
			first += nodes
			if i <= accounts {
				o.targets = append(o.targets, target.Target{Key: k, Role: target.RoleARN(k, target.RoleName), ExternalID: "x", Rate: organizationRate})
			}
		}
	}
	o.set = target.NewSet(own, o.targets)
	o.config = Config{
		Mappings: set, SSM: o.at[own], Account: own.Account, Region: own.Region, Writer: "w", Rate: organizationRate,
		Reach: func(of target.Target) SSM { return o.at[of.Key] },
	}
	return o
}

// comes makes the last account a target.
func (o *organization) comes() {
	for _, region := range o.regions {
		k := target.Key{Account: accountID(o.accounts + 1), Region: region}
		o.targets = append(o.targets, target.Target{Key: k, Role: target.RoleARN(k, target.RoleName), ExternalID: "x", Rate: organizationRate})
	}
	o.set = target.NewSet(o.set.Own(), o.targets)
}

// register writes what all accounts have, of which a fiftieth has another owner in each version.
func (o *organization) register(version int) intake.Document {
	o.t.Helper()
	path := filepath.Join(o.dir, "organization.csv")
	f, err := os.Create(path) // in place of the one before, which was read
	if err != nil {
		o.t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "Host,Account,Region,Rack,Owner,Remarks,Notes")
	notes := strings.Repeat("of no use here ", max(0, o.rowBytes-90)/15)
	row := 0
	for i := 1; i <= o.accounts+1; i++ {
		for _, region := range o.regions {
			for n := range o.nodes {
				owner := row % 7
				if row%50 == 0 {
					owner = 10 + version
				}
				fmt.Fprintf(w, "web-%d,%s,%s,rack-%d,team-%d,row %d,%s\n", n+1, accountID(i), region, n%40, owner, row, notes)
				row++
			}
		}
	}
	if err := w.Flush(); err != nil {
		o.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		o.t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Minute)); err != nil {
		o.t.Fatal(err)
	}
	source, err := document.File(path)
	if err != nil {
		o.t.Fatal(err)
	}
	return intake.Document{Source: source, Delivery: choose.Origin{Local: true}}
}

// figures are what a piece of work took.
type figures struct {
	calls, lists  int64
	wall          time.Duration // by the virtual clock
	cpu           time.Duration
	read, written int    // objects of the state
	peak          uint64 // bytes of the heap
	receipt       receipt.Receipt
	strange       int64
}

// does measures a piece of work.
func (o *organization) does(what string, work func(*Bridge) (receipt.Receipt, error)) figures {
	o.t.Helper()
	l, err := ledger.Open(o.t.Context(), o.store, ledger.Options{Partitions: o.partitions(), Endpoint: "http://sandbox"})
	if err != nil {
		o.t.Fatal(err)
	}
	o.config.Ledger, o.config.Targets = l, o.set
	before, begun, cpu := o.counts(), time.Now(), cpuTime()
	o.store.gets, o.store.puts, o.store.all, o.store.read = 0, 0, 0, 0
	peak, stop := watchHeap()
	r, err := work(New(o.config))
	stop()
	if err != nil {
		o.t.Fatalf("%s: %v", what, err)
	}
	after := o.counts()
	f := figures{
		calls: after.calls - before.calls, lists: after.lists - before.lists, wall: time.Since(begun), cpu: cpuTime() - cpu,
		read: o.store.gets, written: o.store.all, peak: peak.Load(), receipt: r, strange: after.strange,
	}
	o.t.Logf("%-40s %7d calls, %5d pages of nodes, %8s by the clock, %6.1f CPU s, %5d objects of the ledger read, %5d objects written, heap at most %3d MiB, process %d MiB: %v",
		what, f.calls, f.lists, f.wall.Round(time.Second), f.cpu.Seconds(), f.read, f.written, f.peak>>20, peakMiB(), r.Counts)
	if f.strange > 0 {
		o.t.Errorf("%s: %d puts reached another account or region than that of their node", what, f.strange)
	}
	return f
}

func (o *organization) counts() (f figures) {
	for _, a := range o.at {
		f.calls, f.lists, f.strange = f.calls+a.puts.Load(), f.lists+a.lists.Load(), f.strange+a.strange.Load()
	}
	return f
}

func (o *organization) partitions() int {
	if o.accounts*o.nodes > 10_000 {
		return 1024
	}
	return 16
}

func (o *organization) put(what string, d intake.Document) figures {
	o.t.Helper()
	return o.does(what, func(b *Bridge) (receipt.Receipt, error) { return b.Import(o.t.Context(), d, Options{}) })
}

func (o *organization) sweep(what string) figures {
	o.t.Helper()
	return o.does(what, func(b *Bridge) (receipt.Receipt, error) {
		_, err := b.Sweep(o.t.Context())
		return receipt.Receipt{}, err
	})
}

// watchHeap looks at the heap until it is stopped.
func watchHeap() (peak *atomic.Uint64, stop func()) {
	peak = &atomic.Uint64{}
	look := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak.Store(max(peak.Load(), m.HeapInuse))
	}
	look()
	return peak, look
}

// TestAnOrganization imports a register of many accounts and regions into all of them, by one installation: INVBRIDGE_ORGANIZATION is accounts, nodes
// of each account and region, and bytes of a row (else 5, 40 and 200). The clock is virtual.
func TestAnOrganization(t *testing.T) {
	accounts, nodes, rowBytes := 5, 40, 200
	if text := os.Getenv("INVBRIDGE_ORGANIZATION"); text != "" {
		if _, err := fmt.Sscanf(text, "%d,%d,%d", &accounts, &nodes, &rowBytes); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) { anOrganization(t, newOrganization(t, accounts, nodes, rowBytes)) })
}

func anOrganization(t *testing.T, o *organization) {
	all := o.accounts * len(o.regions) * o.nodes
	first := o.register(0)
	planned := o.does("first load, planned", func(b *Bridge) (receipt.Receipt, error) {
		return b.Import(t.Context(), first, Options{Plan: true})
	})
	if planned.calls != 0 || planned.receipt.Calls != all {
		t.Errorf("a plan made %d calls, and planned %d of %d", planned.calls, planned.receipt.Calls, all)
	}
	slowest := time.Duration(o.nodes) * time.Second / organizationRate
	t.Logf("at %d calls a second of each account and region that takes %s side by side, and %s one after the other", organizationRate, slowest, time.Duration(all)*time.Second/organizationRate)

	load := o.put("first load", o.register(0))
	if load.calls != int64(all) {
		t.Errorf("the first load took %d calls, of %d nodes", load.calls, all)
	}
	if again := o.put("the same again", o.register(0)); again.calls != 0 {
		t.Errorf("what did not change took %d calls", again.calls)
	}
	changed := int64((all + 49) / 50)
	o.nextNight()
	night := o.put("a night: 2 % changed", o.register(1))
	if night.calls != changed || night.lists > int64(2+o.nodes/50) {
		t.Errorf("a night took %d calls, want %d, and listed %d pages of nodes beside the own ones", night.calls, changed, night.lists)
	}
	if most := 2 * time.Duration(changed/int64(len(o.at)-len(o.regions))+1) * time.Second / organizationRate; night.wall > most+time.Duration(o.partitions())*100*time.Millisecond {
		t.Errorf("a night took %s, want %s for the slowest and a call's time for each partition", night.wall, most)
	}

	o.nextNight()
	o.down[o.accounts-1].Store(true)
	outage := o.put("a night with an account that is down", o.register(2))
	of := o.changedOf(o.accounts)
	if outage.calls != changed-of || outage.receipt.Counts.Of(receipt.Pending) != int(of) || outage.receipt.Counts.Of(receipt.Parked) > 0 || absentOf(outage.receipt.Absent) > 0 {
		t.Errorf("with an account down: %d calls, want %d; %v; %v", outage.calls, changed-of, outage.receipt.Counts, outage.receipt.Absent)
	}
	time.Sleep(time.Hour)
	if swept := o.sweep("the sweep while it is down"); swept.calls != 0 {
		t.Errorf("a sweep made %d calls", swept.calls)
	}
	o.down[o.accounts-1].Store(false)
	time.Sleep(time.Hour)
	if back := o.sweep("the sweep when it is back"); back.calls != of {
		t.Errorf("when the account was back %d calls were made, want %d", back.calls, of)
	}

	o.comes()
	if fresh := o.put("an account more", o.register(2)); fresh.calls != int64(len(o.regions)*o.nodes) {
		t.Errorf("a new account took %d calls, want %d", fresh.calls, len(o.regions)*o.nodes)
	}
}

// nextNight lets a day go by, with the last of its sweeps.
func (o *organization) nextNight() {
	o.t.Helper()
	time.Sleep(23 * time.Hour)
	if swept := o.sweep("the sweep before the night"); swept.calls != 0 {
		o.t.Errorf("a sweep made %d calls", swept.calls)
	}
	time.Sleep(10 * time.Minute)
}

// changedOf is how many nodes of an account change in a night.
func (o *organization) changedOf(account int) (n int64) {
	from := (account - 1) * len(o.regions) * o.nodes
	for row := from; row < from+len(o.regions)*o.nodes; row++ {
		if row%50 == 0 {
			n++
		}
	}
	return n
}
