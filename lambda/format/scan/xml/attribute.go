package xml

import (
	"fmt"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// attr is an attribute of the tag, and where its value lies in it.
type attr struct {
	name            *name
	value, valueEnd int
	raw             bool // the value holds references or line ends that must be resolved
}

// parseAttribute takes the attribute at b[n], and returns its end; 0 where it is not there as a whole, or wrong.
func (x *reader) parseAttribute(b []byte, n int) (int, error) {
	name, equals := x.names.at(b, n)
	equals += spaceRun(b[equals:])
	if equals == len(b) || cutRune(b[equals:]) {
		return 0, nil
	}
	if name == nil || b[equals] != '=' {
		return 0, x.w.Fail(equals, badInTag(b[equals:]))
	}
	if len(name.text) > x.l.Name {
		return 0, x.w.Over(limit.Field, fmt.Sprintf("a name is longer than %d bytes", x.l.Name))
	}
	if len(x.attrs) >= x.l.Attributes {
		return 0, x.w.Over(limit.Attributes, fmt.Sprintf("a tag has more than %d attributes", x.l.Attributes))
	}
	if name.tag == x.tags {
		return 0, x.w.Fail(n, "an attribute stands twice in a tag")
	}
	n = equals + 1
	n += spaceRun(b[n:])
	if n == len(b) {
		return 0, nil
	}
	if b[n] != '"' && b[n] != '\'' {
		return 0, x.w.Fail(n, "an attribute's value is not in quotes")
	}
	return x.parseValue(b, name, n+1)
}

// parseUsual does the same where the tag goes on with a blank and with the attribute that it went on with last time, written as most are; else it
// returns 0, too.
func (x *reader) parseUsual(b []byte, n int) (int, error) {
	name := x.names.last.then
	if name == nil {
		return 0, nil
	}
	equals := n + 1 + len(name.text)
	if equals+1 >= len(b) || b[n] != ' ' || b[equals] != '=' || b[equals+1] != '"' || !name.begins(b[n+1:]) ||
		name.tag == x.tags || len(name.text) > x.l.Name || len(x.attrs) >= x.l.Attributes {
		return 0, nil
	}
	x.names.last = name
	return x.parseValue(b, name, equals+2)
}

// parseValue finds the end of the value at b[n], and returns the index behind its quote; 0 where it is not at hand, or wrong.
func (x *reader) parseValue(b []byte, name *name, n int) (end int, err error) {
	a, quote := attr{name: name, value: n}, b[n-1]
	for {
		n += plainBytes(b[n:], quote)
		if n == len(b) {
			return 0, nil
		}
		size := 1
		switch c := b[n]; {
		case c == quote:
			a.valueEnd, name.tag = n, x.tags
			x.attrs = append(x.attrs, a)
			return n + 1, nil
		case class[c]&plainValue != 0:
		case class[c]&space != 0:
			a.raw = true
		case c == '&':
			var msg string
			a.raw = true
			_, size, msg = parseReference(b[n:])
			switch {
			case msg == "":
			case len(b)-n < longestReference && onlyReference(b[n+1:]):
				return 0, nil
			default:
				return 0, x.w.Fail(n, msg)
			}
		case c == '<':
			return 0, x.w.Fail(n, `"<" in an attribute's value`)
		case cutRune(b[n:]):
			return 0, nil
		default:
			size = charSize(b[n:])
			if size == 0 {
				return 0, x.w.Fail(n, illegal(b[n:]))
			}
		}
		n += size
	}
}

// visitAttributes hands the tag's attributes on as fields. The tag lies at the window's position.
func (x *reader) visitAttributes() error {
	tag := x.w.Rest()
	for i := range x.attrs {
		a := &x.attrs[i]
		if a.name.text[0] == 'x' {
			if a.name.declares() {
				continue
			}
			if string(a.name.text) == "xml:space" && string(tag[a.value:a.valueEnd]) == "preserve" {
				f := &x.frames[len(x.frames)-1]
				f.gap, f.kept = false, true
			}
		}
		action, err := x.texts.OpenText(a.name.local, scan.Text, x.w)
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
func (x *reader) attributeValue(tag []byte, a *attr) []byte {
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
