package mapping

import (
	"errors"
	"slices"
	"strings"

	"github.com/expr-lang/expr/vm"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// evaluator evaluates values at nodes of a document. Its texts are valid as long as the nodes that they come from.
type evaluator struct {
	scope   path.Scope
	machine vm.VM
	envs    map[*expression]*exprEnv
	dates   map[dateKey]string
	at      Note // where notes of the value being evaluated belong
	notes   *notes
	trace   *Trace        // nil: nobody asks
	nodes   []*tree.Value // used again by each path
}

// dateKey is a text that was read as a date before.
type dateKey struct {
	dates *dates
	text  string
}

// maxDates bounds how many dates are remembered.
const maxDates = 2048

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
	e.trace.note(e.at, reason)
	if len(e.notes.first) < maxNotes {
		n := e.at
		n.Reason = reason
		e.notes.first = append(e.notes.first, n)
	}
}

// texts appends the texts of a value, in order; none is empty.
func (e *evaluator) texts(v *value, from *tree.Value, out []string) []string {
	start := len(out)
	switch {
	case v.hasPath:
		out = e.along(&v.path, from, out)
	case v.first != nil:
		for _, inner := range v.first {
			if out = e.texts(inner, from, out); len(out) > start {
				break
			}
		}
	case v.all != nil:
		for _, inner := range v.all {
			out = e.texts(inner, from, out)
		}
	case v.expr != nil:
		out = e.result(v.expr, from, out)
	default:
		out = append(out, v.constant...)
	}
	return e.verbs(v, out, start)
}

// along appends the texts that a path leads to. It is Path.Texts with a buffer of its own for the nodes on the way: this runs
// for every attribute of every entry.
func (e *evaluator) along(path *dataPath, from *tree.Value, out []string) []string {
	if path.Fact() || strings.HasSuffix(path.String(), "$text") {
		return path.Texts(&e.scope, from, out)
	}
	e.nodes = path.Nodes(&e.scope, from, e.nodes[:0])
	for _, n := range e.nodes {
		if text := e.scope.Text(n); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// verbs runs a value's verbs on the texts from start on.
func (e *evaluator) verbs(v *value, out []string, start int) []string {
	if v.split != nil {
		out = splitTexts(v, out, start)
	}
	if v.match != nil {
		out = keep(out, start, func(text string) string { return firstGroup(v, text) })
	}
	if v.words != nil {
		out = keep(out, start, v.words.lookup)
	}
	if v.dates != nil {
		out = keep(out, start, func(text string) string { return e.date(v.dates, text) })
	}
	if v.hasJoin && len(out)-start > 1 {
		joined := strings.Join(once(out[start:]), v.join)
		out = append(out[:start], joined)
	}
	return out
}

// keep replaces each text from start on, and drops those that are replaced by "".
func keep(texts []string, start int, replace func(string) string) []string {
	n := start
	for _, text := range texts[start:] {
		if text = strings.TrimSpace(replace(text)); text != "" {
			texts[n] = text
			n++
		}
	}
	return texts[:n]
}

func splitTexts(v *value, texts []string, start int) []string {
	whole := slices.Clone(texts[start:])
	texts = texts[:start]
	for _, text := range whole {
		for _, part := range v.split.Split(text, -1) {
			if part = strings.TrimSpace(part); part != "" {
				texts = append(texts, part)
			}
		}
	}
	return texts
}

// firstGroup gives the group of a value's match, "" where it does not match.
func firstGroup(v *value, text string) string {
	at := v.match.FindStringSubmatchIndex(text)
	if len(at) < 4 || at[2] < 0 {
		return ""
	}
	return text[at[2]:at[3]]
}

// once drops repeated texts, in place.
func once(texts []string) []string {
	if len(texts) > 16 {
		return onceOfMany(texts)
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

func onceOfMany(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(text string) bool {
		twice := seen[text]
		seen[text] = true
		return twice
	})
}

// date gives the canonical form of a date, "" and a note where it is none.
func (e *evaluator) date(d *dates, text string) string {
	written, known := e.dates[dateKey{d, text}]
	if !known {
		if t, ok := d.read(text); ok {
			written = canonical(t)
		}
		if e.dates == nil || len(e.dates) >= maxDates {
			e.dates = make(map[dateKey]string)
		}
		e.dates[dateKey{d, strings.Clone(text)}] = written
	}
	if written == "" {
		e.note("a date that no layout reads, or no such day")
	}
	return written
}

// result appends what an expression gives.
func (e *evaluator) result(x *expression, from *tree.Value, out []string) []string {
	result, ok := e.run(x, from)
	if !ok {
		return out
	}
	start := len(out)
	out, err := appendResult(out, result)
	if err != nil {
		e.note("an expression: " + err.Error())
		return out[:start]
	}
	return keep(out, start, func(text string) string { return text })
}

// holds tells whether a condition is true; a condition without a value is not.
func (e *evaluator) holds(x *expression, from *tree.Value) bool {
	result, ok := e.run(x, from)
	yes, isBool := result.(bool)
	return ok && isBool && yes
}

// run runs an expression. What it reads was found out when it was compiled.
func (e *evaluator) run(x *expression, from *tree.Value) (any, bool) {
	env := e.env(x, from)
	result, err := e.machine.Run(x.code.program, env)
	if err == nil {
		return result, true
	}
	if !errors.Is(err, errNoNumber) {
		e.note("an expression failed: " + exprFailure(err))
	}
	return nil, false
}

// exprFailure says why an expression failed, without values of the data.
func exprFailure(err error) string {
	for _, known := range [...]string{"a text is no number", "the number is too large", "integer divide by zero", "index out of range"} {
		if strings.Contains(err.Error(), known) {
			return known
		}
	}
	return "it cannot be computed here"
}

// env fills an expression's slots.
func (e *evaluator) env(x *expression, from *tree.Value) *exprEnv {
	env := e.envs[x]
	if env == nil {
		if e.envs == nil {
			e.envs = make(map[*expression]*exprEnv)
		}
		env = &exprEnv{Texts: make([]string, len(x.texts)), Lists: make([][]string, len(x.lists)), Present: make([]bool, len(x.present))}
		e.envs[x] = env
	}
	for i := range x.texts {
		if x.texts[i].String() != "" {
			env.Texts[i] = e.joined(&x.texts[i], from)
		}
	}
	for i := range x.lists {
		env.Lists[i] = x.lists[i].Texts(&e.scope, from, env.Lists[i][:0])
	}
	for i := range x.present {
		env.Present[i] = x.present[i].Has(&e.scope, from)
	}
	return env
}

// joined is the text of a path in an expression: several are joined as everywhere.
func (e *evaluator) joined(path *dataPath, from *tree.Value) string {
	var buf [4]string
	switch texts := path.Texts(&e.scope, from, buf[:0]); len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	default:
		return strings.Join(once(texts), ",")
	}
}
