package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

// others are the accounts and regions that the function serves besides its own.
type others struct {
	file  *target.File
	roles *assume.Roles
}

// targets reads the file of targets; nil where there is none.
func targets(settings config.Settings, clients aws.Config) (*others, error) {
	if settings.Targets == "" {
		return nil, nil //nolint:nilnil // none is no error
	}
	content, err := os.ReadFile(settings.Targets)
	if err != nil {
		return nil, fmt.Errorf("%s: the file cannot be read", config.Variable("TARGETS"))
	}
	file, err := target.ParseFile("targets", content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.Variable("TARGETS"), err)
	}
	return &others{file, assume.New(clients, target.Session(settings.Stack, settings.Role))}, nil
}

// reach has the bridge serve the others, too. Without an account of its own, as a local runtime has none, the service says which it is.
func (o *others) reach(ctx context.Context, c *bridge.Config) error {
	if o == nil {
		return nil
	}
	if c.Account == "" {
		own, err := o.roles.Account(ctx)
		if err != nil {
			return err
		}
		c.Account = own
	}
	c.Serve(target.Key{Account: c.Account, Region: c.Region}, o.file, o.roles)
	return nil
}
