package mapping

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// Delivery is what is known about where a document comes from.
type Delivery struct {
	Declared    string            // the mapping that the sender names; it overrides `match`, never `detect`
	Bucket, Key string            // the object
	EventSource string            // of a bus event
	DetailType  string            // of a bus event
	Attributes  map[string]string // of a queue message
	Local       bool              // a path, stdin or a laptop's object: content decides among all mappings where no `match` does
}

// Choice is the mapping of a document, and why.
type Choice struct {
	Mapping  *Mapping
	Why      string            // `declared`, `match s3 key "reports/**"`, `detect xml Report`
	Captures map[string]string // {name} segments of the key pattern
	Format   syntax.Format
	Dialect  scan.Dialect // of CSV, and of a workbook's sheet
	Mended   *Mended      // the document is a mended file; nil: it is one of its own
	Empty    bool         // an empty report: null, [], or an empty list where records would stand
}

// Choose takes the mapping for a document by where it comes from and by its first bytes, of which a MiB is enough
// (complete: these are all). A declared mapping goes before those whose `match` fits, and these before `detect`. Errors:
// ErrEmpty, ErrUnknownFormat, *UnknownMappingError, *AmbiguousError, *NotReportError.
func (s *Set) Choose(d Delivery, begin []byte, complete bool) (Choice, error) {
	c := chooser{set: s, delivery: d}
	c.head = head.Read(begin, complete, c.conditions())
	if c.head.Format() == syntax.Empty && complete {
		return Choice{}, ErrEmpty
	}
	return c.choose()
}

// ChooseArchive takes the mapping for a document of several members by where it comes from and by what it has, as Choose does for others.
// The error may be one of reading it.
func (s *Set) ChooseArchive(d Delivery, a scan.Archive) (Choice, error) {
	head, err := head.ReadArchive(a)
	if err != nil {
		return Choice{}, fmt.Errorf("mapping: %w", err)
	}
	c := chooser{set: s, delivery: d, head: head}
	choice, err := c.choose()
	if c.head.Err() != nil { // what a mapping would know it by may be behind that
		return Choice{}, fmt.Errorf("mapping: %w", c.head.Err())
	}
	return choice, err
}

func (c *chooser) choose() (Choice, error) {
	d := c.delivery
	if d.Declared != "" {
		return c.declared()
	}
	matched := c.matched()
	switch {
	case len(matched) > 0:
		return c.among(matched)
	case d.Local:
		return c.byContent()
	default:
		return Choice{}, c.unmatched()
	}
}

// chooser chooses for one document.
type chooser struct {
	set      *Set
	delivery Delivery
	head     *head.Head
}

// conditions gives those of the mappings among which the content may have to decide: what is not asked for is not read.
func (c *chooser) conditions() []dataPath {
	var paths []dataPath
	for _, m := range c.candidates() {
		for i := range m.detect {
			for _, k := range m.detect[i].conditions {
				paths = append(paths, k.path)
			}
		}
	}
	return paths
}

func (c *chooser) candidates() []*Mapping {
	if c.delivery.Declared != "" {
		if m, ok := c.set.Mapping(c.delivery.Declared); ok {
			return []*Mapping{m}
		}
		return nil
	}
	matched := c.matched()
	if len(matched) == 0 && c.delivery.Local {
		return c.set.mappings
	}
	mappings := make([]*Mapping, len(matched))
	for i, m := range matched {
		mappings[i] = m.Mapping
	}
	return mappings
}

// match is a mapping one of whose deliveries this is.
type match struct {
	*Mapping
	by       *Match
	captures map[string]string
}

func (c *chooser) declared() (Choice, error) {
	m, ok := c.set.Mapping(c.delivery.Declared)
	if !ok {
		return Choice{}, &UnknownMappingError{Name: c.delivery.Declared, Nearest: nearest(c.delivery.Declared, c.set.Names())}
	}
	choice, ok := c.accept(m)
	if !ok {
		return Choice{}, c.notReport(m)
	}
	choice.Why = "declared"
	for i := range m.Matches { // captures name the machine, whoever names the mapping
		if captures, ok := m.Matches[i].fits(c.delivery); ok && len(captures) > 0 {
			choice.Captures = captures
			break
		}
	}
	return choice, nil
}

// matched gives the mappings that take the delivery, each by its most specific match; the most specific first.
func (c *chooser) matched() []match {
	var all []match
	for _, m := range c.set.mappings {
		var best *match
		for i := range m.Matches {
			captures, ok := m.Matches[i].fits(c.delivery)
			if ok && (best == nil || m.Matches[i].compare(best.by) > 0) {
				best = &match{Mapping: m, by: &m.Matches[i], captures: captures}
			}
		}
		if best != nil {
			all = append(all, *best)
		}
	}
	slices.SortStableFunc(all, func(a, b match) int { return b.by.compare(a.by) })
	return all
}

// compare tells which of two matches is the more specific one.
func (m *Match) compare(other *Match) int { return slices.Compare(m.weight[:], other.weight[:]) }

// among lets the content decide among the mappings that match: the most specific that knows the document, a user's
// before a built-in one.
func (c *chooser) among(matched []match) (Choice, error) {
	for len(matched) > 0 {
		n := 1
		for n < len(matched) && matched[n].by.compare(matched[0].by) == 0 {
			n++
		}
		choice, err := c.amongEqual(matched[:n])
		if err != nil || choice.Mapping != nil {
			return choice, err
		}
		matched = matched[n:]
	}
	all := c.matched()
	if len(all) == 1 {
		return Choice{}, c.notReport(all[0].Mapping)
	}
	return Choice{}, fmt.Errorf("%w: %s; none of the %d mappings that take deliveries of %s knows it: see `invbridge mapping list`, or write a mapping for it",
		ErrUnknownFormat, c.seen(), len(all), all[0].by)
}

