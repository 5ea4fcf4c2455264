package xml

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// tag is a start tag.
type tag struct {
	size  int  // bytes of the whole tag; 0: more bytes are needed
	name  int  // end of its name
	empty bool // it ends in "/>"
}

// outcome of a look at a tag that may not be at hand as a whole.
type outcome struct {
	tag
	at   int        // where it is wrong
	msg  string     // what is wrong
	over limit.Name // the limit that it is over; "": none
}

func (x *reader) startTag() error {
	if x.taker != nil && x.skip == 0 && len(x.frames) > 0 {
		if n, err := x.taker.Take(x.w.Rest()); n > 0 {
			x.frames[len(x.frames)-1].gap = true
			x.w.Pass(n)
			return err
		}
	}
	if tag := x.w.Rest(); x.quickTag(tag) {
		return x.open(tag[:x.tag.size])
	}
	for {
		tag := x.w.Rest()
		got := x.parseTag(tag)
		if got.over != "" {
			return x.w.Over(got.over, got.msg)
		}
		if got.msg != "" {
			return x.w.Fail(got.at, got.msg)
		}
		if got.size > 0 {
			x.tag = got.tag
			return x.open(tag[:got.size])
		}
		if err := x.w.More(); err != nil {
			return x.short(err, "a tag")
		}
	}
}

// open opens the element of the tag at the window's position, which is x.tag.
func (x *reader) open(b []byte) error {
	name := b[1:x.tag.name]
	if len(name) > x.l.Name {
		return x.w.Over(limit.Field, fmt.Sprintf("a name is longer than %d bytes", x.l.Name))
	}
	size, empty := x.tag.size, x.tag.empty
	if !empty && len(x.attrs) == 0 && len(x.frames) > 0 && len(x.frames) < x.l.Depth {
		if n := x.leafText(name, size); n >= 0 {
			return x.leaf(name, size, n)
		}
	}
	if err := x.push(name); err != nil {
		return err
	}
	x.w.Pass(size)
	if empty {
		return x.pop()
	}
	return nil
}

// quickTag looks at the start tag that b begins with and reports whether it is at hand as a whole, and written as most are: that is all, in
// x.tag and x.attrs. All others parseTag looks at.
func (x *reader) quickTag(b []byte) bool {
	x.attrs = x.attrs[:0]
	n := 1
	for n < len(b) && b[n] < utf8.RuneSelf && class[b[n]]&namePart != 0 {
		n++
	}
	if n+1 >= len(b) || b[1] >= utf8.RuneSelf || class[b[1]]&nameStart == 0 {
		return false
	}
	x.tag = tag{name: n}
	for {
		spaces := spaceRun(b[n:])
		n += spaces
		switch {
		case n+1 >= len(b):
			return false
		case b[n] == '>':
			x.tag.size = n + 1
			return true
		case b[n] == '/' && b[n+1] == '>':
			x.tag.size, x.tag.empty = n+2, true
			return true
		case spaces == 0:
			return false
		}
		a, end := quickAttribute(b, n)
		if end == 0 || len(x.attrs) >= min(fewAttributes, x.l.Attributes) || a.nameEnd-a.name > x.l.Name || x.repeats(b, a) {
			return false
		}
		x.attrs = append(x.attrs, a)
		n = end
	}
}

// parseTag looks at the start tag that b begins with and puts its attributes into attrs.
func (x *reader) parseTag(b []byte) outcome {
	x.attrs = x.attrs[:0]
	n := 1 + nameRun(b[1:])
	if n == len(b) || cutRune(b[n:]) {
		return outcome{}
	}
	if n == 1 {
		return outcome{at: 1, msg: `"<" is not followed by a name`}
	}
	got := outcome{tag: tag{name: n}}
	for {
		spaces := spaceRun(b[n:])
		n += spaces
		if n+1 >= len(b) && (n == len(b) || b[n] == '/') {
			return outcome{}
		}
		switch {
		case b[n] == '>':
			got.size = n + 1
			return got
		case b[n] == '/' && b[n+1] == '>':
			got.size, got.empty = n+2, true
			return got
		case spaces == 0:
			return outcome{at: n, msg: badInTag(b[n:])}
		}
		a, end, wrong := x.parseAttribute(b, n)
		if end == 0 {
			return wrong
		}
		x.attrs = append(x.attrs, a)
		n = end
	}
}

func badInTag(b []byte) string {
	if class[b[0]&0x7F]&(plainText|space) == 0 || b[0] >= utf8.RuneSelf {
		return "an illegal character in a tag"
	}
	return "a tag with something that is no attribute"
}

func cutRune(b []byte) bool { return len(b) > 0 && b[0] >= utf8.RuneSelf && !utf8.FullRune(b) }

func (x *reader) endTag() error {
	if len(x.frames) == 0 {
		return x.w.Fail(0, "an end tag without an open element")
	}
	name := x.name()
	// "</", the name, ">": white space in between is rare and comes in below.
	if err := x.w.Need(len(name) + 3); err != nil && !scan.AtEnd(err) {
		return x.short(err, "an end tag")
	}
	b := x.w.Rest()
	if len(b) < len(name)+3 {
		if len(b) <= len(name)+2 && bytes.HasPrefix(name, b[2:min(len(b), len(name)+2)]) {
			return x.cut("the document ends in the middle of an end tag")
		}
		return x.mismatch()
	}
	if !bytes.HasPrefix(b[2:], name) {
		return x.mismatch()
	}
	n := len(name) + 2
	for isSpace(b[n]) {
		n++
		if n == len(b) {
			if err := x.w.More(); err != nil {
				return x.short(err, "an end tag")
			}
			b = x.w.Rest()
		}
	}
	if b[n] != '>' {
		return x.mismatch()
	}
	err := x.pop()
	x.w.Pass(n + 1)
	return err
}

func (x *reader) mismatch() error {
	f := x.frames[len(x.frames)-1]
	return x.w.Fail(0, fmt.Sprintf("an end tag that does not close the element %s of line %d", shown(x.name()), f.line))
}
