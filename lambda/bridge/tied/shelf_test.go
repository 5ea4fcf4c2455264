package tied

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// shelf keeps a state in memory.
type shelf struct {
	mu      sync.Mutex
	objects map[string]object
	writes  int
	heads   int // of which were read
	fails   int // the write that fails, and all after it; 0: none
}

var errLost = errors.New("the process has ended")

type object struct {
	data []byte
	etag string
}

func newShelf() *shelf { return &shelf{objects: map[string]object{}} }

func (s *shelf) Get(_ context.Context, key string) ([]byte, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(key, "heads/") {
		s.heads++
	}
	o, ok := s.objects[key]
	if !ok {
		return nil, "", ledger.ErrNotFound
	}
	return o.data, o.etag, nil
}

func (s *shelf) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, there := s.objects[key]
	if condition == ledger.Absent && there || condition != ledger.Absent && condition != ledger.Any && old.etag != condition {
		return "", ledger.ErrConflict
	}
	s.writes++
	if s.fails > 0 && s.writes >= s.fails {
		return "", errLost
	}
	s.objects[key] = object{bytes.Clone(data), fmt.Sprint(s.writes)}
	return s.objects[key].etag, nil
}

func (s *shelf) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
	return nil
}

func (s *shelf) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	s.mu.Lock()
	keys := slices.Sorted(maps.Keys(s.objects))
	s.mu.Unlock()
	return func(yield func(string, error) bool) {
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}
