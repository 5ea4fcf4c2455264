package xml

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// name is a name of the document's elements or attributes.
type name struct {
	text  []byte
	local []byte // without its prefix
	then  *name  // the name that came after it last
	tag   int    // number of the last tag that has an attribute of the name

	words, masks [2]uint64 // the text's first bytes, and which bytes of a text are to be equal to them
}

func newName(text []byte) *name {
	n := &name{text: text, local: localName(text)}
	for i := range n.words {
		var word, mask [8]byte
		if 8*i < len(text) {
			for at := range copy(word[:], text[8*i:]) {
				mask[at] = 0xFF
			}
		}
		n.words[i], n.masks[i] = binary.LittleEndian.Uint64(word[:]), binary.LittleEndian.Uint64(mask[:])
	}
	return n
}

// begins reports whether b begins with the name. Few names are longer than two words.
func (n *name) begins(b []byte) bool {
	if len(b) < 16 || len(n.text) > 16 {
		return bytes.HasPrefix(b, n.text)
	}
	first, second := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	return (first^n.words[0])&n.masks[0]|(second^n.words[1])&n.masks[1] == 0
}

// declares reports whether an attribute of the name declares a namespace.
func (n *name) declares() bool {
	return bytes.Equal(n.text, []byte("xmlns")) || bytes.HasPrefix(n.text, []byte("xmlns:"))
}

// names holds the names of a document, each once as long as there are not too many.
type names struct {
	byText map[string]*name
	last   *name // the name that came last
	bytes  int
}

// Bounds of what is remembered of a document's names from one tag to the next.
const (
	maxNames     = 1 << 12
	maxNameBytes = 1 << 18
)

// begin forgets the names that came so far where they are too many.
func (l *names) begin() {
	if l.byText == nil || len(l.byText) > maxNames || l.bytes > maxNameBytes {
		*l = names{byText: map[string]*name{}, last: &name{}}
	}
}

// at returns the name at b[n], and where it ends; no name where none begins there, or where it may go on beyond b. As a rule names come in the same
// order again.
func (l *names) at(b []byte, n int) (*name, int) {
	if then := l.last.then; then != nil {
		end := n + len(then.text)
		if end < len(b) && then.begins(b[n:]) && class[b[end]]&namePart == 0 && b[end] < utf8.RuneSelf {
			l.last = then
			return then, end
		}
	}
	end := n + nameRun(b[n:])
	if end == n || end == len(b) || cutRune(b[end:]) {
		return nil, end
	}
	found := l.byText[string(b[n:end])]
	if found == nil {
		found = newName(bytes.Clone(b[n:end]))
		l.byText[string(found.text)] = found
		l.bytes += len(found.text)
	}
	l.last.then, l.last = found, found
	return found, end
}

// nameRun returns how many bytes of b are a name; 0 where none begins there. A name may go on beyond b.
func nameRun(b []byte) int {
	if len(b) > 0 && b[0] < utf8.RuneSelf && class[b[0]]&nameStart == 0 {
		return 0
	}
	n := 0
	for n < len(b) {
		if class[b[n]]&namePart != 0 {
			n++
			continue
		}
		if b[n] < utf8.RuneSelf {
			return n
		}
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 || !isNamePart(r) || n == 0 && !isNameStart(r) {
			return n
		}
		n += size
	}
	return n
}

// localName drops the prefix of a name.
func localName(name []byte) []byte {
	for i, c := range name {
		if c == ':' && i > 0 && i+1 < len(name) {
			return name[i+1:]
		}
	}
	return name
}
