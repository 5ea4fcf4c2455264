package choose

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Mended is how a document is read that is made of records that came back from another one because they were rejected, and were mended: its
// records are read as if they still stood there, and set or remove single entries.
type Mended struct {
	Name, Key string            // the other document's, as in Facts
	Captures  map[string]string // likewise
	Column    string            // CSV: the column with what was wrong, which is ignored; "": none
}

// ErrMended is returned where a mended file cannot be taken in. The error that wraps it has the reason, and what to do.
var ErrMended = errors.New("mapping: the mended file cannot be read")

// ChooseMended chooses the mapping of the document from which the records of a mended file came back. Its detect does not count, and its
// match only decides whether documents of this origin may use it.
func (all *Candidates) ChooseMended(o Origin, name string, mended Mended, begin []byte, complete bool) (Choice, error) {
	c := newChooser(all, o)
	c.head = head.Read(begin, complete, nil)
	m := all.named(name)
	if m == nil {
		return Choice{}, fmt.Errorf("%w: its records were read by the mapping %s, which is not loaded here", ErrMended, name)
	}
	if err := c.mayMend(m, mended.Captures); err != nil {
		return Choice{}, err
	}
	choice := Choice{Candidate: m, Why: "the mended file's import", Captures: mended.Captures, Format: c.head.Format(), Mended: &mended}
	switch choice.Format {
	case syntax.JSON:
	case syntax.CSV:
		choice.Dialect, mended.Column = c.mendedHeader(m)
	case syntax.Empty:
		return Choice{}, ErrEmpty
	default:
		return Choice{}, fmt.Errorf("%w: it is %s: rejected records come back as CSV or as JSON lines, leave them so", ErrMended, c.seen())
	}
	return choice, nil
}

// mayMend returns an error where documents of this origin may not write what the mapping writes. A key that names a machine must name the same.
func (c *chooser) mayMend(m *Candidate, captures map[string]string) error {
	if c.origin.Declared != "" && c.origin.Declared != m.Name {
		return fmt.Errorf("%w: its records were read by the mapping %s, and %s is declared: leave the declaration out", ErrMended, m.Name, c.origin.Declared)
	}
	at := slices.IndexFunc(c.matched, func(one match) bool { return one.Candidate == m })
	switch {
	case at < 0 && (len(c.matched) > 0 || !c.origin.Local && c.origin.Declared == ""):
		return fmt.Errorf("%w: its records were read by the mapping %s, and no match of that takes documents from here: "+
			"put it where the document was put from which they came back", ErrMended, m.Name)
	case at < 0:
		return nil
	}
	for name, value := range c.matched[at].captures {
		if captures[name] != value {
			return fmt.Errorf("%w: the key has another %s than that of the document from which its records came back: put it under the same", ErrMended, name)
		}
	}
	return nil
}

// mendedHeader finds the header of a mended CSV file, which a program for sheets may have written anew: where the mapping's detect
// finds it, else in the first row. It also returns the column that holds what was wrong.
func (c *chooser) mendedHeader(m *Candidate) (scan.Dialect, string) {
	best := c.best(m)
	dialect := best.dialect
	if best.by == nil || best.format != syntax.CSV {
		dialect, _ = c.head.FirstRow()
	}
	names := c.head.Columns(dialect)
	for _, column := range []string{returned.OtherErrorColumn, returned.ErrorColumn} {
		if slices.Contains(names, column) {
			return dialect, column
		}
	}
	return dialect, ""
}
