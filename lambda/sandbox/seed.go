package sandbox

import (
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
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

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
