package reach_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
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
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

const (
	ownAccount, accountA, accountB, accountC = "111111111111", "222222222222", "333333333333", "444444444444"
	region                                   = "eu-central-1"
)

// world is an installation for several accounts, with its state in a directory.
type world struct {
	t     *testing.T
	org   *organization.Organization
	roles *assume.Roles
	set   *mapping.Set
	dir   string
	now   time.Time
	find  func(context.Context) ([]target.Target, error)
	own   string // account of the process
	files []target.Target
}

func keyOf(account string) target.Key { return target.Key{Account: account, Region: region} }

func targetOf(account string) target.Target {
	return target.Target{Key: keyOf(account), Role: target.RoleARN(keyOf(account), target.RoleName), ExternalID: organization.DefaultExternalID}
}

func placeOf(account string) organization.Place {
	return organization.Place{Account: account, Region: region}
}

func idOf(account string, n int) string { return fmt.Sprintf("i-%s%05x", account, n) }

func managed(account string, n int, name string) sandbox.ManagedNode {
	return sandbox.ManagedNode{InstanceID: idOf(account, n), ComputerName: name, PingStatus: "Online", PlatformType: "Linux", ResourceType: "EC2Instance"}
}

// begin makes a world of three accounts: each has a node called web-1.
func begin(t *testing.T, accounts ...string) *world {
	t.Helper()
	w := &world{t: t, own: ownAccount, dir: t.TempDir(), now: time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)}
	nodes := map[organization.Place][]sandbox.ManagedNode{}
	for _, account := range []string{ownAccount, accountA, accountB, accountC} {
		nodes[placeOf(account)] = []sandbox.ManagedNode{managed(account, 1, "web-1"), managed(account, 2, "db-"+account[:1]), managed(account, 3, "app-"+account[:1])}
	}
	var err error
	w.org, err = organization.New(organization.Config{
		Own: sandbox.Config{Account: ownAccount, Region: region, Clock: func() time.Time { return w.now }}, Nodes: nodes,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.roles = assume.New(w.aws(), "test")
	for _, account := range accounts {
		w.files = append(w.files, targetOf(account))
	}
	own := t.TempDir()
	for name, body := range map[string]string{
		"types.yaml": "version: 1\ntypes:\n  Custom:Tag:\n    schemaVersion: \"1.0\"\n    key: [Name]\n    attributes:\n      Name: {}\n      Value: {}\n",
		"m.yaml": "version: 1\nmapping: accounts\ndetect:\n  - csv: [Host, Account, Name]\neach: $rows\nidentify: {hostname: Host, account: Account}\n" +
			"absent: {clear: true, maxCleared: 100%}\nCustom:Tag:\n  Name: Name\n  Value: Value\n",
	} {
		if err := os.WriteFile(filepath.Join(own, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if w.set, err = (load.Options{}).Load(own); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) aws() aws.Config {
	return aws.Config{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), BaseEndpoint: aws.String("http://organization"),
		HTTPClient: &http.Client{Transport: w.org.Transport()}, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func (w *world) store() ledger.Store { return ledger.Dir(filepath.Join(w.dir, "state")) }

// process is a new process of the installation.
func (w *world) process() *bridge.Bridge {
	w.t.Helper()
	now := func() time.Time { return w.now }
	l, err := ledger.Open(w.t.Context(), w.store(), ledger.Options{Now: now, Partitions: 2, Endpoint: "http://organization"})
	if err != nil {
		w.t.Fatal(err)
	}
	return bridge.New(bridge.Config{
		Mappings: w.set, Ledger: l, SSM: ssm.NewFromConfig(w.aws()), Account: w.own, Region: region, Now: now, Writer: fmt.Sprint("w", w.now.UnixNano()),
		Targets: target.NewSet(keyOf(w.own), w.files), Reach: func(t target.Target) bridge.SSM { return w.roles.Client(t) }, FindTargets: w.find,
	})
}

// takes takes a register in, of which the lines are given: host, account, name and value.
func (w *world) takes(lines ...string) receipt.Receipt {
	w.t.Helper()
	r, err := w.process().Import(w.t.Context(), intake.Document{
		Source:   document.Inline("register.csv", []byte("Host,Account,Name,Value\n"+strings.Join(lines, "\n")+"\n"), w.now),
		Delivery: choose.Origin{Local: true},
	}, bridge.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	if r.Counts.Sum() != r.Records {
		w.t.Errorf("the outcomes sum up to %d of %d records", r.Counts.Sum(), r.Records)
	}
	return r
}

func (w *world) sweeps() bridge.SweepResult {
	w.t.Helper()
	r, err := w.process().Sweep(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) later(d time.Duration) {
	w.now = w.now.Add(d)
}

// holds are the entries of all nodes, by account, node and name.
func (w *world) holds() map[string]string {
	all := map[string]string{}
	for _, account := range []string{ownAccount, accountA, accountB, accountC} {
		for n := 1; n < 6; n++ {
			item, _ := w.org.At(placeOf(account)).Inventory(idOf(account, n), "Custom:Tag")
			for _, e := range item.Entries {
				all[fmt.Sprintf("%s/%d %s", account[:1], n, e["Name"])] = e["Value"]
			}
		}
	}
	return all
}

// parked is how many records wait.
func (w *world) parked() int {
	n := 0
	err := filepath.WalkDir(filepath.Join(w.dir, "state", "parked"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "index.json" {
			n++
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.t.Fatal(err)
	}
	return n
}
