package bridge

import (
	"context"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// shelf is a store in memory.
type shelf map[string]string

func (s shelf) Get(_ context.Context, key string) ([]byte, string, error) {
	data, ok := s[key]
	if !ok {
		return nil, "", ledger.ErrNotFound
	}
	return []byte(data), shelfTag(data), nil
}

var shelfSeed = maphash.MakeSeed()

func shelfTag(data string) string {
	return strconv.FormatUint(maphash.String(shelfSeed, data), 16)
}

func (s shelf) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	old, ok := s[key]
	if condition == ledger.Absent && ok || condition != ledger.Absent && condition != ledger.Any && (!ok || shelfTag(old) != condition) {
		return "", ledger.ErrConflict
	}
	s[key] = string(data)
	return shelfTag(string(data)), nil
}

func (s shelf) Delete(_ context.Context, key string) error {
	delete(s, key)
	return nil
}

func (s shelf) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(s)) {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}
