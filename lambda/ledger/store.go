package ledger

import (
	"context"
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
