package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strings"
	"sync"
)

// memory is a Store in memory.
type memory struct {
	mu      sync.Mutex
	objects map[string]string
}

func (m *memory) Get(_ context.Context, key string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.objects[key]
	if !ok {
		return nil, "", ErrNotFound
	}
	return []byte(data), etagOf([]byte(data)), nil
}

func (m *memory) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.objects[key]
	if condition == Absent && ok || condition != Absent && condition != Any && (!ok || etagOf([]byte(old)) != condition) {
		return "", ErrConflict
	}
	if m.objects == nil {
		m.objects = map[string]string{}
	}
	m.objects[key] = string(data)
	return etagOf(data), nil
}

func (m *memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
	return nil
}

func (m *memory) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.Lock()
		var keys []string
		for key := range m.objects {
			if strings.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
		}
		m.mu.Unlock()
		slices.Sort(keys)
		for _, key := range keys {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func etagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
