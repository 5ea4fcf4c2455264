package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/spf13/cobra"
)

// sandboxOptions are the flags of `invbridge sandbox`.
type sandboxOptions struct {
	addr, objects, nodes string
	switches             []string
}

func sandboxCommand(s *session.Session) *cobra.Command {
	var o sandboxOptions
	cmd := &cobra.Command{
		GroupID: groupTry, Use: "sandbox",
		Short:   "Serve a local AWS: SSM Inventory with its real rules, and S3; its endpoint is printed",
		Example: examples("invbridge sandbox --nodes nodes.csv", "invbridge sandbox --addr 127.0.0.1:4599 --objects testevents/documents"),
		Args:    exactly(0, "sandbox takes no arguments: nodes come from --nodes FILE, objects from --objects DIR"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return serveSandbox(cmd.Context(), s, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "`address` to listen on; port 0: a free one")
	f.StringVar(&o.nodes, "nodes", "", "`file` of managed nodes (JSON or CSV)")
	f.StringVar(&o.objects, "objects", "", "`directory` of <bucket>/<key>")
	f.StringArrayVar(&o.switches, "switch", nil, "`name` of an answer that AWS documents nowhere, to be turned round; a wrong name lists them")
	return cmd
}

func serveSandbox(ctx context.Context, s *session.Session, o sandboxOptions) error {
	c := sandbox.Config{Objects: o.objects}
	for _, name := range o.switches {
		if err := c.Switches.Set(name, true); err != nil {
			return session.UsageError("--switch: " + strings.TrimPrefix(err.Error(), "sandbox: "))
		}
	}
	if o.nodes != "" {
		nodes, err := seedNodes(o.nodes)
		if err != nil {
			return err
		}
		c.Nodes = nodes
	}
	return sandbox.Serve(ctx, o.addr, c, s.Out)
}

func seedNodes(path string) ([]sandbox.ManagedNode, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	nodes, err := sandbox.ParseNodes(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nodes, nil
}
