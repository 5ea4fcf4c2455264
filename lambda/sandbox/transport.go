package sandbox

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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
	recorder := httptest.NewRecorder()
	err := serve(t.sandbox, recorder, arrived(r))
	if ended := ctx.Err(); ended != nil {
		return nil, ended
	}
	if err != nil && !recorder.Flushed { // what was flushed is with the client even if the connection is cut
		return nil, err
	}
	answer := recorder.Result()
	answer.Request = r
	if answer.ContentLength < 0 {
		answer.ContentLength = int64(recorder.Body.Len())
	}
	if err != nil {
		cut, end := io.Pipe()
		_ = end.CloseWithError(err) // never fails
		answer.Body = io.NopCloser(io.MultiReader(answer.Body, cut))
	}
	return answer, nil
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

// serve lets the sandbox answer. It returns io.ErrUnexpectedEOF where the connection was cut.
func serve(s *Sandbox, w http.ResponseWriter, r *http.Request) (err error) {
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
	s.ServeHTTP(w, r)
	return nil
}
