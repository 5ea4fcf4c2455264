package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand is hidden: packagers need it, and nobody else.
func manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Hidden: true, GroupID: groupTry,
		Short:   "Write the manual pages of all commands into a directory",
		Example: examples("invbridge man man1"),
		Args:    exactly(1, "name one DIR that is there"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return doc.GenManTree(cmd.Root(), &doc.GenManHeader{Section: "1"}, args[0])
		},
	}
}
