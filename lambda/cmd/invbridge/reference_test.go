package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// every calls f with each command that people may give, in the order of the help, the root first.
func every(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, sub := range cmd.Commands() {
		if !sub.Hidden && sub.Name() != "help" && sub.Name() != "completion" {
			every(sub, f)
		}
	}
}

// flagsOf are the flags of a command, those of the command around it too.
func flagsOf(cmd *cobra.Command) []*pflag.Flag {
	var list []*pflag.Flag
	cmd.InheritedFlags() // merges them into those of the command
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			list = append(list, f)
		}
	})
	return list
}

// documentedFlag is a flag with the commands that have it with this meaning.
type documentedFlag struct {
	name, means string
	of          []string
}

// TestCommandsInReadme keeps the tables of commands and flags in this folder's README current: go test ./lambda/cmd/invbridge -run
// TestCommandsInReadme -update.
func TestCommandsInReadme(t *testing.T) {
	const begins, ends = "<!-- commands: made by make generate -->\n", "<!-- /commands -->\n"
	var made strings.Builder
	made.WriteString("| command | does |\n|---|---|\n")
	var flags []documentedFlag
	every(rootCommand(session.New(session.Console{})), func(cmd *cobra.Command) {
		if cmd.Runnable() && !cmd.HasSubCommands() {
			fmt.Fprintf(&made, "| `invbridge %s` | %s |\n", strings.TrimSpace(strings.TrimPrefix(cmd.Parent().CommandPath()+" ", "invbridge "))+gap(cmd)+cmd.Use, cmd.Short)
			for _, f := range flagsOf(cmd) {
				flags = documented(flags, cmd, f)
			}
		}
	})
	made.WriteString("\n| flag | means | of |\n|---|---|---|\n")
	slices.SortStableFunc(flags, func(a, b documentedFlag) int { return cmp.Compare(a.name, b.name) })
	for _, f := range flags {
		fmt.Fprintf(&made, "| `%s` | %s | %s |\n", f.name, f.means, strings.Join(f.of, ", "))
	}
	before, rest, _ := strings.Cut(string(testfiles.Read(t, "README.md")), begins)
	_, after, found := strings.Cut(rest, ends)
	if !found {
		t.Fatal("the README has no place for the commands")
	}
	testfiles.Golden(t, "README.md", []byte(before+begins+made.String()+ends+after))
}

// gap is a blank between the commands of a command and its own name.
func gap(cmd *cobra.Command) string {
	if cmd.Parent().HasParent() {
		return " "
	}
	return ""
}

// documented adds a flag of a command to those so far.
func documented(flags []documentedFlag, cmd *cobra.Command, f *pflag.Flag) []documentedFlag {
	value, usage := pflag.UnquoteUsage(f)
	one := documentedFlag{name: strings.TrimSpace("--" + f.Name + " " + strings.ToUpper(value)), means: strings.NewReplacer("|", "\\|", "<", "\\<").Replace(usage)}
	if f.Value.Type() == "bool" {
		one.name = "--" + f.Name
	}
	if f.Shorthand != "" {
		one.name += "`, `-" + f.Shorthand
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" {
		one.means += " (default: `" + f.DefValue + "`)"
	}
	path := strings.TrimPrefix(cmd.CommandPath(), "invbridge ")
	for i, known := range flags {
		if known.name == one.name && known.means == one.means {
			flags[i].of = append(flags[i].of, path)
			return flags
		}
	}
	one.of = []string{path}
	return append(flags, one)
}

// TestDocumentedCommandsAreThere: each command line of ours in a README, in a block or in a line of text, names commands and flags that there are.
func TestDocumentedCommandsAreThere(t *testing.T) {
	spans := regexp.MustCompile("`([^`\n]*)`")
	for name, text := range readmes(t) {
		var lines []string
		for _, b := range blocksOf(text) {
			if b.kind == "sh" {
				lines = append(lines, b.commandsOf()...)
			}
		}
		for _, span := range spans.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			lines = append(lines, span[1])
		}
		for _, line := range lines {
			for _, part := range regexp.MustCompile(`&&|\||;|#`).Split(line, -1) {
				if problem := wrong(t, strings.Fields(part)); problem != "" {
					t.Errorf("%s: %s: %s", name, part, problem)
				}
			}
		}
	}
}

