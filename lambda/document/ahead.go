package document

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// Ahead returns a reader of the whole text, from its first byte on. Nothing of it is consumed: what is read beyond the head is kept in a
// temporary file, from which Read returns it, so that the source is read once. To be called before Read, and once.
func (d *Document) Ahead() io.Reader {
	d.ahead = &ahead{document: d, head: d.head}
	return d.ahead
}

// ahead reads a text that is read again.
type ahead struct {
	document *Document
	head     []byte // not read yet
	file     *temporary
	writer   *bufio.Writer
	err      error     // what ended the reading ahead
	kept     io.Reader // the file, once it is read
}

// Read reads on.
func (a *ahead) Read(p []byte) (int, error) {
	if len(a.head) > 0 {
		n := copy(p, a.head)
		a.head = a.head[n:]
		return n, nil
	}
	if a.err == nil {
		a.err = a.begin()
	}
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.document.text.Read(p)
	a.err = a.document.named(err)
	if _, err := a.writer.Write(p[:n]); err != nil {
		a.err = fmt.Errorf("document: reading ahead: %w", err)
		return 0, a.err
	}
	a.file.size += int64(n)
	return n, a.err
}

// begin makes the file, where the document goes on behind the head.
func (a *ahead) begin() error {
	if a.document.headErr != nil || a.file != nil {
		return a.document.headErr
	}
	file, err := os.CreateTemp("", temporaryName)
	if err != nil {
		return fmt.Errorf("document: reading ahead: %w", err)
	}
	a.file = &temporary{file: file}
	a.document.closers = append(a.document.closers, a.file.remove)
	a.writer = bufio.NewWriterSize(file, bufferSize)
	return nil
}

// again reads what the file has, and then the rest of the document.
func (a *ahead) again(p []byte) (int, error) {
	if a.kept == nil {
		if err := a.rewind(); err != nil {
			return 0, err
		}
	}
	n, err := a.kept.Read(p)
	if n > 0 || !atEnd(err) {
		return n, err
	}
	if a.err != nil {
		return 0, a.err
	}
	n, err = a.document.text.Read(p)
	return n, a.document.named(err)
}

func (a *ahead) rewind() error {
	a.kept = io.MultiReader()
	if a.file == nil {
		return nil
	}
	a.kept = io.NewSectionReader(a.file.file, 0, a.file.size)
	if err := a.writer.Flush(); err != nil {
		a.err = fmt.Errorf("document: reading ahead: %w", err)
		return a.err
	}
	return nil
}
