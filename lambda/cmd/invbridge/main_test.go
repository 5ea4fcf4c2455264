package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

// runLine runs one command line and returns its exit code and what it printed.
func runLine(t *testing.T, env map[string]string, in string, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, session.Console{
		In: strings.NewReader(in), Out: &stdout, Err: &stderr, Getenv: func(k string) string { return env[k] },
	})
	return code, stdout.String(), stderr.String()
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
		want string // on stdout or stderr
	}{
		{"no command", nil, exitDone, "invbridge put FILE"},
		{"help", []string{"help"}, exitDone, "Exit codes"},
		{"a command's help", []string{"put", "--help"}, exitDone, "--rate"},
		{"unknown command", []string{"pot"}, exitUsage, "did you mean put? See invbridge --help"},
		{"unknown command with flags", []string{"pot", "x", "--rate", "1"}, exitUsage, "did you mean put?"},
		{"nothing like it", []string{"frobnicate"}, exitUsage, `no command "frobnicate": see invbridge --help`},
		{"unknown flag", []string{"put", "--frce"}, exitUsage, "did you mean --force? See invbridge put --help"},
		{"a flag like none", []string{"put", "--zzzzzzzz"}, exitUsage, "unknown flag: --zzzzzzzz: see invbridge put --help"},
		{"more than all calls fail", []string{"sandbox", "--throttle", "0.7", "--fail", "0.4"}, exitUsage, "together at most 1"},
		{"no part", []string{"sandbox", "--fail", "NaN"}, exitUsage, "numbers from 0 to 1"},
		{"version", []string{"version"}, exitDone, "state version 3"},
		{"no file", []string{"records"}, exitUsage, "FILE"},
		{"against AWS without a state", []string{"put", "x"}, exitUsage, "--state"},
		{"no limit against AWS", []string{"put", "--rate", "0", "--state", "x", "y"}, exitUsage, "--rate 0"},
		{"no such mapping word", []string{"mapping", "chek"}, exitUsage, "did you mean check?"},
		{"no such mapping word with flags", []string{"mapping", "chek", "--sample", "x"}, exitUsage, "did you mean check?"},
		{"no mapping word", []string{"mapping"}, exitUsage, "new --from FILE, "},
		{"a group's flags before its word", []string{"mapping", "--mappings", "testdata", "--json", "list"}, exitDone, `"mapping":"nessus"`},
		{"a word's own flag before it", []string{"mapping", "--out", "mine", "new"}, exitUsage, "--from FILE"},
		{"source alone", []string{"source", "--json"}, exitUsage, "remove SOURCE"},
		{"a flag of no command", []string{"--frce"}, exitUsage, "unknown flag"},
		{"completion", []string{"completion", "bash"}, exitDone, "__start_invbridge"},
		{"completion of a command", []string{"__complete", "pu"}, exitDone, "put\t"},
		{"completion for one shell too many", []string{"completion", "bash", "zsh"}, exitUsage, "zsh"},
		{"a bad --as", []string{"records", "--as", "name=x", "-"}, exitUsage, "hostname="},
		{"no such switch", []string{"sandbox", "--switch", "partialComit"}, exitUsage, "partialCommit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("AWS_REGION", "us-east-1")
			code, out, err := runLine(t, nil, "", c.args...)
			if code != c.code || !strings.Contains(out+err, c.want) {
				t.Errorf("exit code %d, want %d; printed %q, want %q in it", code, c.code, out+err, c.want)
			}
		})
	}
}

// TestEveryCommandHasItsHelp reads the example lines as command lines, too.
func TestEveryCommandHasItsHelp(t *testing.T) {
	root := rootCommand(session.New(session.Console{}))
	for _, cmd := range allCommands(root) {
		if cmd.Short+cmd.Long == "" || cmd.Example == "" || cmd.Parent() == root && cmd.GroupID == "" {
			t.Errorf("%s: a text, an example or the group is missing", cmd.CommandPath())
		}
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			words := strings.Fields(line)
			found, rest, err := root.Find(words[1:])
			if err != nil || words[0] != "invbridge" || cmd.HasParent() && !isUnder(found, cmd) {
				t.Errorf("%q is no line of %s", line, cmd.CommandPath())
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
}

func allCommands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

func isUnder(cmd, top *cobra.Command) bool {
	return cmd == top || cmd.HasParent() && isUnder(cmd.Parent(), top)
}

func TestDemoEndsAsScripted(t *testing.T) {
	var out bytes.Buffer
	code := run(context.Background(), []string{"demo"}, session.Console{In: strings.NewReader(""), Out: &out, Err: &out, Getenv: func(string) string { return "" }})
	if code != exitDone {
		t.Fatalf("exit code %d:\n%s", code, out.String())
	}
	for _, want := range []string{"parked", "rejected", "Custom:Asset", "Custom:Vulnerability", "0 for the same again"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the demo's output", want)
		}
	}
}
