// Command invbridge is the bridge's command line: the same code as the function, on a laptop. It knows its commands and their flags;
// what happens to a document is the bridge's business.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // a document or the command failed
	exitUsage   = 2
	exitStopped = 130 // by ^C, as of a process that it ended
	exitPartial = 3   // done, but some records were rejected, parked, truncated, displaced, pending or failed
)

func main() {
	runtime.MemProfileRate = 0 // the table of a profile that nobody asks for takes a MiB
	session.LetHeapGrow(os.Getenv)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	code := run(ctx, os.Args[1:], session.Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv})
	stop()
	os.Exit(code)
}

// run runs a command line and returns its exit code. Whatever fails before a command begins is a mistake in the command line.
func run(ctx context.Context, args []string, c session.Console) int {
	root := rootCommand(session.New(c))
	begun := false
	root.PersistentPreRun = func(*cobra.Command, []string) { begun = true }
	root.SetArgs(append([]string{}, args...)) // nil would be those of the process
	err := root.ExecuteContext(ctx)
	if err != nil && !begun {
		err = session.UsageError(strings.TrimSpace(err.Error()))
	}
	return finish(c.Err, err)
}

func finish(w io.Writer, err error) int {
	var usage session.UsageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, session.ErrShown):
		return exitFailed
	case errors.Is(err, session.ErrStopped):
		return exitStopped
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "invbridge: stopped: what had begun is finished by invbridge sweep")
		return exitStopped
	case errors.Is(err, session.ErrPartial):
		return exitPartial
	}
	fmt.Fprintln(w, "invbridge:", session.WithHint(err))
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}
