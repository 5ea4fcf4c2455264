package xml

import (
	"bytes"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// leafText returns how many bytes of text an element without attributes has that holds nothing else, where all of it is at hand behind the tag;
// -1 for any other. Most elements are such.
func (x *reader) leafText(name *name, tag int) int {
	b := x.w.Rest()[tag:]
	n := bytes.IndexByte(b, '<')
	if n < 0 || n > x.l.Text || len(b)-n < len(name.text)+len("</>") {
		return -1
	}
	if end := b[n:]; end[1] != '/' || end[len(name.text)+2] != '>' || !name.begins(end[2:]) {
		return -1
	}
	return n
}

// leaf reads an element of which n bytes of text and its end are at hand behind the tag.
func (x *reader) leaf(name *name, tag, n int) error {
	x.frames[len(x.frames)-1].gap = true
	if x.skip > 0 {
		return x.passLeaf(name, tag, n)
	}
	text := x.w.Rest()[tag : tag+n]
	begin := spaceRun(text)
	text = trimEnd(text[begin:])
	switch {
	case len(text) == 0:
		return x.emptyLeaf(name, tag+n)
	case bytes.HasPrefix(text, []byte("&#")): // which may stand for white space
		err := x.push(name)
		x.w.Pass(tag)
		return err
	}
	action, err := x.texts.OpenText(name.local, scan.Object, x.w)
	switch {
	case err != nil:
		return err
	case action == scan.Skip:
		return x.passLeaf(name, tag, n)
	}
	if !isPlain(text) {
		var wrong int
		if text, wrong = x.resolved(text, plainRun(text, plainText)); wrong >= 0 {
			x.w.Pass(tag + begin + wrong)
			return x.special()
		}
	}
	err = x.texts.CloseText(text)
	x.w.Pass(tag + n + len(name.text) + len("</>"))
	return err
}

// passLeaf passes over such an element, or what of it is good.
func (x *reader) passLeaf(name *name, tag, n int) error {
	if text := x.w.Rest()[tag : tag+n]; isText(text) {
		x.w.Pass(tag + n + len(name.text) + len("</>"))
		return nil
	}
	x.frames = append(x.frames, frame{name: name, text: len(x.text), line: x.w.At().Line, gap: true})
	if x.skip == 0 {
		x.skip = len(x.frames)
	}
	x.w.Pass(tag)
	return nil
}

// isText reports whether all of the bytes up to a tag are character data.
func isText(b []byte) bool {
	if bytes.Contains(b, []byte("]]>")) {
		return false
	}
	for n := 0; ; {
		n = textBytes(b, n)
		if n == len(b) {
			return true
		}
		size := 1
		switch c := b[n]; {
		case c == '&':
			_, size, _ = parseReference(b[n:])
		case c >= utf8.RuneSelf:
			size = charSize(b[n:])
		case c < ' ' && class[c]&space == 0:
			return false
		}
		if size == 0 {
			return false
		}
		n += size
	}
}

// emptyLeaf reads such an element that has no text. Its end tag stands so many bytes behind its beginning.
func (x *reader) emptyLeaf(name *name, end int) error {
	action, err := x.v.Open(name.local, scan.Object, x.w.At())
	if err == nil && action == scan.Enter {
		err = x.v.Close()
	}
	x.w.Pass(end + len(name.text) + len("</>"))
	return err
}

// resolved returns character data of which so many bytes stand for themselves, with references and line ends resolved; or the index of what is
// wrong in it, -1: nothing is. It is valid until the next call.
func (x *reader) resolved(raw []byte, plain int) (text []byte, wrong int) {
	x.value = x.value[:0]
	for n := 0; ; {
		x.value = append(x.value, raw[n:n+plain]...)
		n += plain
		if n == len(raw) {
			return trimEnd(x.value), -1
		}
		switch c := raw[n]; {
		case c == '&':
			r, size, msg := parseReference(raw[n:])
			if msg != "" {
				return nil, n
			}
			x.value = utf8.AppendRune(x.value, r)
			n += size
		case c == '\r':
			if n+1 == len(raw) || raw[n+1] != '\n' {
				x.value = append(x.value, '\n')
			}
			n++
		case c == ']' && !bytes.HasPrefix(raw[n:], []byte("]]>")):
			x.value = append(x.value, c)
			n++
		default:
			return nil, n
		}
		plain = plainRun(raw[n:], plainText)
	}
}
