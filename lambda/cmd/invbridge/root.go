package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const about = `invbridge turns what other systems know about machines into the SSM Inventory of managed nodes.

FILE is a path, a directory, - for standard input, or s3://bucket/key or a prefix.
Exit codes: 0 done; 1 a document or the command failed; 2 usage; 3 done, but some records were not put, or the state is not whole; 130 stopped.`

// group is commands under a title of the help.
type group struct {
	title    string
	commands []command
}

// rootCommand is the command line. Its commands share one session, since one of them runs.
func rootCommand(s *session.Session) *cobra.Command {
	root := &cobra.Command{
		Use: "invbridge", Long: about, Example: indented("invbridge demo\ninvbridge explain FILE\ninvbridge put FILE"),
		RunE: oneOfThese, Args: cobra.ArbitraryArgs, SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
	}
	for _, g := range groups() {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range g.commands {
			sub := c.cobra(s)
			sub.GroupID = g.title
			root.AddCommand(sub)
		}
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagError)
	return root
}

// cobra returns the command for the library that parses command lines.
func (c command) cobra(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{Use: c.use, Short: c.short, Example: indented(c.example), Args: c.args, SuggestionsMinimumDistance: 2}
	flags := cmd.Flags()
	flags.SortFlags, cmd.PersistentFlags().SortFlags = false, false // what is needed most is declared first
	if c.commands != nil {
		cmd.Args, cmd.RunE, flags = cobra.ArbitraryArgs, oneOfThese, cmd.PersistentFlags()
		for _, sub := range c.commands {
			cmd.AddCommand(sub.cobra(s))
		}
	} else {
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.begin(cmd.Context(), s, args) }
	}
	if c.flags != nil {
		c.flags(flags, s)
	}
	return cmd
}

// begin runs the command. Output that cannot be written is its error before any other: nobody knows what is missing.
func (c command) begin(ctx context.Context, s *session.Session, args []string) error {
	defer s.Close()
	s.BoundMemory()
	if !c.serves {
		s.BoundProcessors()
	}
	out := output.NewLines(s.Out, s.JSON)
	err := c.run(ctx, s, out, args)
	return cmp.Or(out.Flush(), err)
}

func indented(lines string) string { return "  " + strings.ReplaceAll(lines, "\n", "\n  ") }

// oneOfThese runs a command that only has commands: it prints its help, or names the command that was meant.
func oneOfThese(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknown(cmd, args[0])
	}
	if !cmd.HasParent() {
		return cmd.Help()
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Use)
	}
	return session.UsageError(fmt.Sprintf("%s needs one of: %s", cmd.CommandPath(), strings.Join(names, ", ")))
}

func unknown(cmd *cobra.Command, word string) error {
	text := fmt.Sprintf("there is no command %q: see %s --help", word, cmd.CommandPath())
	if like := cmd.SuggestionsFor(word); len(like) > 0 {
		text = fmt.Sprintf("there is no command %q, did you mean %s? See %s --help", word, strings.Join(like, " or "), cmd.CommandPath())
	}
	return session.UsageError(text)
}

// flagError is the error of a flag that the command does not have. Where the command itself is unknown, the flag is a later matter.
func flagError(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return unknown(cmd, cmd.Flags().Arg(0))
	}
	text := err.Error()
	if like := nearestFlag(cmd, text); like != "" {
		return session.UsageError(text + ", did you mean " + like + "? See " + cmd.CommandPath() + " --help")
	}
	return session.UsageError(text + ": see " + cmd.CommandPath() + " --help")
}

// nearestFlag is the flag that was meant by one that the command does not have; "": none is like it.
func nearestFlag(cmd *cobra.Command, text string) string {
	word, isUnknown := strings.CutPrefix(text, "unknown flag: --")
	if !isUnknown {
		return ""
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if like := problem.Nearest(word, names); like != "" {
		return "--" + like
	}
	return ""
}

// takes allows from least to most arguments; the message is about any other number.
func takes(least, most int, message string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return session.UsageError(message)
		}
		return nil
	}
}
