package workbook

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// table is the strings that cells share, by number.
type table struct {
	text  paged
	ends  paged // offset behind each string, of eight bytes
	count int
	size  int64
}

const defaultBudget = 8 << 20

func newTable(o Options) *table {
	pages := cmp.Or(o.Budget, defaultBudget) / pageBytes
	return &table{text: paged{dir: o.TempDir, memory: pages * 3 / 4}, ends: paged{dir: o.TempDir, memory: pages / 4}}
}

func (t *table) add(s []byte) error {
	if err := t.text.add(s); err != nil {
		return err
	}
	t.size += int64(len(s))
	t.count++
	var end [8]byte
	binary.LittleEndian.PutUint64(end[:], uint64(t.size)) //nolint:gosec // not negative
	return t.ends.add(end[:])
}

func (t *table) append(to []byte, n int) ([]byte, error) {
	first, err := t.end(n - 1)
	if err != nil {
		return to, err
	}
	last, err := t.end(n)
	if err != nil {
		return to, err
	}
	return t.text.append(to, first, int(last-first))
}

func (t *table) end(n int) (int64, error) {
	if n < 0 {
		return 0, nil
	}
	var buf [8]byte
	b, err := t.ends.append(buf[:0], int64(n)*8, 8)
	if err != nil {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint64(b)), nil //nolint:gosec // as it was put
}

func (t *table) close() error {
	if t == nil {
		return nil
	}
	return errors.Join(t.text.close(), t.ends.close())
}

// sharedString appends a string by its number. All are read when the first cell asks.
func (b *Book) sharedString(to []byte, n int) ([]byte, error) {
	if b.strings == nil {
		b.strings = newTable(b.o)
		if err := b.eachShared(func(_ int, s []byte) error { return b.strings.add(s) }); err != nil {
			return to, err
		}
	}
	if n < 0 || n >= b.strings.count {
		return to, errNoString
	}
	return b.strings.append(to, n)
}

var (
	errNoString = errors.New("a cell refers to a shared string that is not there")
	errEnough   = errors.New("enough")
)

// some returns some of the strings, which must not be many, without holding the others.
func (b *Book) some(wanted map[int]string) error {
	left, size := len(wanted), 0
	if left == 0 {
		return nil
	}
	err := b.eachShared(func(n int, s []byte) error {
		if _, is := wanted[n]; is {
			size += len(s)
			if size > maxHead {
				return errEnough
			}
			wanted[n] = string(s)
			left--
			if left == 0 {
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return err
}

// eachShared reads the shared strings.
func (b *Book) eachShared(each func(n int, s []byte) error) error {
	if b.shared < 0 {
		return nil
	}
	return b.small(b.shared, &stringVisitor{each: each, most: b.o.Limits.Text}, b.o.Limits)
}

// stringVisitor reads items of plain or rich text.
type stringVisitor struct {
	each  func(n int, s []byte) error
	most  int // bytes of a string
	depth int // sst, si, t or r, t
	count int
	text  []byte
}

// Open begins an element. What is about how a text sounds or looks is passed over.
func (v *stringVisitor) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	if kind == scan.Text || v.depth > 0 && !isText(name) && string(name) != "si" {
		return scan.Skip, nil
	}
	v.depth++
	return scan.Enter, nil
}

// isText reports whether an element holds a text: itself, or a run of it.
func isText(name []byte) bool { return string(name) == "t" || string(name) == "r" }

// Take takes the strings that b begins with as far as they are written as most programs do: <si><t>ASCII</t></si>, one right behind the other.
func (v *stringVisitor) Take(b []byte) (int, error) {
	const begin, end = "<si><t>", "</t></si>"
	taken := 0
	for v.depth == 1 && bytes.HasPrefix(b[taken:], []byte(begin)) {
		rest := b[taken+len(begin):]
		n := plainASCII(rest)
		if n == 0 || n > v.most || rest[0] == ' ' || rest[n-1] == ' ' || !bytes.HasPrefix(rest[n:], []byte(end)) {
			break
		}
		taken += len(begin) + n + len(end)
		v.text = append(v.text[:0], rest[:n]...)
		if err := v.ended(); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// plainASCII returns how many bytes of b stand for themselves as an element's text, and are printed.
func plainASCII(b []byte) int {
	for n, c := range b {
		if c < ' ' || c > '~' || c == '<' || c == '&' || c == ']' {
			return n
		}
	}
	return len(b)
}

// Text is a text, or one run of it.
func (v *stringVisitor) Text(value []byte) error {
	v.text = append(v.text, value...)
	if len(v.text) > v.most {
		return &scan.SyntaxError{Msg: fmt.Sprintf("a shared string is longer than %d bytes", v.most), Err: scan.ErrLimit, Limit: limit.Text}
	}
	return nil
}

// Close ends an element.
func (v *stringVisitor) Close() error {
	v.depth--
	if v.depth != 1 {
		return nil
	}
	return v.ended()
}

// ended hands on the string whose text is complete.
func (v *stringVisitor) ended() error {
	err := v.each(v.count, unescape(v.text))
	v.count++
	v.text = v.text[:0]
	return err
}

// unescape resolves _xHHHH_, which stands for characters that XML does not allow (ECMA-376, 22.9.2.19), in place.
func unescape(s []byte) []byte {
	if bytes.IndexByte(s, '_') < 0 {
		return s
	}
	out := s[:0]
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+6 < len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if r, err := strconv.ParseUint(string(s[i+2:i+6]), 16, 16); err == nil {
				out = utf8.AppendRune(out, rune(r))
				i += 6
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}
