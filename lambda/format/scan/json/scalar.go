package json

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// readScalar reads a string with its quotes, a number or a word. It is valid until more is read; escaped: a string has a backslash.
func (j *reader) readScalar(c byte) (raw []byte, escaped bool, err error) {
	switch {
	case c == '"':
		return j.readString()
	case c == '-' || c >= '0' && c <= '9':
		raw, err = j.readNumber()
		return raw, false, err
	case c == 't':
		raw, err = j.readWord("true")
	case c == 'f':
		raw, err = j.readWord("false")
	case c == 'n':
		raw, err = j.readWord("null")
	default:
		err = j.fail(j.pos, "invalid character at start of value")
	}
	return raw, false, err
}

func (j *reader) readWord(word string) ([]byte, error) {
	for i := range len(word) {
		if err := j.needBehind(i); err != nil {
			return nil, err
		}
		if j.buf[j.pos+i] != word[i] {
			return nil, j.fail(j.pos+i, "invalid character within literal "+word)
		}
	}
	j.pos += len(word)
	return j.buf[j.pos-len(word) : j.pos], nil
}

// needBehind makes sure that the n-th byte behind the place that is read is at hand.
func (j *reader) needBehind(n int) error {
	if j.pos+n < len(j.buf) {
		return nil
	}
	return j.need(n + 1)
}

// readNumber reads a number, which ends where something else begins.
func (j *reader) readNumber() ([]byte, error) {
	n, err := j.readInteger()
	if err == nil && j.isAt(n, '.', '.') {
		n, err = j.readDigits(n + 1)
	}
	if err == nil && j.isAt(n, 'e', 'E') {
		n++
		if j.isAt(n, '+', '-') {
			n++
		}
		n, err = j.readDigits(n)
	}
	if err != nil {
		return nil, err
	}
	j.pos += n
	return j.buf[j.pos-n : j.pos], nil
}

// readInteger reads the sign and the digits with which a number begins, and returns the index behind them.
func (j *reader) readInteger() (int, error) {
	n := 0
	if j.buf[j.pos] == '-' {
		n++
	}
	if err := j.needBehind(n); err != nil {
		return 0, err
	}
	if j.buf[j.pos+n] == '0' {
		return n + 1, nil
	}
	return j.readDigits(n)
}

// isAt reports whether the n-th byte is one of two. At the end of the input it is none; an error of the reader comes
// again behind the number.
func (j *reader) isAt(n int, a, b byte) bool {
	for j.pos+n >= len(j.buf) {
		if j.more(j.pos) != nil {
			return false
		}
	}
	c := j.buf[j.pos+n]
	return c == a || c == b
}

// readDigits reads at least one digit from the n-th byte on, and returns the index behind the last.
func (j *reader) readDigits(n int) (int, error) {
	if err := j.needBehind(n); err != nil {
		return 0, err
	}
	if c := j.buf[j.pos+n]; c < '0' || c > '9' {
		return 0, j.fail(j.pos+n, "invalid character within number (expecting digit)")
	}
	for {
		for j.pos+n < len(j.buf) {
			if c := j.buf[j.pos+n]; c < '0' || c > '9' {
				return n, nil
			}
			n++
		}
		if j.more(j.pos) != nil {
			return n, nil //nolint:nilerr // an error of the reader comes again behind the number
		}
	}
}

// readString reads a string with its quotes.
func (j *reader) readString() (raw []byte, escaped bool, err error) {
	for n := 1; ; {
		n += plainBytes(j.buf[j.pos+n:])
		if j.pos+n == len(j.buf) {
			if err := j.within(j.more(j.pos)); err != nil {
				return nil, false, err
			}
			continue
		}
		switch j.buf[j.pos+n] {
		case '"':
			n++
			j.pos += n
			return j.buf[j.pos-n : j.pos], escaped, nil
		case '\\':
			escaped = true
			if n, err = j.readEscape(n + 1); err != nil {
				return nil, false, err
			}
		default:
			return nil, false, j.fail(j.pos+n, "invalid character within string")
		}
	}
}

// readEscape reads what stands behind a backslash, and returns the index behind it.
func (j *reader) readEscape(n int) (int, error) {
	if err := j.needBehind(n); err != nil {
		return 0, err
	}
	switch j.buf[j.pos+n] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return n + 1, nil
	case 'u':
		for i := range 4 {
			if err := j.needBehind(n + 1 + i); err != nil {
				return 0, err
			}
			if !isHex(j.buf[j.pos+n+1+i]) {
				return 0, j.fail(j.pos+n-1, "invalid escape sequence within string")
			}
		}
		return n + 5, nil
	}
	return 0, j.fail(j.pos+n-1, "invalid escape sequence within string")
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// plainBytes returns how many bytes stand before the first quote, backslash or control character. It looks at eight at a time.
func plainBytes(b []byte) int {
	n := 0
	for ; n <= len(b)-8; n += 8 {
		if marked := special(binary.LittleEndian.Uint64(b[n : n+8 : n+8])); marked != 0 {
			return n + bits.TrailingZeros64(marked)/8
		}
	}
	for n < len(b) && b[n] != '"' && b[n] != '\\' && b[n] >= ' ' {
		n++
	}
	return n
}

// special marks the first of eight bytes that is a quote, a backslash or a control character, and maybe bytes behind it.
func special(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^ones*'"', w^ones*'\\'
	return ((quote - ones) | (backslash - ones) | (w - ones*' ')) &^ w & tops
}

// appendUnquoted resolves the escapes of a string that is good. Each byte in it that is no UTF-8, and each lone surrogate, becomes
// U+FFFD.
func appendUnquoted(to, text []byte) []byte {
	if !utf8.Valid(text) {
		text = []byte(string(bytes.Runes(text)))
	}
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(to, text...)
		}
		to = append(to, text[:i]...)
		c := text[i+1]
		text = text[i+2:]
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			var r rune
			r, text = unquoteRune(text)
			to = utf8.AppendRune(to, r)
			continue
		}
		to = append(to, c)
	}
}

// unquoteRune reads the digits behind \u, and a surrogate's other half.
func unquoteRune(text []byte) (rune, []byte) {
	r, text := hexRune(text), text[4:]
	if !utf16.IsSurrogate(r) {
		return r, text
	}
	if len(text) >= 6 && text[0] == '\\' && text[1] == 'u' {
		if both := utf16.DecodeRune(r, hexRune(text[2:])); both != utf8.RuneError {
			return both, text[6:]
		}
	}
	return utf8.RuneError, text
}

func hexRune(text []byte) rune {
	n, _ := strconv.ParseUint(string(text[:4]), 16, 32) // they are digits
	return rune(n)                                      //nolint:gosec // of 16 bits
}
