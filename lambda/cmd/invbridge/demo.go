package main

import (
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/demo"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

func demoCommand(s *session.Session) *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		GroupID: groupTry, Use: "demo",
		Short:   "Play the whole way of five documents, against a sandbox in this process: no AWS account needed",
		Example: examples("invbridge demo", "invbridge demo --keep state"),
		Args:    exactly(0, "demo takes no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if keep != "" {
				return demo.Run(cmd.Context(), s.Out, keep)
			}
			temp, err := os.MkdirTemp("", "invbridge-demo-*")
			if err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(temp) }() // the system removes what could not be
			return demo.Run(cmd.Context(), s.Out, temp)
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "`directory` to keep the state in, to look at it afterwards")
	return cmd
}
