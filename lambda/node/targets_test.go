package node

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// The accounts of an organization: the installation's own, two that are listed, one that is down and was listed before, and one that never was.
const (
	ownAccount, accountA, accountB, accountDown, accountNew = "111111111111", "222222222222", "333333333333", "444444444444", "555555555555"
	ownRegion, otherRegion                                  = "eu-central-1", "us-east-1"
)

func organization(down ...target.Key) *Directory {
	b := &Builder{Own: target.Key{Account: ownAccount, Region: ownRegion}}
	add := func(n Node, of target.Key) {
		n.Target = of
		b.Add(&n)
	}
	a, bb, far := target.Key{Account: accountA, Region: ownRegion}, target.Key{Account: accountB, Region: ownRegion}, target.Key{Account: accountA, Region: otherRegion}
	for _, k := range []target.Key{a, bb, far} {
		b.Target(k, false, nil)
	}
	for _, k := range down {
		b.Target(k, true, nil)
	}
	add(Node{ID: "i-00000000000000001", ComputerName: "own-1", IPAddress: "10.0.0.1"}, target.Key{})
	add(Node{ID: "i-00000000000000002", ComputerName: "web-1", IPAddress: "10.0.0.2"}, target.Key{})
	add(Node{ID: "i-0000000000000000a", ComputerName: "web-1", IPAddress: "10.0.0.1"}, a)
	add(Node{ID: "i-0000000000000000b", ComputerName: "db-1", IPAddress: "10.0.0.9"}, a)
	add(Node{ID: "i-0000000000000000c", ComputerName: "web-1.corp.example", IPAddress: "10.0.0.3"}, bb)
	add(Node{ID: "i-0000000000000000d", ComputerName: "web-2"}, bb)
	add(Node{ID: "i-0000000000000000e", ComputerName: "web-2"}, far)
	add(Node{ID: "mi-00000000000000001", ComputerName: "twin"}, a)
	add(Node{ID: "mi-00000000000000001", ComputerName: "twin"}, bb)
	if len(down) > 0 {
		add(Node{ID: "i-0000000000000000f", ComputerName: "lost-1", IPAddress: "10.9.9.9"}, down[0])
	}
	return b.Directory(nil)
}

