package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/named"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// accountsRegister reads registers of several accounts, which name their machines, for the installation of account 1.
func accountsRegister(t *testing.T) *Intake {
	t.Helper()
	dir := folder(t, map[string]string{
		"types.yaml": "version: 1\ntypes:\n  Custom:Owner:\n    schemaVersion: \"1.0\"\n    key: [Name]\n    attributes:\n      Name: {}\n",
		"m.yaml": "version: 1\nmapping: owners\ndetect:\n  - csv: [Host, Account, Zone]\neach: $rows\nidentify: {hostname: Host, account: Account, region: Zone}\n" +
			"absent: {clear: true}\nCustom:Owner:\n  Name: Owner\n",
	})
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	const region = "eu-central-1"
	b := &node.Builder{Own: target.Key{Account: account(1), Region: region}}
	two, three := target.Key{Account: account(2), Region: region}, target.Key{Account: account(3), Region: region}
	b.Target(two, false, nil)
	b.Target(three, true, nil)
	for i, of := range []target.Key{{}, two, three} {
		b.Add(&node.Node{ID: fmt.Sprintf("i-%017x", i+1), ComputerName: "web-1", Target: of})
	}
	return &Intake{
		Mappings: set, Nodes: b.Directory(nil), Partitions: 1, PartitionOf: func(string) int { return 0 },
		Account: account(1), Region: region, TempDir: t.TempDir(), Now: func() time.Time { return now }, Ledger: true,
	}
}

func account(n int) string { return strings.Repeat(fmt.Sprint(n), 12) }

// TestAccountsOfADocument reads a register of three accounts, of which one is down: each row is of its account's machine, and what may be that of
// the one that is down waits for it, apart from the others with its name.
func TestAccountsOfADocument(t *testing.T) {
	in := accountsRegister(t)
	im, err := in.Read(t.Context(), local("Host,Account,Zone,Owner\n"+
		"web-1,"+account(1)+",eu-central-1a,own\n"+
		"web-1,2222-2222-2222,,two\n"+
		"web-1,"+account(3)+",eu-central-1,three\n"+
		"web-9,"+account(3)+",,lost\n"+
		"web-9,"+account(2)+",,nobody\n"+
		"web-1,"+account(7)+",,elsewhere\n"+
		"web-2,3f2504e0-4f89-11d3-9a0c-0305e82c3301,westeurope,cloud\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	h, list, err := im.Open(0)
	for s, failed := range list {
		if err != nil || failed != nil {
			t.Fatal(err, failed)
		}
		got = append(got, s.Node[len(s.Node)-1:]+" "+s.Target.String()+" "+s.Types[0].Rows[0].Values[0])
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"1  own", "2 222222222222/eu-central-1 two", "3 333333333333/eu-central-1 three"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]target.Key{{Account: account(3), Region: "eu-central-1"}}, h.Unreachable); diff != "" {
		t.Error(diff)
	}
	var parked []string
	for _, p := range im.ParkedPartitions() {
		_, list := im.OpenParked(p)
		for s, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			subject := subjects.Parked(s)
			parked = append(parked, fmt.Sprint(subject.Hostname, subject.Account, subject.Region, subject.Stated, len(s.Records)))
		}
	}
	slices.Sort(parked)
	if diff := cmp.Diff([]string{"[web-2]false 1", "[web-9]222222222222true 1", "[web-9]333333333333true 1"}, parked); diff != "" {
		t.Error(diff)
	}
	reasons := map[string]int{}
	for _, d := range im.Decided.Details {
		reasons[string(d.Outcome)+" "+d.Reason]++
	}
	if diff := cmp.Diff(map[string]int{"parked target-unreachable": 2, "parked no-such-node": 1}, reasons); diff != "" || im.Decided.Counts.Of(receipt.Skipped) != 1 {
		t.Error(diff, im.Decided.Counts)
	}
	for _, text := range []string{"an account could not be read", "a region could not be read"} {
		if !slices.ContainsFunc(im.Decided.Notes, func(n receipt.Note) bool { return strings.HasPrefix(n.Text, text) && n.Count == 1 }) {
			t.Errorf("%q is not said once: %+v", text, im.Decided.Notes)
		}
	}
	if err := im.Close(); err != nil {
		t.Error(err)
	}
}

// TestNamedInAccounts: a machine is named in its account. That another account has the name says nothing of it.
func TestNamedInAccounts(t *testing.T) {
	in := accountsRegister(t)
	im, err := in.Read(t.Context(), local("Host,Account,Zone,Owner\nweb-1,"+account(1)+",,own\nweb-2,"+account(2)+",,two\nweb-3,,,any\n"))
	if err != nil {
		t.Fatal(err)
	}
	names := im.NamedIdentifiers()
	stored, whole := named.Decode(names.Encode())
	for _, c := range []struct {
		account, id string
		want        bool
	}{
		{"", "web-1", true},
		{account(2), "web-1", false},
		{account(2), "web-2", true},
		{"", "web-2", false},
		{"", "web-3", true},
		{account(3), "web-3", true},
		{"", "web-4", false},
	} {
		if got := stored.Names(c.account, []string{"hostname=" + c.id}); got != c.want || !whole {
			t.Errorf("%s in %q: %v", c.id, c.account, got)
		}
	}
	plain := &ledger.NamedIdentifiers{}
	plain.Add("hostname=web-1")
	if !plain.Names(account(2), []string{"hostname=web-1"}) {
		t.Error("a document without accounts names no machine of another one")
	}
	if err := im.Close(); err != nil {
		t.Error(err)
	}
}
