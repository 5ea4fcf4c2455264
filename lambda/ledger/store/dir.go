package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	lockName   = ".lock" // held while a condition is checked and its object replaced
	tempPrefix = ".new-" // files that are being written
)

// Dir keeps a state in a directory, which is made when first written to. Objects are replaced whole, by renaming; conditions are
// checked under a lock that other processes obey too. An etag is a hash of the content, which this Store alone knows. What was written is kept when
// the process is killed and when the machine loses power: Put returns when file and folder are on the disk. What was deleted may come back.
func Dir(path string) Store { return On(disk{}, path) }

// On is Dir on a file system.
func On(files Files, path string) Store {
	return &dirStore{files, filepath.Clean(path), maphash.MakeSeed()}
}

type dirStore struct {
	files Files
	path  string
	seed  maphash.Seed // of etags
}

func (d *dirStore) Get(_ context.Context, key string) ([]byte, string, error) {
	data, err := d.files.ReadFile(d.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("ledger: reading %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, "", fmt.Errorf("ledger: %w", err)
	}
	return data, d.etagOf(data), nil
}

func (d *dirStore) GetRange(_ context.Context, key string, offset, length int64) ([]byte, error) {
	data := make([]byte, length)
	n, err := d.files.ReadAt(d.file(key), data, offset)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("ledger: reading %s: %w", key, ErrNotFound)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return data[:n], nil
}

func (d *dirStore) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("ledger: writing %s: %w", key, err)
	}
	file := d.file(key)
	temp, err := d.writeTemp(filepath.Dir(file), data)
	if err != nil {
		return "", fmt.Errorf("ledger: writing %s: %w", key, err)
	}
	if err := d.replace(file, temp, condition); err != nil {
		return "", fmt.Errorf("ledger: writing %s: %w", key, errors.Join(err, d.files.Remove(temp)))
	}
	if err := d.files.SyncFolder(filepath.Dir(file)); err != nil {
		return "", fmt.Errorf("ledger: writing %s: %w", key, err)
	}
	return d.etagOf(data), nil
}

// writeTemp writes a file beside the one that it will replace, which it does only when the disk has it: else the new name could stand for a
// file without content.
func (d *dirStore) writeTemp(folder string, data []byte) (string, error) {
	f, err := d.files.CreateTemp(folder, tempPrefix+"*")
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.makeFolder(folder); err != nil {
			return "", err
		}
		f, err = d.files.CreateTemp(folder, tempPrefix+"*")
	}
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, d.files.Remove(f.Name()))
	}
	return f.Name(), nil
}

// makeFolder makes a folder with those above it that are missing.
func (d *dirStore) makeFolder(folder string) error {
	err := d.files.Mkdir(folder)
	above := filepath.Dir(folder)
	if errors.Is(err, fs.ErrNotExist) && above != folder {
		if err := d.makeFolder(above); err != nil {
			return err
		}
		err = d.files.Mkdir(folder)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.files.SyncFolder(above) // one that another process has just made, too
}

// replace puts a written file in an object's place if the condition holds.
func (d *dirStore) replace(file, temp, condition string) (err error) {
	if condition == Any {
		return d.files.Rename(temp, file)
	}
	unlock, err := d.files.Lock(filepath.Join(d.path, lockName))
	if err != nil {
		return fmt.Errorf("locking the state: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	holds, err := d.holds(file, condition)
	if err != nil {
		return err
	}
	if !holds {
		return ErrConflict
	}
	return d.files.Rename(temp, file)
}

func (d *dirStore) holds(file, condition string) (bool, error) {
	data, err := d.files.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return condition == Absent, nil
	}
	return err == nil && d.etagOf(data) == condition, err
}

func (d *dirStore) Delete(_ context.Context, key string) error {
	if err := d.files.Remove(d.file(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("ledger: deleting %s: %w", key, err)
	}
	return nil
}

func (d *dirStore) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		keys, err := d.keys(prefix)
		if err != nil {
			yield("", fmt.Errorf("ledger: listing %s: %w", prefix, err))
			return
		}
		for _, key := range keys {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func (d *dirStore) keys(prefix string) ([]string, error) {
	folder := prefix[:strings.LastIndexByte(prefix, '/')+1]
	var keys []string
	err := d.files.Walk(d.file(folder), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), tempPrefix) || e.Name() == lockName {
			return err
		}
		name, err := filepath.Rel(d.path, path)
		if key := unescape(filepath.ToSlash(name)); strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
		return err
	})
	slices.Sort(keys)
	return keys, err
}

// file is the file of an object. Whatever the key, it lies in the state's directory.
func (d *dirStore) file(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		parts[i] = escape(part, i == len(parts)-1)
	}
	return filepath.Join(d.path, filepath.Join(parts...))
}

// escape makes a part of a key a file's name: not "." or "..", not hidden, without what file systems refuse, not longer than they allow.
// A name cut for its length keeps the hash of the whole and cannot be turned back.
func escape(part string, last bool) string {
	if part == "" && last {
		return ""
	}
	var b strings.Builder
	for i := range len(part) {
		c := part[i]
		if c < ' ' || strings.IndexByte(`%\:*?"<>|`, c) >= 0 || c == '.' && (i == 0 || i == len(part)-1) {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	if part == "" {
		return "%"
	}
	if name := b.String(); len(name) <= maxNameBytes {
		return name
	}
	sum := sha256.Sum256([]byte(part))
	return strings.ToValidUTF8(b.String()[:maxNameBytes-2*len(sum)-1], "") + "~" + hex.EncodeToString(sum[:])
}

const maxNameBytes = 200

func unescape(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '%' {
			b.WriteByte(name[i])
			continue
		}
		if c, err := hex.DecodeString(name[i+1 : min(i+3, len(name))]); err == nil && len(c) == 1 {
			b.Write(c)
			i += 2
		}
	}
	return b.String()
}

func (d *dirStore) etagOf(data []byte) string {
	return strconv.FormatUint(maphash.Bytes(d.seed, data), 16)
}
