package read

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Origin is how one word of a mapping, one identifier or one attribute of an entry came about. It holds values of the document: it is for whoever has
// that, never for a log.
type Origin struct {
	Type  string        `json:"type,omitempty"` // of the attribute; "": it is about the record
	Word  string        `json:"word"`           // an attribute, "identify hostname", "each", "where"
	At    problem.Place `json:"-"`              // in the mapping's file; zero: nothing there fills it
	Steps []Step        `json:"steps,omitempty"`
	Texts []string      `json:"values,omitempty"` // what came out; none: nothing did
}

// Step is one thing that was done for a value.
type Step struct {
	What   string   `json:"what"`             // "path severity", "map", "date", "cut to 128 bytes"
	Before []string `json:"before,omitempty"` // what was there; of what finds values nothing
	After  []string `json:"after,omitempty"`  // what is there then
}

// current is what a record is asked about.
type current struct {
	fill *compiledFill // of the entry that was yielded last; nil: none was yet
	from *tree.Value
}

// Origins returns how what the record states as a whole came about: where it stands, why it is skipped, who states it, and which machine it is about.
// It may be called while the record is the current one, before its entries are read.
func (r *Record) Origins() []Origin {
	if r.reader == nil {
		return nil
	}
	return r.reader.origins()
}

// EntryOrigins returns how each attribute of the entry that was yielded last came about, in the order of the type's attributes.
func (r *Record) EntryOrigins() []Origin {
	if r.reader == nil || r.reader.current.fill == nil {
		return nil
	}
	return r.reader.entryOrigins()
}

func (r *reader) origins() []Origin {
	b, from := r.Blocks[r.found.Block], r.found.Value
	list := []Origin{{Word: "each", Steps: []Step{{What: pathsText(b.Each, "the whole document")}}}}
	if b.Where != nil && !r.record.Aside {
		list = append(list, r.expression("", "where", b.Where, from))
	}
	if r.record.Skip == skipTypes {
		list = append(list, r.refusals(b)...)
	}
	if r.record.Skip != "" {
		return list
	}
	for _, x := range []struct {
		word string
		of   *mapping.Expression
	}{{"remove", b.Remove}, {"scope", b.Scope}} {
		if x.of != nil {
			list = append(list, r.expression("", x.word, x.of, from))
		}
	}
	list = append(list, r.sourceOrigin())
	if b.Captured != nil {
		list = append(list, r.capturedOrigin(b.Captured))
	}
	return append(list, r.machineOrigins(b)...)
}

func (r *reader) machineOrigins(b *mapping.Block) []Origin {
	var list []Origin
	host := r.maker.scope.Host
	if len(b.Host) > 0 {
		list = append(list, Origin{Word: "host", Steps: []Step{{What: pathsText(b.Host, "")}}})
	}
	if b.Key != nil {
		o := r.value("", "key", b.Key, host)
		o.Texts = []string{r.record.Key}
		list = append(list, o)
	}
	for _, tag := range b.Identity.All() {
		if tag.Value == nil {
			continue
		}
		o := r.value("", "identify "+tag.Key, tag.Value, host)
		o.Texts = keep(once(slices.Clone(o.Texts)), 0, clean)
		list = append(list, o)
	}
	return list
}

// refusals are the types that do not take the record, with why.
func (r *reader) refusals(b *mapping.Block) []Origin {
	var list []Origin
	for i, f := range b.Fills {
		switch {
		case f.Index < 0:
			list = append(list, Origin{Type: f.Type.Name(), Word: "allow", Steps: []Step{{What: "leaves the type out"}}})
		case r.refused[i] && f.Where != nil:
			list = append(list, r.expression(f.Type.Name(), "where", f.Where, r.found.Value))
		}
	}
	return list
}

// capturedOrigin is how the capture time came about.
func (r *reader) capturedOrigin(v *mapping.Value) Origin {
	o := r.value("", "capturedAt", v, r.found.Value)
	var at []string
	if !r.record.Captured.IsZero() {
		at = []string{date.Canonical(r.record.Captured)}
	}
	x := explaining{steps: o.Steps}
	o.Texts = x.done("date", o.Texts, at)
	o.Steps = x.steps
	return o
}

// sourceOrigin is how the name of the source came about.
func (r *reader) sourceOrigin() Origin {
	o := Origin{Word: "source", Texts: []string{r.record.Source}}
	x := r.explaining()
	for i := range r.Source {
		switch part := &r.Source[i]; {
		case part.IsPath:
			x.found("path "+part.Path.String(), x.e.along(&part.Path, r.found.Value, nil))
		case part.Value != nil:
			o.At = part.Value.At
			x.value(part.Value, r.found.Value)
		}
	}
	o.Steps = x.steps
	return o
}

// expression is how a condition came out, with what it read.
func (r *reader) expression(of, word string, c *mapping.Expression, from *tree.Value) Origin {
	x := r.explaining()
	x.reads(c, from)
	result := "false"
	if x.e.holds(c, from) {
		result = "true"
	}
	x.found("expression "+c.Text, []string{result})
	return Origin{Type: of, Word: word, At: c.At, Steps: x.steps, Texts: []string{result}}
}

// value is how a value of a record came about.
func (r *reader) value(of, word string, v *mapping.Value, from *tree.Value) Origin {
	x := r.explaining()
	texts := x.value(v, from)
	return Origin{Type: of, Word: word, At: v.At, Steps: x.steps, Texts: texts}
}

// explaining evaluates values once more, step by step. Nothing of it is noted.
func (r *reader) explaining() *explaining {
	quiet := *r.maker.evaluator
	quiet.notes, quiet.trace = &notes{}, nil
	return &explaining{e: &quiet}
}

// pathsText names places of a document, of which one is met.
func pathsText(paths []path.Path, none string) string {
	if len(paths) == 0 {
		return none
	}
	var texts []string
	for _, p := range paths {
		texts = append(texts, p.String())
	}
	return strings.Join(texts, " or ")
}
