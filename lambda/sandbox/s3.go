package sandbox

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// serveObjects answers S3 requests, path style. Reading an object is done here, where conditions, ranges and large files are right;
// everything else is the library's.
func (s *Sandbox) serveObjects(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	operation := objectOperation(r.Method, key, r.URL.Query(), r.Header)
	s.count(operation)
	met := s.meet(operation, "", nil)
	if err := met.before(r.Context()); err != nil {
		writeObjectFault(w, err)
		return
	}
	if met.cutAfter {
		w = &cutWriter{ResponseWriter: w, left: met.afterBytes}
		defer cutConnection()
	}
	if slices.Contains(provided, operation) {
		if err := s.objects.provide(bucket); err != nil {
			writeObjectError(w, http.StatusInternalServerError, "InternalError", "The bucket could not be made.")
			return
		}
	}
	if operation == "GetObject" || operation == "HeadObject" {
		s.objects.serveObject(w, r, bucket, key)
		return
	}
	unchunk(r)
	s.objects.server.ServeHTTP(w, r)
}

// provided are the operations that make the bucket they name, so that no client has to. Reading is among them: a client may look
// before it writes.
var provided = []string{"PutObject", "CopyObject", "CreateMultipartUpload", "GetObject", "HeadObject", "ListObjects", "ListObjectsV2"}

// objectOperation returns the name that a request has in S3's API, as far as the sandbox distinguishes requests.
func objectOperation(method, key string, query url.Values, header http.Header) string {
	switch {
	case query.Has("uploads") && method == http.MethodPost:
		return "CreateMultipartUpload"
	case query.Has("uploadId"):
		return map[string]string{
			http.MethodPut: "UploadPart", http.MethodPost: "CompleteMultipartUpload", http.MethodDelete: "AbortMultipartUpload",
			http.MethodGet: "ListParts",
		}[method]
	case key == "":
		return bucketOperation(method, query)
	case method == http.MethodPut && header.Get("X-Amz-Copy-Source") != "":
		return "CopyObject"
	}
	return map[string]string{
		http.MethodGet: "GetObject", http.MethodHead: "HeadObject", http.MethodPut: "PutObject", http.MethodDelete: "DeleteObject",
	}[method]
}

func bucketOperation(method string, query url.Values) string {
	switch {
	case query.Has("versions"):
		return "ListObjectVersions"
	case query.Has("versioning"):
		return method + "BucketVersioning"
	case query.Has("delete"):
		return "DeleteObjects"
	case method == http.MethodGet && query.Get("list-type") == "2":
		return "ListObjectsV2"
	case method == http.MethodGet:
		return "ListObjects"
	}
	return method + "Bucket"
}

// cutWriter passes on a part of the answer and cuts the connection.
type cutWriter struct {
	http.ResponseWriter
	left int64
}

// Write passes on bytes until the part is complete.
func (w *cutWriter) Write(b []byte) (int, error) {
	if int64(len(b)) < w.left {
		w.left -= int64(len(b))
		return w.ResponseWriter.Write(b)
	}
	if _, err := w.ResponseWriter.Write(b[:w.left]); err == nil && w.left > 0 {
		_ = http.NewResponseController(w.ResponseWriter).Flush() // what was passed on must arrive
	}
	cutConnection()
	return 0, nil
}

// writeObjectFault answers with an error of the store or one that a fault asks for.
func writeObjectFault(w http.ResponseWriter, err error) {
	var asked *apiError
	var stored interface{ ErrorCode() gofakes3.ErrorCode }
	switch {
	case errors.As(err, &asked) && asked.code == codeThrottling:
		writeObjectError(w, http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	case errors.As(err, &asked) && asked.code == codeInternal:
		writeObjectError(w, http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
	case errors.As(err, &asked):
		status := gofakes3.ErrorCode(asked.code).Status()
		if asked.code == "AccessDenied" {
			status = http.StatusForbidden
		}
		writeObjectError(w, status, asked.code, asked.message)
	case errors.As(err, &stored):
		code := stored.ErrorCode()
		writeObjectError(w, code.Status(), string(code), "The request could not be answered.")
	default:
		writeObjectError(w, http.StatusInternalServerError, "InternalError", "The object could not be read.")
	}
}

func writeObjectError(w http.ResponseWriter, status int, code, message string) {
	type body struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}
	id := newUUID()
	text, _ := xml.Marshal(body{Code: code, Message: message, RequestID: id}) // strings
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Amz-Request-Id", id)
	w.Header().Set("Content-Length", decimal(int64(len(xml.Header)+len(text))))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, xml.Header+string(text)) // a client that closed the connection needs no answer
}

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
	left int64 // of the chunk being read
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