func TestResolveInTargets(t *testing.T) {
	rules := Rules{Account: ownAccount, Region: ownRegion}
	in := func(account, region string, s Subject) Subject {
		s.Account, s.Region, s.Stated = account, region, true
		return s
	}
	name := func(list ...string) Subject { return Subject{Hostname: list} }
	id := func(text string) Subject { return Subject{NodeID: []string{text}} }
	ip := func(text string) Subject { return Subject{IP: []string{text}} }
	down, never := target.Key{Account: accountDown, Region: ownRegion}, target.Key{Account: accountNew, Region: otherRegion}
	all, short := organization(), organization(down, never)
	for _, c := range []struct {
		name    string
		d       *Directory
		subject Subject
		want    string
	}{
		{"a name of one account", all, name("db-1"), "matched i-0000000000000000b"},
		{"a name of three", all, name("web-1"), "rejected ambiguous"},
		{"a name of three, in one", all, in(accountA, "", name("web-1")), "matched i-0000000000000000a"},
		{"a name of three, in another", all, in(accountB, ownRegion, name("web-1")), "matched i-0000000000000000c"},
		{"a name of three, in the own account", all, in(ownAccount, ownRegion, name("web-1")), "matched i-00000000000000002"},
		{"a name of three, in the own account in another region", all, in(ownAccount, otherRegion, name("web-1")), "skipped elsewhere"},
		{"a region alone", all, in("", otherRegion, name("web-2")), "matched i-0000000000000000e"},
		{"a region alone, of two with the name", all, in("", ownRegion, name("web-1")), "rejected ambiguous"},
		{"the name is another account's", all, in(accountB, "", name("db-1")), "rejected contradiction"},
		{"the name is another region's", all, in(accountA, otherRegion, name("db-1")), "rejected contradiction"},
		{"nobody's name", all, in(accountA, "", name("other")), "parked no-such-node"},
		{"an address of another account is none of its", all, in(accountB, "", ip("10.0.0.9")), "parked no-such-node"},
		{"an address of two accounts", all, ip("10.0.0.1"), "rejected ambiguous"},
		{"an address of two accounts, in one", all, in(accountA, ownRegion, ip("10.0.0.1")), "matched i-0000000000000000a"},
		{"no target of ours", all, in("999999999999", "", name("db-1")), "skipped elsewhere"},
		{"no target of ours, but the node is", all, in("999999999999", "", id("i-0000000000000000b")), "rejected contradiction"},
		{"an ID of another account", all, in(accountB, "", id("i-0000000000000000b")), "rejected contradiction"},
		{"an ID of its account", all, in(accountA, "", id("i-0000000000000000b")), "matched i-0000000000000000b"},
		{"an ARN of another target of ours", all, id("arn:aws:ec2:eu-central-1:" + accountB + ":instance/i-0000000000000000b"), "rejected contradiction"},
		{"an ARN of its own", all, id("arn:aws:ec2:eu-central-1:" + accountA + ":instance/i-0000000000000000b"), "matched i-0000000000000000b"},
		{"an ARN of ours, and no such node", all, id("arn:aws:ec2:eu-central-1:" + accountA + ":instance/i-00000000000000fff"), "parked no-such-node"},
		{"an ARN of nobody", all, id("arn:aws:ec2:eu-central-1:999999999999:instance/i-00000000000000fff"), "skipped elsewhere"},
		{"an ARN of ours that is down", short, id("arn:aws:ec2:eu-central-1:" + accountDown + ":instance/i-00000000000000fff"), "parked target-unreachable"},
		{"an ID of two targets", all, id("mi-00000000000000001"), "rejected ambiguous"},
		{"an ID of two targets, and its account", all, in(accountA, "", id("mi-00000000000000001")), "rejected ambiguous"},
		{"a name of a node whose ID two targets have", all, in(accountA, "", name("twin")), "rejected ambiguous"},
		{"a node that was listed before its target went down", short, name("lost-1"), "matched i-0000000000000000f"},
		{"may be of one that is down", short, name("other"), "parked target-unreachable"},
		{"may be of one that is down, by its account", short, in(accountDown, "", name("other")), "parked target-unreachable"},
		{"may be of one that was never listed, by its region", short, in("", otherRegion, name("other")), "parked target-unreachable"},
		{"can be of none that is down", short, in(accountA, ownRegion, name("other")), "parked no-such-node"},
		{"another account has the name, and its own is down", short, in(accountDown, "", name("db-1")), "parked target-unreachable"},
		{"no identifier", short, Subject{}, "parked unidentified"},
		{"no target of ours, and one is down", short, in("999999999999", "", name("db-1")), "skipped elsewhere"},
		{"a known node beside one that is down", short, name("db-1"), "matched i-0000000000000000b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.d.Resolve(c.subject.Normalise(), rules)
			if text := string(got.Outcome) + " " + got.Node + got.Reason; text != c.want {
				t.Errorf("got %s (%s), want %s", text, got.Detail, c.want)
			}
		})
	}
	if diff := cmp.Diff([]target.Key{down, never}, short.Unreachable()); diff != "" {
		t.Error(diff)
	}
	if of := short.Crowd().TargetOf("i-0000000000000000f"); of != down {
		t.Errorf("it is of %s", of)
	}
}

// TestOneAccountKnowsItsOwn: what a document says of accounts counts where there is one, too.
func TestOneAccountKnowsItsOwn(t *testing.T) {
	d := New([]Node{{ID: "i-00000000000000001", ComputerName: "own-1"}})
	for _, c := range []struct{ account, region, want string }{
		{ownAccount, ownRegion, "matched"}, {accountA, "", "skipped elsewhere"}, {"", otherRegion, "skipped elsewhere"}, {"prod", "", "matched"},
	} {
		s := Subject{Hostname: []string{"own-1"}, Account: c.account, Region: c.region, Stated: true}.Normalise()
		got := d.Resolve(s, Rules{Account: ownAccount, Region: ownRegion})
		if text := string(got.Outcome) + " " + got.Reason; text != c.want && text != c.want+" " {
			t.Errorf("%+v: got %s", c, text)
		}
		if got := d.Resolve(s, Rules{}); got.Outcome != Matched {
			t.Errorf("%+v, and the own account is not known: %+v", c, got)
		}
	}
}

