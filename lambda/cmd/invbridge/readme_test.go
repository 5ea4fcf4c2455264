package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// asProgram is set for processes of the test's own program that are to be invbridge.
const asProgram = "INVBRIDGE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	m.Run()
}

// readmes are the README files of the repository, by their paths.
func readmes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(testfiles.Root(t), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 1 || slices.Contains([]string{"testdata", "dist", "cdk.out"}, d.Name())) && path != testfiles.Root(t):
			return filepath.SkipDir
		case d.Name() == "README.md":
			name, _ := filepath.Rel(testfiles.Root(t), path)
			found[filepath.ToSlash(name)] = string(testfiles.Read(t, path))
		}
		return nil
	})
	if err != nil || len(found) < 12 {
		t.Fatalf("%d READMEs: %v", len(found), err)
	}
	return found
}

// block is a fenced block of a README: a file to save or to add to, commands, or lines of their output.
type block struct {
	before     string // the last line of text before it
	kind, mark string // "sh", "aws"
	text       string
}

var (
	fence     = regexp.MustCompile("(?ms)^ {0,4}```([a-z]*) ?([a-z]*)\n(.*?\n) {0,4}```$")
	savedFile = regexp.MustCompile("(as|[Aa]dd to) `([^`]+)`:$")
)

func blocksOf(text string) []block {
	var list []block
	last := 0
	for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
		before := strings.TrimSpace(text[last:at[0]])
		last = at[1]
		list = append(list, block{before[strings.LastIndex(before, "\n")+1:], text[at[2]:at[3]], text[at[4]:at[5]], text[at[6]:at[7]]})
	}
	return list
}

// commandsOf are the commands of a block: a line each, with those that it goes on in.
func (b block) commandsOf() []string {
	var list []string
	for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}

// TestMarks: each block of commands is run as it stands, or has a mark that says what it needs and who runs it; and commands stand in such
// blocks alone.
func TestMarks(t *testing.T) {
	ci, invoke := string(testfiles.Read(t, testfiles.Path(t, ".ci", "run"))), string(testfiles.Read(t, testfiles.Path(t, ".ci", "invoke")))
	indented := regexp.MustCompile(`(?m)^\n {4}\S.*$`)
	for name, text := range readmes(t) {
		if line := indented.FindString(fence.ReplaceAllString(text, "")); line != "" {
			t.Errorf("%s: %q is a block without a fence: write ```sh before it", name, line)
		}
		for _, b := range blocksOf(text) {
			switch {
			case b.kind != "sh" && b.mark != "":
				t.Errorf("%s: only sh has marks, and not %s", name, b.kind)
			case b.mark == "" || b.mark == "terminal" || b.mark == "aws": // run here; of the last it is looked at what they name
			case b.mark == "ci":
				for _, line := range b.commandsOf() {
					if words := strings.Fields(line); !strings.Contains(ci, " "+words[0]+" "+words[1]+"\n") {
						t.Errorf("%s: .ci/run does not run %q", name, line)
					}
				}
			case b.mark == "docker":
				for _, line := range b.commandsOf() {
					if words := strings.Fields(line); words[0] != "make" && !strings.Contains(invoke, `("`+strings.Join(words[1:3], " ")) && !strings.Contains(invoke, `("`+strings.Join(words[:3], " ")) {
						t.Errorf("%s: .ci/invoke does not run %q", name, line)
					}
				}
			default:
				t.Errorf("%s: sh %s: the marks are terminal, ci, docker and aws", name, b.mark)
			}
		}
	}
}

// TestStartPage: it is read in a few minutes, and what it shows is loaded fast.
func TestStartPage(t *testing.T) {
	if n := strings.Count(readmes(t)["README.md"], "\n"); n > 150 {
		t.Errorf("the README has %d lines", n)
	}
	for _, name := range []string{"receipt.png", "receipt-dark.png"} {
		if n := len(testfiles.Read(t, testfiles.Path(t, ".github", name))); n > 150_000 {
			t.Errorf("%s has %d bytes", name, n)
		}
	}
}

