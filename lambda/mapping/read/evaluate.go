package read

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/expression"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
	"github.com/inventory-bridge/inventory-bridge/lambda/memo"
)

// evaluator evaluates values of a mapping at values of a document. Its strings are valid as long as these.
type evaluator struct {
	scope   path.Scope
	runner  expression.Runner
	slots   slots // of the expression being run
	seed    maphash.Seed
	dates   memo.Memo[dateText]
	order   date.Order                  // of the document
	records int                         // of the document, at its end
	given   map[*mapping.Value][]string // values that were evaluated before; nil as a rule
	at      Note                        // where notes of the value being evaluated belong
	notes   *notes
	trace   *missed.Trace // nil: nobody asks
	nodes   []*tree.Value // used again by each path
	joining []string      // used again by each path of an expression
	met     int           // how many names the document had
	present []present     // by the number of a value with alternatives

	outside outside
	matches map[*mapping.Value]*matches

	host    *tree.Value // whose values are remembered, while its record is the current one
	ofHosts []hostValue
}

// dateText is a string that was read as a date before, and what came of it.
type dateText struct {
	dates   *date.Reader // nil: nothing was
	hash    uint64       // of the string
	text    string
	written string // "": it stands for no date
	isDate  bool   // false: no layout reads it
}

// maxNotes is how many notes a reading keeps.
const maxNotes = 100

// notes are the first of the things that did not go well, and how many there were.
type notes struct {
	first []Note
	total int
}

// note keeps a note about the value being evaluated.
func (e *evaluator) note(reason string) {
	e.notes.total++
	e.trace.Note(e.at.Type, e.at.Word, reason)
	if len(e.notes.first) < maxNotes {
		n := e.at
		n.Reason = reason
		e.notes.first = append(e.notes.first, n)
	}
}

// texts appends the strings of a value, in order; none is empty.
func (e *evaluator) texts(v *mapping.Value, from *tree.Value, out []string) []string {
	if e.given != nil {
		if given, ok := e.given[v]; ok {
			return append(out, given...)
		}
	}
	if v.HasPath && v.Path.Root == path.RootHost && v.Dates == nil {
		return e.ofHost(v, from, out)
	}
	return e.evaluate(v, from, out)
}

// hostValue is a value of the host in a record.
type hostValue struct {
	value *mapping.Value
	texts []string
}

// ofHost does the same for a value of the host, which all entries of a record have in common.
func (e *evaluator) ofHost(v *mapping.Value, from *tree.Value, out []string) []string {
	if e.host != e.scope.Host {
		e.host, e.ofHosts = e.scope.Host, e.ofHosts[:0]
	}
	for i := range e.ofHosts {
		if e.ofHosts[i].value == v {
			return append(out, e.ofHosts[i].texts...)
		}
	}
	start := len(out)
	out = e.evaluate(v, from, out)
	e.ofHosts = append(e.ofHosts, hostValue{v, slices.Clone(out[start:])})
	return out
}

func (e *evaluator) evaluate(v *mapping.Value, from *tree.Value, out []string) []string {
	start := len(out)
	switch {
	case v.HasPath:
		out = e.along(&v.Path, from, out)
	case v.First != nil:
		for _, inner := range e.alternatives(v) {
			out = e.texts(inner, from, out)
			if len(out) > start {
				break
			}
		}
	case v.All != nil:
		for _, inner := range e.alternatives(v) {
			part := len(out)
			out = e.texts(inner, from, out)
			if v.HasJoin { // of one part
				out = out[:part+len(once(out[part:]))]
			}
		}
	case v.Expr != nil:
		out = e.result(v.Expr, from, out)
	default:
		out = append(out, v.Constant...)
	}
	if len(out) == start {
		return out
	}
	return e.verbs(v, out, start)
}

// alternatives are those of the values in a value that may have one: the document has a field of the name with which they begin. Most lists
// are the names of one column in several products and languages, of which a document has one.
func (e *evaluator) alternatives(v *mapping.Value) []*mapping.Value {
	if e.scope.Names == nil {
		return v.Inner()
	}
	if met := e.scope.Names.Met(); met != e.met {
		clear(e.present)
		e.met = met
	}
	for v.Number >= len(e.present) {
		e.present = append(e.present, present{})
	}
	p := &e.present[v.Number]
	if p.of != v {
		p.of = v
		p.alternatives = slices.DeleteFunc(slices.Clone(v.Inner()), func(inner *mapping.Value) bool { return inner.HasPath && inner.Path.Lacks(&e.scope) })
	}
	return p.alternatives
}

// present is which alternatives of a value may have one.
type present struct {
	of           *mapping.Value
	alternatives []*mapping.Value
}