// TestAskingInTargets asks only the accounts that a subject leaves for its tags and MACs. One that fails is unreachable, and the others go on.
func TestAskingInTargets(t *testing.T) {
	a, b := target.Key{Account: accountA, Region: ownRegion}, target.Key{Account: accountB, Region: ownRegion}
	of := func(id string) *fakeAPI {
		return &fakeAPI{
			describe: func(*ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
				if id == "" {
					return &ssm.DescribeInstanceInformationOutput{}, nil
				}
				return &ssm.DescribeInstanceInformationOutput{InstanceInformationList: []types.InstanceInformation{info(id, "")}}, nil
			},
			get: func(*ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) {
				if id == "" {
					return &ssm.GetInventoryOutput{}, nil
				}
				return &ssm.GetInventoryOutput{Entities: []types.InventoryResultEntity{entityOf(id, nil)}}, nil
			},
		}
	}
	own, inA, inB := of(""), of("i-0000000000000000b"), of("i-0000000000000000d")
	asker := organization().Asking(t.Context(), own, func(k target.Key) (API, error) {
		switch k {
		case a:
			return inA, nil
		case b:
			return inB, nil
		}
		return nil, errors.New("the role is not there")
	})
	s := Subject{Tags: map[string][]string{"Serial": {"7"}}, Account: accountA, Region: ownRegion, Stated: true}.Normalise()
	if got := asker.Resolve(s, Rules{Account: ownAccount, Region: ownRegion}); got.Node != "i-0000000000000000b" || len(inB.calls)+len(own.calls) > 0 {
		t.Errorf("%+v; the others were asked %d times", got, len(inB.calls)+len(own.calls))
	}
	s = Subject{MAC: []string{"02:00:00:00:00:07"}, Account: accountB, Stated: true}.Normalise()
	if got := asker.Resolve(s, Rules{Account: ownAccount, Region: ownRegion}); got.Node != "i-0000000000000000d" || len(own.calls) > 0 {
		t.Errorf("%+v; the own account was asked %d times", got, len(own.calls))
	}
	if list := asker.Crowd().Unreachable(); len(list) > 0 {
		t.Errorf("unreachable: %v", list)
	}
	s = Subject{Tags: map[string][]string{"Serial": {"8"}}, Account: accountA, Region: otherRegion, Stated: true}.Normalise()
	if got := asker.Resolve(s, Rules{Account: ownAccount, Region: ownRegion}); got.Reason != ReasonTargetUnreachable || asker.Err() != nil {
		t.Errorf("%+v, %v", got, asker.Err())
	}
	if diff := cmp.Diff([]target.Key{{Account: accountA, Region: otherRegion}}, asker.Crowd().Unreachable()); diff != "" {
		t.Error(diff)
	}
}

// TestAddressesOfAccounts: private addresses are those of many accounts. A document that states these has each of them once in each.
func TestAddressesOfAccounts(t *testing.T) {
	d := organization()
	rules := Rules{Account: ownAccount, Region: ownRegion}
	in := func(account, ip string) Subject {
		return Subject{IP: []string{ip}, Account: account, Stated: account != ""}.Normalise()
	}
	for name, c := range map[string]struct {
		also []Subject
		want string
	}{
		"alone":                              {nil, "i-0000000000000000a"},
		"another account has it too":         {[]Subject{in(ownAccount, "10.0.0.1"), in(accountB, "10.0.0.1")}, "i-0000000000000000a"},
		"another machine of the account":     {[]Subject{in(accountA, "10.0.0.1")}, ReasonNoSuchNode},
		"another machine, and no account":    {[]Subject{in("", "10.0.0.1")}, ReasonNoSuchNode},
		"others have other addresses":        {[]Subject{in("", "10.0.0.9"), in(accountA, "10.0.0.9")}, "i-0000000000000000a"},
		"itself once more, and once without": {nil, "i-0000000000000000a"},
	} {
		crowd := d.Crowd()
		s := in(accountA, "10.0.0.1")
		crowd.Add(s, "own")
		for i, other := range c.also {
			crowd.Add(other, "other"+string(rune('0'+i)))
		}
		if name == "itself once more, and once without" {
			crowd.Add(s, "own")
			crowd.Add(in("", "10.0.0.1"), "own")
		}
		crowd.Close()
		r := rules
		r.Among = crowd
		if got := d.Resolve(s, r); got.Node+got.Reason != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
