package main

import (
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

// Groups of commands, in the order of the help.
const (
	groupTry  = "try"
	groupLook = "look"
	groupPut  = "put"
	groupAsk  = "ask"
	groupOwn  = "own"
)

const about = `invbridge turns what other systems know about machines into the SSM Inventory of managed nodes.

FILE is a path, a directory, - for standard input, or s3://bucket/key or a prefix.
Exit codes: 0 done; 1 a document or the command failed; 2 usage; 3 done, but some records were not put.`

// rootCommand is the command line. Its commands share one session, since one of them runs.
func rootCommand(s *session.Session) *cobra.Command {
	root := &cobra.Command{
		Use: "invbridge", Long: about,
		Example: examples("invbridge demo", "invbridge explain FILE", "invbridge put FILE"),
		RunE:    oneOfThese, Args: cobra.ArbitraryArgs, SilenceErrors: true, SilenceUsage: true,
	}
	root.AddGroup(
		&cobra.Group{ID: groupTry, Title: "Try it:"},
		&cobra.Group{ID: groupLook, Title: "Look before you put:"},
		&cobra.Group{ID: groupPut, Title: "Put:"},
		&cobra.Group{ID: groupAsk, Title: "Ask what is there:"},
		&cobra.Group{ID: groupOwn, Title: "Write mappings of your own:"},
	)
	root.AddCommand(
		demoCommand(s), sandboxCommand(s),
		recordsCommand(s), explainCommand(s), planCommand(s),
		putCommand(s), invokeCommand(s), sweepCommand(s), redriveCommand(s),
		nodeCommand(s), receiptCommand(s), sourceCommand(s),
		mappingCommand(s), manCommand(),
	)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagError)
	keepOrder(root)
	return root
}

func examples(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }

// keepOrder shows flags in the order in which they are declared: what is needed most comes first.
func keepOrder(cmd *cobra.Command) {
	cmd.Flags().SortFlags, cmd.PersistentFlags().SortFlags = false, false
	cmd.SuggestionsMinimumDistance = 2
	for _, sub := range cmd.Commands() {
		keepOrder(sub)
	}
}

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
	return session.UsageError(err.Error() + ": see " + cmd.CommandPath() + " --help")
}

// exactly takes so many arguments; the message says which.
func exactly(n int, message string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return session.UsageError(message)
		}
		return nil
	}
}
