package sandbox

import (
	"bytes"
	"cmp"
	"crypto/md5" //nolint:gosec // an S3 ETag is one
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// objectStore is the library's store in memory and, below it, the files of a directory. A file is an object until its key is written or
// deleted; the directory itself is only read.
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
			meta[name] = cmp.Or(meta[name], "") // else the library keeps the old value
		}
	}
	delete(s.files[bucket], key)
	return s.Backend.PutObject(bucket, key, meta, bytes.NewReader(body), int64(len(body)), nil)
}

// checkConditions is the library's check, except that If-Match where there is no object is NoSuchKey, as in S3.
func checkConditions(conditions *gofakes3.PutConditions, before *gofakes3.Object, key string) error {
	if conditions == nil || before == nil && conditions.IfMatch == nil {
		return nil
	}
	if before == nil {
		return gofakes3.KeyNotFound(key)
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

// ListBucketVersions lists all versions at once, those of a key with the newest first, as S3 does. The library has the oldest first, and no markers of
// its pages.
func (s *objectStore) ListBucketVersions(bucket string, prefix *gofakes3.Prefix, _ *gofakes3.ListBucketVersionsPage) (*gofakes3.ListBucketVersionsResult, error) {
	list, err := s.Backend.ListBucketVersions(bucket, prefix, nil)
	if err != nil {
		return list, err
	}
	for from := 0; from < len(list.Versions); {
		to := from + 1
		for to < len(list.Versions) && versionKey(list.Versions[to]) == versionKey(list.Versions[from]) {
			to++
		}
		slices.Reverse(list.Versions[from:to])
		from = to
	}
	return list, nil
}

func versionKey(v gofakes3.VersionItem) string {
	switch v := v.(type) {
	case *gofakes3.Version:
		return v.Key
	case *gofakes3.DeleteMarker:
		return v.Key
	}
	return ""
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

// commonPrefix is what a list shows for a key: the part up to the delimiter after the prefix, or the key itself.
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

// maxHashedBytes is the size up to which an object's checksums are those of its bytes. The ETag of a larger file is made of its name,
// size and time: S3's own, after an upload in parts, is no MD5 of the content either.
const maxHashedBytes = 16 << 20

// objectFile is a file that is an object. Its size and time are those it has when it is asked for.
type objectFile struct {
	dir, name string // name is bucket/key

	size     int64
	modified time.Time
	hash     []byte // of that size and time
}

// findObjects finds the files <bucket>/<key> of a directory. Hidden files are objects like others; what is no regular file is not.
func findObjects(dir string) (map[string]map[string]*objectFile, error) {
	tree := os.DirFS(dir)
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, err
	}
	files := map[string]map[string]*objectFile{}
	for _, b := range entries {
		bucket := b.Name()
		if info, err := fs.Stat(tree, bucket); err != nil || !info.IsDir() {
			continue // a README beside the buckets
		}
		files[bucket] = map[string]*objectFile{}
		err := fs.WalkDir(tree, bucket, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := fs.Stat(tree, name) // follows a link
			if err == nil && info.Mode().IsRegular() {
				files[bucket][strings.TrimPrefix(name, bucket+"/")] = &objectFile{dir: dir, name: name}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (f *objectFile) path() string { return filepath.Join(f.dir, filepath.FromSlash(f.name)) }

// object is the file as the library describes objects, without contents. The caller holds the store's lock.
func (f *objectFile) object(key string) (*gofakes3.Object, error) {
	info, err := os.Stat(f.path())
	if err != nil {
		return nil, gofakes3.KeyNotFound(key) // the file was deleted since the start
	}
	if f.hash == nil || info.Size() != f.size || !info.ModTime().Equal(f.modified) {
		hash, err := f.sum(info)
		if err != nil {
			return nil, err
		}
		f.size, f.modified, f.hash = info.Size(), info.ModTime(), hash
	}
	return &gofakes3.Object{
		Name: key, Size: f.size, Hash: f.hash,
		Metadata: map[string]string{"Last-Modified": f.modified.UTC().Format(http.TimeFormat)},
	}, nil
}

func (f *objectFile) sum(info fs.FileInfo) ([]byte, error) {
	h := md5.New() //nolint:gosec // an S3 ETag is one
	if info.Size() > maxHashedBytes {
		_, err := fmt.Fprintf(h, "%s\x00%d\x00%d", f.name, info.Size(), info.ModTime().UnixNano())
		return h.Sum(nil), err
	}
	body, err := os.ReadFile(f.path())
	_, _ = h.Write(body) // never fails
	return h.Sum(nil), err
}

// checksum is the CRC-32 of an object's bytes as it stands in S3's header, "" for a large one. The reader is at its start again afterwards.
func checksum(body io.ReadSeeker, size int64) (string, error) {
	if size > maxHashedBytes {
		return "", nil
	}
	h := crc32.NewIEEE()
	if _, err := io.Copy(h, body); err != nil {
		return "", err
	}
	_, err := body.Seek(0, io.SeekStart)
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, h.Sum32())), err
}
