// Package xml knows how XML is written, and makes marks of it: elements are objects, attributes their fields. It does not know what the
// fields mean.
package xml

import (
	"errors"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// reader reads one document. Its elements are stacked in frames; own texts of the open elements lie one behind the
// other in a buffer, so that nothing is allocated for an element.
type reader struct {
	w      *scan.Window
	v      scan.Visitor
	texts  scan.TextVisitor // is v
	taker  Taker            // is v; nil: it takes nothing itself
	l      scan.Limits
	frames []frame
	names  names
	text   []byte // own texts of the open elements that were entered
	tag    tag    // that is being read
	tags   int    // how many were
	attrs  []attr // of the tag
	value  []byte // an attribute's value with its references resolved
	skip   int    // number of the frame that is passed over; 0: none
	rooted bool   // a root element was met
}

type frame struct {
	name *name
	text int // where its text begins in text
	line int
	gap  bool // a child or the beginning stands before what comes next: white space here is layout
	kept bool // xml:space: it is none
}

// Taker is a visitor that takes elements itself where they are written in a way that it knows.
type Taker interface {
	// Take returns how many bytes of b are elements that it took, each as a whole. b begins with a start tag inside the element that was opened
	// last, and may end anywhere.
	Take(b []byte) (int, error)
}

// Begins reports whether a text, without the white space before it, begins like XML.
func Begins(text []byte) bool { return text[0] == '<' }

// Read reads one XML document. Its root element is Open(name, Object); an element's attributes come before its child
// elements, as Open(name, Text), Text, Close. Prefixes are dropped, and so are the declarations of namespaces. White
// space around an element's own text is layout and removed, unless the element has xml:space="preserve".
//
// A document type declaration is passed over, and nothing that it names is loaded; one that declares entities is
// refused.
func Read(r io.Reader, v scan.Visitor, l scan.Limits) error {
	l = l.OrDefaults()
	x := &reader{w: scan.NewWindow(r, l.Record), v: v, texts: scan.TextsOf(v), l: l}
	x.taker, _ = v.(Taker)
	x.w.SkipBOM()
	if err := x.declaration(); err != nil {
		return err
	}
	for {
		err := x.characters()
		if scan.AtEnd(err) {
			return x.end()
		}
		if err == nil {
			err = x.markup()
		}
		if err != nil {
			return err
		}
	}
}

// markup reads what begins with the "<" at the window's position.
func (x *reader) markup() error {
	if err := x.w.Need(2); err != nil {
		return x.short(err, "markup")
	}
	switch x.w.Rest()[1] {
	case '/':
		return x.endTag()
	case '?':
		return x.instruction()
	case '!':
		return x.declarationOrComment()
	default:
		return x.startTag()
	}
}

// end judges whether the document may end here.
func (x *reader) end() error {
	if n := len(x.frames); n > 0 {
		return x.cut(fmt.Sprintf("the document ends before the element %s of line %d is closed", shown(x.name()), x.frames[n-1].line))
	}
	if !x.rooted {
		return x.cut("the document has no root element")
	}
	return nil
}

// short explains why a piece of markup could not be had as a whole.
func (x *reader) short(err error, what string) error {
	switch {
	case scan.AtEnd(err):
		return x.cut("the document ends in the middle of " + what)
	case errors.Is(err, scan.ErrFull):
		return x.w.Over(limit.Record, fmt.Sprintf("%s is longer than %d bytes", what, x.l.Record))
	default:
		return err
	}
}

func (x *reader) cut(msg string) error {
	return x.w.Cut(len(x.w.Rest()), msg)
}

// name returns the full name of the innermost open element.
func (x *reader) name() []byte { return x.frames[len(x.frames)-1].name.text }

// push opens an element for the visitor, too, unless it lies in one that is passed over.
func (x *reader) push(name *name) error {
	if len(x.frames) == 0 && x.rooted {
		return x.w.Fail(0, "a second root element")
	}
	if len(x.frames) >= x.l.Depth {
		return x.w.Over(limit.Depth, fmt.Sprintf("elements are nested more than %d deep", x.l.Depth))
	}
	at := x.w.At()
	x.rooted = true
	x.frames = append(x.frames, frame{name: name, text: len(x.text), line: at.Line, gap: true})
	if x.skip > 0 {
		return nil
	}
	action, err := x.v.Open(name.local, scan.Object, at)
	if err != nil {
		return err
	}
	if action == scan.Skip {
		x.skip = len(x.frames)
		return nil
	}
	return x.visitAttributes()
}

// pop closes the innermost element.
func (x *reader) pop() error {
	f := x.frames[len(x.frames)-1]
	if x.skip == 0 {
		text := x.text[f.text:]
		if !f.kept {
			text = trimEnd(text)
		}
		if len(text) > 0 {
			if err := x.v.Text(text); err != nil {
				return err
			}
		}
		if err := x.v.Close(); err != nil {
			return err
		}
	}
	if x.skip == len(x.frames) {
		x.skip = 0
	}
	x.text = x.text[:f.text]
	x.frames = x.frames[:len(x.frames)-1]
	if n := len(x.frames); n > 0 {
		x.frames[n-1].gap = true
	}
	return nil
}

// shown returns a name for a message, however long and strange it is.
func shown(name []byte) string {
	const most = 64
	if len(name) > most {
		return fmt.Sprintf("%q…", name[:most])
	}
	return fmt.Sprintf("%q", name)
}
