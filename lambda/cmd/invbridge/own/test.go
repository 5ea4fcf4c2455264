package own

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trial"
)

// testsSummary is the last line of `mapping test --json`.
type testsSummary struct {
	Mappings int `json:"mappings"`
	Tests    int `json:"tests"`
	Failed   int `json:"failed"` // tests with an expectation that is not met
	Failures int `json:"failures"`
}

// Test runs the tests that mapping files hold.
func Test(ctx context.Context, s *session.Session, out *output.Lines, dirs []string) error {
	if len(dirs) == 0 && len(s.MappingDirs) == 0 {
		dirs = []string{"."}
	}
	set, err := loadOwn(s, out, dirs)
	if err != nil {
		return err
	}
	var sum testsSummary
	for _, h := range set.Heads() {
		if h.Builtin {
			continue
		}
		m, err := set.Mapping(h.Name)
		if err != nil {
			return err
		}
		sum.Mappings++
		for i := range m.Tests {
			sum.count(trial.Test(ctx, set, m, &m.Tests[i]), out)
		}
	}
	if sum.Tests == 0 {
		out.Text("no tests in %s of your own: write tests: in one, with a sample and what must come out\n", output.Plural(sum.Mappings, "mapping"))
	} else {
		out.Text("%s, %d failed\n", output.Plural(sum.Tests, "test"), sum.Failed)
	}
	out.Summary(sum)
	if sum.Failed > 0 {
		return session.ErrShown
	}
	return nil
}

// count counts a test, and shows what failed of it.
func (sum *testsSummary) count(failures []trial.Failure, out *output.Lines) {
	sum.Tests++
	sum.Failures += len(failures)
	if len(failures) > 0 {
		sum.Failed++
	}
	for _, f := range failures {
		out.Print(f, fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Sample, f.Message))
	}
}
