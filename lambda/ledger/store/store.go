// Package store knows where the objects of a state lie: in a directory or in a bucket, in the same layout. It does not know what they hold.
package store

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

// Ranger is a Store that reads a part of an object.
type Ranger interface {
	// GetRange returns so many bytes of an object from an offset on; fewer where the object ends. No such object: ErrNotFound.
	GetRange(ctx context.Context, key string, offset, length int64) ([]byte, error)
}

// History is a Store that keeps older versions of objects.
type History interface {
	// Versions yields what was stored under a key, the newest first, the one that is stored now among them. An error is the last thing yielded.
	Versions(ctx context.Context, key string) iter.Seq2[[]byte, error]
}

// Range returns a part of an object: so many bytes from an offset on, fewer where the object ends.
func Range(ctx context.Context, s Store, key string, offset, length int64) ([]byte, error) {
	if r, ok := s.(Ranger); ok {
		return r.GetRange(ctx, key, offset, length)
	}
	data, _, err := s.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	from := min(max(offset, 0), int64(len(data)))
	return data[from:min(from+max(length, 0), int64(len(data)))], nil
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
