package ledger

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

// Version is that of the states which this program writes, and of all objects that have a checksum.
const Version = 3

const (
	defaultPartitions = 64
	maxPartitions     = 1024 // the most
	installationKey   = "installation.json"
)

// Installation is the content of installation.json, which is written when the state is made, and again when it is moved to a newer version and
// when partitions get their first heads.
type Installation struct {
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

// install reads installation.json, or writes it where the store holds no state.
func install(ctx context.Context, store Store, o Options) (in Installation, etag string, err error) {
	o.Endpoint = strings.TrimRight(o.Endpoint, "/")
	if o.Partitions < 0 || o.Partitions > maxPartitions {
		return in, "", fmt.Errorf("ledger: %d partitions: give a number from 1 to %d", o.Partitions, maxPartitions)
	}
	in, etag, err = readInstallation(ctx, store)
	if errors.Is(err, ErrNotFound) {
		in, etag, err = makeInstallation(ctx, store, o)
	}
	if err != nil {
		return Installation{}, "", err
	}
	return in, etag, in.fits(o)
}

func readInstallation(ctx context.Context, store Store) (in Installation, etag string, err error) {
	data, etag, err := store.Get(ctx, installationKey)
	if err != nil {
		return in, "", fmt.Errorf("ledger: reading %s: %w", installationKey, err)
	}
	sealed, err := seal.Read(data, &in)
	if err == nil && in.Version > Version {
		return Installation{}, "", newerState(installationKey, in.Version)
	}
	isOpen := in.Version == Version && !sealed
	if err != nil || isOpen || in.Version < 1 || in.Partitions < 1 || in.Partitions > maxPartitions {
		return Installation{}, "", &StateError{installationKey + " is damaged", "restore its last version from the store's history"}
	}
	return in, etag, nil
}

// makeInstallation writes installation.json; of two that do so at once, one writes it and both read it.
func makeInstallation(ctx context.Context, store Store, o Options) (in Installation, etag string, err error) {
	in = Installation{
		Version: Version, ID: rand.Text(), Partitions: cmp.Or(o.Partitions, defaultPartitions), Endpoint: o.Endpoint, Start: o.Start, Made: time.Now().UTC(),
	}
	if o.Guest || o.Look {
		return in, "", nil
	}
	for _, err := range store.List(ctx, headPrefix) {
		if err != nil {
			return in, "", fmt.Errorf("ledger: listing heads: %w", err)
		}
		return in, "", &StateError{"the state has heads but no " + installationKey, "restore that file, or use an empty place for the state"}
	}
	if _, err := writeJSON(ctx, store, installationKey, in, Absent); err != nil && !errors.Is(err, ErrConflict) {
		return in, "", err
	}
	return readInstallation(ctx, store)
}

// fits refuses a state that was made for another service than the one that is about to be written. A start of a sandbox is one and the same
// under any endpoint: containers reach it under another than its own machine does.
func (in Installation) fits(o Options) error {
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

func newerState(object string, version int) error {
	return &StateError{fmt.Sprintf("%s has version %d, which is newer than this program", object, version), "use the newer program"}
}
