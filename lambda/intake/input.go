package intake

import (
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// inputUntold is a document's bytes, or its members, and what reading them may use.
func (in *Intake) plainInput(doc *document.Document) read.Input {
	to := read.Input{Reader: doc, TempDir: in.TempDir, Budget: in.budget() / 2, Limits: in.Limits, Trace: in.Trace}
	if a := doc.Archive(); a != nil {
		to.Archive = a
	}
	return to
}

// input is plainInput that reports its progress.
func (in *Intake) input(doc *document.Document) read.Input {
	to := in.plainInput(doc)
	if in.Progress == nil {
		return to
	}
	count := &readCount{progress: in.Progress}
	to.Reader = &countedReader{Reader: to.Reader, count: count}
	if a := doc.Archive(); a != nil {
		to.Archive = countedArchive{a, count}
	}
	return to
}

// readCount reports how many bytes of a document were read.
type readCount struct {
	n        int64
	progress func(int64)
}

type countedReader struct {
	io.Reader
	count *readCount
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.count.n += int64(n)
	c.count.progress(c.count.n)
	return n, err
}

// countedArchive counts what is read of members.
type countedArchive struct {
	*document.Archive
	count *readCount
}

// Open begins to read a member.
func (a countedArchive) Open(member int) (io.ReadCloser, error) {
	body, err := a.Archive.Open(member)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{&countedReader{Reader: body, count: a.count}, body}, nil
}
