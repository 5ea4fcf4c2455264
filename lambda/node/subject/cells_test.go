package subject

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCells: several values in one cell are several, and a title stays whole.
func TestCells(t *testing.T) {
	given := Subject{
		IP:       []string{"10.0.0.1/24, 10.0.0.2/24", "[2001:db8::5]", "10.0.0.3;10.0.0.4|10.0.0.5\n10.0.0.6", "(10.0.0.7)", "n/a", "none yet"},
		MAC:      []string{"0a:00:00:00:00:01, 0A-00-00-00-00-02", "unreadable"},
		Hostname: []string{"a.example b.example", "c,d", "Gateway, hall 2", "Bob's MacBook", `CORP\E$`},
	}
	want := Subject{
		IP:       []string{"10.0.0.1", "10.0.0.2", "2001:db8::5", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7"},
		MAC:      []string{"0a:00:00:00:00:01", "0a:00:00:00:00:02"},
		Hostname: []string{"a.example", "b.example", "c", "d", "gateway, hall 2", "bob's macbook", "e"},
	}
	if diff := cmp.Diff(want, given.Normalise()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Unreadable{IP: 1, MAC: 1}, given.Unreadable()); diff != "" {
		t.Error(diff)
	}
}

// TestCellsOfNames: names in brackets, quotes or beside their address are names.
func TestCellsOfNames(t *testing.T) {
	for text, want := range map[string]Subject{
		"web-01\nweb-01.prod.example":     {Hostname: []string{"web-01", "web-01.prod.example"}},
		"[web-01]":                        {Hostname: []string{"web-01"}},
		`"web-01"`:                        {Hostname: []string{"web-01"}},
		"['web-01']":                      {Hostname: []string{"web-01"}},
		`["web-01", "web-02"]`:            {Hostname: []string{"web-01", "web-02"}},
		"web-01 10.1.0.1":                 {Hostname: []string{"web-01"}, IP: []string{"10.1.0.1"}},
		"10.1.0.1 10.1.0.2 web-01":        {Hostname: []string{"web-01"}, IP: []string{"10.1.0.1", "10.1.0.2"}},
		"web-01 / web-01.prod.example":    {Hostname: []string{"web-01", "web-01.prod.example"}},
		"web-01 / 10.1.0.1":               {Hostname: []string{"web-01"}, IP: []string{"10.1.0.1"}},
		"web-01 web-02":                   {Hostname: []string{"web-01 web-02"}},
		"Hall 2 / Rack 3":                 {Hostname: []string{"hall 2 / rack 3"}},
		"Gateway of hall 2 with 10.1.0.1": {Hostname: []string{"gateway of hall 2 with 10.1.0.1"}},
		"bob's":                           {Hostname: []string{"bob's"}},
		"[none]":                          {},
		"/":                               {},
	} {
		got := Subject{Hostname: []string{text}}.Normalise()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
		if diff := cmp.Diff(got, got.Normalise()); diff != "" {
			t.Errorf("%q: normalising again changes it:\n%s", text, diff)
		}
	}
}
