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

// repeats reports whether one of the few attributes that the tag has so far has the name.
func (x *reader) repeats(b []byte, a attr) bool {
	for i := range x.attrs {
		if other := &x.attrs[i]; bytes.Equal(b[other.name:other.nameEnd], b[a.name:a.nameEnd]) {
			return true
		}
	}
	return false
}

// parseAttribute takes the attribute at b[n], and returns its end; 0 where it is not there as a whole, or wrong.
func (x *reader) parseAttribute(b []byte, n int) (int, error) {
	a := attr{name: n, nameEnd: n + nameRun(b[n:])}
	n = a.nameEnd + spaceRun(b[a.nameEnd:])
	if n == len(b) || cutRune(b[n:]) {
		return 0, nil
	}
	if a.nameEnd == a.name || b[n] != '=' {
		return 0, x.w.Fail(n, badInTag(b[n:]))
	}
	if a.nameEnd-a.name > x.l.Name {
		return 0, x.w.Over(limit.Field, fmt.Sprintf("a name is longer than %d bytes", x.l.Name))
	}
	if len(x.attrs) >= x.l.Attributes {
		return 0, x.w.Over(limit.Attributes, fmt.Sprintf("a tag has more than %d attributes", x.l.Attributes))
	}
	if x.has(b, a) {
		return 0, x.w.Fail(a.name, "an attribute stands twice in a tag")
	}
	n++
	n += spaceRun(b[n:])
	if n == len(b) {
		return 0, nil
	}
	if b[n] != '"' && b[n] != '\'' {
		return 0, x.w.Fail(n, "an attribute's value is not in quotes")
	}
	a.value = n + 1
	end, msg := a.parseValue(b, b[n])
	if msg != "" {
		return 0, x.w.Fail(a.valueEnd, msg)
	}
	x.attrs = append(x.attrs, a)
	return end, nil
}

// fewAttributes are compared with each other; of more the names are remembered.
const fewAttributes = 16

// has reports whether the tag has an attribute of the name already.
func (x *reader) has(b []byte, a attr) bool {
	n, name := len(x.attrs), b[a.name:a.nameEnd]
	bit := uint64(1) << ((int(name[0]) + 3*int(name[len(name)-1]) + len(name)) % 64)
	fresh := x.bits&bit == 0
	x.bits |= bit
	if n < fewAttributes {
		return !fresh && x.repeats(b, a)
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

// parseValue finds the value's end, and returns the index behind its quote; 0 where it is not at hand. What is wrong stands at the value's end.
func (a *attr) parseValue(b []byte, quote byte) (end int, msg string) {
	n := a.value
	for {
		n += plainBytes(b[n:], quote)
		if n == len(b) {
			return 0, ""
		}
		a.valueEnd = n
		size := 1
		switch c := b[n]; {
		case c == quote:
			return n + 1, ""
		case class[c]&plainValue != 0:
		case class[c]&space != 0:
			a.raw = true
		case c == '&':
			a.raw = true
			_, size, msg = parseReference(b[n:])
			switch {
			case msg == "":
			case len(b)-n < longestReference && onlyReference(b[n+1:]):
				return 0, ""
			default:
				return 0, msg
			}
		case c == '<':
			return 0, `"<" in an attribute's value`
		case cutRune(b[n:]):
			return 0, ""
		default:
			size = charSize(b[n:])
			if size == 0 {
				return 0, illegal(b[n:])
			}
		}
		n += size
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
