package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// runLine runs one command line and returns its exit code and what it printed.
func runLine(t *testing.T, env map[string]string, in string, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, console{
		in: strings.NewReader(in), out: &stdout, err: &stderr, getenv: func(k string) string { return env[k] },
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
		{"unknown command", []string{"pot"}, exitUsage, "invbridge help"},
		{"unknown flag", []string{"put", "--frce"}, exitUsage, "invbridge put --help"},
		{"no file", []string{"records"}, exitUsage, "FILE"},
		{"against AWS without a state", []string{"put", "x"}, exitUsage, "--state"},
		{"no limit against AWS", []string{"put", "--rate", "0", "--state", "x", "y"}, exitUsage, "--rate 0"},
		{"no such mapping word", []string{"mapping", "chek"}, exitUsage, "check"},
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

func TestDemoEndsAsScripted(t *testing.T) {
	var out bytes.Buffer
	code := run(context.Background(), []string{"demo"}, console{in: strings.NewReader(""), out: &out, err: &out, getenv: func(string) string { return "" }})
	if code != exitDone {
		t.Fatalf("exit code %d:\n%s", code, out.String())
	}
	for _, want := range []string{"parked", "rejected", "Custom:Asset", "Custom:Vulnerability", "0 for the same again"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the demo's output", want)
		}
	}
}
