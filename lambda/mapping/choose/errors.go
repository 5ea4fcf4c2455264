package choose

import (
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// ErrEmpty is returned where the document has no bytes, or only white space.
var ErrEmpty = errors.New("mapping: the document is empty")

// ErrUnknownFormat is returned where no mapping knows the document. The error that wraps it has what was seen and what to do.
var ErrUnknownFormat = errors.New("mapping: unknown format")

// AmbiguousError is returned where two mappings fit a document equally well.
type AmbiguousError struct{ A, B string }

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("mapping: %s and %s fit this document equally well: declare one, or make the key pattern or detect of one more specific", e.A, e.B)
}

// NotReportError is returned where a mapping was declared or matched, but the document is not of its kind.
type NotReportError struct {
	Mapping string
	Seen    string // what the document is: "an XML document with the root element x"
	Nearest string // what a detect misses: "2 of 3 columns of x; none of: A"; "" where it has next to nothing
}

func (e *NotReportError) Error() string {
	return fmt.Sprintf("mapping: the document is not a %s report: it is %s, and no detect of this mapping fits it%s", e.Mapping, e.Seen, inBrackets(e.Nearest))
}

// inBrackets returns what an error says of the nearest mappings.
func inBrackets(nearest string) string {
	if nearest == "" {
		return ""
	}
	return " (nearest: " + nearest + ")"
}

// UnknownMappingError is returned where a declared mapping is not loaded.
type UnknownMappingError struct{ Name, Nearest string }

func (e *UnknownMappingError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("mapping: no mapping is called %q: invbridge mapping list names them", e.Name)
	}
	return fmt.Sprintf("mapping: no mapping is called %q (did you mean %s?)", e.Name, e.Nearest)
}

func (c *chooser) notReport(m *Candidate) error {
	return &NotReportError{Mapping: m.Name, Seen: c.seen(), Nearest: c.nearest([]*Candidate{m})}
}

// unmatched is the error where no mapping takes documents from the origin.
func (c *chooser) unmatched() error {
	from := "documents like this one"
	switch o := c.origin; {
	case o.Key != "":
		from = fmt.Sprintf("objects under the key %q", o.Key)
	case o.EventSource != "":
		from = fmt.Sprintf("events of source %q and detail type %q", o.EventSource, o.DetailType)
	}
	return fmt.Errorf("%w: no mapping's match takes %s: put it under a key that one matches (see `invbridge mapping list`), or add a match", ErrUnknownFormat, from)
}

// seen is what a document is, as far as can be known without a mapping.
func (c *chooser) seen() string {
	switch f := c.head.Format(); f {
	case syntax.XML:
		return fmt.Sprintf("an XML document with the root element %q", c.head.Root())
	case syntax.JSON:
		return "a JSON document"
	case syntax.CSV:
		return "text, with neither keys nor, in its first 50 rows, a header that a mapping knows"
	case syntax.Empty:
		return "white space as far as was read"
	case syntax.Archive:
		return fmt.Sprintf("a zip file of %d members, none of which a mapping knows", c.head.Members())
	case syntax.Workbook:
		return "a workbook, with no sheet and header row that a mapping knows"
	default:
		if c.head.OldWorkbook() {
			return "an old or encrypted office document: save it as .xlsx, without a password"
		}
		return "neither text nor a known archive"
	}
}
