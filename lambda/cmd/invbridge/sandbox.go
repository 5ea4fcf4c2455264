package main

import (
	"context"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/spf13/pflag"
)

// sandboxOptions are the flags of `invbridge sandbox`.
type sandboxOptions struct {
	addr, objects, nodes string
	behaviour            string
	switches             []string
	throttle, fail       float64
}

func (o *sandboxOptions) flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "`address` to listen on; port 0: a free one")
	f.StringVar(&o.nodes, "nodes", "", "`file` of managed nodes (JSON or CSV)")
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
	if o.nodes != "" {
		nodes, err := session.ReadFile(o.nodes, sandbox.ParseNodes)
		if err != nil {
			return err
		}
		c.Nodes = nodes
	}
	return sandbox.Serve(ctx, o.addr, c, s.Out)
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
