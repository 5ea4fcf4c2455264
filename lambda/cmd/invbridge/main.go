// Command invbridge is the bridge's command line: the same code as the function, on a laptop. It knows flags, files and how to
// show things; what happens to a document is the bridge's business.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // a document or the command failed
	exitUsage   = 2
	exitPartial = 3 // done, but some records were rejected, parked, truncated, pending or failed
)

// command is one word of the command line.
type command struct {
	name, args, about string
	flags             func(*pflag.FlagSet, *options)
	run               func(context.Context, *session, []string) error
}

func commands() []command {
	return []command{
		{"demo", "", "the whole way of five documents, against a sandbox in this process: no AWS account needed", demoFlags, runDemo},
		{"sandbox", "", "a local AWS: SSM Inventory with its real rules, and S3; prints its endpoint", sandboxFlags, runSandbox},
		{"records", "FILE…", "what the chosen mapping makes of a file, before any node is looked for", readFlags, runRecords},
		{"explain", "FILE…", "which mapping and why; for each subject which node and by which rule, or why none", nodeFlags, runExplain},
		{"plan", "FILE…", "what would be put, and how many calls it would take; puts nothing", stateFlags, runPlan},
		{"put", "FILE…", "puts it", putFlags, runPut},
		{"invoke", "EVENT.json", "hands an event to the same handler that Lambda calls", putFlags, runInvoke},
		{"node", "NODE", "what the ledger and the service say that the node holds, and where they differ", stateFlags, runNode},
		{"receipt", "IMPORT", "what became of an import", stateFlags, runReceipt},
		{"sweep", "", "finishes what is open, finds nodes for parked records, confirms what grows old, drops what has expired", sweepFlags, runSweep},
		{"source", "list|remove SOURCE", "which sources speak, when last, for how many nodes; take one away (puts the rest)", sourceFlags, runSource},
		{"redrive", "[FILE…]", "parked and rejected records and unconfirmed absences: list, try again", redriveFlags, runRedrive},
		{"mapping", "new|check|test|types|list|show|schema", "draft one from a sample; check and test them; describe types; list or show; print the JSON Schema", filesFlags, runMapping},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	code := run(ctx, os.Args[1:], console{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv})
	stop()
	os.Exit(code)
}

// console is what a command talks to.
type console struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

func run(ctx context.Context, args []string, c console) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(c.out)
		return exitDone
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			return finish(c, runCommand(ctx, cmd, args[1:], c))
		}
	}
	return finish(c, usageError(fmt.Sprintf("there is no command %q: see invbridge help", args[0])))
}

func runCommand(ctx context.Context, cmd command, args []string, c console) error {
	s := &session{console: c}
	flags := pflag.NewFlagSet(cmd.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SortFlags = false
	cmd.flags(flags, &s.options)
	err := flags.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintf(c.out, "usage: invbridge %s %s [flags]\n%s\n\n%s", cmd.name, cmd.args, cmd.about, flags.FlagUsages())
		return nil
	}
	if err != nil {
		return usageError(err.Error() + ": see invbridge " + cmd.name + " --help")
	}
	s.given = func(name string) bool { return flags.Changed(name) }
	return cmd.run(ctx, s, flags.Args())
}

func usage(w io.Writer) {
	fmt.Fprint(w, "invbridge makes what other systems know about machines the SSM Inventory of managed nodes.\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-32s %s\n", strings.TrimSpace("invbridge "+cmd.name+" "+cmd.args), cmd.about)
	}
	fmt.Fprint(w, "\nFILE is a path, a directory, - for standard input, or s3://bucket/key or prefix. invbridge COMMAND --help shows the flags.\n"+
		"Exit codes: 0 done; 1 a document or the command failed; 2 usage; 3 done, but some records were not put.\n")
}

// usageError is a mistake in the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

// errPartial says that everything was done, but not every record was put. What was not is on the output already.
var errPartial = errors.New("some records were not put")

// errShown is a failure that is on the output already.
var errShown = errors.New("failed")

func finish(c console, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errShown):
		return exitFailed
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.As(err, &usage):
		fmt.Fprintln(c.err, "invbridge:", err)
		return exitUsage
	default:
		fmt.Fprintln(c.err, "invbridge:", err)
		return exitFailed
	}
}
