package scan

import (
	"context"
	"fmt"
	"io"
)

// Counted is a document's bytes: it counts those that are read, and ends when its context does.
type Counted struct {
	Bytes int64

	ctx    context.Context //nolint:containedctx // of one pass
	reader io.Reader
}

// Count returns the reader, counted.
func Count(ctx context.Context, r io.Reader) *Counted { return &Counted{ctx: ctx, reader: r} }

// Read reads what follows.
func (c *Counted) Read(p []byte) (int, error) { return c.read(c.reader, p) }

func (c *Counted) read(from io.Reader, p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, fmt.Errorf("scan: %w", err)
	}
	n, err := from.Read(p)
	c.Bytes += int64(n)
	return n, err
}

// Archive returns the archive with what is read of its members counted.
func (c *Counted) Archive(a Archive) Archive { return &countedArchive{a, c} }

type countedArchive struct {
	Archive
	all *Counted
}

// Open opens a member.
func (a *countedArchive) Open(member int) (io.ReadCloser, error) {
	if err := a.all.ctx.Err(); err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	body, err := a.Archive.Open(member)
	if err != nil {
		return nil, err
	}
	return &countedMember{body, a.all}, nil
}

// countedMember is one of the open members: a workbook has several open at a time.
type countedMember struct {
	io.ReadCloser
	all *Counted
}

// Read reads what follows.
func (m *countedMember) Read(p []byte) (int, error) { return m.all.read(m.ReadCloser, p) }
