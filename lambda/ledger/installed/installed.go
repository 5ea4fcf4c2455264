// Package installed knows what installation.json says: of which version a state is, for which service it was made, of how many partitions, and which
// of them have a head. It does not know what heads hold.
package installed

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Version is that of the states which this program writes, and of all objects that have a checksum.
const Version = 3

const (
	defaultPartitions = 64
	maxPartitions     = 1024 // the most

)

// Key is where the record is stored.
const Key = "installation.json"

// HeadPrefix is what the keys of all heads begin with.
const HeadPrefix = "heads/"

// HeadKey is the key of a partition's head.
func HeadKey(partition int) string { return fmt.Sprintf("%s%04d.json", HeadPrefix, partition) }

// Record is the content of installation.json, which is written when the state is made, and again when it is moved to a newer version and
// when partitions get their first heads.
type Record struct {
	Version    int       `json:"version"`
	ID         string    `json:"id,omitempty"` // which its heads have too; "": of a version before 3
	Partitions int       `json:"partitions"`
	Endpoint   string    `json:"endpoint,omitempty"` // "": AWS itself
	Start      string    `json:"start,omitempty"`    // ID of the sandbox's start
	Made       time.Time `json:"made"`
	Heads      string    `json:"heads,omitempty"` // partitions that have a head: a bit each, the first the lowest, in hexadecimal digits
}

// StateError is why a state is refused, and what to do.
type StateError struct {
	Problem string // what is wrong with the state
	WayOut  string // what to do about it
}

func (e *StateError) Error() string { return "ledger: " + e.Problem + ": " + e.WayOut }

// Options are for whom a state is made.
type Options struct {
	Partitions int              // how many, when the state is made: 1 to 1,024; 0: 64. A state that exists keeps its number
	Endpoint   string           // the service's address where it is not AWS itself; "": AWS
	Start      string           // ID of the sandbox's start; "": not a sandbox
	Guest      bool             // only read: somebody else makes the state, of as many partitions as are given here
	Look       bool             // only read, for whichever service it was made
	Now        func() time.Time // nil: time.Now
}

// Open reads installation.json, and makes it where there is none. It refuses, with a *StateError, a state made for another endpoint or another start
// of a sandbox, one written by a newer version, and one that has lost its installation.json.
func Open(ctx context.Context, s store.Store, o Options) (*Marks, error) {
	in, etag, err := install(ctx, s, o)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Marks{Partitions: in.Partitions, store: s, guest: o.Guest || o.Look, now: o.Now}
	m.set(in, etag)
	return m, nil
}

// install reads installation.json, or writes it where the store holds no state.
func install(ctx context.Context, s store.Store, o Options) (in Record, etag string, err error) {
	o.Endpoint = strings.TrimRight(o.Endpoint, "/")
	if o.Partitions < 0 || o.Partitions > maxPartitions {
		return in, "", fmt.Errorf("ledger: %d partitions: give a number from 1 to %d", o.Partitions, maxPartitions)
	}
	in, etag, err = read(ctx, s)
	if errors.Is(err, store.ErrNotFound) {
		in, etag, err = makeNew(ctx, s, o)
	}
	if err != nil {
		return Record{}, "", err
	}
	return in, etag, in.fits(o)
}

func read(ctx context.Context, s store.Store) (in Record, etag string, err error) {
	data, etag, err := s.Get(ctx, Key)
	if err != nil {
		return in, "", fmt.Errorf("ledger: reading %s: %w", Key, err)
	}
	sealed, err := seal.Read(data, &in)
	if err == nil && in.Version > Version {
		return Record{}, "", Newer(Key, in.Version)
	}
	isOpen := in.Version == Version && !sealed
	if err != nil || isOpen || in.Version < 1 || in.Partitions < 1 || in.Partitions > maxPartitions {
		return Record{}, "", &StateError{Key + " is damaged", "restore its last version from the store's history"}
	}
	return in, etag, nil
}

// makeNew writes installation.json; of two that do so at once, one writes it and both read it.
func makeNew(ctx context.Context, s store.Store, o Options) (in Record, etag string, err error) {
	in = Record{
		Version: Version, ID: rand.Text(), Partitions: cmp.Or(o.Partitions, defaultPartitions), Endpoint: o.Endpoint, Start: o.Start, Made: time.Now().UTC(),
	}
	if o.Guest || o.Look {
		return in, "", nil
	}
	for _, err := range s.List(ctx, HeadPrefix) {
		if err != nil {
			return in, "", fmt.Errorf("ledger: listing heads: %w", err)
		}
		return in, "", &StateError{"the state has heads but no " + Key, "restore that file, or use an empty place for the state"}
	}
	if _, err := seal.Put(ctx, s, Key, in, store.Absent); err != nil && !errors.Is(err, store.ErrConflict) {
		return in, "", err
	}
	return read(ctx, s)
}

// fits refuses a state that was made for another service than the one that is about to be written. A start of a sandbox is one and the same
// under any endpoint: containers reach it under another than its own machine does.
func (in Record) fits(o Options) error {
	if o.Look || in.Start != "" && in.Start == o.Start {
		return nil
	}
	if in.Endpoint != o.Endpoint {
		return &StateError{
			fmt.Sprintf("this state was made for %s, not for %s", cmp.Or(in.Endpoint, "AWS"), cmp.Or(o.Endpoint, "AWS")),
			"use another place for the state, or the endpoint it was made for",
		}
	}
	if in.Start != o.Start {
		return &StateError{
			fmt.Sprintf("this state was made for an earlier start of the sandbox at %s, which has forgotten what was put", cmp.Or(in.Endpoint, "AWS")),
			"delete the state, or use another place for it",
		}
	}
	return nil
}

// Newer is the error for an object of a newer version.
func Newer(object string, version int) error {
	return &StateError{fmt.Sprintf("%s has version %d, which is newer than this program", object, version), "use the newer program"}
}
