package main

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// bridge makes a bridge with mappings, the service and the directory, but without a ledger.
func (s *session) bridge(ctx context.Context) (bridge.Config, error) {
	set, err := s.mappings()
	if err != nil {
		return bridge.Config{}, err
	}
	c := bridge.Config{Mappings: set, Log: slog.New(slog.DiscardHandler)}
	if s.options.nodes != "" {
		if c.Nodes, err = nodesFile(s.options.nodes, set); err != nil {
			return c, err
		}
		for _, n := range c.Nodes.Notes() {
			fmt.Fprintf(s.err, "invbridge: %s: %s\n", s.options.nodes, n)
		}
	}
	api, err := s.clients(ctx)
	if err != nil {
		return c, err
	}
	boundMemory(s.getenv)
	c.SSM, c.Objects, c.Region = api.ssm, api.s3, api.region
	return c, nil
}

// withLedger adds the ledger, and says at which rate to put. The caller calls done.
func (s *session) withLedger(ctx context.Context) (c bridge.Config, done func(), err error) {
	if c, err = s.bridge(ctx); err != nil {
		return c, nil, err
	}
	if c.Rate, err = s.rate(); err != nil {
		return c, nil, err
	}
	store, dir, err := s.store(ctx)
	if err != nil {
		return c, nil, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	c.Now = at.Now
	c.Ledger, err = ledger.Open(ctx, store, ledger.Options{
		Partitions: s.options.partitions, Endpoint: s.endpoint(), Start: at.ID, Now: at.Now,
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

func (s *session) rate() (float64, error) {
	switch r := s.options.rate; {
	case r < 0 || math.IsNaN(r):
		return 0, usageError("--rate is a number of calls a second, or 0 for no limit")
	case r == 0 && s.endpoint() == "":
		return 0, usageError("--rate 0 goes only where an endpoint is set: against AWS the calls have a limit")
	default:
		return r, nil
	}
}

// store opens the place of the state; dir is its directory, "" for S3.
func (s *session) store(ctx context.Context) (store ledger.Store, dir string, err error) {
	name, err := s.stateName()
	if err != nil {
		return nil, "", err
	}
	rest, isS3 := strings.CutPrefix(name, "s3://")
	if !isS3 {
		return ledger.Dir(name), name, nil
	}
	api, err := s.clients(ctx)
	if err != nil {
		return nil, "", err
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	return ledger.S3(api.s3, bucket, strings.Trim(prefix, "/")), "", nil
}

func nodesFile(path string, set *mapping.Set) (*node.Directory, error) {
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
