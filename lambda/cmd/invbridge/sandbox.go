package main

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
	"github.com/spf13/pflag"
)

// sandboxOptions are the flags of `invbridge sandbox`.
type sandboxOptions struct {
	addr, objects, nodes string
	behaviour            string
	switches             []string
	account, region      string // of the caller itself
	throttle, fail       float64
}

func (o *sandboxOptions) flags(f *pflag.FlagSet, s *session.Session) {
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "`address` to listen on; port 0: a free one")
	f.StringVar(&o.nodes, "nodes", "", "`file` of managed nodes (JSON or CSV); with columns Account and Region those of many accounts")
	targetsFlag(f, s)
	f.StringVar(&o.account, "account", "123456789012", "`account` of the caller and of nodes without one")
	f.StringVar(&o.region, "region", "us-east-1", "`region` of nodes without one")
	f.StringVar(&o.objects, "objects", "", "`directory` of <bucket>/<key>")
	f.Float64Var(&o.throttle, "throttle", 0, "`part` of the PutInventory calls that are throttled, from 0 to 1")
	f.Float64Var(&o.fail, "fail", 0, "`part` of the PutInventory calls that fail with an internal error, from 0 to 1")
	f.StringVar(&o.behaviour, "behaviour", "", "`file` of how a service answers, as invbridge probe writes it")
	f.StringArrayVar(&o.switches, "switch", nil, "`name` of an answer that AWS documents nowhere, to be turned round; a wrong name lists them")
}

func (o *sandboxOptions) run(ctx context.Context, s *session.Session, _ *output.Lines, _ []string) error {
	c := sandbox.Config{}
	if o.behaviour != "" {
		found, err := session.ReadFile(o.behaviour, sandbox.ParseBehaviour)
		if err != nil {
			return err
		}
		c = found
	}
	c.Objects = o.objects
	for _, name := range o.switches {
		if err := c.Switches.Set(name, true); err != nil {
			return session.UsageError("--switch: " + strings.TrimPrefix(err.Error(), "sandbox: "))
		}
	}
	faults, err := o.faults()
	if err != nil {
		return err
	}
	c.Faults = faults
	c.Account, c.Region = o.account, o.region
	org := organization.Config{Own: c}
	if err := o.accounts(s, &org); err != nil {
		return err
	}
	if len(org.Nodes) == 0 && s.Targets == "" {
		return sandbox.Serve(ctx, o.addr, org.Own, s.Out)
	}
	many, err := organization.New(org)
	if err != nil {
		return err
	}
	return sandbox.Listen(ctx, o.addr, many, s.Out)
}

// accounts reads the nodes of all accounts, and which roles and units there are.
func (o *sandboxOptions) accounts(s *session.Session, org *organization.Config) error {
	own := organization.Place{Account: o.account, Region: o.region}
	if o.nodes != "" {
		nodes, err := session.ReadFile(o.nodes, func(r io.Reader) (map[organization.Place][]sandbox.ManagedNode, error) {
			return organization.ParseNodes(r, own)
		})
		if err != nil {
			return err
		}
		org.Own.Nodes = nodes[own]
		delete(nodes, own)
		org.Nodes = nodes
	}
	file, err := s.TargetsFile()
	if err != nil || file == nil {
		return err
	}
	org.Role, org.ExternalID = file.Role, file.ExternalID
	accounts := map[string]bool{}
	for at := range org.Nodes {
		accounts[at.Account] = at.Account != o.account
	}
	for _, t := range file.Targets {
		if at := (organization.Place{Account: t.Account, Region: t.Region}); at != own && org.Nodes[at] == nil {
			org.Nodes[at] = []sandbox.ManagedNode{}
		}
		accounts[t.Account] = t.Account != o.account
	}
	if file.Organization != nil {
		org.Units = unitsOf(file.Organization.Units, accounts)
	}
	return nil
}

// unitsOf puts all accounts into the first of the units that a file of targets names.
func unitsOf(ids []string, accounts map[string]bool) []organization.Unit {
	units := make([]organization.Unit, 0, len(ids))
	for _, id := range ids {
		units = append(units, organization.Unit{ID: id})
	}
	for _, account := range slices.Sorted(maps.Keys(accounts)) {
		if accounts[account] {
			units[0].Accounts = append(units[0].Accounts, account)
		}
	}
	return units
}

// faults are those that the flags ask for.
func (o *sandboxOptions) faults() ([]sandbox.Fault, error) {
	if !(o.throttle >= 0 && o.fail >= 0 && o.throttle+o.fail <= 1) {
		return nil, session.UsageError("--throttle and --fail are parts of the calls: numbers from 0 to 1, together at most 1")
	}
	var list []sandbox.Fault
	for _, f := range []sandbox.Fault{{Kind: sandbox.FaultThrottle, Probability: o.throttle}, {Kind: sandbox.FaultError, Probability: o.fail}} {
		if f.Probability > 0 { // 0 is all of them to the sandbox
			f.Operation, f.Times = "PutInventory", -1
			list = append(list, f)
		}
	}
	return list, nil
}
