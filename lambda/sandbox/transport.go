package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// Transport sends requests to the sandbox in this process, without a network: for an http.Client or as the transport of an AWS SDK's.
// Each is served on the caller's goroutine, so that none is left behind. A connection that is cut is io.ErrUnexpectedEOF, of an answer
// that has begun when its body is read. A request whose context ends while a fault delays it is executed then, as over a network, and
// the context's error comes back.
func (s *Sandbox) Transport() http.RoundTripper { return transport{s} }

type transport struct{ sandbox *Sandbox }

// RoundTrip serves one request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a := answer{header: http.Header{}}
	err := a.serve(t.sandbox, arrived(r))
	if gone := ctx.Err(); gone != nil {
		return nil, gone
	}
	if err != nil && !a.flushed {
		return nil, err
	}
	return a.response(r, err), nil
}

// arrived is a client's request as a server reads it.
func arrived(r *http.Request) *http.Request {
	in := *r
	in.Header = r.Header.Clone() // who serves a request may change it
	in.RequestURI = r.URL.RequestURI()
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	switch {
	case in.ContentLength > 0 || in.Body == http.NoBody && r.Method != http.MethodGet && r.Method != http.MethodHead:
		in.Header.Set("Content-Length", decimal(in.ContentLength))
	case in.Body != http.NoBody:
		in.ContentLength = -1
	}
	return &in
}

// answer takes what a handler writes.
type answer struct {
	header  http.Header
	status  int // 0: nothing has been written
	sent    http.Header
	body    bytes.Buffer
	flushed bool // what was written is with the client even if the connection is cut
}

// serve lets the sandbox answer. It returns io.ErrUnexpectedEOF where the connection was cut.
func (a *answer) serve(s *Sandbox, r *http.Request) (err error) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		aborted, ok := cause.(error)
		if !ok || !errors.Is(aborted, http.ErrAbortHandler) {
			panic(cause)
		}
		err = io.ErrUnexpectedEOF
	}()
	s.ServeHTTP(a, r)
	a.WriteHeader(http.StatusOK)
	return nil
}

// Header is the answer's header, as far as it has come.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader takes the first status; what the header is then is sent.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write takes a part of the body.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// Flush sends what was written.
func (a *answer) Flush() { a.flushed = true }

// response is what the client gets. Where the connection was cut, cut is what its body ends with.
func (a *answer) response(r *http.Request, cut error) *http.Response {
	length := int64(a.body.Len())
	if n, err := strconv.ParseInt(a.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n // more than what came, of an answer that was cut or has no body by its method
	}
	body := io.Reader(&a.body)
	if cut != nil {
		body = io.MultiReader(body, failing{cut})
	}
	return &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.sent, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}
}

// failing is a reader that gives an error and nothing else.
type failing struct{ err error }

// Read gives the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
