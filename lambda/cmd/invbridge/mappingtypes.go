package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/typepage"
	"github.com/spf13/cobra"
)

func mappingTypesCommand(s *session.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "types [TYPE]",
		Short:   "Describe one type, or all: what they hold, in which form, and which mappings fill them",
		Example: examples("invbridge mapping types", "invbridge mapping types Vulnerability"),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return session.UsageError("name one type, or none for all: invbridge mapping types [TYPE]")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return describeTypes(s, args) },
	}
}

// describeTypes describes the type that is named, or all.
func describeTypes(s *session.Session, args []string) error {
	set, err := s.MappingSet()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		_, err = io.WriteString(s.Out, typepage.All(set))
		return err
	}
	for _, name := range []string{args[0], "Custom:" + args[0]} {
		for _, t := range set.Types() {
			if strings.EqualFold(t.Name(), name) {
				_, err = io.WriteString(s.Out, typepage.Page(set, t))
				return err
			}
		}
	}
	return fmt.Errorf("no type is called %q: invbridge mapping types lists them", args[0])
}
