package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// shelf keeps the state's objects in memory, with conditions on what is written.
type shelf struct {
	mu      sync.Mutex
	objects map[string]object
	writes  int
	before  map[string][]object   // of heads: what they were
	stagers map[string]*importRun // of staged deliveries: another run at the same document may have staged it anew
}

type object struct {
	data []byte
	etag string
}

func newShelf() *shelf { return &shelf{objects: map[string]object{}, stagers: map[string]*importRun{}} }

func (s *shelf) get(key string) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.objects[key]
	if !ok {
		return o, ledger.ErrNotFound
	}
	return o, nil
}

func (s *shelf) put(key string, data []byte, condition string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, there := s.objects[key]
	if condition == ledger.Absent && there || condition != ledger.Absent && condition != ledger.Any && old.etag != condition {
		return "", ledger.ErrConflict
	}
	s.writes++
	if there && strings.HasPrefix(key, "heads/") {
		if s.before == nil {
			s.before = map[string][]object{}
		}
		s.before[key] = append(s.before[key], old)
	}
	o := object{bytes.Clone(data), fmt.Sprint(s.writes)}
	s.objects[key] = o
	return o.etag, nil
}

func (s *shelf) stagedBy(key string, a *importRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stagers[key] = a
}

func (s *shelf) stager(key string) *importRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stagers[key]
}

func (s *shelf) delete(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
}

func (s *shelf) list(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range maps.Keys(s.objects) {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// packNames are names of packs in the middle of a text, of which told keeps the beginning.
var packNames = regexp.MustCompile(`(packs/\d{4})-\w+`)

// told is a key as a history tells it: the names of packs differ each time that it runs.
func told(key string) string {
	if strings.HasPrefix(key, "packs/") {
		return key[:min(len(key), len("packs/0000"))]
	}
	return key
}

// Get, Put, Delete and List are the state's store as a process sees it, and GetObject its objects in S3.

func (p *process) Get(ctx context.Context, key string) (data []byte, etag string, err error) {
	err = p.legOf(key).outside(ctx, "get "+told(key), func() error {
		o, err := p.world.shelf.get(key)
		data, etag = bytes.Clone(o.data), o.etag
		return err
	})
	return data, etag, err
}

func (p *process) Put(ctx context.Context, key string, data []byte, condition string) (etag string, err error) {
	err = p.legOf(key).outside(ctx, "put "+told(key), func() (err error) {
		etag, err = p.world.shelf.put(key, data, condition)
		if err == nil {
			p.world.shelf.stagedBy(key, p.importRun)
		}
		return err
	})
	return etag, err
}

// Delete takes an object away, if it is there.
func (p *process) Delete(ctx context.Context, key string) error {
	return p.legOf(key).outside(ctx, "delete "+told(key), func() error {
		p.world.shelf.delete(key)
		return nil
	})
}

func (p *process) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var keys []string
		err := p.legs[0].outside(ctx, "list "+prefix, func() error {
			keys = p.world.shelf.list(prefix)
			return nil
		})
		for _, key := range keys {
			if err == nil && !yield(key, nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

// bucket is where the state lies in S3.
const bucket = "state"

func (p *process) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	var data []byte
	err := p.legs[0].outside(ctx, "get "+*in.Key, func() error {
		o, err := p.world.shelf.get(*in.Key)
		data, p.importRun = o.data, p.world.shelf.stager(*in.Key)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(data))}, nil
}

// damage makes an object another one, or deletes it, where decide says so. It returns what it was and what it is.
func (s *shelf) damage(key string, decide func(was object, before []object) ([]byte, bool)) (was, is object, ok bool) {
	s.mu.Lock()
	was, there := s.objects[key]
	before := slices.Clone(s.before[key])
	s.mu.Unlock()
	if !there {
		return was, is, false
	}
	data, ok := decide(was, before)
	if !ok {
		return was, is, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	is = object{data, fmt.Sprint(s.writes)}
	if data == nil {
		delete(s.objects, key)
	} else {
		s.objects[key] = is
	}
	return was, is, true
}

// restore makes an object again what it was, and reports whether nobody has written it meanwhile.
func (s *shelf) restore(key string, was, is object) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, there := s.objects[key]
	if there != (is.data != nil) || there && now.etag != is.etag {
		return false
	}
	s.writes++
	s.objects[key] = object{was.data, fmt.Sprint(s.writes)}
	return true
}

// overlaid is the shelf as it would be with another object.
type overlaid struct {
	*shelf
	key  string
	data []byte // nil: there is none
}

func (o overlaid) Get(_ context.Context, key string) ([]byte, string, error) {
	if key == o.key && o.data == nil {
		return nil, "", ledger.ErrNotFound
	}
	if key == o.key {
		return o.data, "another", nil
	}
	got, err := o.get(key)
	return bytes.Clone(got.data), got.etag, err
}

func (o overlaid) Put(context.Context, string, []byte, string) (string, error) { return "", errStore }
func (o overlaid) Delete(context.Context, string) error                        { return errStore }

func (o overlaid) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range o.list(prefix) {
			if !yield(key, nil) {
				return
			}
		}
	}
}
