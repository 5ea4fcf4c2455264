package sandbox

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// objectStore is the library's store in memory with the files of a directory under it. A file is an object until its key is written
// or deleted; the directory itself is only ever read.
type objectStore struct {
	*s3mem.Backend
	server http.Handler // the library's handler over this store

	mu    sync.Mutex                        // taken by all who write, and by all who look at files
	files map[string]map[string]*objectFile // by bucket and key
}

func newObjectStore(dir string, now func() time.Time) (*objectStore, error) {
	clock := storeClock(now)
	s := &objectStore{Backend: s3mem.New(s3mem.WithTimeSource(clock))}
	s.server = gofakes3.New(s, gofakes3.WithTimeSource(clock), gofakes3.WithTimeSkewLimit(0)).Server()
	if dir == "" {
		return s, nil
	}
	files, err := findObjects(dir)
	if err != nil {
		return nil, fmt.Errorf("sandbox: objects: %w", err)
	}
	s.files = files
	for bucket := range files {
		if err := s.CreateBucket(bucket); err != nil {
			return nil, fmt.Errorf("sandbox: objects: bucket: %w", err)
		}
	}
	return s, nil
}

// storeClock is the sandbox's clock as the library wants it.
type storeClock func() time.Time

func (c storeClock) Now() time.Time                  { return c() }
func (c storeClock) Since(t time.Time) time.Duration { return c().Sub(t) }

// PutObject stores an object, making the bucket where there is none. The metadata of an earlier object of that key is not kept.
func (s *objectStore) PutObject(
	bucket, key string, meta map[string]string, input io.Reader, size int64, conditions *gofakes3.PutConditions,
) (gofakes3.PutObjectResult, error) {
	body, err := gofakes3.ReadAll(input, size)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.provide(bucket); err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	before, err := s.head(bucket, key)
	if err != nil && !gofakes3.HasErrorCode(err, gofakes3.ErrNoSuchKey) {
		return gofakes3.PutObjectResult{}, err
	}
	if err := checkConditions(conditions, before, key); err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	if before != nil {
		for name := range before.Metadata {
			meta[name] = cmp.Or(meta[name], "") // else the library takes the old value over
		}
	}
	delete(s.files[bucket], key)
	return s.Backend.PutObject(bucket, key, meta, bytes.NewReader(body), int64(len(body)), nil)
}

// checkConditions is the library's check, except that If-Match where there is no object is NoSuchKey, as in S3.
func checkConditions(conditions *gofakes3.PutConditions, before *gofakes3.Object, key string) error {
	if conditions == nil {
		return nil
	}
	if before == nil && conditions.IfMatch != nil {
		return gofakes3.KeyNotFound(key)
	}
	if before == nil {
		return nil
	}
	return gofakes3.CheckPutConditions(conditions, &gofakes3.ConditionalObjectInfo{Exists: true, Hash: before.Hash})
}

// provide makes the bucket where there is none.
func (s *objectStore) provide(bucket string) error {
	if exists, err := s.BucketExists(bucket); exists || err != nil {
		return err
	}
	err := s.CreateBucket(bucket)
	if gofakes3.HasErrorCode(err, gofakes3.ErrBucketAlreadyExists) {
		return nil // another request was faster
	}
	return err
}

// head is HeadObject for those who hold the lock.
func (s *objectStore) head(bucket, key string) (*gofakes3.Object, error) {
	if f := s.files[bucket][key]; f != nil {
		return f.object(key)
	}
	return s.Backend.HeadObject(bucket, key)
}

// HeadObject returns an object without its contents.
func (s *objectStore) HeadObject(bucket, key string) (*gofakes3.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.head(bucket, key)
}

// GetObject returns an object with its contents, read from the file where it is one. Nobody asks it for a part: serveObject serves ranges.
func (s *objectStore) GetObject(bucket, key string, span *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[bucket][key]
	if f == nil {
		return s.Backend.GetObject(bucket, key, span)
	}
	o, err := f.object(key)
	if err != nil {
		return nil, err
	}
	o.Contents, err = os.Open(f.path())
	return o, err
}

// CopyObject copies within the store.
func (s *objectStore) CopyObject(fromBucket, fromKey, bucket, key string, meta map[string]string) (gofakes3.CopyObjectResult, error) {
	return gofakes3.CopyObject(s, fromBucket, fromKey, bucket, key, meta)
}

// DeleteObject deletes an object; a file stays where it is.
func (s *objectStore) DeleteObject(bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files[bucket], key)
	return s.Backend.DeleteObject(bucket, key)
}

// DeleteMultiVersions deletes several objects or versions of them.
func (s *objectStore) DeleteMultiVersions(bucket string, objects ...gofakes3.ObjectID) (gofakes3.MultiDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range objects {
		delete(s.files[bucket], o.Key)
	}
	return s.Backend.DeleteMultiVersions(bucket, objects...)
}

// ListBucket lists keys in order. It lists everything that the library's store holds and cuts the page itself: files stand among its
// keys, and a common prefix must not come again on the next page.
func (s *objectStore) ListBucket(bucket string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix == nil {
		prefix = &gofakes3.Prefix{}
	}
	all, err := s.contents(bucket, prefix.Prefix)
	if err != nil {
		return nil, err
	}
	list := gofakes3.NewObjectList()
	last, count := "", int64(0)
	for _, o := range all {
		name := commonPrefix(o.Key, prefix)
		if o.Key <= page.Marker || name == page.Marker || name == last {
			continue
		}
		if count == page.MaxKeys && page.MaxKeys > 0 {
			list.IsTruncated, list.NextMarker = true, last
			break
		}
		if name == o.Key {
			list.Add(o)
		} else {
			list.AddPrefix(name)
		}
		last, count = name, count+1
	}
	return list, nil
}

// commonPrefix is what stands for a key in a list: the part up to the delimiter after the prefix, or the key itself.
func commonPrefix(key string, prefix *gofakes3.Prefix) string {
	if !prefix.HasDelimiter {
		return key
	}
	rest := key[len(prefix.Prefix):]
	if i := strings.Index(rest, prefix.Delimiter); i >= 0 {
		return key[:len(prefix.Prefix)+i+len(prefix.Delimiter)]
	}
	return key
}

// contents returns all of a bucket's objects under a prefix, in the order of their keys.
func (s *objectStore) contents(bucket, prefix string) ([]*gofakes3.Content, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, err := s.Backend.ListBucket(bucket, &gofakes3.Prefix{HasPrefix: true, Prefix: prefix}, gofakes3.ListBucketPage{})
	if err != nil {
		return nil, err
	}
	all := stored.Contents
	for key, f := range s.files[bucket] {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		o, err := f.object(key)
		if err != nil {
			return nil, err
		}
		all = append(all, &gofakes3.Content{
			Key: key, LastModified: gofakes3.NewContentTime(f.modified), ETag: gofakes3.FormatETag(o.Hash), Size: o.Size,
		})
	}
	slices.SortFunc(all, func(a, b *gofakes3.Content) int { return cmp.Compare(a.Key, b.Key) })
	return all, nil
}
