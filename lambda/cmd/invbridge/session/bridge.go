package session

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Bridge returns the configuration of a bridge with mappings, the service and the directory, but without a ledger.
func (s *Session) Bridge(ctx context.Context) (bridge.Config, error) {
	set, err := s.MappingSet()
	if err != nil {
		return bridge.Config{}, err
	}
	c := bridge.Config{Mappings: set, Log: slog.New(slog.DiscardHandler)}
	if s.Nodes != "" {
		c.Nodes, err = NodesFile(s.Nodes, set)
		if err != nil {
			return c, err
		}
		for _, n := range c.Nodes.Notes() {
			fmt.Fprintf(s.Err, "invbridge: %s: %s\n", s.Nodes, n)
		}
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return c, err
	}
	boundMemory(s.Getenv)
	c.SSM, c.Objects, c.Region = api.SSM, api.S3, api.Config.Region
	return c, nil
}

// WithLedger adds the ledger and the rate at which to put. The caller calls done.
func (s *Session) WithLedger(ctx context.Context) (c bridge.Config, done func(), err error) {
	c, err = s.Bridge(ctx)
	if err != nil {
		return c, nil, err
	}
	if err := s.checkRate(); err != nil {
		return c, nil, err
	}
	c.Rate = s.Rate
	store, dir, err := s.store(ctx)
	if err != nil {
		return c, nil, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	c.Now = at.Now
	c.Ledger, err = ledger.Open(ctx, store, ledger.Options{
		Partitions: s.Partitions, Endpoint: s.endpoint(), Start: at.ID, Now: at.Now,
	})
	if err != nil {
		return c, nil, err
	}
	w, err := newWriter(dir)
	if err != nil {
		return c, nil, err
	}
	c.Writer, c.Alive = w.id, w.alive
	return c, w.close, nil
}

// NodesFile reads a file of managed nodes. Identifiers that the mappings' files list as shared do not distinguish them.
func NodesFile(path string, set *mapping.Set) (*node.Directory, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	d, err := node.ParseFile(f, bridge.SharedValues(set)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}