// amongEqual takes the one mapping that knows the document; no mapping where none does.
func (c *chooser) amongEqual(matched []match) (Choice, error) {
	var found []Choice
	for _, m := range matched {
		choice, ok := c.accept(m.Mapping)
		if !ok {
			continue
		}
		choice.Why, choice.Captures = "match "+m.by.String(), m.captures
		found = append(found, choice)
	}
	found = decided(found)
	switch len(found) {
	case 0:
		return Choice{}, nil
	case 1:
		return found[0], nil
	default:
		return Choice{}, &AmbiguousError{A: found[0].Mapping.Name, B: found[1].Mapping.Name}
	}
}

// decided drops the mappings that fit less: those that only take an empty report where others know the document, and
// built-in ones where a user's fits.
func decided(found []Choice) []Choice {
	for _, drop := range [...]func(Choice) bool{
		func(c Choice) bool { return c.Empty },
		func(c Choice) bool { return c.Mapping.Builtin },
	} {
		if rest := slices.DeleteFunc(slices.Clone(found), drop); len(rest) > 0 {
			found = rest
		}
	}
	return found
}

// accept tells whether a mapping takes the document: one of its alternatives fits it, or it is an empty report.
func (c *chooser) accept(m *Mapping) (Choice, bool) {
	if f := c.best(m); f.by != nil {
		return Choice{Mapping: m, Format: f.format, Dialect: f.dialect}, true
	}
	if c.head.EmptyReport(m.places()) {
		return Choice{Mapping: m, Format: c.head.Format(), Empty: true}, true
	}
	if len(m.detect) == 0 && c.head.Format() != syntax.Unknown {
		choice := Choice{Mapping: m, Format: c.head.Format()}
		if choice.Format == syntax.CSV && len(m.reading.sections) > 0 {
			choice.Format = syntax.KeyValue
		}
		return choice, true
	}
	return Choice{}, false
}

// places gives the paths at which the records of a mapping stand; of a mapping whose document is the record, its entries.
func (m *Mapping) places() [][]dataPath {
	var places [][]dataPath
	for _, b := range m.blocks {
		if len(b.each) > 0 {
			places = append(places, b.each)
			continue
		}
		for _, f := range b.fills {
			if len(f.each) > 0 {
				places = append(places, f.each)
			}
		}
	}
	return places
}

// fit is how a document is read for which an alternative holds.
type fit struct {
	by      *alternative // nil: none holds
	format  syntax.Format
	dialect scan.Dialect
}

// best gives the alternative of a mapping that fits the document by the most conditions.
func (c *chooser) best(m *Mapping) fit {
	var best fit
	for i := range m.detect {
		a := &m.detect[i]
		if best.by != nil && a.weight() <= best.by.weight() {
			continue
		}
		if f, ok := c.fits(a); ok {
			best = f
		}
	}
	return best
}

// fits tells whether all conditions of an alternative hold. The columns of a CSV file may also stand in a workbook's first sheet: both
// are the document's rows.
func (c *chooser) fits(a *alternative) (fit, bool) {
	f, ok := fit{by: a, format: c.head.Format()}, false
	switch is := f.format; a.kind {
	case "csv":
		if is == syntax.Workbook {
			f.dialect, ok = c.head.Sheet(nil, a.columns)
		} else {
			f.dialect, ok = c.head.Header(a.columns)
		}
	case "xlsx":
		f.dialect, ok = c.head.Sheet(a.names, a.columns)
	case "zip":
		ok = c.head.HasMembers(a.names)
	case "keyvalue":
		f.format, ok = syntax.KeyValue, c.head.HasKeys(a.names)
	case "xml":
		ok = is == syntax.XML && slices.Contains(a.roots, c.head.Root()) && c.hold(a.conditions)
	case "json":
		ok = is == syntax.JSON && c.hold(a.conditions)
	}
	return f, ok
}

func (c *chooser) hold(conditions []condition) bool {
	return !slices.ContainsFunc(conditions, func(k condition) bool { return !c.head.Has(k.path, k.value) })
}

// candidate is a mapping that knows the document, by the alternative with the most conditions.
type candidate struct {
	*Mapping
	fit
}

// byContent lets the content decide among all mappings: a user's before a built-in one, then the most conditions.
func (c *chooser) byContent() (Choice, error) {
	var all []candidate
	for _, m := range c.set.mappings {
		if f := c.best(m); f.by != nil {
			all = append(all, candidate{m, f})
		}
	}
	slices.SortStableFunc(all, compareCandidates)
	switch {
	case len(all) == 0:
		return Choice{}, fmt.Errorf("%w: %s, which no mapping knows: name one (--mapping NAME), or write one for it", ErrUnknownFormat, c.seen())
	case len(all) > 1 && compareCandidates(all[0], all[1]) == 0:
		return Choice{}, &AmbiguousError{A: all[0].Name, B: all[1].Name}
	}
	first := all[0]
	return Choice{Mapping: first.Mapping, Why: "detect " + first.by.text, Format: first.format, Dialect: first.dialect}, nil
}

func compareCandidates(a, b candidate) int {
	if a.Builtin != b.Builtin {
		if a.Builtin {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.by.weight(), a.by.weight())
}
