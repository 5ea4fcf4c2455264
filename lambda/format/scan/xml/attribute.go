package xml

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// attr is where an attribute's name and value lie in the tag.
type attr struct {
	name, nameEnd   int
	value, valueEnd int
	raw             bool // the value holds references or line ends that must be resolved
}

// quickAttribute looks at the attribute at b[n] where it is as most are: a name of ASCII, and right behind it the value. Its end is 0 for any other.
func quickAttribute(b []byte, n int) (attr, int) {
	i := n
	for i < len(b) && b[i] < utf8.RuneSelf && class[b[i]]&namePart != 0 {
		i++
	}
	if i+2 >= len(b) || b[n] >= utf8.RuneSelf || class[b[n]]&nameStart == 0 || b[i] != '=' || b[i+1] != '"' && b[i+1] != '\'' {
		return attr{}, 0
	}
	a, quote := attr{name: n, nameEnd: i, value: i + 2}, b[i+1]
	for i += 2; ; {
		i += plainBytes(b[i:], quote)
		if i == len(b) {
			return attr{}, 0
		}
		if b[i] == quote {
			a.valueEnd = i
			return a, i + 1
		}
		size := a.sizeAt(b[i:])
		if size == 0 {
			return attr{}, 0
		}
		i += size
	}
}

// sizeAt returns the size of what a part of the value begins with: a character, or what stands for one; 0 where it is wrong, or not at hand.
func (a *attr) sizeAt(b []byte) int {
	switch c := b[0]; {
	case c >= utf8.RuneSelf:
		return charSize(b)
	case class[c]&plainValue != 0:
		return 1
	case class[c]&space != 0:
		a.raw = true
		return 1
	case c == '&':
		a.raw = true
		_, size, _ := parseReference(b)
		return size
	}
	return 0
}

// repeats reports whether one of the few attributes that the tag has so far has the name.
func (x *reader) repeats(b []byte, a attr) bool {
	for i := range x.attrs {
		if other := &x.attrs[i]; b[other.name] == b[a.name] && bytes.Equal(b[other.name:other.nameEnd], b[a.name:a.nameEnd]) {
			return true
		}
	}
	return false
}

// parseAttribute looks at the attribute at b[n]. Its end is 0 where it is not there as a whole, or wrong.
func (x *reader) parseAttribute(b []byte, n int) (attr, int, outcome) {
	a := attr{name: n, nameEnd: n + nameRun(b[n:])}
	n = a.nameEnd + spaceRun(b[a.nameEnd:])
	if n == len(b) || cutRune(b[n:]) {
		return a, 0, outcome{}
	}
	if a.nameEnd == a.name || b[n] != '=' {
		return a, 0, outcome{at: n, msg: badInTag(b[n:])}
	}
	if a.nameEnd-a.name > x.l.Name {
		return a, 0, outcome{msg: fmt.Sprintf("a name is longer than %d bytes", x.l.Name), over: limit.Field}
	}
	if len(x.attrs) >= x.l.Attributes {
		return a, 0, outcome{msg: fmt.Sprintf("a tag has more than %d attributes", x.l.Attributes), over: limit.Attributes}
	}
	if x.has(b, a) {
		return a, 0, outcome{at: a.name, msg: "an attribute stands twice in a tag"}
	}
	n++
	n += spaceRun(b[n:])
	if n == len(b) {
		return a, 0, outcome{}
	}
	quote := b[n]
	if quote != '"' && quote != '\'' {
		return a, 0, outcome{at: n, msg: "an attribute's value is not in quotes"}
	}
	end, wrong := a.parseValue(b, n+1, quote)
	return a, end, wrong
}

// fewAttributes are compared with each other; of more the names are remembered.
const fewAttributes = 16

// has reports whether the tag has an attribute of the name already.
func (x *reader) has(b []byte, a attr) bool {
	n, name := len(x.attrs), b[a.name:a.nameEnd]
	if n < fewAttributes {
		return x.repeats(b, a)
	}
	if n == fewAttributes {
		x.seen = make(map[string]bool, 2*n)
		for _, a := range x.attrs {
			x.seen[string(b[a.name:a.nameEnd])] = true
		}
	}
	twice := x.seen[string(name)]
	x.seen[string(name)] = true
	return twice
}

// parseValue looks at the value that begins at b[n], and returns the index behind its closing quote. The quote is looked for once, however
// many references stand before it.
func (a *attr) parseValue(b []byte, n int, quote byte) (int, outcome) {
	a.value = n
	end := bytes.IndexByte(b[n:], quote)
	closed := end >= 0
	if closed {
		end += n
	} else {
		end = len(b)
	}
	for {
		n += plainRun(b[n:end], plainValue)
		switch {
		case n == end && closed:
			a.valueEnd = n
			return n + 1, outcome{}
		case n == end:
			return 0, outcome{}
		}
		switch c := b[n]; {
		case c == '\t', c == '\n', c == '\r':
			a.raw = true
			n++
		case c == '&':
			a.raw = true
			_, size, msg := parseReference(b[n:])
			if msg != "" {
				if len(b)-n < longestReference && onlyReference(b[n+1:]) {
					return 0, outcome{}
				}
				return 0, outcome{at: n, msg: msg}
			}
			n += size
		case c == '<':
			return 0, outcome{at: n, msg: `"<" in an attribute's value`}
		case !closed && cutRune(b[n:]):
			return 0, outcome{}
		default:
			return 0, outcome{at: n, msg: illegal(b[n:])}
		}
	}
}

// visitAttributes hands the tag's attributes on as fields. The tag lies at the window's position.
func (x *reader) visitAttributes(at scan.Place) error {
	tag := x.w.Rest()
	for _, a := range x.attrs {
		name := tag[a.name:a.nameEnd]
		if name[0] == 'x' {
			if bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':') {
				continue
			}
			if string(name) == "xml:space" && string(tag[a.value:a.valueEnd]) == "preserve" {
				f := &x.frames[len(x.frames)-1]
				f.gap, f.kept = false, true
			}
		}
		action, err := x.texts.OpenText(localName(name), scan.Text, at)
		if err == nil && action == scan.Enter {
			err = x.texts.CloseText(x.attributeValue(tag, a))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// attributeValue resolves references, and makes white space blanks (XML 1.0, 3.3.3).
func (x *reader) attributeValue(tag []byte, a attr) []byte {
	raw := tag[a.value:a.valueEnd]
	if !a.raw {
		return raw
	}
	x.value = x.value[:0]
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\r':
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
			x.value = append(x.value, ' ')
		case '\t', '\n':
			x.value = append(x.value, ' ')
		case '&':
			r, size, _ := parseReference(raw[i:])
			x.value = utf8.AppendRune(x.value, r)
			i += size - 1
		default:
			x.value = append(x.value, c)
		}
	}
	return x.value
}
