package bridge

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"
)

type verdict uint8

const (
	mustFail verdict = iota // half a document would pass for a whole one
	mayPass                 // inside the last field of the last line, or the header: writers of empty reports leave out its line end
	mustPass                // behind a record
)

// cutRule judges what is left of a document. It knows the formats by themselves, not through the readers.
type cutRule struct {
	opaque bool // nothing that is cut may pass
	lines  bool // each line is a record
	rows   bool // CSV
	keys   bool // lines of key-value text
	whole  string
	decode func([]byte) (string, bool)
}

func ruleOf(name string, content []byte) cutRule {
	text := strings.TrimPrefix(string(content), "\ufeff")
	plain := func(b []byte) (string, bool) { return strings.TrimPrefix(string(b), "\ufeff"), true }
	r := cutRule{whole: text, decode: plain}
	switch filepath.Ext(name) {
	case ".csv":
		r.rows = true
	case ".ndjson", ".log":
		r.lines = true
	case ".keys":
		r.keys = true
	case ".gz", ".zip", ".xlsx":
		r.opaque = true
	}
	if bytes.HasPrefix(content, []byte{0xff, 0xfe}) {
		r.decode = fromUTF16LE
		r.whole, _ = r.decode(content)
	}
	return r
}

func (r cutRule) decoded(decode func([]byte) (string, bool)) cutRule {
	r.decode = decode
	return r
}

func (r cutRule) judge(cut []byte) verdict {
	if r.opaque {
		return mustFail
	}
	text, ok := r.decode(cut)
	const space = " \t\r\n"
	switch {
	case !ok:
		return mustFail
	case strings.TrimRight(text, space) == strings.TrimRight(r.whole, space) && !r.rows:
		return mustPass
	case r.lines:
		return r.judgeLines(text)
	case r.rows:
		return r.judgeRows(text)
	case r.keys:
		return r.judgeKeys(text)
	}
	return mustFail
}

// judgeLines lets pass what is nothing but whole lines.
func (r cutRule) judgeLines(text string) verdict {
	whole := strings.Split(r.whole, "\n")
	records := 0
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line != strings.TrimSpace(whole[i]) && line != "" {
			return mustFail
		}
		if line != "" {
			records++
		}
	}
	if records == 0 {
		return mustFail
	}
	return mustPass
}

// judgeRows lets pass whole rows, and a last one that has as many cells as the header.
func (r cutRule) judgeRows(text string) verdict {
	whole, err := r.parse(r.whole)
	if err != nil {
		return mustFail
	}
	rows, err := r.parse(text)
	if err != nil || len(rows) == 0 {
		return mustFail
	}
	last := rows[len(rows)-1]
	switch {
	case len(rows) == 1 && !strings.HasSuffix(text, "\n"):
		return mayPass
	case slices.Equal(last, whole[len(rows)-1]):
		return mustPass
	case len(last) == len(whole[0]):
		return mayPass
	case len(last) == 1 && strings.TrimSpace(last[0]) == "":
		return mayPass // as good as nothing
	}
	return mustFail
}

// judgeKeys lets pass whole lines, and a last one that has its colon; not what is inside <text>, nor what has too few keys to be known.
func (r cutRule) judgeKeys(text string) verdict {
	lines := strings.Split(text, "\n")
	last := lines[len(lines)-1]
	switch {
	case strings.Count(text, "<text>") != strings.Count(text, "</text>"):
		return mustFail
	case !strings.Contains(text, "\nName:"): // what the mapping knows it by is not there
		return mustFail
	case last == "", last == strings.Split(r.whole, "\n")[len(lines)-1]:
		return mustPass
	case strings.ContainsAny(last[:1], " \t#"), strings.Contains(last, ":"):
		return mayPass
	case strings.TrimSpace(last) == "":
		return mayPass
	}
	return mustFail
}

func (r cutRule) parse(text string) ([][]string, error) {
	header, _, _ := strings.Cut(r.whole, "\n")
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1
	if strings.Count(header, ";") > strings.Count(header, ",") {
		reader.Comma = ';'
	}
	return reader.ReadAll()
}

func utf16LE(content []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.TrimPrefix(string(content), "\ufeff"))) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

func fromUTF16LE(b []byte) (string, bool) {
	if len(b) < 2 || len(b)%2 != 0 {
		return "", false
	}
	var units []uint16
	for i := 2; i < len(b); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(b[i:]))
	}
	return string(utf16.Decode(units)), true
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	closed(t, w, w, content)
	return b.Bytes()
}

func zstded(t *testing.T, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	member, err := w.Create("member")
	if err != nil {
		t.Fatal(err)
	}
	closed(t, w, member, content)
	return b.Bytes()
}

// closed writes all and closes.
func closed(t *testing.T, c io.Closer, w io.Writer, content []byte) {
	t.Helper()
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}
