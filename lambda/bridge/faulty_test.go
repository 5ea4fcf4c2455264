package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// newVirtualRig is a quick rig whose clock is that of the bubble in which it is made.
func newVirtualRig(t *testing.T, nodes int, store ledger.Store, retries int) *rig {
	t.Helper()
	set, err := testMappings()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, store: store}
	r.box, err = sandbox.New(sandbox.Config{Nodes: fleet(nodes), Clock: time.Now, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	url := "http://sandbox"
	client := ssm.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		RetryMaxAttempts: retries, HTTPClient: &http.Client{Transport: r.box.Transport()},
	})
	r.config = Config{Mappings: set, SSM: client}
	l, err := ledger.Open(t.Context(), store, ledger.Options{Partitions: 4, Endpoint: url, Start: r.box.StartID()})
	if err != nil {
		t.Fatal(err)
	}
	r.config.Ledger = l
	return r
}

// TestAServiceThatFailsOften: of all calls 30 % are throttled, 5 % fail and 5 % are cut off, half of these after they came to effect. An
// import of 2,000 nodes ends, after sweeps, with every node right and at most twice the calls of a calm run; a node whose calls
// always fail stays open alone.
func TestAServiceThatFailsOften(t *testing.T) {
	const nodes = 2000
	calm, rough := 0, 0
	for _, faults := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newVirtualRig(t, nodes, shelf{}, 4)
			poison := nodeID(1000)
			if faults {
				r.box.Inject(sandbox.Fault{Operation: "PutInventory", Node: poison, Times: -1, Kind: sandbox.FaultError})
				for _, f := range []sandbox.Fault{
					{Kind: sandbox.FaultThrottle, Probability: 0.30},
					{Kind: sandbox.FaultError, Probability: 0.05},
					{Kind: sandbox.FaultCutBefore, Probability: 0.025},
					{Kind: sandbox.FaultCutAfter, Probability: 0.025},
				} {
					f.Times = -1
					r.box.Inject(f)
				}
			}
			got := r.put(fleetTags(nodes))
			for range 10 {
				time.Sleep(time.Hour)
				s, err := r.bridge().Sweep(t.Context())
				if err == nil && s.Open <= 1 {
					break
				}
			}
			open := 0
			for i := range nodes {
				id := nodeID(i + 1)
				if faults && id == poison {
					continue
				}
				if got := r.values(id, "Custom:Tag", "Name"); got != "a b" {
					t.Fatalf("%s holds %q", id, got)
				}
			}
			s, err := r.bridge().Sweep(t.Context())
			if err != nil {
				t.Error(err)
			}
			open += s.Open
			if !faults {
				calm = r.calls()
				if open != 0 || got.Counts.Of("put") != 2*nodes {
					t.Errorf("calm: %d open, %+v", open, got.Counts)
				}
				return
			}
			h, err := r.config.Ledger.Load(t.Context(), r.config.Ledger.Partition(poison))
			rough = r.calls()
			if err != nil || open != 1 || h.Nodes[poison].Intent == nil {
				t.Errorf("%d nodes are open (%v)", open, err)
			}
		})
	}
	t.Logf("%d calls in a calm run, %d in a rough one", calm, rough)
	if rough > 2*calm {
		t.Error("more than twice")
	}
}

// fleetTags is a register of so many nodes, each with two tags.
func fleetTags(n int) intake.Document {
	var b strings.Builder
	b.WriteString("Host,Tag,Value\n")
	for i := range n {
		fmt.Fprintf(&b, "web-%d,a,%d\nweb-%d,b,x\n", i+1, i, i+1)
	}
	return text("fleet.csv", b.String(), 0)
}
