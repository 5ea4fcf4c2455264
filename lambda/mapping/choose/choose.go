// Package choose knows which mapping takes a document: by its origin, by the patterns and conditions of the mappings, and by what the
// document has. It neither knows how mappings are written nor reads records.
package choose

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Origin is where a document comes from.
type Origin struct {
	Declared    string            // the mapping that the sender names; it overrides `match`, never `detect`
	Bucket, Key string            // the object
	EventSource string            // of a bus event
	DetailType  string            // of a bus event
	Attributes  map[string]string // of a queue message
	Local       bool              // a path, stdin or a laptop's object: content decides among all mappings where no `match` does
}

// Candidate is what choosing needs of a mapping.
type Candidate struct {
	Name        string         `json:"mapping"`
	Builtin     bool           `json:"-"`
	Matches     []*Match       `json:"match,omitempty"`    // origins whose documents may use it
	Detect      []*Alternative `json:"detect,omitempty"`   // none: any document
	RecordPaths [][]string     `json:"records,omitempty"`  // at which its records stand
	KeyValue    bool           `json:"keyvalue,omitempty"` // what looks like CSV is keys and values
}

// recordPaths parses the paths at which records stand.
func (m *Candidate) recordPaths() [][]path.Path {
	all := make([][]path.Path, len(m.RecordPaths))
	for i, texts := range m.RecordPaths {
		for _, text := range texts {
			if along, err := path.Parse(text); err == nil { // it was parsed when the mapping was loaded
				all[i] = append(all[i], along)
			}
		}
	}
	return all
}

// Candidates are the mappings to choose among. Nobody changes them.
type Candidates struct {
	all      []*Candidate // by name
	mu       sync.Mutex
	programs map[string]*plan.Program // of conditions, by the names of the mappings that ask
}

// NewCandidates returns mappings to choose among, which are sorted by name.
func NewCandidates(all []*Candidate) *Candidates {
	return &Candidates{all: all, programs: map[string]*plan.Program{}}
}

// Choice is the mapping of a document, and why.
type Choice struct {
	Candidate *Candidate
	Why       string            // `declared`, `match s3 key "reports/**"`, `detect xml Report`
	Captures  map[string]string // {name} segments of the key pattern
	Format    syntax.Format
	Dialect   scan.Dialect // of CSV, and of a workbook's sheet
	Mended    *Mended      // the document is a mended file; nil: it is one of its own
	Empty     bool         // an empty report: null, [], or an empty list where records would stand
}

// Choose chooses the mapping of a document by its origin and its first bytes, of which a MiB is enough (complete: these are all). A
// declared mapping goes before those whose `match` fits, and these before `detect`. Errors: ErrEmpty, ErrUnknownFormat,
// *UnknownMappingError, *AmbiguousError, *NotReportError.
func (all *Candidates) Choose(o Origin, begin []byte, complete bool) (Choice, error) {
	c := newChooser(all, o)
	c.head = head.Read(begin, complete, c.conditions)
	if c.head.Format() == syntax.Empty && complete {
		return Choice{}, ErrEmpty
	}
	choice, err := c.choose()
	if wrong := c.head.Unrooted(); err != nil && wrong != nil {
		return Choice{}, fmt.Errorf("mapping: %w", wrong)
	}
	return choice, err
}

// ChooseArchive chooses the mapping of a document of several members by its origin and by what it has, as Choose does for others. The
// error may be one of reading it.
func (all *Candidates) ChooseArchive(o Origin, a scan.Archive) (Choice, error) {
	h, err := head.ReadArchive(a)
	if err != nil {
		return Choice{}, fmt.Errorf("mapping: %w", err)
	}
	c := newChooser(all, o)
	c.head = h
	choice, err := c.choose()
	if c.head.Err() != nil { // what a mapping would know it by may be behind that
		return Choice{}, fmt.Errorf("mapping: %w", c.head.Err())
	}
	return choice, err
}

