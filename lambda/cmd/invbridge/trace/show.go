package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/reading"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// summary is the last line of a file in JSON.
type summary struct {
	File     string `json:"file"`
	Mapping  string `json:"mapping"`
	Why      string `json:"why"`
	Records  int    `json:"records"`
	Machines int    `json:"machines"`
	More     int    `json:"more,omitempty"` // records that are not shown
}

// show shows the records, each with its machine, and the machines of which no record is shown.
func (t *tracer) show(name string, of *traced) {
	t.out.Text("%s: mapping %s, because of %s\n", output.Printable(name), of.mapping.Name, of.why)
	machine := -1
	for i := range of.records {
		r := &of.records[i]
		of.decide(r)
		t.whole(r)
		m := of.about(r)
		switch at := slices.IndexFunc(of.sorted(), func(x intake.Machine) bool { return m != nil && x.First == m.First }); {
		case m == nil:
		case at == machine:
			t.out.Text("  machine         as that of record %d\n", m.First)
		default:
			machine = at
			t.machine(m)
		}
		t.entries(r)
	}
	if of.more > 0 {
		t.out.Text("%s more about this machine: --most 0 shows all, --record N one of them\n", output.Plural(of.more, "record"))
	}
	t.out.Summary(summary{File: name, Mapping: of.mapping.Name, Why: of.why, Records: len(of.records), Machines: len(of.machines), More: of.more})
}

// whole shows what a record states as a whole.
func (t *tracer) whole(r *record) {
	t.out.Object(r)
	if t.out.JSON {
		return
	}
	place := ""
	if r.Line > 0 {
		place = fmt.Sprintf(" (line %d)", r.Line)
	}
	t.out.Text("record %d%s\n", r.Number, place)
	for _, o := range r.Origins {
		t.origin(o, "  ")
	}
	if r.Skip != "" {
		t.out.Text("  skipped         %s\n", r.Skip)
	}
}

// machine shows which node a machine is, and what each kind of its identifiers says about that, in the order in which they are tried.
func (t *tracer) machine(m *intake.Machine) {
	line := reading.LineOf(t.directory, m)
	t.out.Object(line)
	if t.out.JSON {
		return
	}
	title := ""
	if n, ok := t.directory.Lookup(m.Decision.Node); ok && n.ComputerName != "" {
		title = output.Printable(n.ComputerName) + " "
	}
	t.out.Text("  machine         %s%s (%s)\n", title, line.Result(), output.Plural(m.Records, "record"))
	for i, s := range t.directory.Steps(m.Subject, m.Rules, m.Decision) {
		var values []string
		for _, v := range s.Values {
			values = append(values, planned.Shown(v))
		}
		t.out.Text("      %-12s%s: %s\n", s.Rule, strings.Join(values, ", "), line.Steps[i].Text())
	}
}

// entries shows the entries of a record, attribute by attribute.
func (t *tracer) entries(r *record) {
	for i, e := range r.entries {
		t.out.Object(e)
		if t.out.JSON {
			continue
		}
		t.out.Text("  %s, entry %d of %d: %s\n", e.Type, e.Entry, r.types[e.Type], output.Printable(e.Stands))
		var none []string
		for _, o := range e.Origins {
			if len(o.Steps) == 0 {
				none = append(none, o.Word)
				continue
			}
			t.origin(o, "      ")
		}
		if len(none) > 0 {
			t.out.Text("      nothing of the mapping fills %s\n", strings.Join(none, ", "))
		}
		if last := i+1 == len(r.entries) || r.entries[i+1].Type != e.Type; last && r.types[e.Type] > e.Entry {
			t.out.Text("  %s more of %s: --most 0 shows all\n", output.Entries(r.types[e.Type]-e.Entry), e.Type)
		}
	}
	for _, name := range inventory.Sorted(r.types) {
		if !slices.ContainsFunc(r.entries, func(e *entry) bool { return e.Type == name }) {
			t.out.Text("  %s of %s\n", output.Entries(r.types[name]), name)
		}
	}
	if len(r.types) == 0 && r.Skip == "" {
		t.out.Text("  no entries\n")
	}
}

// origin shows how a word, an identifier or an attribute came about: in one line where one place has it as it is, else step by step.
func (t *tracer) origin(o read.Origin, indent string) {
	word := strings.TrimPrefix(o.Word, "identify ")
	if o.Type != "" && indent == "  " {
		word = o.Type + " " + word
	}
	steps, nothing := split(o.Steps)
	if line, one := oneLine(o, steps); one {
		t.out.Text("%s%-15s %s\n", indent, word, line)
		return
	}
	if len(o.Texts) == 0 && len(steps) == 0 && nothing != "" {
		t.out.Text("%s%-15s %s\n", indent, word, nothing)
		return
	}
	t.out.Text("%s%-15s %s\n", indent, word, texts(o.Texts))
	if nothing != "" {
		t.out.Text("%s    %s\n", indent, nothing)
	}
	for _, s := range steps {
		t.out.Text("%s    %s\n", indent, stepText(s))
	}
}

const (
	mostNamed = 6  // values that are shown of one attribute
	mostWidth = 72 // characters of the names of places without a value
)

// split takes the places that have nothing out of steps, and names them.
func split(steps []read.Step) (rest []read.Step, nothing string) {
	var names []string
	for _, s := range steps {
		path, isPath := strings.CutPrefix(s.What, "path ")
		if isPath && s.Before == nil && len(s.After) == 0 {
			names = append(names, path)
			continue
		}
		rest = append(rest, s)
	}
	return rest, nothingAt(names)
}

// nothingAt names places, as many as a line has room for.
func nothingAt(names []string) string {
	text := ""
	for i, name := range names {
		name = planned.Shown(name)
		if i > 0 && len(text)+len(name) > mostWidth {
			return fmt.Sprintf("nothing at %s and %s more", text, output.Plural(len(names)-i, "place"))
		}
		if i > 0 {
			text += ", "
		}
		text += name
	}
	if text == "" {
		return ""
	}
	return "nothing at " + text
}

// oneLine is an origin in one line, where that says all.
func oneLine(o read.Origin, steps []read.Step) (string, bool) {
	switch {
	case len(o.Texts) == 0 && len(steps) == 1 && steps[0].Before == nil && len(steps[0].After) == 0: // where records stand
		return brief(steps[0].What), true
	case len(steps) == 0 && len(o.Steps) == 0:
		return texts(o.Texts), true
	case len(steps) != 1 || steps[0].Before != nil || !slices.Equal(steps[0].After, o.Texts):
		return "", false
	}
	what, isPath := strings.CutPrefix(steps[0].What, "path ")
	if isPath {
		return texts(o.Texts) + " from " + planned.Shown(what), true
	}
	return texts(o.Texts) + " (" + planned.Shown(what) + ")", true
}

// brief is what was done, as much as a line has room for.
func brief(what string) string {
	what = output.Printable(what)
	if runes := []rune(what); len(runes) > mostWidth {
		return string(runes[:mostWidth-1]) + "…"
	}
	return what
}

func stepText(s read.Step) string {
	what := brief(s.What)
	if s.Before == nil {
		return what + ": " + texts(s.After)
	}
	return what + ": " + texts(s.Before) + " → " + texts(s.After)
}

// texts are values as a terminal may show them.
func texts(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	var shown []string
	for _, text := range list {
		shown = append(shown, `"`+planned.Shown(text)+`"`)
	}
	if more := len(shown) - mostNamed; more > 0 {
		shown = append(shown[:mostNamed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(shown, ", ")
}
