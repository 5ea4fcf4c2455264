package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// shutdownGrace is how long requests under way may take once the server is told to end.
const shutdownGrace = 5 * time.Second

// Serve makes a sandbox and listens on addr (host:port; port 0 takes a free one), prints one line {"endpoint":"http://…"} on stdout
// and serves until ctx ends. It returns nil where it ended because of ctx.
func Serve(ctx context.Context, addr string, c Config, stdout io.Writer) error {
	s, err := New(c)
	if err != nil {
		return err
	}
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
		return shutdown(server)
	}
}

func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if server.Shutdown(ctx) == nil {
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
