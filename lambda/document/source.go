package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Source is where a document's bytes come from. It can be opened more than once, and must be closed.
type Source struct {
	Name    string    // for messages: a path, or s3://bucket/key
	Size    int64     // bytes as they lie there; -1 where that is not known
	Time    time.Time // the document's time: mtime, LastModified, the event's time
	Version string    // S3's version ID or ETag, or the hash of bytes at hand; "" where only Document.Version knows it

	open  func(context.Context) (io.ReadCloser, error)
	close func() error
}

// Close frees what the source holds.
func (s Source) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// File is a file on this machine.
func File(path string) (Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Source{}, fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return Source{}, fmt.Errorf("document: %s: not a regular file", path)
	}
	return Source{
		Name: path, Size: info.Size(), Time: info.ModTime(),
		open: func(context.Context) (io.ReadCloser, error) {
			file, err := os.Open(path)
			if err != nil {
				return nil, err
			}
			return file, nil
		},
	}, nil
}

func fileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = ErrNotFound
	case errors.Is(err, fs.ErrPermission):
		err = ErrDenied
	}
	return fmt.Errorf("document: %s: %w", path, err)
}

// Inline is bytes that are at hand: the records of an event, the body of a message.
func Inline(name string, body []byte, t time.Time) Source {
	sum := sha256.Sum256(body)
	return Source{
		Name: name, Size: int64(len(body)), Time: t, Version: "sha256:" + hex.EncodeToString(sum[:]),
		open: func(context.Context) (io.ReadCloser, error) {
			return section{io.NewSectionReader(bytes.NewReader(body), 0, int64(len(body)))}, nil
		},
	}
}

// Stdin takes all of a stream that can be read only once into a temporary file, which Source.Close removes. Its time is
// now.
func Stdin(r io.Reader, l Limits) (Source, error) {
	spooled, err := spool(r, l.OrDefaults().Compressed)
	if err != nil {
		return Source{}, fmt.Errorf("document: standard input: %w", err)
	}
	return Source{
		Name: "-", Size: spooled.size, Time: time.Now(),
		open: func(context.Context) (io.ReadCloser, error) {
			return section{io.NewSectionReader(spooled.file, 0, spooled.size)}, nil
		},
		close: spooled.remove,
	}, nil
}

// section has no need to be closed, and lends its ReadAt to the zip reader.
type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

// temporary is a stream in a file of its own.
type temporary struct {
	file *os.File
	size int64
}

const temporaryName = "invbridge-document-*"

// spool copies a stream of at most so many bytes.
func spool(r io.Reader, most int) (*temporary, error) {
	file, err := os.CreateTemp("", temporaryName)
	if err != nil {
		return nil, err
	}
	t := &temporary{file: file}
	t.size, err = io.Copy(file, io.LimitReader(r, int64(most)+1))
	if err == nil && t.size > int64(most) {
		err = &LimitError{What: limit.Compressed, Limit: most}
	}
	if err != nil {
		return nil, errors.Join(err, t.remove())
	}
	return t, nil
}

func (t *temporary) remove() error {
	return errors.Join(t.file.Close(), os.Remove(t.file.Name()))
}
