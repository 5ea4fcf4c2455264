package session

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/audit"
)

// Bridge returns the configuration of a bridge with mappings, the service and the directory, but without a ledger.
func (s *Session) Bridge(ctx context.Context) (bridge.Config, error) {
	set, err := s.LoadMappings()
	if err != nil {
		return bridge.Config{}, err
	}
	c := bridge.Config{Mappings: set, Log: slog.New(slog.DiscardHandler)}
	if s.Nodes != "" {
		c.Nodes, err = s.readNodes(ctx, set)
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

// WithNumbers adds the ledger to read in it, where there is one: it knows which numbers of machines are tied to which nodes. Where no place is
// named for it, a state that does not fit counts as none.
func (s *Session) WithNumbers(ctx context.Context) (bridge.Config, error) {
	c, err := s.Bridge(ctx)
	if err != nil {
		return c, err
	}
	if _, err := s.stateName(); err != nil && s.State == "" {
		return c, nil
	}
	store, _, err := s.Store(ctx)
	if err != nil {
		return c, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	l, err := ledger.Open(ctx, store, ledger.Options{Guest: true, Endpoint: s.endpoint(), Start: at.ID, Now: at.Now})
	if err != nil && s.State == "" {
		return c, nil
	}
	c.Ledger = l
	return c, err
}

// AuditedState is the state, to be checked or repaired. Nothing is made where there is none.
func (s *Session) AuditedState(ctx context.Context) (*audit.State, error) {
	store, _, err := s.Store(ctx)
	if err != nil {
		return nil, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	return &audit.State{Store: store, Options: ledger.Options{Endpoint: s.endpoint(), Start: at.ID, Now: at.Now}}, nil
}

// Store opens the place of the state; dir is its directory, "" for S3.
func (s *Session) Store(ctx context.Context) (store ledger.Store, dir string, err error) {
	name, err := s.stateName()
	if err != nil {
		return nil, "", err
	}
	rest, isS3 := strings.CutPrefix(name, "s3://")
	if !isS3 {
		return ledger.Dir(name), name, nil
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return nil, "", err
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	return ledger.S3(api.S3, bucket, strings.Trim(prefix, "/")), "", nil
}

// stateName is the place of the state: what the flag names, or a folder named for the endpoint.
func (s *Session) stateName() (string, error) {
	if s.State != "" {
		return s.State, nil
	}
	if s.endpoint() == "" {
		return "", UsageError("against AWS name the place of the state: --state s3://bucket/prefix (the one that the stack made), or --state DIR")
	}
	u, err := url.Parse(s.endpoint())
	if err != nil || u.Host == "" {
		return "", UsageError("the endpoint in AWS_ENDPOINT_URL is not a URL")
	}
	return filepath.Join(".invbridge", strings.ReplaceAll(u.Host, ":", "-")), nil
}

func (s *Session) checkRate() error {
	switch r := s.Rate; {
	case r < 0 || math.IsNaN(r):
		return UsageError("--rate must be a number of calls a second, or 0 for no limit")
	case r == 0 && s.endpoint() == "":
		return UsageError("--rate 0 is allowed only where an endpoint is set: against AWS the calls have a limit")
	default:
		return nil
	}
}

// ReadFile parses a file, such as one of managed nodes. The error names the file.
func ReadFile[T any](path string, parse func(io.Reader) (T, error)) (parsed T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return parsed, err
	}
	defer func() { _ = f.Close() }() // it was read
	parsed, err = parse(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return parsed, err
}
