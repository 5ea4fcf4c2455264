package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

func runSandbox(ctx context.Context, s *session, args []string) error {
	if len(args) > 0 {
		return usageError("sandbox takes no arguments: nodes come from --nodes FILE, objects from --objects DIR")
	}
	c := sandbox.Config{Objects: s.options.objects}
	for _, name := range s.options.switches {
		if err := c.Switches.Set(name, true); err != nil {
			return usageError("--switch: " + strings.TrimPrefix(err.Error(), "sandbox: "))
		}
	}
	if s.options.nodes != "" {
		nodes, err := seedNodes(s.options.nodes)
		if err != nil {
			return err
		}
		c.Nodes = nodes
	}
	return sandbox.Serve(ctx, s.options.addr, c, s.out)
}

func seedNodes(path string) ([]sandbox.Node, error) {
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
