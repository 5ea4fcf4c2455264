package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/spf13/cobra"
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

func mappingTestCommand(s *session.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "test [DIR…]",
		Short:   "Run the tests that mapping files hold; the exit code is 1 where one fails",
		Example: examples("invbridge mapping test mine", "invbridge mapping test --mappings mine --json"),
		RunE:    func(cmd *cobra.Command, dirs []string) error { return testMappings(cmd.Context(), s, dirs) },
	}
}

func testMappings(ctx context.Context, s *session.Session, dirs []string) error {
	if len(dirs) == 0 && len(s.MappingDirs) == 0 {
		dirs = []string{"."}
	}
	set, err := loadOwn(s, dirs)
	if err != nil {
		return err
	}
	t := tester{set: set, out: output.NewLines(s.Out, s.JSON)}
	for _, name := range set.Names() {
		if m, _ := set.Mapping(name); !m.Builtin {
			t.mapping(ctx, m)
		}
	}
	return t.finish()
}

// tester runs tests and shows what failed.
type tester struct {
	set *mapping.Set
	out *output.Lines
	sum testsSummary
}

func (t *tester) mapping(ctx context.Context, m *mapping.Mapping) {
	t.sum.Mappings++
	for i := range m.Tests {
		test := &m.Tests[i]
		t.sum.Tests++
		failures := trial.Test(ctx, t.set, m, test)
		if len(failures) > 0 {
			t.sum.Failed++
		}
		for _, f := range failures {
			t.show(m, test, f)
		}
	}
}

func (t *tester) show(m *mapping.Mapping, test *mapping.Test, f trial.Failure) {
	t.sum.Failures++
	at := f.At
	t.out.Print(failureLine{at.File, at.Line, at.Column, at.Pointer, m.Name, test.Sample, f.Message},
		fmt.Sprintf("%s:%d:%d: %s: %s", at.File, at.Line, at.Column, test.Sample, f.Message))
}

func (t *tester) finish() error {
	var failed error
	if t.sum.Failed > 0 {
		failed = errShown
	}
	switch {
	case t.out.JSON:
	case t.sum.Tests == 0:
		fmt.Fprintf(t.out, "no tests in %s of your own: write tests: in one, with a sample and what must come out\n", output.Plural(t.sum.Mappings, "mapping"))
	default:
		fmt.Fprintf(t.out, "%s, %d failed\n", output.Plural(t.sum.Tests, "test"), t.sum.Failed)
	}
	t.out.Summary(t.sum)
	return errors.Join(t.out.Flush(), failed)
}
