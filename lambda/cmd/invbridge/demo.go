package main

import (
	"context"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/demo"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/pflag"
)

// demoOptions are the flags of `invbridge demo`.
type demoOptions struct{ keep string }

func (o *demoOptions) flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringVar(&o.keep, "keep", "", "`directory` to keep the state in, to look at it afterwards")
}

func (o *demoOptions) run(ctx context.Context, s *session.Session, _ *output.Lines, _ []string) error {
	dir := o.keep
	if dir == "" {
		temp, err := os.MkdirTemp("", "invbridge-demo-*")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(temp) }() // the system removes what could not be
		dir = temp
	}
	return demo.Run(ctx, s.Out, dir)
}
