package bridge

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// start is when the tests' documents begin to be written; the rig's clock stands an hour later.
var start = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// rig is an installation against a sandbox over HTTP, with its ledger in a directory.
type rig struct {
	t      *testing.T
	dir    string
	box    *sandbox.Sandbox
	server *httptest.Server
	config Config
	writer int
	now    time.Time
	store  ledger.Store
}

// fleet makes n nodes called web-1, web-2, …
func fleet(n int) []sandbox.ManagedNode {
	var nodes []sandbox.ManagedNode
	for i := range n {
		nodes = append(nodes, sandbox.ManagedNode{
			InstanceID: nodeID(i + 1), ComputerName: fmt.Sprintf("web-%d", i+1), IPAddress: fmt.Sprintf("10.0.0.%d", i+1),
			PingStatus: "Online", ResourceType: "EC2Instance", PlatformType: "Linux",
		})
	}
	return nodes
}

func nodeID(i int) string { return fmt.Sprintf("i-%017x", 0xa0000+i) }

// builtins are loaded once for all tests.
var builtins = sync.OnceValues(load.Builtin)

func newRig(t *testing.T, nodes []sandbox.ManagedNode) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), now: start.Add(time.Hour)}
	var err error
	r.box, err = sandbox.New(sandbox.Config{Nodes: nodes, Clock: func() time.Time { return r.now }})
	if err != nil {
		t.Fatal(err)
	}
	r.server = httptest.NewServer(r.box)
	t.Cleanup(r.server.Close)
	set, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	r.config = Config{Mappings: set, SSM: r.ssm(), Objects: r.s3(), Now: func() time.Time { return r.now }}
	r.store = ledger.Dir(filepath.Join(r.dir, "state"))
	r.config.Ledger = r.ledger(r.store)
	return r
}

// partitions are few where a store is in memory: each costs steps at which a process can be killed.
func (r *rig) partitions() int {
	if _, quick := r.store.(shelf); quick {
		return 2
	}
	return 4
}

func (r *rig) ledger(s ledger.Store) *ledger.Ledger {
	r.t.Helper()
	l, err := ledger.Open(r.t.Context(), s, ledger.Options{Now: func() time.Time { return r.now }, Partitions: r.partitions(), Endpoint: "http://sandbox", Start: r.box.StartID()})
	if err != nil {
		r.t.Fatal(err)
	}
	return l
}

func (r *rig) aws() aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &r.server.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func (r *rig) ssm() *ssm.Client { return ssm.NewFromConfig(r.aws()) }

func (r *rig) s3() *s3.Client {
	return s3.NewFromConfig(r.aws(), func(o *s3.Options) { o.UsePathStyle = true; o.DisableLogOutputChecksumValidationSkipped = true })
}

// bridge makes a bridge as a process would at its start: nothing is remembered but what the ledger says.
func (r *rig) bridge() *Bridge {
	r.writer++
	c := r.config
	c.Writer = fmt.Sprint("writer-", r.writer)
	c.Alive = func(id string) bool { return id == c.Writer }
	return New(c)
}

// calls is how many PutInventory calls the sandbox has seen.
func (r *rig) calls() int { return r.box.Counts().Calls["PutInventory"] }

// put takes a document in and fails the test where that fails.
func (r *rig) put(d intake.Document) receipt.Receipt {
	r.t.Helper()
	got, err := r.bridge().Import(r.t.Context(), d, Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	if got.Counts.Sum() != got.Records {
		r.t.Errorf("the outcomes sum up to %d of %d records", got.Counts.Sum(), got.Records)
	}
	return got
}

// text is a document whose content decides its mapping, written so long after start.
func text(name, body string, after time.Duration) intake.Document {
	return intake.Document{
		Source:   document.Inline(name, []byte(body), start.Add(after)),
		Delivery: choose.Origin{Local: true},
	}
}

func as(d intake.Document, id string) intake.Document {
	d.As = node.Subject{NodeID: []string{id}}
	return d
}

// entries gives what the service holds of a type at a node.
func (r *rig) entries(id, typeName string) []map[string]string {
	item, _ := r.box.Inventory(id, typeName)
	return item.Entries
}

// values lists one attribute of a node's entries.
func (r *rig) values(id, typeName, attribute string) string {
	var list []string
	for _, e := range r.entries(id, typeName) {
		list = append(list, e[attribute])
	}
	return strings.Join(list, " ")
}
