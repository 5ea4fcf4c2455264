package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/audit"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Bridge returns the configuration of a bridge with mappings, the service and the directory, but without a ledger.
func (s *Session) Bridge(ctx context.Context) (bridge.Config, error) {
	set, err := s.LoadMappings()
	if err != nil {
		return bridge.Config{}, err
	}
	limits, err := s.Limits()
	if err != nil {
		return bridge.Config{}, err
	}
	c := bridge.Config{Mappings: set, Limits: limits, Log: slog.New(slog.DiscardHandler)}
	if s.Targets == "" { // who has the nodes needs no service to look for machines
		if err := s.addNodes(ctx, &c); err != nil {
			return c, err
		}
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return c, err
	}
	c.SSM, c.Objects, c.Region = api.SSM, api.S3, api.Config.Region
	if s.Targets != "" {
		if err = s.reach(ctx, &c); err == nil {
			err = s.addNodes(ctx, &c)
		}
	}
	return c, err
}

// addNodes reads the managed nodes where a flag names their file.
func (s *Session) addNodes(ctx context.Context, c *bridge.Config) (err error) {
	if s.Nodes == "" {
		return nil
	}
	c.Nodes, err = s.readNodes(ctx, c.Mappings, c.Targets)
	if err != nil {
		return err
	}
	s.holdNodes(c.Nodes)
	for _, n := range c.Nodes.Notes() {
		fmt.Fprintf(s.Err, "invbridge: %s: %s\n", s.Nodes, n)
	}
	return nil
}

// bridgeOrNone is Bridge or, where the nodes are known and nothing says which service to ask, one that asks none.
func (s *Session) bridgeOrNone(ctx context.Context) (bridge.Config, error) {
	c, err := s.Bridge(ctx)
	if errors.Is(err, errNoRegion) && c.Nodes != nil {
		return c, nil
	}
	return c, err
}

// WithLedger adds the ledger and the rate at which to put.
func (s *Session) WithLedger(ctx context.Context) (bridge.Config, error) {
	return s.withLedger(ctx, newWriter)
}

// ToPlan is WithLedger for whoever writes nothing: the state may be one that may only be read.
func (s *Session) ToPlan(ctx context.Context) (bridge.Config, error) {
	return s.withLedger(ctx, func(dir string) (*writer, error) {
		w, err := newWriter(dir)
		if mayOnlyRead(err) {
			return newWriter("")
		}
		return w, err
	})
}

func mayOnlyRead(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

func (s *Session) withLedger(ctx context.Context, asWriter func(dir string) (*writer, error)) (bridge.Config, error) {
	c, err := s.Bridge(ctx)
	if err != nil {
		return c, err
	}
	if err := s.CheckRate(); err != nil {
		return c, err
	}
	store, dir, err := s.Store(ctx)
	if err != nil {
		return c, err
	}
	if err := isOf(ctx, store, c.Targets); err != nil {
		return c, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	c.Rate, c.Together, c.Now = s.Rate, put.AtOnce, at.Now
	if name, err := s.StateName(); err == nil && dir == "" {
		c.Place.Bucket, c.Place.Prefix, _ = strings.Cut(strings.Trim(strings.TrimPrefix(name, "s3://"), "/"), "/")
	}
	c.Ledger, err = ledger.Open(ctx, store, ledger.Options{
		Partitions: cmp.Or(s.Partitions, partitionsFor(c.Nodes, dir)), Endpoint: s.endpoint(), Start: at.ID, Now: at.Now,
	})
	if err != nil {
		return c, err
	}
	w, err := asWriter(dir)
	if err != nil {
		return c, err
	}
	s.closers = append(s.closers, w.close)
	c.Writer, c.Alive = w.id, w.alive
	return c, nil
}

// A new state in a directory has as many partitions as its nodes need: an import writes four files for each that it touches, and waits until the disk
// has them, and a head is written whole. Of few nodes with very many records each, fewer partitions would take more memory.
const (
	nodesOfPartition = 250
	fewestPartitions = 6
	mostPartitions   = 1024
)

// partitionsFor is how many partitions a new state has; 0: the usual number.
func partitionsFor(nodes *node.Directory, dir string) int {
	if dir == "" || nodes == nil {
		return 0
	}
	return min(max(fewestPartitions, (nodes.Len()+nodesOfPartition-1)/nodesOfPartition), mostPartitions)
}

// Look returns a bridge that can only read its ledger, whichever service that was made for; nothing is asked of a service. It names the state.
func (s *Session) Look(ctx context.Context) (bridge.Config, error) {
	set, err := s.LoadMappings()
	if err != nil {
		return bridge.Config{}, err
	}
	store, err := s.Stored(ctx)
	if err != nil {
		return bridge.Config{}, err
	}
	at := bridge.StartOf(ctx, s.endpoint())
	l, err := ledger.Open(ctx, store, ledger.Options{Look: true, Now: at.Now})
	return bridge.Config{Mappings: set, Ledger: l, Now: at.Now, Log: slog.New(slog.DiscardHandler)}, err
}

// LedgerOrLook is ToPlan or, where the state was made for a service that is not at hand, Look: unasked is why.
func (s *Session) LedgerOrLook(ctx context.Context) (c bridge.Config, unasked, err error) {
	c, err = s.ToPlan(ctx)
	if err == nil {
		return c, nil, nil
	}
	var other *ledger.StateError
	if !errors.As(err, &other) && !errors.Is(err, errNoRegion) && !mayOnlyRead(err) {
		return c, nil, err
	}
	look, lookErr := s.Look(ctx)
	if lookErr != nil {
		return c, nil, err
	}
	return look, err, nil
}

// Stored opens the place of a state to look at, and names it where it was not named on the command line.
func (s *Session) Stored(ctx context.Context) (ledger.Store, error) {
	store, dir, err := s.Store(ctx)
	if err != nil {
		return nil, err
	}
	name, err := s.StateName()
	if err != nil {
		return nil, err
	}
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("there is no state in %s: name its place with --state, or in INVBRIDGE_STATE", dir)
		}
	}
	if !s.JSON && !s.named && (s.State == "" || s.State == s.StateByDefault()) {
		s.named = true
		fmt.Fprintf(s.Err, "invbridge: state %s\n", name)
	}
	return store, nil
}

// WithNumbers adds the ledger to read in it, where there is one: it knows which numbers of machines are tied to which nodes. Where no place is
// named for it, a state that does not fit counts as none.
func (s *Session) WithNumbers(ctx context.Context) (bridge.Config, error) {
	c, err := s.bridgeOrNone(ctx)
	if err != nil {
		return c, err
	}
	if _, err := s.StateName(); err != nil && s.State == "" {
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
	name, err := s.StateName()
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

// StateName is the place of the state: what the flag names, or a folder named for the endpoint.
func (s *Session) StateName() (string, error) {
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

// CheckRate returns what is wrong with the rate of calls.
func (s *Session) CheckRate() error {
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
