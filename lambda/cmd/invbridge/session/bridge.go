package session

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
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
		c.Nodes, err = ReadFile(s.Nodes, node.ParseFile)
		if err != nil {
			return c, err
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

// WithLedger adds the ledger and the rate at which to put.
func (s *Session) WithLedger(ctx context.Context) (bridge.Config, error) {
	c, err := s.Bridge(ctx)
	if err != nil {
		return c, err
	}
	if err := s.checkRate(); err != nil {
		return c, err
	}
	store, dir, err := s.Store(ctx)
	if err != nil {
		return c, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	c.Rate, c.Now = s.Rate, at.Now
	c.Ledger, err = ledger.Open(ctx, store, ledger.Options{
		Partitions: s.Partitions, Endpoint: s.endpoint(), Start: at.ID, Now: at.Now,
	})
	if err != nil {
		return c, err
	}
	w, err := newWriter(dir)
	if err != nil {
		return c, err
	}
	s.closers = append(s.closers, w.close)
	c.Writer, c.Alive = w.id, w.alive
	return c, nil
}

// ReadFile parses a file, such as one of managed nodes. The error names the file.
func ReadFile[T any](path string, parse func(io.Reader) (T, error)) (T, error) {
	var none T
	f, err := os.Open(path)
	if err != nil {
		return none, err
	}
	defer func() { _ = f.Close() }() // it was read
	parsed, err := parse(f)
	if err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	return parsed, nil
}
