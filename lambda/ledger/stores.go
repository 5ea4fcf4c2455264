package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// Store is where the state lives.
type Store = store.Store

// S3API are the actions of S3 that a state needs. *s3.Client is one.
type S3API = store.S3API

// Conditions of Store.Put beside an etag.
const (
	Any    = store.Any    // whatever is there
	Absent = store.Absent // only if nothing is there
)

// Errors of a Store.
var (
	ErrNotFound = store.ErrNotFound // no such object; an fs.ErrNotExist too
	ErrConflict = store.ErrConflict // somebody else has written the object meanwhile
)

// Dir keeps a state in a directory.
func Dir(path string) Store { return store.Dir(path) }

// S3 keeps a state in a bucket under a prefix.
func S3(api S3API, bucket, prefix string) Store { return store.S3(api, bucket, prefix) }

// readJSON reads an object into v, which stays as it is where there is none. It returns the condition under which v may be written over it.
// Where the object is damaged, that error is returned.
func readJSON(ctx context.Context, store Store, key string, v any, damaged *FormatError) (condition string, err error) {
	data, etag, err := store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return Absent, nil
	}
	if err != nil {
		return "", fmt.Errorf("ledger: reading %s: %w", key, err)
	}
	sealed, err := seal.Read(data, v)
	if err == nil && !sealed && seal.Version(data) >= Version {
		err = seal.ErrDamaged
	}
	if err != nil {
		return etag, damaged
	}
	return etag, nil
}
