package bridge

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

type verdict uint8

const (
	mustFail verdict = iota // half a document would pass for a whole one
	mayPass                 // inside the last field of the last line, or the header: writers of empty reports leave out its line end
	mustPass                // behind a record
)

// cutRule judges what is left of a document. It knows the formats by themselves, not through the readers.
type cutRule struct {
	opaque bool       // nothing that is cut may pass
	ends   []int      // JSON: where each of its values ends
	root   int        // XML: where the document's element ends
	table  [][]string // CSV: all rows, also those before the header
	header int        // CSV: which row it is
	keys   bool       // lines of key-value text
	lines  bool       // lines of key=value
	whole  string
	decode func([]byte) (string, bool)
}

const blanks = " \t\r\n"

var (
	keyLine  = regexp.MustCompile(`^[A-Za-z]+:( |\r?\n)`)
	settings = regexp.MustCompile(`^(#.*\r?\n)*[a-z_]+=`)
	rootName = regexp.MustCompile(`<([A-Za-z][^\s/>]*)`)
	misc     = regexp.MustCompile(`(?s)^(\s|<!--.*?-->|<\?.*?\?>)*$`)
	known    = regexp.MustCompile(`\n(Name|DocumentNamespace):`) // what the mappings know key-value text by
)

// ruleOf tells the kind of a document by its first bytes, since names often do not tell.
func ruleOf(name string, content []byte) cutRule {
	for _, magic := range []string{"PK\x03\x04", "\x1f\x8b", "\x28\xb5\x2f\xfd"} {
		if bytes.HasPrefix(content, []byte(magic)) {
			return cutRule{opaque: true}
		}
	}
	r := cutRule{decode: func(b []byte) (string, bool) { return strings.TrimPrefix(string(b), "\ufeff"), true }}
	if bytes.HasPrefix(content, []byte{0xff, 0xfe}) {
		r.decode = fromUTF16LE
	}
	r.whole, _ = r.decode(content)
	switch start := strings.TrimLeft(r.whole, blanks); {
	case strings.HasPrefix(start, "<"):
		r.root = endOfRoot(r.whole)
	case strings.IndexAny(start, "{[") == 0 || json.Valid([]byte(start)):
		r.ends = endsOfValues(r.whole)
	case filepath.Ext(name) != ".csv" && keyLine.MatchString(start):
		r.keys = true
	case settings.MatchString(start):
		r.lines = true
	default:
		r.table, _ = r.parse(r.whole)
		r.header = widest(r.table)
	}
	return r
}

// endOfRoot finds where the element of an XML document ends; at its end where it has no end tag.
func endOfRoot(text string) int {
	name := rootName.FindStringSubmatch(text)
	if name == nil {
		return len(text)
	}
	at := strings.LastIndex(text, "</"+name[1])
	if at < 0 {
		return len(text)
	}
	return at + strings.IndexByte(text[at:], '>') + 1
}

// endsOfValues finds where each value ends that stands at the top of a JSON text.
func endsOfValues(text string) []int {
	var ends []int
	d := json.NewDecoder(strings.NewReader(text))
	for d.Decode(new(json.RawMessage)) == nil {
		ends = append(ends, int(d.InputOffset()))
	}
	return ends
}

// widest takes the first of the rows that have the most cells: the lines before and behind a table are narrower.
func widest(rows [][]string) int {
	at := 0
	for i, row := range rows {
		if len(row) > len(rows[at]) {
			at = i
		}
	}
	return at
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
	switch {
	case !ok:
		return mustFail
	case r.table != nil:
		return r.judgeRows(text)
	case r.lines && strings.HasSuffix(text, "\n"): // what is there says that it is not all, or has too little to be known
		return mayPass
	case r.lines:
		return mustFail
	case strings.TrimRight(text, blanks) == strings.TrimRight(r.whole, blanks):
		return mustPass
	case r.keys:
		return r.judgeKeys(text)
	case r.root > 0 && len(text) >= r.root && misc.MatchString(text[r.root:]):
		return mustPass
	case slices.Contains(r.ends, len(strings.TrimRight(text, blanks))):
		return mustPass
	}
	return mustFail
}

// judgeRows lets pass whole rows, and a last one that has as many cells as the header.
func (r cutRule) judgeRows(text string) verdict {
	rows, err := r.parse(text)
	if err != nil || len(rows) <= r.header {
		return mustFail
	}
	n := len(rows) - 1
	last, columns := rows[n], len(r.table[r.header])
	switch {
	case n == r.header && !strings.HasSuffix(text, "\n"):
		return mayPass
	case len(last) == columns && slices.Equal(last, r.table[n]):
		return mustPass
	case len(last) == columns, slices.Equal(last, r.table[n]):
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
	case !known.MatchString(text):
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
