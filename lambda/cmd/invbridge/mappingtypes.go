package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/typepage"
)

// mappingTypes describes one type, or all.
func (s *session) mappingTypes(args []string) error {
	if len(args) > 1 {
		return usageError("name one type, or none for all: invbridge mapping types [TYPE]")
	}
	set, err := s.mappings()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		_, err = io.WriteString(s.out, typepage.All(set))
		return err
	}
	for _, name := range []string{args[0], "Custom:" + args[0]} {
		for _, t := range set.Types() {
			if strings.EqualFold(t.Name(), name) {
				_, err = io.WriteString(s.out, typepage.Page(set, t))
				return err
			}
		}
	}
	return fmt.Errorf("no type is called %q: invbridge mapping types lists them", args[0])
}
