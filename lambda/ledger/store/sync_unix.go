//go:build unix

package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// SyncFolder waits until the disk has what a folder holds. There are file systems that cannot.
func (disk) SyncFolder(folder string) (err error) {
	f, err := os.Open(filepath.Clean(folder))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
