package sandbox

import (
	"crypto/md5" //nolint:gosec // an S3 ETag is one
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// maxHashedBytes is the size up to which an object's checksums are those of its bytes. The ETag of a larger file is of its name, size
// and time: S3's, after an upload in parts, is no MD5 of the content either.
const maxHashedBytes = 16 << 20

// seed is a file that is an object. Its size and time are those it has when it is asked for.
type seed struct {
	files fs.FS
	path  string

	size     int64
	modified time.Time
	hash     []byte // of that size and time
}

// findSeeds finds <bucket>/<key> in a directory. Hidden files are objects like others; what is no regular file is not.
func findSeeds(files fs.FS) (map[string]map[string]*seed, error) {
	seeds := map[string]map[string]*seed{}
	buckets, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	for _, b := range buckets {
		if info, err := fs.Stat(files, b.Name()); err != nil || !info.IsDir() {
			continue // a README beside the buckets
		}
		seeds[b.Name()] = map[string]*seed{}
	}
	for bucket, keys := range seeds {
		err := fs.WalkDir(files, bucket, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := fs.Stat(files, path) // follows a link
			if err == nil && info.Mode().IsRegular() {
				keys[strings.TrimPrefix(path, bucket+"/")] = &seed{files: files, path: path}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return seeds, nil
}

func (d *seed) open() (io.ReadSeekCloser, error) {
	file, err := d.files.Open(d.path)
	if err != nil {
		return nil, err
	}
	seekable, ok := file.(io.ReadSeekCloser)
	if !ok {
		return nil, errors.Join(errors.New("sandbox: object: its file can't be read from the middle"), file.Close())
	}
	return seekable, nil
}

// object is the seed as the library knows objects, without contents. The caller holds the store's lock.
func (d *seed) object(key string) (*gofakes3.Object, error) {
	info, err := fs.Stat(d.files, d.path)
	if err != nil {
		return nil, gofakes3.KeyNotFound(key) // the file has gone since the start
	}
	if d.hash == nil || info.Size() != d.size || !info.ModTime().Equal(d.modified) {
		hash, err := d.sum(info)
		if err != nil {
			return nil, err
		}
		d.size, d.modified, d.hash = info.Size(), info.ModTime(), hash
	}
	return &gofakes3.Object{
		Name: key, Size: d.size, Hash: d.hash,
		Metadata: map[string]string{"Last-Modified": d.modified.UTC().Format(http.TimeFormat)},
	}, nil
}

func (d *seed) sum(info fs.FileInfo) ([]byte, error) {
	h := md5.New() //nolint:gosec // an S3 ETag is one
	if info.Size() > maxHashedBytes {
		_, err := fmt.Fprintf(h, "%s\x00%d\x00%d", d.path, info.Size(), info.ModTime().UnixNano())
		return h.Sum(nil), err
	}
	file, err := d.files.Open(d.path)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(h, file); err != nil {
		return nil, err
	}
	return h.Sum(nil), file.Close()
}

// checksum is the CRC-32 of an object's bytes as S3's header gives it, "" for a large one. The reader is at its start again then.
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
