package document

import (
	"bufio"
	"context"
	"crypto/sha256"
	"hash"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

const (
	bufferSize = 64 << 10
)

// raw is the source's bytes as they lie there: counted, bounded, and hashed where somebody may ask for a version that the source does not have.
type raw struct {
	ctx  context.Context // it bounds one reading, as the reader does
	r    io.Reader
	size int64 // what the source said; -1: nothing
	most int
	read int64
	hash hash.Hash // nil: not needed
	err  error     // what ended the reading; io.EOF is the end
}

func newRaw(ctx context.Context, r io.Reader, size int64, most int, hashed bool) *raw {
	w := &raw{ctx: ctx, r: r, size: size, most: most}
	if hashed {
		w.hash = sha256.New()
	}
	return w
}

func (w *raw) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.err = w.ctx.Err()
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.r.Read(p)
	w.read += int64(n)
	if w.hash != nil {
		w.hash.Write(p[:n])
	}
	switch {
	case w.read > int64(w.most):
		err = &LimitError{What: limit.Compressed, Limit: w.most}
	case atEnd(err) && w.size >= 0 && w.read != w.size:
		err = ErrChanged
	}
	w.err = err
	return n, err
}

func buffered(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, bufferSize) }

// atEnd reports whether a reader has come to its end: the end is the bare io.EOF; an error that wraps it is a failure.
func atEnd(err error) bool {
	return err == io.EOF //nolint:errorlint // see above
}