// wrong is what is wrong with a command line, as far as it names commands, flags or targets of ours.
func wrong(t *testing.T, words []string) string {
	t.Helper()
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "make" && len(words) > 1:
		if regexp.MustCompile(`^[a-z-]+$`).MatchString(words[1]) && !strings.Contains(string(testfiles.Read(t, testfiles.Path(t, "Makefile"))), "\n"+words[1]+":") {
			return "there is no such target"
		}
	case regexp.MustCompile(`^--[a-z]`).MatchString(words[0]):
		return wrongFlag(t, words[0])
	case words[0] == "invbridge" && len(words) > 1:
		return wrongCommand(words[1:])
	}
	return ""
}

// wrongFlag is what is wrong with a flag that stands alone: no command has it, nor has a program of others that these READMEs speak of.
func wrongFlag(t *testing.T, word string) string {
	t.Helper()
	others := []string{"--add-host", "--capabilities", "--s3-bucket", "--tags", "--list", "--format", "--help"}
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	found := slices.Contains(others, "--"+name)
	every(rootCommand(session.New(session.Console{})), func(cmd *cobra.Command) { found = found || cmd.Flag(name) != nil })
	if !found {
		return "no command has this flag"
	}
	return ""
}

func wrongCommand(words []string) string {
	cmd := rootCommand(session.New(session.Console{}))
	cmd.InitDefaultHelpCmd()
	cmd.InitDefaultCompletionCmd()
	for len(words) > 0 {
		next := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == words[0] })
		if next < 0 {
			break
		}
		cmd, words = cmd.Commands()[next], words[1:]
	}
	if cmd.HasSubCommands() && cmd.Name() != "completion" && len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		return "there is no such command"
	}
	cmd.InitDefaultHelpFlag()
	flagsOf(cmd)
	for _, word := range words {
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		if strings.HasPrefix(word, "--") && cmd.Flag(name) == nil {
			return "it has no flag --" + name
		}
		if short := regexp.MustCompile(`^-([a-z])$`).FindStringSubmatch(word); len(short) == 2 && cmd.Flags().ShorthandLookup(short[1]) == nil {
			return "it has no flag " + word
		}
	}
	return ""
}

// TestEveryCommandIsInAReadme: the tables are made of the commands, so what people need besides is looked for: a README names each command
// outside of them.
func TestEveryCommandIsInAReadme(t *testing.T) {
	var all strings.Builder
	for _, text := range readmes(t) {
		before, rest, _ := strings.Cut(text, "<!-- commands: made")
		_, after, _ := strings.Cut(rest, "<!-- /commands -->")
		all.WriteString(before + after)
	}
	every(rootCommand(session.New(session.Console{})), func(cmd *cobra.Command) {
		if path := cmd.CommandPath(); !strings.Contains(all.String(), path+" ") && !strings.Contains(all.String(), path+"`") && !strings.Contains(all.String(), path+"\n") {
			t.Errorf("no README names %s", path)
		}
	})
}

// TestLinksOfReadmes: what a README links to is there, headings too.
func TestLinksOfReadmes(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for name, text := range readmes(t) {
		for _, link := range links.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			target, anchor, _ := strings.Cut(link[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := testfiles.Path(t, filepath.Dir(filepath.FromSlash(name)), filepath.FromSlash(target))
			if target == "" {
				path = testfiles.Path(t, filepath.FromSlash(name))
			}
			if found, err := filepath.Glob(path); err != nil || len(found) != 1 {
				t.Errorf("%s: there is no %s", name, link[1])
			} else if anchor != "" && !slices.Contains(anchorsOf(string(testfiles.Read(t, path))), anchor) {
				t.Errorf("%s: no heading for %s", name, link[1])
			}
		}
	}
}

// anchorsOf are the headings of a page as links name them.
func anchorsOf(text string) []string {
	var list []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		words := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		list = append(list, strings.ReplaceAll(words, " ", "-"))
	}
	return list
}
