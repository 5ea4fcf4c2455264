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
	ends  paged // the offset of each string and behind the last one, of eight bytes
	count int
	size  int64
}

const defaultBudget = 8 << 20

func newTable(o Options) *table {
	pages := cmp.Or(o.Budget, defaultBudget) / pageBytes
	first := make([]byte, 8, pageBytes) // the offset of the first string
	return &table{text: paged{dir: o.TempDir, memory: pages * 3 / 4}, ends: paged{dir: o.TempDir, memory: pages / 4, tail: first}}
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

// at returns a string, valid until the next call.
func (t *table) at(n int) ([]byte, error) {
	var buf [16]byte
	b, err := t.ends.at(buf[:], int64(n)*8, len(buf))
	if err != nil {
		return nil, err
	}
	first, last := int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:])) //nolint:gosec // as they were put
	return t.text.at(nil, first, int(last-first))
}

func (t *table) close() error {
	if t == nil {
		return nil
	}
	return errors.Join(t.text.close(), t.ends.close())
}

// sharedString returns a string by its number, trimmed, valid until the next call. All are read when the first cell asks.
func (b *Book) sharedString(n int) ([]byte, error) {
	if b.strings == nil {
		b.strings = newTable(b.o)
		if err := b.eachShared(func(_ int, s []byte) error { return b.strings.add(bytes.TrimSpace(s)) }); err != nil {
			return nil, err
		}
	}
	if n >= b.strings.count {
		return nil, errNoString
	}
	return b.strings.at(n)
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

// Take takes the strings that b begins with as far as they are written as most programs do: <si><t>a text</t></si>, one right behind the other.
func (v *stringVisitor) Take(b []byte) (int, error) {
	const begin = "<si><t>"
	taken := 0
	for v.depth == 1 && bytes.HasPrefix(b[taken:], []byte(begin)) {
		text, n := textBefore(b[taken+len(begin):], "</t></si>")
		if n == 0 || len(text) > v.most {
			break
		}
		taken += len(begin) + n
		v.text = append(v.text[:0], text...)
		if err := v.ended(); err != nil {
			return taken, err
		}
	}
	return taken, nil
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