// TestReadmes runs every command of every README that is not marked otherwise, one after the other in a shell, and looks for every line of
// output that the README shows.
func TestReadmes(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here: ", err)
	}
	bin := programs(t)
	for name, text := range readmes(t) {
		if !strings.Contains(text, "```sh\n") {
			continue
		}
		t.Run(strings.ReplaceAll(name, "/", "-"), func(t *testing.T) {
			r := &reader{T: t, dir: checkout(t), bin: bin, port: free(t), second: free(t)}
			for _, b := range blocksOf(text) {
				r.block(b)
			}
		})
	}
}

// programs makes a folder with the program invbridge, which is this test's own.
func programs(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$@\"\n", asProgram, self)
	if err := os.WriteFile(filepath.Join(dir, "invbridge"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// checkout is a folder with what a checkout has, so that what commands write lies elsewhere.
func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(testfiles.Root(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "events", "lambda", "testevents"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	return dir
}

// free is a port on which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// reader does what a README says.
type reader struct {
	*testing.T
	dir, bin     string
	port, second string // of the sandboxes
	env          string // what the blocks so far have exported, as a script
	out          string // of the commands of the last block
}

func (r *reader) block(b block) {
	file := savedFile.FindStringSubmatch(b.before)
	switch {
	case b.kind == "sh" && b.mark == "terminal":
		r.begin(b)
	case b.kind == "sh" && b.mark == "":
		r.out = ""
		for _, line := range b.commandsOf() {
			r.command(line)
		}
	case b.kind == "text":
		for line := range strings.Lines(b.text) {
			if !strings.Contains(r.out, strings.TrimSpace(line)) {
				r.Errorf("%q is not in the output %q", line, r.out)
			}
		}
	case file != nil:
		r.save(file[2], b.text, file[1] != "as")
	}
}

func (r *reader) save(name, text string, behind bool) {
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	var known []byte
	if behind {
		known = testfiles.Read(r.T, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(path, append(known, text...), 0o600); err != nil {
		r.Fatal(err)
	}
}

// here is a command line with ports that are free here.
func (r *reader) here(line string) string {
	return strings.NewReplacer("127.0.0.1:4599", "127.0.0.1:"+r.port, "127.0.0.1:4600", "127.0.0.1:"+r.second).Replace(line)
}

// shell is a command line as a shell runs it, where others have exported what they did.
func (r *reader) shell(line string) *exec.Cmd {
	line = r.here(line)
	cmd := exec.CommandContext(r.Context(), "sh", "-c", r.env+line)
	cmd.Dir = r.dir
	for _, name := range os.Environ() {
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "INVBRIDGE_") {
			cmd.Env = append(cmd.Env, name)
		}
	}
	cmd.Env = append(cmd.Env, "PATH="+r.bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "GOBIN="+r.TempDir(), "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	return cmd
}

// command runs one line. What it exports holds for the lines behind it.
func (r *reader) command(line string) {
	if strings.HasPrefix(line, "export ") {
		r.env += r.here(line) + "\n"
		return
	}
	var out bytes.Buffer
	cmd := r.shell(line)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	r.out += out.String()
	if code := cmd.ProcessState.ExitCode(); code != exitDone && code != exitPartial {
		r.Errorf("%s: %v: %s", line, err, out.String())
	}
}

var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// begin runs a command in a terminal of its own, until the test ends.
func (r *reader) begin(b block) {
	lines := b.commandsOf()
	if len(lines) != 1 {
		r.Fatalf("%q: one command has a terminal of its own", b.text)
	}
	cmd := r.shell("exec " + lines[0])
	if err := cmd.Start(); err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 200 {
		if c, err := net.Dial("tcp", cmp.Or(loopback.FindString(r.here(lines[0])), "127.0.0.1:"+r.port)); err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	r.Fatalf("%s does not listen", lines[0])
}
