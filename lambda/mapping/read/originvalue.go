package read

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// explaining evaluates values as evaluator does, and keeps each step. It is for one record that somebody asks about: the evaluator itself, which runs
// for every value, keeps nothing.
type explaining struct {
	e     *evaluator
	steps []Step
}

// found keeps a step that finds values.
func (x *explaining) found(what string, texts []string) {
	x.steps = append(x.steps, Step{What: what, After: slices.Clone(texts)})
}

// done keeps a step that changed values.
func (x *explaining) done(what string, before, after []string) []string {
	if !slices.Equal(before, after) {
		x.steps = append(x.steps, Step{What: what, Before: slices.Clone(before), After: slices.Clone(after)})
	}
	return after
}

// value evaluates a value.
func (x *explaining) value(v *mapping.Value, from *tree.Value) []string {
	var out []string
	switch {
	case v.HasPath:
		out = slices.Clone(x.e.along(&v.Path, from, nil))
		x.found("path "+v.Path.String(), out)
	case v.First != nil:
		for _, inner := range v.First {
			if out = x.value(inner, from); len(out) > 0 {
				break
			}
		}
	case v.All != nil:
		for _, inner := range v.All {
			part := x.value(inner, from)
			if v.HasJoin {
				part = once(slices.Clone(part))
			}
			out = append(out, part...)
		}
	case v.Expr != nil:
		x.reads(v.Expr, from)
		out = slices.Clone(x.e.result(v.Expr, from, nil))
		x.found("expression "+v.Expr.Text, out)
	default:
		out = slices.Clone(v.Constant)
		x.found("the mapping", out)
	}
	return x.verbs(v, out)
}

// reads keeps what an expression reads.
func (x *explaining) reads(c *mapping.Expression, from *tree.Value) {
	var known []string
	for _, p := range c.Paths() {
		if !slices.Contains(known, p.String()) {
			known = append(known, p.String())
			x.found("path "+p.String(), p.Texts(&x.e.scope, from, nil))
		}
	}
}

// verbs runs a value's verbs, in the order of evaluator.verbs.
func (x *explaining) verbs(v *mapping.Value, texts []string) []string {
	each := func(what string, replace func(string) string) {
		texts = x.done(what, texts, keep(slices.Clone(texts), 0, replace))
	}
	if v.Split != nil {
		texts = x.done("split "+v.Split.String(), texts, splitTexts(v, slices.Clone(texts), 0))
	}
	if v.Match != nil {
		each("match "+v.Match.String(), func(text string) string { return firstGroup(v, text) })
	}
	if v.Map != nil {
		each("map", v.Map.Lookup)
	}
	if v.Dates != nil {
		each("date", func(text string) string { return x.e.date(v.Dates, text) })
	}
	if v.HasJoin && len(texts) > 1 {
		texts = x.done("join", texts, []string{joinOf(v, slices.Clone(texts))})
	}
	return texts
}

// entryOrigins does what entryMaker.make does.
func (r *reader) entryOrigins() []Origin {
	f := r.current.fill
	list, values := make([]Origin, len(f.Type.Attributes)), make([]string, len(f.Type.Attributes))
	for i := range f.Type.Attributes {
		list[i] = Origin{Type: f.Type.Name(), Word: f.Type.Attributes[i].Name}
	}
	for i := range f.attributes {
		a := &f.attributes[i]
		x := r.explaining()
		values[a.index] = x.attribute(a, r.current.from)
		list[a.index].At, list[a.index].Steps = a.value.At, x.steps
	}
	defaults := f.defaults
	if r.maker.partial {
		defaults = f.partial
	}
	for i := range values {
		if values[i] == "" && defaults[i] != "" {
			values[i] = defaults[i]
			list[i].Steps = append(list[i].Steps, Step{What: "default of the type", After: []string{values[i]}})
		}
	}
	for _, i := range f.derived {
		r.derive(f, i, values, &list[i])
	}
	for i := range values {
		x := r.explaining()
		if values[i] = x.fit(&f.Type.Attributes[i], values[i]); values[i] != "" {
			list[i].Texts = []string{values[i]}
		}
		list[i].Steps = append(list[i].Steps, x.steps...)
	}
	return list
}

// derive makes an attribute from another one.
func (r *reader) derive(f *compiledFill, i int, values []string, to *Origin) {
	a := &f.Type.Attributes[i]
	of := values[a.OfIndex]
	if r.maker.partial && of == "" {
		return
	}
	if text := a.Map.Lookup(of); text != "" {
		values[i] = text
		to.Steps = []Step{{What: "map of " + f.Type.Attributes[a.OfIndex].Name, Before: []string{of}, After: []string{text}}}
	}
}

// attribute does what entryMaker.attribute does.
func (x *explaining) attribute(a *compiledAttribute, from *tree.Value) string {
	if !a.choice {
		return x.oneText(a, x.value(a.value, from))
	}
	for _, inner := range a.value.First {
		if text := x.oneText(a, x.value(inner, from)); text != "" {
			return text
		}
	}
	return ""
}

// oneText makes one text of an attribute's in the type's own words, as entryMaker.oneText does.
func (x *explaining) oneText(a *compiledAttribute, texts []string) string {
	each := func(what string, replace func(string) string) {
		after := make([]string, len(texts))
		for i, text := range texts {
			after[i] = replace(text)
		}
		texts = x.done(what, texts, slices.DeleteFunc(after, func(text string) bool { return text == "" }))
	}
	if !a.of.Map.Empty() {
		each("map of the type", a.of.Map.Lookup)
	}
	if a.dates != nil {
		each("date", func(text string) string { return x.e.date(a.dates, text) })
	}
	switch a.of.Case {
	case "lower":
		each("lower case", strings.ToLower)
	case "upper":
		each("upper case", strings.ToUpper)
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	texts = x.done("each once", texts, once(slices.Clone(texts)))
	if other, closed := a.of.Map.Other(); closed && len(texts) > 1 {
		return x.done("one word of several", texts, []string{other})[0]
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return x.done("join", texts, []string{strings.Join(texts, a.join)})[0]
}

// fit does what entryMaker.fit does.
func (x *explaining) fit(a *mapping.Attribute, value string) string {
	text := x.done("clean", []string{value}, []string{clean(value)})[0]
	if a.Max > 0 && len(text) > a.Max {
		text = x.done(fmt.Sprintf("cut to %d bytes", a.Max), []string{text}, []string{cut(text, a.Max)})[0]
	}
	return text
}
