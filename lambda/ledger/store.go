package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
)

// Store keeps objects under slash-separated keys and writes them conditionally. Dir and S3 are the two that there are; both keep
// the same layout. A Store is safe for use by several goroutines and processes.
type Store interface {
	// Get returns an object's bytes and its etag. No such object: ErrNotFound.
	Get(ctx context.Context, key string) (data []byte, etag string, err error)

	// Put writes an object whole if the condition holds, and returns its new etag. The condition is Any, Absent, or the etag that
	// the object must still have; where it does not hold, nothing is written: ErrConflict.
	Put(ctx context.Context, key string, data []byte, condition string) (etag string, err error)

	// Delete deletes an object. One that is not there is no error.
	Delete(ctx context.Context, key string) error

	// List yields the keys that begin with a prefix, in order. An error is the last thing yielded.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Conditions of Store.Put beside an etag.
const (
	Any    = ""  // whatever is there
	Absent = "*" // only if nothing is there
)

// ErrNotFound is returned for an object that is not there. It is an fs.ErrNotExist too.
var ErrNotFound = fmt.Errorf("ledger: no such object: %w", fs.ErrNotExist)

// ErrConflict is returned where a condition did not hold: somebody else has written the object meanwhile.
var ErrConflict = errors.New("ledger: the object was written by somebody else meanwhile")

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
	if err := json.Unmarshal(data, v); err != nil {
		return etag, damaged
	}
	return etag, nil
}

// writeJSON writes an object where a condition holds, and returns its etag; the condition where it is not written.
func writeJSON(ctx context.Context, store Store, key string, v any, condition string) (etag string, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return condition, fmt.Errorf("ledger: %w", err)
	}
	etag, err = store.Put(ctx, key, append(data, '\n'), condition)
	if err != nil {
		return condition, fmt.Errorf("ledger: writing %s: %w", key, err)
	}
	return etag, nil
}
