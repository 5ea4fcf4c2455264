package inventory

import "testing"

func TestScope(t *testing.T) {
	port := &Type{Name: "Custom:Port", Attributes: []string{"Port", "Protocol", "State"}, Key: []int{0, 1}}
	for _, c := range []struct {
		name  string
		scope *Scope
		in    []Entry
		out   []Entry
		byKey bool
	}{
		{"nil covers all", nil, []Entry{{"1", "tcp", ""}, {"", "", ""}}, nil, true},
		{"without clauses it covers none", &Scope{}, nil, []Entry{{"1", "tcp", ""}}, true},
		{"a clause without bounds covers all", &Scope{Clauses: []Clause{{}}}, []Entry{{"1", "tcp", ""}}, nil, true},
		{
			"ranges that overlap and strings", &Scope{Clauses: []Clause{{{"Port", []string{"20-25", "22-30", "80", "x-y", "8080-8090", "9-1"}}}}},
			[]Entry{{"20", "", ""}, {"24", "", ""}, {"30", "", ""}, {"80", "", ""}, {"8085", "", ""}, {"x-y", "", ""}, {"", "", ""}, {"9-1", "", ""}},
			[]Entry{{"19", "", ""}, {"31", "", ""}, {"81", "", ""}, {"8091", "", ""}, {"x", "", ""}, {"5", "", ""}},
			true,
		},
		{
			"all bounds of a clause, any clause",
			&Scope{Clauses: []Clause{{{"Port", []string{"1-10"}}, {"Protocol", []string{"tcp"}}}, {{"Protocol", []string{"udp"}}, {"Port", []string{"53"}}}}},
			[]Entry{{"1", "tcp", "open"}, {"53", "udp", ""}, {"53", "", ""}},
			[]Entry{{"1", "udp", ""}, {"53", "tcp", ""}, {"99", "", ""}},
			true,
		},
		{
			"an attribute that is not of the key", &Scope{Clauses: []Clause{{{"State", []string{"open"}}}}},
			[]Entry{{"1", "tcp", "open"}, {"1", "tcp", ""}},
			[]Entry{{"1", "tcp", "closed"}},
			false,
		},
		{"one that the type does not have", &Scope{Clauses: []Clause{{{"Family", []string{"a"}}}}}, []Entry{{"1", "tcp", ""}}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			cover := c.scope.Of(port)
			if cover.ByKey() != c.byKey {
				t.Errorf("the key decides: %t", cover.ByKey())
			}
			for _, e := range c.in {
				if !cover.Has(e) || !c.scope.Covers(port, e) {
					t.Errorf("%q is not in it", e)
				}
			}
			for _, e := range c.out {
				if cover.Has(e) || c.scope.Covers(port, e) {
					t.Errorf("%q is in it", e)
				}
			}
		})
	}
}
