package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// tutorialBlock is a fenced block of the README's tutorial with the line before it: a file to save or to add to, commands, or lines of
// their output.
var (
	tutorialBlock = regexp.MustCompile("(?s)([^\n]*)\n\n```([a-z]+)\n(.*?)```")
	tutorialFile  = regexp.MustCompile("(as|Add to) `([^`]+)`:$")
)

// TestTutorial runs every command of the tutorial in the README, and looks for every line of output that it shows.
func TestTutorial(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, there := strings.Cut(string(readme), "## An in-house CSV")
	section, _, ends := strings.Cut(section, "\n## ")
	if !there || !ends {
		t.Fatal("the README has no tutorial")
	}
	t.Chdir(t.TempDir())
	tutorial := &tutorial{T: t}
	for _, block := range tutorialBlock.FindAllStringSubmatch(section, -1) {
		tutorial.block(block[1], block[2], block[3])
	}
	if tutorial.ran < 9 {
		t.Errorf("%d commands were found", tutorial.ran)
	}
}

// tutorial is one run through it.
type tutorial struct {
	*testing.T
	env map[string]string
	out string // of the commands of the last block
	ran int
}

func (t *tutorial) block(before, kind, text string) {
	t.Helper()
	file := tutorialFile.FindStringSubmatch(before)
	switch {
	case kind == "sh":
		t.out = ""
		for line := range strings.Lines(text) {
			t.command(strings.Fields(line))
		}
	case kind == "text":
		for line := range strings.Lines(text) {
			if !strings.Contains(t.out, strings.TrimSpace(line)) {
				t.Errorf("%q is not in the output %q", line, t.out)
			}
		}
	case file == nil:
		t.Errorf("the block behind %q names no file", before)
	case file[1] == "Add to":
		known, err := os.ReadFile(file[2])
		if err != nil {
			t.Fatal(err)
		}
		write(t.T, ".", file[2], string(known)+text)
	default:
		write(t.T, ".", file[2], text)
	}
}

// command runs one line. The sandbox is one in this process, and the settings that the tutorial exports are those of it.
func (t *tutorial) command(words []string) {
	t.Helper()
	t.ran++
	switch {
	case words[0] == "export":
	case words[0] != "invbridge":
		t.Errorf("%s is no command of ours", words[0])
	case words[1] == "sandbox":
		t.env = serve(t.T, t.sandbox(words[1:]))
	default:
		code, out, errs := runLine(t.T, t.env, "", words[1:]...)
		t.out += out + errs
		if code != exitDone && code != exitPartial {
			t.Errorf("%s: exit code %d: %s%s", strings.Join(words, " "), code, out, errs)
		}
	}
}

// sandbox is the one that a command line would serve.
func (t *tutorial) sandbox(args []string) *sandbox.Sandbox {
	t.Helper()
	cmd, rest, err := rootCommand(session.New(session.Console{})).Find(args)
	if err != nil || cmd.ParseFlags(rest) != nil {
		t.Fatal(args, err)
	}
	nodes, err := session.ReadFile(cmd.Flag("nodes").Value.String(), sandbox.ParseNodes)
	if err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.New(sandbox.Config{Nodes: nodes, Objects: cmd.Flag("objects").Value.String()})
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestOnALaptop runs every command that the README shows under "On a laptop", one after the other.
func TestOnALaptop(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "## On a laptop")
	section, _, _ = strings.Cut(section, "\nFILE is")
	t.Chdir(t.TempDir())
	if err := os.Symlink(filepath.Join(root, "testevents"), "testevents"); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	laptop := &tutorial{T: t}
	for line := range strings.Lines(section) {
		if command, _, _ := strings.Cut(line, " #"); strings.HasPrefix(command, "    invbridge ") {
			laptop.command(strings.Fields(command))
		}
	}
	if laptop.ran < 12 {
		t.Errorf("%d commands were found", laptop.ran)
	}
}
