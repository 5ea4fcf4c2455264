package document

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// maxLayers bounds compression inside compression.
const maxLayers = 2

// unpacker takes off one layer of compression after the other, by what the bytes themselves begin with.
type unpacker struct {
	limits   Limits
	raw      *raw
	names    []string
	closers  []func() error
	archive  *Archive // the innermost layer is a zip file
	controls int      // control characters that were left out of the text
}

// unpack returns the bytes under all layers. The body is looked at for random access, which zip needs.
func (u *unpacker) unpack(body io.Reader) (*bufio.Reader, error) {
	r := buffered(u.raw)
	access, _ := body.(io.ReaderAt)
	for {
		kind, err := u.kind(r)
		if err != nil || kind == "" {
			return r, err
		}
		if len(u.names) == maxLayers {
			return nil, fmt.Errorf("%w, after %d bytes of it: unpack it first", errTooDeep, u.raw.read)
		}
		u.names, u.archive = append(u.names, kind), nil
		r, err = u.layer(kind, r, access)
		if err != nil {
			return nil, err
		}
		if u.archive != nil && len(u.archive.files) > 1 {
			return r, nil
		}
		access = nil // inner bytes are had in order only
	}
}

// kind finds out by the first bytes how the rest is compressed; "" for not.
func (u *unpacker) kind(r *bufio.Reader) (string, error) {
	head, err := r.Peek(4)
	if err != nil && !atEnd(err) {
		return "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "gzip", nil
	case bytes.Equal(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd", nil
	case len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte("\x2a\x4d\x18")):
		return "zstd", nil // begins with a frame to be passed over
	case bytes.Equal(head, []byte("PK\x03\x04")), bytes.Equal(head, []byte("PK\x05\x06")):
		return "zip", nil
	}
	return "", nil
}

func (u *unpacker) layer(kind string, r *bufio.Reader, access io.ReaderAt) (*bufio.Reader, error) {
	taken := func() int64 { return u.raw.read }
	var opened io.Reader
	var err error
	switch kind {
	case "gzip":
		opened, err = gzip.NewReader(r)
	case "zstd":
		opened, err = u.zstd(r)
	default:
		opened, taken, err = u.zip(r, access)
	}
	if err != nil {
		return nil, u.broken(kind, err)
	}
	return buffered(&layer{r: opened, kind: kind, u: u, taken: taken}), nil
}

func (u *unpacker) zstd(r io.Reader) (io.Reader, error) {
	dec, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(uint64(u.limits.Window))) //nolint:gosec // a limit is not negative
	if err != nil {
		return nil, err
	}
	u.closers = append(u.closers, func() error { dec.Close(); return nil })
	return dec, nil
}

// layer bounds what a step of decompression yields, and names it in errors.
type layer struct {
	r     io.Reader
	kind  string
	u     *unpacker
	taken func() int64 // compressed bytes that were read for it
	given int64
}

func (l *layer) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.given += int64(n)
	limits := &l.u.limits
	switch {
	case l.given > int64(limits.Expanded):
		n, err = 0, &LimitError{What: limit.Expanded, Limit: limits.Expanded}
	case l.given > int64(limits.RatioFrom) && l.given/int64(limits.Ratio) > l.taken():
		n, err = 0, &LimitError{What: limit.Ratio, Limit: limits.Ratio}
	}
	return n, l.u.explain(l.kind, err)
}

// broken explains why compressed data cannot be opened: where they end, they are broken.
func (u *unpacker) broken(kind string, err error) error {
	if atEnd(err) {
		err = io.ErrUnexpectedEOF
	}
	return u.explain(kind, err)
}

// explain distinguishes errors of the source, limits, and broken data.
func (u *unpacker) explain(kind string, err error) error {
	if err == nil || atEnd(err) {
		return err
	}
	if u.raw.err != nil && !atEnd(u.raw.err) {
		return u.raw.err // the source's own error goes before what a decompressor makes of it
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return &LimitError{What: limit.Window, Limit: u.limits.Window}
	}
	if _, ok := errors.AsType[*LimitError](err); ok || errors.Is(err, ErrCorrupt) || errors.Is(err, ErrManyMembers) || errors.Is(err, ErrNoMembers) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %s, after %d bytes of it: %w", ErrCorrupt, kind, u.raw.read, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: %s, within the first %d bytes of it: %w", ErrCorrupt, kind, u.raw.read, err)
}
