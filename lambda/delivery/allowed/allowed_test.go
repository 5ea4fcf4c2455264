package allowed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// rules are those of two mappings: one that clears absent nodes, and one that does not and may write for one node alone.
func rules() *Rules {
	wide := &mapping.Head{Candidate: choose.Candidate{Name: "wide"}, Family: "numbers", Absent: mapping.Absent{Clear: true, MaxCleared: 1}}
	narrow := &mapping.Head{Candidate: choose.Candidate{Name: "narrow"}, Family: "narrow", Allow: mapping.Allow{Nodes: []string{"i-1"}}}
	for _, m := range []*mapping.Head{wide, narrow} {
		m.SetTypes([]*mapping.Type{{Inventory: &inventory.Type{Name: "Custom:One"}}})
	}
	return &Rules{
		Now: func() time.Time { return now },
		Mapping: func(name string) (*mapping.Head, bool) {
			m, ok := map[string]*mapping.Head{"wide": wide, "narrow": narrow}[name]
			return m, ok
		},
		Node: func(_ context.Context, m *mapping.Head, node string) error {
			if m.Allow.Nodes[0] != node {
				return &Refusal{Reason: "not this node"}
			}
			return nil
		},
	}
}

func TestHeader(t *testing.T) {
	absence := func(sources ...string) *ledger.Absence { return &ledger.Absence{Sources: sources} }
	page := func(number, of int, sources ...string) *ledger.Page {
		return &ledger.Page{Number: number, Of: of, Sources: sources}
	}
	for _, c := range []struct {
		name string
		h    ledger.Header
		want string // part of the error; "": none
	}{
		{"of intake", ledger.Header{Received: now, Absence: absence("wide", "wide/a")}, ""},
		{"a page", ledger.Header{Page: page(2, 2, "wide/a")}, ""},
		{"a page of all", ledger.Header{Page: page(1, 2)}, ""},
		{"a clock that is ahead", ledger.Header{Received: now.Add(clocks)}, ""},
		{"a mapping that is not loaded", ledger.Header{Mapping: "gone"}, ""}, // its records are rejected
		{"an ID", ledger.Header{Import: "../heads"}, "no valid ID"},
		{"a source as a mapping", ledger.Header{Mapping: "wide/a", Page: page(1, 2, "wide/a")}, "no valid name"},
		{"the future", ledger.Header{Received: now.Add(clocks + 1)}, "in the future"},
		{"page 0", ledger.Header{Page: page(0, 2, "wide")}, "no number"},
		{"page 3", ledger.Header{Page: page(3, 2, "wide")}, "no number"},
		{"one page", ledger.Header{Page: page(1, 1, "wide")}, "no number"},
		{"another's list", ledger.Header{Page: page(1, 2, "wide/a", "narrow")}, "another mapping's list"},
		{"another's nodes", ledger.Header{Absence: absence("wide", "wideness")}, "another mapping's source"},
		{"a mapping that clears nothing", ledger.Header{Mapping: "narrow", Absence: absence("narrow")}, "does not clear"},
		{"one that is not loaded", ledger.Header{Mapping: "gone", Absence: absence("gone")}, "not loaded"},
		{"absence of a page", ledger.Header{Page: page(1, 2, "wide"), Absence: absence("wide")}, "no whole document"},
		{"absence of a mended file", ledger.Header{Into: "a", Absence: absence("wide")}, "no whole document"},
		{"absence of what was parked", ledger.Header{Found: true, Absence: absence("wide")}, "no whole document"},
		{"absence to come", ledger.Header{Absence: &ledger.Absence{Stamp: ledger.Stamp{Captured: now.Add(time.Hour)}}}, "will be absent"},
	} {
		if c.h.Import == "" {
			c.h.Import = "im"
		}
		if c.h.Mapping == "" {
			c.h.Mapping = "wide"
		}
		err := rules().Header(&c.h)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, ErrNotBelieved) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestStatement(t *testing.T) {
	for _, c := range []struct {
		name, mapping string
		s             ledger.Statement
		want          string
		whole         bool // all of the delivery is not believed
	}{
		{"its own", "wide", ledger.Statement{Source: "wide/a", Types: []ledger.TypeStatement{{Type: "Custom:One"}}, Subject: []string{"tie:numbers=7"}}, "", false},
		{"its node", "narrow", ledger.Statement{Source: "narrow", Node: "i-1"}, "", false},
		{"another's number led to the node", "wide", ledger.Statement{Source: "wide", Subject: []string{"number:other=7", "hostname=a"}}, "", false},
		{"another's source", "wide", ledger.Statement{Source: "narrow"}, "another mapping's source", true},
		{"a longer name", "wide", ledger.Statement{Source: "wideness"}, "another mapping's source", true},
		{"no name", "wide", ledger.Statement{}, "another mapping's source", true},
		{"a mapping that is not loaded", "gone", ledger.Statement{Source: "gone"}, "not loaded here", false},
		{"another's source, of a mapping that is not loaded", "gone", ledger.Statement{Source: "wide"}, "another mapping's source", true},
		{"another type", "wide", ledger.Statement{Source: "wide", Types: []ledger.TypeStatement{{Type: "Custom:Two"}}}, "does not fill Custom:Two", false},
		{"another family", "wide", ledger.Statement{Source: "wide", Subject: []string{"tie:wide=7"}}, "another family", false},
		{"a family with a longer name", "wide", ledger.Statement{Source: "wide", Subject: []string{"tie:numbers2=7"}}, "another family", false},
		{"another node", "narrow", ledger.Statement{Source: "narrow", Node: "i-2"}, "not this node", false},
	} {
		err := rules().Statement(t.Context(), &ledger.Header{Mapping: c.mapping}, &c.s)
		_, refused := errors.AsType[*Refusal](err)
		switch {
		case c.want == "":
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		case err == nil || !strings.Contains(err.Error(), c.want) || refused == c.whole || errors.Is(err, ErrNotBelieved) != c.whole:
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestAbsent(t *testing.T) {
	for _, c := range []struct {
		mapping, node string
		want          bool
	}{{"wide", "i-2", true}, {"narrow", "i-1", true}, {"narrow", "i-2", false}, {"gone", "i-1", false}} {
		if err := rules().Absent(t.Context(), &ledger.Header{Mapping: c.mapping}, c.node); (err == nil) != c.want {
			t.Errorf("%s, %s: %v", c.mapping, c.node, err)
		}
	}
}

func TestStagedHeader(t *testing.T) {
	at, err := StagedAt(Staged{Import: "im", Partition: 3}.Key())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		h    ledger.Header
		good bool
	}{
		"its own":   {ledger.Header{Import: "im", Partition: 3}, true},
		"import":    {ledger.Header{Import: "other", Partition: 3}, false},
		"partition": {ledger.Header{Import: "im", Partition: 4}, false},
		"parked":    {ledger.Header{Import: "im", Partition: 3, Found: true}, false},
	} {
		if err := at.Header(&c.h); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	undo := Staged{Import: "undo-im", Partition: 3}
	if err := undo.Header(&ledger.Header{Import: "undo-im", Partition: 3}); !errors.Is(err, ErrNotBelieved) {
		t.Errorf("a staged delivery rolls an import back: %v", err)
	}
}

func TestParked(t *testing.T) {
	k := ledger.ParkedKey{Source: "wide/a", Import: "im"}
	for name, c := range map[string]struct {
		h    ledger.Header
		good bool
	}{
		"its own":        {ledger.Header{Import: "im", Mapping: "wide", Received: now}, true},
		"another import": {ledger.Header{Import: "other", Mapping: "wide"}, false},
		"another source": {ledger.Header{Import: "im", Mapping: "narrow"}, false},
		"the future":     {ledger.Header{Import: "im", Mapping: "wide", Received: now.Add(time.Hour)}, false},
	} {
		if err := rules().Parked(k, &c.h); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
