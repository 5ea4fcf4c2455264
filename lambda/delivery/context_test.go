package delivery

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// complies makes a snapshot of one record, with a row for each check.
func complies(node string, checks ...string) *ledger.Statement {
	s := &ledger.Statement{
		Node: node, Source: "a", Records: []ledger.RecordResult{{Number: 1}}, Types: []ledger.TypeStatement{{Type: "Custom:Compliance"}},
	}
	for _, id := range checks {
		s.Types[0].Rows = append(s.Types[0].Rows, ledger.Row{Values: inventory.Entry{"Custom:Hardening", id}})
	}
	return s
}

// TestRowsWithAContextThatWereNeverAccepted and are no longer stated leave nothing to be put: the intent is closed.
func TestRowsWithAContextThatWereNeverAccepted(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		notes int
	}{
		"refused before anything was done": {&smithy.GenericAPIError{Code: "ThrottlingException"}, 0},
		"perhaps put":                      {errors.New("connection reset by peer"), 1},
	} {
		for _, force := range []bool{false, true} {
			bubble(t, name, func(t *testing.T) {
				w := newWorld()
				p := &process{t: t, w: w, name: "one", config: func(config *Config) { config.Force = force }}
				w.answer = func(string, int) error { return c.err }
				equal(t, "first", p.deliver(document{id: "1", at: -2, statements: []*statement{complies(web1, "h1")}}), "pending=1")
				if p.head().Nodes[web1].Intent == nil {
					t.Fatal("there is no intent")
				}
				w.answer, w.puts = nil, nil
				w.now = w.now.Add(time.Minute)
				part, err := p.try(t.Context(), document{id: "2", at: -1, statements: []*statement{complies(web1)}})
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "second", outcomes(part), "unchanged=1")
				if n := p.head().Nodes[web1]; n.Intent != nil || len(part.Notes) != c.notes || len(w.puts) > 0 {
					t.Errorf("intent %+v, notes %v, puts %v", n.Intent, part.Notes, w.puts)
				}
				w.answer = nil
				equal(t, "third", p.deliver(document{id: "3", at: 0, statements: []*statement{complies(web1, "h1")}}), "put=1")
			})
		}
	}
}
