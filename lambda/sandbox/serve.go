package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// shutdownGrace is how long requests under way may take once the server is to end.
const shutdownGrace = 5 * time.Second

// Serve makes a sandbox and has it answer on addr, as Listen does.
func Serve(ctx context.Context, addr string, c Config, stdout io.Writer) error {
	s, err := New(c)
	if err != nil {
		return err
	}
	return Listen(ctx, addr, s, stdout)
}

// Listen listens on addr (host:port; port 0 takes a free one), prints one line {"endpoint":"http://…"} on stdout and has a sandbox, or what
// has several, serve until ctx ends. It returns nil where ctx ended it.
func Listen(ctx context.Context, addr string, s http.Handler, stdout io.Writer) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("sandbox: listen: %w", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	line := map[string]string{"endpoint": endpoint(listener.Addr())}
	if err := json.NewEncoder(stdout).Encode(line); err != nil {
		return errors.Join(fmt.Errorf("sandbox: print the endpoint: %w", err), server.Close())
	}
	select {
	case err := <-served:
		return fmt.Errorf("sandbox: serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if server.Shutdown(grace) == nil {
		return nil
	}
	if err := server.Close(); err != nil {
		return fmt.Errorf("sandbox: shut down: %w", err)
	}
	return nil
}

// endpoint is where a client on this machine reaches the listener.
func endpoint(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + addr.String()
}

// Transport sends requests to the sandbox in this process, without a network, for an http.Client or an AWS SDK. Each is served on the
// caller's goroutine, so that none is left behind. A cut connection is io.ErrUnexpectedEOF; where the answer has begun, reading its body
// returns it. A request whose context ends while a fault delays it is executed, as over a network, and the context's error is returned.
func (s *Sandbox) Transport() http.RoundTripper { return Transport(s) }

// Transport is the Transport of what has several sandboxes.
func Transport(s http.Handler) http.RoundTripper { return transport{s} }

type transport struct{ sandbox http.Handler }

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
func serve(s http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
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
