package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

func mappingShowCommand(s *session.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME",
		Short:   "Print the file of a mapping, or of a type",
		Example: examples("invbridge mapping show backups"),
		Args:    exactly(1, "name one mapping to show: invbridge mapping list names them"),
		RunE:    func(_ *cobra.Command, args []string) error { return showMapping(s, args[0]) },
	}
}

func showMapping(s *session.Session, name string) error {
	set, err := s.MappingSet()
	if err != nil {
		return err
	}
	text, err := set.Text(name)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no mapping is called %q: invbridge mapping list names them", name)
	}
	if err == nil {
		_, err = s.Out.Write(text)
	}
	return err
}
