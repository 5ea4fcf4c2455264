package scan

import (
	"context"
	"fmt"
	"io"
)

// InContext returns the reader, which ends when the context does.
func InContext(ctx context.Context, r io.Reader) io.Reader { return &inContext{ctx, r} }

type inContext struct {
	ctx    context.Context //nolint:containedctx // of one pass
	reader io.Reader
}

func (c *inContext) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, fmt.Errorf("scan: %w", err)
	}
	return c.reader.Read(p)
}

// ArchiveInContext returns the archive, which ends when the context does.
func ArchiveInContext(ctx context.Context, a Archive) Archive { return &archiveInContext{a, ctx} }

type archiveInContext struct {
	Archive
	ctx context.Context //nolint:containedctx // of one pass
}

// Open opens a member.
func (a *archiveInContext) Open(member int) (io.ReadCloser, error) {
	if err := a.ctx.Err(); err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	body, err := a.Archive.Open(member)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{InContext(a.ctx, body), body}, nil
}
