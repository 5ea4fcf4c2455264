package own

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/typepage"
)

// mappingLine is a mapping in `mapping list --json`.
type mappingLine struct {
	Mapping string   `json:"mapping"`
	About   string   `json:"about,omitempty"`
	Builtin bool     `json:"builtin"`
	File    string   `json:"file"`
	Types   []string `json:"types"`
}

// List lists the mappings.
func List(_ context.Context, s *session.Session, out *output.Lines, _ []string) error {
	set, err := s.LoadMappings()
	if err != nil {
		return err
	}
	for _, h := range set.Heads() {
		line := mappingLine{h.Name, h.About, h.Builtin, h.File, []string{}}
		for _, t := range h.Types() {
			line.Types = append(line.Types, t.Name())
		}
		out.Print(line, fmt.Sprintf("%-20s %-30s %s", h.Name, strings.Join(line.Types, " "), h.About))
	}
	return nil
}

// Show prints the file of a mapping or type.
func Show(_ context.Context, s *session.Session, out *output.Lines, args []string) error {
	set, err := s.LoadMappings()
	if err != nil {
		return err
	}
	text, err := set.Text(args[0])
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no mapping is called %q: invbridge mapping list names them", args[0])
	}
	if err == nil {
		out.Page(string(text))
	}
	return err
}

// Types describes the type that is named, or all.
func Types(_ context.Context, s *session.Session, out *output.Lines, args []string) error {
	set, err := s.LoadMappings()
	if err != nil {
		return err
	}
	page, err := typePage(set, args)
	if err == nil {
		out.Page(page)
	}
	return err
}

// Formats prints a table of what the mappings read.
func Formats(_ context.Context, s *session.Session, out *output.Lines, _ []string) error {
	set, err := s.LoadMappings()
	if err != nil {
		return err
	}
	table, err := typepage.Formats(set)
	if err == nil {
		out.Page(table)
	}
	return err
}

func typePage(set *mapping.Set, args []string) (string, error) {
	if len(args) == 0 {
		return typepage.All(set)
	}
	for _, name := range []string{args[0], "Custom:" + args[0]} {
		for _, t := range set.Types() {
			if strings.EqualFold(t.Name(), name) {
				return typepage.Page(set, t)
			}
		}
	}
	return "", fmt.Errorf("no type is called %q: invbridge mapping types lists them", args[0])
}

// Schema prints the JSON Schema of mapping files.
func Schema(_ context.Context, _ *session.Session, out *output.Lines, _ []string) error {
	if out.JSON {
		out.Object(json.RawMessage(load.Schema()))
		return nil
	}
	_, err := out.Write(load.Schema())
	return err
}
