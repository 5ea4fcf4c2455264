package read

import (
	"slices"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// end evaluates what is known after the document's last record.
func (r *reader) end(scope path.Scope) {
	r.lateCapture(scope)
	scope.Host, scope.File = nil, r.facts
	r.maker.scope, r.maker.at = scope, Note{}
	r.endScopes(scope)
	if r.Whole != nil && r.choice.Mended == nil { // which is but the records that came back
		r.reading.part = r.part(r.Whole, scope.Doc)
	}
}

// part returns which part the document is; nil: it is the whole.
func (r *reader) part(w *mapping.Whole, doc *tree.Value) *Part {
	ev := r.word("whole")
	ev.records = r.count.records
	refused := w.Holds != nil && ev.refuses(w.Holds, doc)
	page, pages := r.numbers(w.Page, doc), r.numbers(w.Pages, doc)
	if len(pages) != 1 || pages[0] <= 1 {
		if refused {
			return &Part{}
		}
		return nil
	}
	of := pages[0]
	page = slices.DeleteFunc(page, func(n int) bool { return n < 1 || n > of })
	switch {
	case len(page) == of && !refused: // all of them, one behind the other
		return nil
	case len(page) == 1:
		return &Part{Page: page[0], Pages: of}
	}
	return &Part{}
}

// refuses reports whether a condition is false; one without a value is not.
func (e *evaluator) refuses(x *mapping.Expression, from *tree.Value) bool {
	code := e.code(x, from)
	e.trace.Condition(x, slices.ContainsFunc(x.Paths(), func(p path.Path) bool { return p.Has(&e.scope, from) }))
	no, err := e.runner.Refuses(code, &e.slots)
	if err != nil {
		e.note(err.Error())
	}
	return no
}

// numbers returns the whole numbers that a value has, sorted, each once.
func (r *reader) numbers(v *mapping.Value, doc *tree.Value) []int {
	if v == nil {
		return nil
	}
	texts := r.maker.evaluator.texts(v, doc, nil)
	r.maker.trace.Value(v, len(texts) > 0)
	var numbers []int
	for _, text := range texts {
		n, err := strconv.Atoi(text)
		if err != nil {
			r.maker.note("a page that is no whole number")
			continue
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// tally is how many records a document has. One that is itself the one record has as many as it has entries.
type tally struct {
	records int
	last    int // number of the record that was counted last
	added   int // for the record being read
	entries int // of it; -1: they were not counted yet
	read    int // of them so far
}

// begin counts a record, before it is yielded.
func (c *tally) begin(number int) {
	c.added = 0
	if number != c.last {
		c.added = 1
	}
	c.records += c.added
	c.last, c.entries = number, -1
}

// counted adds the entries of a document that is the one record.
func (r *reader) counted() error {
	if r.Whole == nil || len(r.Blocks[r.found.Block].Each) > 0 {
		return nil
	}
	if r.count.entries < 0 { // nobody read them
		if err := r.countEntries(); err != nil {
			return err
		}
	}
	r.count.records += r.count.entries - r.count.added
	return nil
}

// countEntries counts the entries of the current record.
func (r *reader) countEntries() error {
	fills := r.Blocks[r.found.Block].Fills
	n := 0
	for found, err := range r.found.Entries() {
		if err != nil {
			return err
		}
		if len(fills[found.Type].Each) > 0 {
			n++
		}
	}
	r.count.entries = n
	return nil
}
