package session

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

// TargetsByDefault is the file of targets where no flag names one; "": none was set.
func (s *Session) TargetsByDefault() string { return s.Getenv("INVBRIDGE_TARGETS") }

// TargetsFile reads the file of targets; nil where there is none.
func (s *Session) TargetsFile() (*target.File, error) {
	if s.Targets == "" {
		return nil, nil //nolint:nilnil // no file is no error
	}
	content, err := os.ReadFile(s.Targets)
	if err != nil {
		return nil, fmt.Errorf("--targets: %w", err)
	}
	return target.ParseFile(s.Targets, content)
}

// Roles returns what calls the targets, and asks for the accounts of an organization.
func (s *Session) Roles(ctx context.Context) (*assume.Roles, error) {
	if s.roles != nil {
		return s.roles, nil
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return nil, err
	}
	s.roles = assume.New(api.Config, target.CommandSession)
	return s.roles, nil
}

// Own returns the caller's own account and region.
func (s *Session) Own(ctx context.Context) (target.Key, error) {
	roles, err := s.Roles(ctx)
	if err != nil {
		return target.Key{}, err
	}
	account, err := roles.Account(ctx)
	return target.Key{Account: account, Region: s.clients.Config.Region}, err
}

// reached is what the file of targets says, and who calls them.
type reached struct {
	file  *target.File
	roles *assume.Roles
	own   target.Key
}

// reached reads the file of targets; nil where there is none.
func (s *Session) reached(ctx context.Context) (*reached, error) {
	file, err := s.TargetsFile()
	if err != nil || file == nil {
		return nil, err
	}
	roles, err := s.Roles(ctx)
	if err != nil {
		return nil, err
	}
	own, err := s.Own(ctx)
	return &reached{file, roles, own}, err
}

// all returns the targets of the file, and those of the organization that it names.
func (r *reached) all(ctx context.Context) (*target.Set, error) {
	found, err := r.roles.Find(ctx, r.file)
	if err != nil {
		return nil, err
	}
	return target.NewSet(r.own, slices.Concat(r.file.Targets, found)), nil
}

// reach has a bridge serve the accounts and regions of the file of targets, too.
func (s *Session) reach(ctx context.Context, c *bridge.Config) error {
	r, err := s.reached(ctx)
	if err != nil || r == nil {
		return err
	}
	c.Serve(r.own, r.file, r.roles)
	if s.Nodes != "" { // no sweep has stored which there are for the nodes of a file
		c.Targets, err = r.all(ctx)
	}
	return err
}

// isOf returns an error where a state is that of an installation of another account and region, which serves targets, too.
func isOf(ctx context.Context, state ledger.Store, targets *target.Set) error {
	if targets == nil {
		return nil
	}
	known, err := listed.In(state).Targets(ctx)
	if err != nil {
		return err
	}
	return known.IsOf(targets.Own())
}

// Others returns all targets beside the caller's own account and region: those of the file, and those of the organization that it names.
func (s *Session) Others(ctx context.Context) ([]target.Target, error) {
	r, err := s.reached(ctx)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, UsageError("name the file of targets: --targets FILE, or INVBRIDGE_TARGETS")
	}
	all, err := r.all(ctx)
	return all.Targets(), err
}
