package expression

import (
	"errors"
	"testing"

	"github.com/expr-lang/expr/vm"
	"github.com/google/go-cmp/cmp"
)

func TestCompileExprReads(t *testing.T) {
	for _, test := range []struct {
		text                  string
		texts, lists, present []string
	}{
		{`r.RecordState == "ARCHIVED" or r.Workflow.Status == "RESOLVED"`, []string{"r.RecordState", "r.Workflow.Status"}, nil, nil},
		{`$up.name matches "x$" && r["First Name"] != ""`, []string{"$up.name", "r.First Name"}, nil, nil},
		{`r?.a?.b == "x"`, []string{"r.a.b"}, nil, nil},
		{`r.a[0].b == "x"`, []string{"r.a(0).b"}, nil, nil},
		{`len(texts("a(type=x).b")) > 0 and has("$doc.x")`, nil, []string{"a(type=x).b"}, []string{"$doc.x"}},
		{`any(texts("a"), # == "x")`, nil, []string{"a"}, nil},
		{`int(r.total) <= $records`, []string{"r.total"}, nil, nil},
		{`let x = r.a; x == "1" ? true : false`, []string{"r.a"}, nil, nil},
	} {
		code, err := Compile(test.text, true)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		got := []string{}
		for _, path := range code.Texts {
			if path != "" {
				got = append(got, path)
			}
		}
		if len(got) == 0 {
			got = nil
		}
		if d := cmp.Diff([][]string{test.texts, test.lists, test.present}, [][]string{got, code.Lists, code.Present}); d != "" {
			t.Errorf("%s: %s", test.text, d)
		}
	}
}

func TestCompileExprErrors(t *testing.T) {
	for _, text := range []string{
		"", "r.", "r.a ==", "status == 1", "$env.x == 1", "$texts[0] == ''", "texts(r.a)", "r[r.b] == 'x'", "r.a", "now() == 1", "r.a()", "$d.x == ''",
		"has()", `any(texts("a"),`, "int(1, 2) == 1",
	} {
		_, err := Compile(text, true)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		t.Logf("%-20s %d %s (%s)", text, e.Offset, e.Message, e.Unknown)
	}
}

func TestNoNumberIsNoValue(t *testing.T) {
	code, err := Compile(`string(int(float(r.memory) / 1048576))`, false)
	if err != nil {
		t.Fatal(err)
	}
	var machine vm.VM
	env := newEnvironment(len(code.Texts), 0, 0)
	if _, err := machine.Run(code.program, env.names); !errors.Is(err, errNoNumber) {
		t.Errorf("got %v", err)
	}
	for i := range env.Texts {
		env.Texts[i] = "2147483648"
	}
	if got, err := machine.Run(code.program, env.names); err != nil || got != "2048" {
		t.Errorf("got %v, %v", got, err)
	}
}

// counted has a number of records, and texts of one path.
type counted struct {
	text    string
	records int
}

func (c counted) Text(int) string                  { return c.text }
func (c counted) List(_ int, to []string) []string { return to }
func (c counted) Has(int) bool                     { return c.text != "" }
func (c counted) Records() int                     { return c.records }

// TestRefuses: a condition is refused where it is false, and not where it has no value.
func TestRefuses(t *testing.T) {
	for _, test := range []struct {
		expression, text string
		records          int
		refuses, holds   bool
	}{
		{`int(r.total) <= $records`, "3", 3, false, true},
		{`int(r.total) <= int($records)`, "3", 2, true, false},
		{`int(r.total) <= $records`, "", 0, false, false},
		{`int(r.total) <= $records`, "many", 0, false, false},
		{`r.total == string($records)`, "2", 2, false, true},
		{`$records > 0`, "", 0, true, false},
	} {
		code, err := Compile(test.expression, true)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		if !code.Records {
			t.Errorf("%s does not ask for records", test.expression)
		}
		var r Runner
		from := counted{test.text, test.records}
		refuses, _ := r.Refuses(code, from)
		holds, _ := r.Holds(code, from)
		if refuses != test.refuses || holds != test.holds {
			t.Errorf("%s of %q and %d: refuses %t, holds %t", test.expression, test.text, test.records, refuses, holds)
		}
	}
}
