package hostile

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// damage is what becomes of a document behind its writer.
type damage struct {
	name  string
	do    func(r *rand.Rand, s syntax, text string) string
	whole bool // the document says the same as before
	merge bool // what stood apart may stand together: a name may be part of a longer one
}

func damages() []damage {
	return []damage{
		{"none", func(_ *rand.Rand, _ syntax, text string) string { return text }, true, false},
		{"cut at a mark", func(r *rand.Rand, s syntax, text string) string { return text[:mark(r, s, text)] }, false, false},
		{"cut behind a mark", func(r *rand.Rand, s syntax, text string) string { return text[:min(len(text), mark(r, s, text)+1)] }, false, false},
		{"cut anywhere", func(r *rand.Rand, _ syntax, text string) string { return text[:r.IntN(len(text))] }, false, false},
		{"a mark is missing", func(r *rand.Rand, s syntax, text string) string {
			at := mark(r, s, text)
			return text[:at] + text[min(len(text), at+1):]
		}, false, true},
		{"a mark stands twice", func(r *rand.Rand, s syntax, text string) string {
			at := mark(r, s, text)
			return text[:at] + text[at:min(len(text), at+1)] + text[at:]
		}, false, true},
		{"a mark is another one", func(r *rand.Rand, s syntax, text string) string {
			at := mark(r, s, text)
			return text[:at] + string(s.marks[r.IntN(len(s.marks))]) + text[min(len(text), at+1):]
		}, false, true},
		{"bytes that are no text", func(r *rand.Rand, s syntax, text string) string {
			at := mark(r, s, text)
			return text[:at] + []string{"\x00", "\xff\xfe", "\xef\xbb\xbf", "\x1a", "\x7f\x00\x00"}[r.IntN(5)] + text[at:]
		}, false, true},
		{"a piece stands twice", func(r *rand.Rand, s syntax, text string) string {
			from, to := mark(r, s, text), mark(r, s, text)
			return text[:max(from, to)] + text[min(from, to):]
		}, false, true},
		{"a byte order mark and UTF-16", func(_ *rand.Rand, s syntax, text string) string {
			if isZip(text) || !utf8.ValidString(text) {
				return text
			}
			b := []byte{0xff, 0xfe}
			for _, unit := range utf16.Encode([]rune(text)) {
				b = binary.LittleEndian.AppendUint16(b, unit)
			}
			return string(b)
		}, true, false},
		{"zeros behind the end", func(r *rand.Rand, _ syntax, text string) string { return text + strings.Repeat("\x00", 1+r.IntN(5000)) }, false, false},
	}
}

func isZip(text string) bool { return strings.HasPrefix(text, "PK\x03\x04") }

// mark returns where one of the bytes stands that are structure. In a zip file that is any byte.
func mark(r *rand.Rand, s syntax, text string) int {
	if len(text) == 0 || isZip(text) {
		return r.IntN(len(text) + 1)
	}
	from := r.IntN(len(text))
	if at := strings.IndexAny(text[from:], s.marks); at >= 0 {
		return from + at
	}
	return from
}

// packing is how a document is packed for its way.
type packing struct {
	name  string
	do    func(testing.TB, *rand.Rand, string) string
	whole bool // it can be unpacked
}

func packings() []packing {
	once := func(do func(testing.TB, string) string) func(testing.TB, *rand.Rand, string) string {
		return func(t testing.TB, _ *rand.Rand, text string) string { return do(t, text) }
	}
	zipped := func(t testing.TB, text string) string { return testfiles.Zip(t, "uploaded", text) }
	return []packing{
		{"plain", func(_ testing.TB, _ *rand.Rand, text string) string { return text }, true},
		{"gzip", once(testfiles.Gzip), true},
		{"zstd", once(testfiles.Zstd), true},
		{"zip", once(zipped), true},
		{"gzip in a zip", once(func(t testing.TB, text string) string { return zipped(t, testfiles.Gzip(t, text)) }), true},
		{"three layers", once(func(t testing.TB, text string) string { return testfiles.Gzip(t, zipped(t, testfiles.Zstd(t, text))) }), false},
		{"a damaged header", func(t testing.TB, r *rand.Rand, text string) string {
			b := []byte([]func(testing.TB, string) string{testfiles.Gzip, testfiles.Zstd, zipped}[r.IntN(3)](t, text))
			b[4+r.IntN(min(30, len(b)-4))] ^= 1 << r.IntN(8)
			return string(b)
		}, false},
		{"a damaged end", func(t testing.TB, r *rand.Rand, text string) string {
			b := []byte([]func(testing.TB, string) string{testfiles.Gzip, testfiles.Zstd, zipped}[r.IntN(3)](t, text))
			b[len(b)-1-r.IntN(min(60, len(b)-4))] ^= 1 << r.IntN(8)
			return string(b)
		}, false},
		{"wrong sizes in a zip's directory", func(t testing.TB, r *rand.Rand, text string) string {
			b := []byte(zipped(t, text))
			at := bytes.LastIndex(b, []byte("PK\x01\x02"))
			binary.LittleEndian.PutUint32(b[at+20+4*r.IntN(2):], r.Uint32N(1<<r.IntN(32)))
			return string(b)
		}, false},
		{"cut while packed", func(t testing.TB, r *rand.Rand, text string) string {
			packed := []func(testing.TB, string) string{testfiles.Gzip, testfiles.Zstd, zipped}[r.IntN(3)](t, text)
			return packed[:r.IntN(len(packed))]
		}, false},
	}
}
