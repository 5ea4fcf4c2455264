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
	switches             []string
}

func (o *sandboxOptions) flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "`address` to listen on; port 0: a free one")
	f.StringVar(&o.nodes, "nodes", "", "`file` of managed nodes (JSON or CSV)")
	f.StringVar(&o.objects, "objects", "", "`directory` of <bucket>/<key>")
	f.StringArrayVar(&o.switches, "switch", nil, "`name` of an answer that AWS documents nowhere, to be turned round; a wrong name lists them")
}

func (o *sandboxOptions) run(ctx context.Context, s *session.Session, _ *output.Lines, _ []string) error {
	c := sandbox.Config{Objects: o.objects}
	for _, name := range o.switches {
		if err := c.Switches.Set(name, true); err != nil {
			return session.UsageError("--switch: " + strings.TrimPrefix(err.Error(), "sandbox: "))
		}
	}
	if o.nodes != "" {
		nodes, err := session.ReadFile(o.nodes, sandbox.ParseNodes)
		if err != nil {
			return err
		}
		c.Nodes = nodes
	}
	return sandbox.Serve(ctx, o.addr, c, s.Out)
}
