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
	size  int // bytes of the whole tag; 0: more bytes are needed
	name  *name
	empty bool // it ends in "/>"
}

func (x *reader) startTag() error {
	if x.taker != nil && x.skip == 0 && len(x.frames) > 0 {
		if n, err := x.taker.Take(x.w.Rest()); n > 0 {
			x.frames[len(x.frames)-1].gap = true
			x.w.Pass(n)
			return err
		}
	}
	for {
		tag := x.w.Rest()
		if err := x.parseTag(tag); err != nil {
			return err
		}
		if x.tag.size > 0 {
			return x.open()
		}
		if err := x.w.More(); err != nil {
			return x.short(err, "a tag")
		}
	}
}

// open opens the element of the tag at the window's position, which is x.tag.
func (x *reader) open() error {
	name := x.tag.name
	if len(name.text) > x.l.Name {
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

// parseTag looks at the start tag that b begins with, and puts it into tag and attrs.
func (x *reader) parseTag(b []byte) error {
	x.names.begin()
	name, n := x.names.at(b, 1)
	x.tag, x.attrs = tag{name: name}, x.attrs[:0]
	x.tags++
	if n == len(b) || cutRune(b[n:]) {
		return nil
	}
	if name == nil {
		return x.w.Fail(1, `"<" is not followed by a name`)
	}
	for {
		end, err := x.parseUsual(b, n)
		if err != nil {
			return err
		}
		if end > 0 {
			n = end
			continue
		}
		spaces := spaceRun(b[n:])
		n += spaces
		if n+1 >= len(b) && (n == len(b) || b[n] == '/') {
			return nil
		}
		switch {
		case b[n] == '>':
			x.tag.size = n + 1
			return nil
		case b[n] == '/' && b[n+1] == '>':
			x.tag.size, x.tag.empty = n+2, true
			return nil
		case spaces == 0:
			return x.w.Fail(n, badInTag(b[n:]))
		}
		n, err = x.parseAttribute(b, n)
		if n == 0 {
			return err
		}
	}
}

func badInTag(b []byte) string {
	if class[b[0]]&(plainText|space) == 0 {
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
