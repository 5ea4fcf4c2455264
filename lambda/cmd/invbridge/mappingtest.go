package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// failureLine is an expectation of a mapping's test that is not met, in `mapping test --json`.
type failureLine struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Pointer string `json:"pointer"`
	Mapping string `json:"mapping"`
	Sample  string `json:"sample"`
	Message string `json:"message"`
}

// testsSummary is the last line of `mapping test --json`.
type testsSummary struct {
	Mappings int `json:"mappings"`
	Tests    int `json:"tests"`
	Failed   int `json:"failed"` // tests with an expectation that is not met
	Failures int `json:"failures"`
}

// mappingTest runs the tests in mapping files.
func (s *session) mappingTest(ctx context.Context, dirs []string) error {
	if len(dirs) == 0 && len(s.options.mappings) == 0 {
		dirs = []string{"."}
	}
	set, err := mapping.Options{AWSTypes: s.options.awsTypes}.Load(append(s.options.mappings, dirs...)...)
	var problems mapping.Problems
	if errors.As(err, &problems) {
		return errors.Join(s.showProblems(problems), errShown)
	}
	if err != nil {
		return err
	}
	t := tester{s: s, set: set, out: newLines(s.out)}
	for _, name := range set.Names() {
		if m, _ := set.Mapping(name); !m.Builtin {
			if err := t.mapping(ctx, m); err != nil {
				return err
			}
		}
	}
	return t.finish()
}

// tester runs tests and tells what failed.
type tester struct {
	s   *session
	set *mapping.Set
	out *lines
	sum testsSummary
}

func (t *tester) mapping(ctx context.Context, m *mapping.Mapping) error {
	t.sum.Mappings++
	for i := range m.Tests {
		test := &m.Tests[i]
		t.sum.Tests++
		found, err := t.run(ctx, m, test)
		failures := []failure{{test.At, fmt.Sprint(err)}}
		if err == nil {
			failures = found.failures(m, test)
		}
		if len(failures) > 0 {
			t.sum.Failed++
		}
		for _, f := range failures {
			if err := t.show(m, test, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// run reads a test's sample with its mapping. Its error says why that did not go.
func (t *tester) run(ctx context.Context, m *mapping.Mapping, test *mapping.Test) (*outcomes, error) {
	found := newOutcomes(m, test)
	if test.Nodes != "" {
		var err error
		if found.directory, err = nodesFile(beside(m, test.Nodes), t.set); err != nil {
			return nil, err
		}
	}
	src, err := document.File(beside(m, test.Sample))
	if err != nil {
		return nil, err
	}
	d := intake.Document{Source: src, Delivery: mapping.Delivery{Declared: m.Name, Local: true}}
	in := intake.Intake{Mappings: t.set}
	err = in.Look(ctx, d, func(_ *mapping.Mapping, rec *mapping.Record) error { return found.record(rec) }, func(*mapping.Mapping) {})
	return found, err
}

// beside gives a path that a mapping's file names.
func beside(m *mapping.Mapping, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(filepath.FromSlash(m.File)), filepath.FromSlash(name))
}

// machineNamed gives the subject of a test's `as`.
func machineNamed(as map[string]string) node.Subject {
	one := func(kind string) []string {
		if as[kind] == "" {
			return nil
		}
		return []string{as[kind]}
	}
	return node.Subject{NodeID: one("nodeId"), Hostname: one("hostname"), Serial: one("serial"), IP: one("ip"), MAC: one("mac")}.Normalise()
}

func (t *tester) show(m *mapping.Mapping, test *mapping.Test, f failure) error {
	t.sum.Failures++
	if t.s.options.json {
		return t.out.write(failureLine{f.at.File, f.at.Line, f.at.Column, f.at.Pointer, m.Name, test.Sample, f.message})
	}
	_, err := fmt.Fprintf(t.out.w, "%s:%d:%d: %s: %s\n", f.at.File, f.at.Line, f.at.Column, test.Sample, f.message)
	return err
}

func (t *tester) finish() error {
	var err error
	switch {
	case t.s.options.json:
		err = t.out.write(map[string]testsSummary{"summary": t.sum})
	case t.sum.Tests == 0:
		_, err = fmt.Fprintf(t.out.w, "no tests in %s of your own: write tests: in one, with a sample and what must come out\n", plural(t.sum.Mappings, "mapping"))
	default:
		_, err = fmt.Fprintf(t.out.w, "%s, %d failed\n", plural(t.sum.Tests, "test"), t.sum.Failed)
	}
	if t.sum.Failed > 0 {
		return errors.Join(err, t.out.flush(), errShown)
	}
	return errors.Join(err, t.out.flush())
}
