package main

import (
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/spf13/cobra"
)

func mappingListCommand(s *session.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the mappings, and the types that they fill",
		Example: examples("invbridge mapping list", "invbridge mapping list --mappings mine --json"),
		Args:    exactly(0, "mapping list takes no arguments: mapping show NAME shows one"),
		RunE:    func(*cobra.Command, []string) error { return listMappings(s) },
	}
}

// mappingLine is a mapping in `mapping list --json`.
type mappingLine struct {
	Mapping string   `json:"mapping"`
	About   string   `json:"about,omitempty"`
	Builtin bool     `json:"builtin"`
	File    string   `json:"file"`
	Types   []string `json:"types"`
}

func listMappings(s *session.Session) error {
	set, err := s.MappingSet()
	if err != nil {
		return err
	}
	out := output.NewLines(s.Out, s.JSON)
	for _, name := range set.Names() {
		m, _ := set.Mapping(name)
		line := mappingLine{m.Name, m.About, m.Builtin, m.File, []string{}}
		for _, t := range m.Types() {
			line.Types = append(line.Types, t.Name())
		}
		out.Print(line, fmt.Sprintf("%-20s %-30s %s", m.Name, strings.Join(line.Types, " "), m.About))
	}
	return out.Flush()
}