// along appends the strings that a path leads to. It is Path.Texts with a buffer of its own for the values on the way: this runs
// for every attribute of every entry.
func (e *evaluator) along(p *path.Path, from *tree.Value, out []string) []string {
	if text, known := p.Only(&e.scope, from); known {
		if text != "" {
			out = append(out, text)
		}
		return out
	}
	if p.Plain() || p.Root == path.RootFile || p.End != path.Field {
		return p.Texts(&e.scope, from, out)
	}
	e.nodes = p.Nodes(&e.scope, from, e.nodes[:0])
	for _, n := range e.nodes {
		if text := e.scope.Text(n); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// verbs runs a value's verbs on the strings from start on.
func (e *evaluator) verbs(v *mapping.Value, out []string, start int) []string {
	if v.Split != nil {
		out = splitTexts(v, out, start)
	}
	if v.Match != nil {
		out = keep(out, start, func(text string) string { return e.group(v, text) })
	}
	if v.Map != nil {
		e.trace.Mapped(v, out[start:])
		out = keep(out, start, v.Map.Lookup)
	}
	if v.Dates != nil {
		out = keep(out, start, func(text string) string { return e.date(v.Dates, text) })
	}
	if v.HasJoin && len(out)-start > 1 {
		out = append(out[:start], joinOf(v, out[start:]))
	}
	return out
}

// joinOf joins strings, each once. Those of different parts (`all`) may be equal: room 1 of building 1 is 1/1, and release 1 of version 1 is 1-1. Parts that
// are split are lists, of which each has several.
func joinOf(v *mapping.Value, texts []string) string {
	if v.All == nil || v.Split != nil {
		texts = once(texts)
	}
	return strings.Join(texts, v.Join)
}

// keep replaces each text from start on, and drops those that are replaced by "".
func keep(texts []string, start int, replace func(string) string) []string {
	n := start
	for _, text := range texts[start:] {
		text = trim(replace(text))
		if text != "" {
			texts[n] = text
			n++
		}
	}
	return texts[:n]
}

func splitTexts(v *mapping.Value, texts []string, start int) []string {
	whole := slices.Clone(texts[start:])
	texts = texts[:start]
	for _, text := range whole {
		for _, part := range v.Split.Split(text, -1) {
			part = strings.TrimSpace(part)
			if part != "" {
				texts = append(texts, part)
			}
		}
	}
	return texts
}

// once drops repeated strings, in place.
func once(texts []string) []string {
	if len(texts) < 2 {
		return texts
	}
	if len(texts) > 16 {
		seen := make(map[string]bool, len(texts))
		return slices.DeleteFunc(texts, func(text string) bool {
			twice := seen[text]
			seen[text] = true
			return twice
		})
	}
	n := 0
	for _, text := range texts {
		if !slices.Contains(texts[:n], text) {
			texts[n] = text
			n++
		}
	}
	return texts[:n]
}

// date returns the canonical form of a date, "" for what stands for none, and with a note for what is none.
func (e *evaluator) date(d *date.Reader, text string) string {
	hash := maphash.String(e.seed, text)
	known := e.dates.At(hash)
	if known.dates != d || known.hash != hash || known.text != text {
		at, isDate := d.ReadIn(e.order, text)
		*known = dateText{dates: d, hash: hash, text: strings.Clone(text), isDate: isDate}
		if !at.IsZero() {
			known.written = date.Canonical(at)
		}
		e.dates.Added()
	}
	if !known.isDate {
		e.note(notADate(d, text))
	}
	return known.written
}

// notADate is what is noted of a string that should be a date.
func notADate(d *date.Reader, text string) string {
	if d.IsOpen(text) {
		return "a date that may be one of two days, as nothing in the document tells which number is the month: say the layout in dates"
	}
	return "a date that no layout reads, or no such day"
}

// result appends the strings of an expression's result.
func (e *evaluator) result(x *mapping.Expression, from *tree.Value, out []string) []string {
	start := len(out)
	out, err := e.runner.AppendTexts(e.code(x, from), &e.slots, out)
	if err != nil {
		e.note(err.Error())
	}
	return keep(out, start, func(text string) string { return text })
}

// holds reports whether a condition is true; a condition without a value is not.
func (e *evaluator) holds(x *mapping.Expression, from *tree.Value) bool {
	yes, err := e.runner.Holds(e.code(x, from), &e.slots)
	if err != nil {
		e.note(err.Error())
	}
	return yes
}

// code returns what runs, over the values at a place of the document. It was compiled before the first record.
func (e *evaluator) code(x *mapping.Expression, from *tree.Value) *expression.Code {
	code, _ := x.Compile()
	e.slots = slots{e, x, from}
	return code
}

// slots are the values that an expression reads.
type slots struct {
	*evaluator
	of   *mapping.Expression
	from *tree.Value
}

// Text implements expression.Values.
func (s *slots) Text(slot int) string { return s.joined(&s.of.Texts[slot], s.from) }

// List implements expression.Values.
func (s *slots) List(slot int, to []string) []string {
	return s.outside.texts(&s.of.Lists[slot], &s.scope, s.from, to)
}

// Has implements expression.Values.
func (s *slots) Has(slot int) bool { return s.of.Present[slot].Has(&s.scope, s.from) }

// Records implements expression.Values.
func (s *slots) Records() int { return s.records }

// joined is the text of a path in an expression: several are joined as everywhere.
func (e *evaluator) joined(path *path.Path, from *tree.Value) string {
	e.joining = path.Texts(&e.scope, from, e.joining[:0])
	switch texts := e.joining; len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	default:
		return strings.Join(once(texts), ",")
	}
}
