package sandbox

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// unchunk removes the framing of an upload that its client signs or sums up chunk by chunk (aws-chunked): the library reads only one
// kind of it.
func unchunk(r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return
	}
	length := r.Header.Get("X-Amz-Decoded-Content-Length")
	size, err := strconv.ParseInt(length, 10, 64)
	if err != nil {
		return // the library refuses what has no length
	}
	r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	r.Header.Set("Content-Length", length)
	r.ContentLength = size
	if encoding, framed := strings.CutPrefix(r.Header.Get("Content-Encoding"), "aws-chunked"); framed {
		r.Header.Set("Content-Encoding", strings.TrimLeft(encoding, ", "))
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{&chunkReader{from: bufio.NewReader(r.Body)}, r.Body}
}

var errChunk = errors.New("sandbox: upload: a chunk does not have the form of aws-chunked")

// chunkReader reads the data of chunks `SIZE[;…]CRLF DATA CRLF`, SIZE in hex, up to one of size 0. What follows, trailing
// checksums, is not read.
type chunkReader struct {
	from *bufio.Reader
	left int64 // of the chunk in hand
	err  error // io.EOF after the last chunk
}

// Read reads data and no framing.
func (c *chunkReader) Read(p []byte) (int, error) {
	if c.left == 0 && c.err == nil {
		c.left, c.err = c.next()
	}
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.from.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	switch {
	case err != nil:
		c.err = io.ErrUnexpectedEOF
	case c.left == 0:
		c.err = c.endOfChunk()
	}
	return n, nil
}

func (c *chunkReader) next() (int64, error) {
	line, err := c.from.ReadSlice('\n')
	if err != nil {
		return 0, errChunk
	}
	size, _, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), ";")
	n, err := strconv.ParseInt(size, 16, 63)
	switch {
	case err != nil || n < 0:
		return 0, errChunk
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

func (c *chunkReader) endOfChunk() error {
	var end [2]byte
	if _, err := io.ReadFull(c.from, end[:]); err != nil || string(end[:]) != "\r\n" {
		return errChunk
	}
	return nil
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
