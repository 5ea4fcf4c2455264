package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

func runMapping(ctx context.Context, s *session, args []string) error {
	if len(args) == 0 {
		return usageError("say what about mappings: new --from FILE, check [DIR…], test [DIR…], types [TYPE], list, show NAME or schema")
	}
	switch word, rest := args[0], args[1:]; word {
	case "new":
		return s.mappingNew(ctx, rest)
	case "test":
		return s.mappingTest(ctx, rest)
	case "check":
		return s.mappingCheck(ctx, rest)
	case "types":
		return s.mappingTypes(rest)
	case "list":
		return s.mappingList()
	case "show":
		return s.mappingShow(rest)
	case "schema":
		_, err := s.out.Write(load.Schema())
		return err
	default:
		return usageError(fmt.Sprintf("there is no mapping %s: new --from FILE, check [DIR…], test [DIR…], types [TYPE], list, show NAME or schema", word))
	}
}

// problemLine is a problem in `mapping check --json`.
type problemLine struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Pointer    string `json:"pointer"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty"`
}

func (s *session) mappingCheck(ctx context.Context, dirs []string) error {
	set, err := load.Options{AWSTypes: s.options.awsTypes}.Load(append(s.options.mappings, dirs...)...)
	var problems problem.List
	if errors.As(err, &problems) {
		return errors.Join(s.showProblems(problems), errShown)
	}
	if err != nil {
		return err
	}
	if s.options.sample != "" {
		return s.checkSample(ctx, set)
	}
	own := 0
	for _, name := range set.Names() {
		if m, _ := set.Mapping(name); !m.Builtin {
			own++
		}
	}
	if s.options.json {
		out := newLines(s.out)
		return errors.Join(out.write(map[string]any{"summary": map[string]int{"mappings": len(set.Names()), "own": own, "problems": 0}}), out.flush())
	}
	_, err = fmt.Fprintf(s.out, "no problems: %s, %d of them your own, %s\n", plural(len(set.Names()), "mapping"), own, plural(len(set.Types()), "type"))
	return err
}

func (s *session) showProblems(problems problem.List) error {
	if !s.options.json {
		_, err := fmt.Fprintf(s.err, "%s\n%s\n", strings.TrimRight(problems.Error(), "\n"), plural(len(problems), "problem"))
		return err
	}
	out := newLines(s.out)
	for _, p := range problems {
		if err := out.write(problemLine(p)); err != nil {
			return err
		}
	}
	return errors.Join(out.write(map[string]any{"summary": map[string]int{"problems": len(problems)}}), out.flush())
}

// mappingLine is a mapping in `mapping list --json`.
type mappingLine struct {
	Mapping string   `json:"mapping"`
	About   string   `json:"about,omitempty"`
	Builtin bool     `json:"builtin"`
	File    string   `json:"file"`
	Types   []string `json:"types"`
}

func (s *session) mappingList() error {
	set, err := s.mappings()
	if err != nil {
		return err
	}
	out := newLines(s.out)
	for _, name := range set.Names() {
		m, _ := set.Mapping(name)
		line := mappingLine{m.Name, m.About, m.Builtin, m.File, []string{}}
		for _, t := range m.Types() {
			line.Types = append(line.Types, t.Name())
		}
		if s.options.json {
			err = out.write(line)
		} else {
			_, err = fmt.Fprintf(out.w, "%-20s %-30s %s\n", m.Name, strings.Join(line.Types, " "), m.About)
		}
		if err != nil {
			return err
		}
	}
	return out.flush()
}

// mappingShow prints a mapping's file, or a type's.
func (s *session) mappingShow(args []string) error {
	if len(args) != 1 {
		return usageError("name one mapping to show: invbridge mapping list names them")
	}
	set, err := s.mappings()
	if err != nil {
		return err
	}
	text, err := set.Text(args[0])
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no mapping is called %q: invbridge mapping list names them", args[0])
	}
	if err == nil {
		_, err = s.out.Write(text)
	}
	return err
}
