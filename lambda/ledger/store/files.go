package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Files is the file system under a directory. What was written is safe from a loss of power when the file was synced, and what a folder holds
// when the folder was. Errors about what is not there are an fs.ErrNotExist.
type Files interface {
	ReadFile(file string) ([]byte, error)
	ReadAt(file string, data []byte, offset int64) (int, error) // io.EOF: the file ends before
	Mkdir(folder string) error                                  // one that is there: an fs.ErrExist
	CreateTemp(folder, pattern string) (File, error)            // as os.CreateTemp
	Rename(file, to string) error
	Remove(file string) error
	SyncFolder(folder string) error
	Walk(folder string, each fs.WalkDirFunc) error // as filepath.WalkDir
	Lock(file string) (unlock func() error, err error)
}

// File is a file that is being written.
type File interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// disk is the file system of the machine.
type disk struct{}

func (disk) ReadFile(file string) ([]byte, error) { return os.ReadFile(filepath.Clean(file)) }

func (disk) ReadAt(file string, data []byte, offset int64) (n int, err error) {
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.ReadAt(data, offset)
}

func (disk) Mkdir(folder string) error { return os.Mkdir(folder, 0o700) }

func (disk) CreateTemp(folder, pattern string) (File, error) { return os.CreateTemp(folder, pattern) }

func (disk) Rename(file, to string) error { return os.Rename(file, to) }

func (disk) Remove(file string) error { return os.Remove(file) }

func (disk) Walk(folder string, each fs.WalkDirFunc) error { return filepath.WalkDir(folder, each) }

func (disk) Lock(file string) (unlock func() error, err error) {
	lock := flock.New(file)
	if err := lock.Lock(); err != nil {
		return nil, err
	}
	return lock.Unlock, nil
}
