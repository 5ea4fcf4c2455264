package scan

import "bytes"

// Format is how a document is written.
type Format uint8

// FormatUnknown is what is no text at all; FormatEmpty is a document of nothing, or nothing but white space.
const (
	FormatUnknown Format = iota
	FormatEmpty
	FormatXML
	FormatJSON
	FormatCSV
	FormatKeyValue
	FormatArchive
	FormatWorkbook
)

func (f Format) String() string {
	names := [...]string{"unknown", "empty", "XML", "JSON", "CSV", "key-value text", "archive", "workbook"}
	if int(f) >= len(names) {
		return names[FormatUnknown]
	}
	return names[f]
}

// Sniff tells by the first bytes how a document is written. Any text that is neither XML nor JSON is a candidate for
// CSV, for only its header tells whether it is one, or its keys that it is key-value text. Archives and workbooks have no such bytes: they
// are opened before.
func Sniff(head []byte) Format {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		return FormatEmpty
	case noText(text):
		return FormatUnknown
	case text[0] == '<':
		return FormatXML
	case text[0] == '{', text[0] == '[', literal(text):
		return FormatJSON
	default:
		return FormatCSV
	}
}

// noText tells whether bytes stand near the beginning that no text has.
func noText(head []byte) bool {
	for _, c := range head[:min(len(head), 1024)] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			return true
		}
	}
	return false
}

// literal tells whether the text begins with a word of JSON on a line of its own.
func literal(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	switch string(bytes.TrimSpace(line)) {
	case "null", "true", "false":
		return true
	}
	return false
}

// Rows gives the first rows of a CSV file, most at most, blank ones left out: where a header is looked for. Its indices
// are those of Dialect.HeaderRow. The head may be cut anywhere: unless it is complete, its last row is left out. Rows
// end where the bytes no longer make a row under the delimiter.
func Rows(head []byte, complete bool, delimiter byte, most int) [][]string {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	s := splitter{delimiter: delimiter}
	var rows [][]string
	for len(rows) < most && len(head) > 0 {
		size := s.row(head, complete).size
		if size == 0 {
			break
		}
		if !s.blank(head) {
			rows = append(rows, s.texts(head))
		}
		head = head[size:]
	}
	return rows
}

func (s *splitter) texts(row []byte) []string {
	texts := make([]string, 0, len(s.cells))
	for _, c := range s.cells {
		texts = append(texts, string(bytes.TrimSpace(s.text(row, c))))
	}
	return texts
}