// named finds a mapping by its name; nil where there is none.
func (all *Candidates) named(name string) *Candidate {
	for _, m := range all.all {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// newChooser finds the mappings that match the origin, each by its most specific match.
func newChooser(all *Candidates, o Origin) *chooser {
	c := &chooser{all: all, origin: o}
	for _, m := range all.all {
		var best *match
		for _, by := range m.Matches {
			captures, ok := by.fits(o)
			if ok && (best == nil || by.compare(best.by) > 0) {
				best = &match{Candidate: m, by: by, captures: captures}
			}
		}
		if best != nil {
			c.matched = append(c.matched, *best)
		}
	}
	slices.SortStableFunc(c.matched, func(a, b match) int { return b.by.compare(a.by) })
	return c
}

func (c *chooser) choose() (Choice, error) {
	if c.origin.Declared != "" {
		return c.declared()
	}
	switch {
	case len(c.matched) > 0:
		return c.among()
	case c.origin.Local:
		return c.byContent()
	default:
		return Choice{}, c.unmatched()
	}
}

// chooser chooses for one document.
type chooser struct {
	all     *Candidates
	origin  Origin
	matched []match // by the origin; the most specific first
	head    *head.Head
}

// match is a mapping that matches the origin.
type match struct {
	*Candidate
	by       *Match
	captures map[string]string
}

func (c *chooser) declared() (Choice, error) {
	m := c.all.named(c.origin.Declared)
	if m == nil {
		var names []string
		for _, known := range c.all.all {
			names = append(names, known.Name)
		}
		return Choice{}, &UnknownMappingError{Name: c.origin.Declared, Nearest: problem.Nearest(c.origin.Declared, names)}
	}
	choice, ok := c.accept(m)
	if !ok {
		return Choice{}, c.notReport(m)
	}
	choice.Why = "declared"
	for _, by := range m.Matches { // captures name the machine, whoever names the mapping
		if captures, ok := by.fits(c.origin); ok && len(captures) > 0 {
			choice.Captures = captures
			break
		}
	}
	return choice, nil
}

// among lets the content decide among the mappings that match: the most specific that knows the document, a user's
// before a built-in one.
func (c *chooser) among() (Choice, error) {
	for rest := c.matched; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].by.compare(rest[0].by) == 0 {
			n++
		}
		choice, err := c.amongEqual(rest[:n])
		if err != nil || choice.Candidate != nil {
			return choice, err
		}
		rest = rest[n:]
	}
	if len(c.matched) == 1 {
		return Choice{}, c.notReport(c.matched[0].Candidate)
	}
	return Choice{}, fmt.Errorf("%w: %s; none of the %d mappings that take documents of %s knows it%s: see `invbridge mapping list`, or write a mapping for it",
		ErrUnknownFormat, c.seen(), len(c.matched), c.matched[0].by, inBrackets(c.nearest(c.candidates())))
}

// amongEqual takes the one mapping that knows the document; no mapping where none does.
func (c *chooser) amongEqual(matched []match) (Choice, error) {
	found := c.accepted(matched, false)
	if !slices.ContainsFunc(found, func(known Choice) bool { return !known.Empty }) {
		found = c.accepted(matched, true)
	}
	found = decided(found)
	switch len(found) {
	case 0:
		return Choice{}, nil
	case 1:
		return found[0], nil
	default:
		return Choice{}, &AmbiguousError{A: found[0].Candidate.Name, B: found[1].Candidate.Name}
	}
}

// accepted returns the mappings that take the document. Without empty, those are left out that have a detect, which does not fit, and would
// only take an empty report: to find that out takes a reading for each of them.
func (c *chooser) accepted(matched []match, empty bool) []Choice {
	var found []Choice
	for _, m := range matched {
		choice, ok := c.recognised(m.Candidate)
		if !ok && (empty || len(m.Detect) == 0) {
			choice, ok = c.accept(m.Candidate)
		}
		if ok {
			choice.Why, choice.Captures = "match "+m.by.String(), m.captures
			found = append(found, choice)
		}
	}
	return found
}

// decided drops the mappings that fit less: those that only take an empty report where others know the document, and
// built-in ones where a user's fits.
func decided(found []Choice) []Choice {
	for _, drop := range [...]func(Choice) bool{
		func(c Choice) bool { return c.Empty },
		func(c Choice) bool { return c.Candidate.Builtin },
	} {
		if rest := slices.DeleteFunc(slices.Clone(found), drop); len(rest) > 0 {
			found = rest
		}
	}
	return found
}

// accept reports whether a mapping takes the document: one of its alternatives fits it, or it is an empty report.
func (c *chooser) accept(m *Candidate) (Choice, bool) {
	if choice, ok := c.recognised(m); ok {
		return choice, true
	}
	if c.head.EmptyReport(m.recordPaths()) {
		return Choice{Candidate: m, Format: c.head.Format(), Empty: true}, true
	}
	if len(m.Detect) == 0 && c.head.Format() != syntax.Unknown {
		choice := Choice{Candidate: m, Format: c.head.Format()}
		if choice.Format == syntax.CSV && m.KeyValue {
			choice.Format = syntax.KeyValue
		}
		return choice, true
	}
	return Choice{}, false
}

// recognised reports whether an alternative of a mapping fits the document.
func (c *chooser) recognised(m *Candidate) (Choice, bool) {
	f := c.best(m)
	return Choice{Candidate: m, Format: f.format, Dialect: f.dialect}, f.by != nil
}

// byContent lets the content decide among all mappings: a user's before a built-in one, then the most conditions.
func (c *chooser) byContent() (Choice, error) {
	var all []fit
	for _, m := range c.all.all {
		if f := c.best(m); f.by != nil {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, compareFits)
	switch {
	case len(all) == 0:
		return Choice{}, fmt.Errorf("%w: %s, which no mapping knows%s: name one (--mapping NAME), or draft one for it: invbridge mapping new --from FILE",
			ErrUnknownFormat, c.seen(), inBrackets(c.nearest(c.all.all)))
	case len(all) > 1 && compareFits(all[0], all[1]) == 0:
		return Choice{}, &AmbiguousError{A: all[0].Name, B: all[1].Name}
	}
	first := all[0]
	return Choice{Candidate: first.Candidate, Why: "detect " + first.by.String(), Format: first.format, Dialect: first.dialect}, nil
}

func compareFits(a, b fit) int {
	if a.Builtin != b.Builtin {
		if a.Builtin {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.by.weight(), a.by.weight())
}
