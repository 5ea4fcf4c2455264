package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// TempFile makes a file that is deleted when it is closed, also where the process is killed.
func TempFile(dir, pattern string) (*os.File, error) {
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, fmt.Errorf("scan: temporary file: %w", err)
	}
	_ = os.Remove(f.Name()) // where open files cannot be removed, CloseTemp does it
	return f, nil
}

// CloseTemp closes a file of TempFile.
func CloseTemp(f *os.File) error {
	err := f.Close()
	if e := os.Remove(f.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}
