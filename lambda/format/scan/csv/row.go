package csv

import "bytes"

// cell is where a cell's text lies in its row, without its quotes.
type cell struct {
	start, end int
	quoted     bool // doubled quotes and CR LF are to be resolved
	escaped    bool // backslashes are to be resolved
}

// splitter finds the cells of one row.
type splitter struct {
	delimiter byte
	most      int  // cells of a row
	strict    bool // nothing but blanks may stand behind a closing quote
	backslash bool // no cell is quoted, and characters are written with a backslash
	cells     []cell
	value     []byte // a cell's text, resolved
}

// split is what the look at a row found.
type split struct {
	size     int  // bytes of the row with its line end; 0: more bytes are needed, or it is wrong
	ended    bool // it has a line end
	quote    int  // where the quote was opened that is not closed; -1: none
	at       int  // where it is wrong
	msg      string
	tooMany  bool // it has more cells than it may
	complete bool // there is nothing behind b

	backslash bool // a quote is written with a backslash
}

// row finds the cells of the row that b begins with; complete: nothing follows b.
func (s *splitter) row(b []byte, complete bool) split {
	got := split{quote: -1, complete: complete}
	s.cells = s.cells[:0]
	for n := 0; ; n++ {
		if len(s.cells) == s.most {
			got.tooMany = true
			return got
		}
		n = s.cell(b, n, &got)
		if n < 0 {
			return got
		}
		if n == len(b) {
			if complete {
				got.size = n
			}
			return got
		}
		if b[n] != s.delimiter {
			got.size = lineEnd(b, n, complete)
			got.ended = true
			return got
		}
	}
}

// cell finds the cell that begins at b[n], and returns the index behind it; -1 where it is not there as a whole, or wrong.
func (s *splitter) cell(b []byte, n int, got *split) int {
	if n == len(b) || b[n] != '"' || s.backslash {
		end := n + s.unquoted(b[n:])
		s.cells = append(s.cells, cell{start: n, end: end, escaped: s.backslash})
		return end
	}
	closed := closing(b, n+1)
	if closed < 0 || closed+1 == len(b) && !got.complete {
		got.quote = n
		return -1
	}
	end := closed + 1
	for end < len(b) && (b[end] == ' ' || b[end] == '\t') && b[end] != s.delimiter {
		end++
	}
	if end == len(b) || b[end] == s.delimiter || b[end] == '\r' || b[end] == '\n' {
		s.cells = append(s.cells, cell{start: n + 1, end: closed, quoted: true})
		return end
	}
	if s.strict {
		got.at, got.msg = end, "text behind a closing quote (a quote inside quotes is written twice)"
		if b[closed-1] == '\\' {
			got.at, got.backslash, got.msg = closed, true, "a quote inside quotes is written twice, not with a backslash before it"
		}
		return -1
	}
	end += s.unquoted(b[end:])
	s.cells = append(s.cells, cell{start: n, end: end})
	return end
}

func (s *splitter) unquoted(b []byte) int {
	for i, c := range b {
		if c == s.delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(b)
}

// closing returns the index of the quote that closes the one before b[n]; -1 where there is none.
func closing(b []byte, n int) int {
	for {
		i := bytes.IndexByte(b[n:], '"')
		if i < 0 {
			return -1
		}
		n += i
		if n+1 == len(b) || b[n+1] != '"' {
			return n
		}
		n += 2
	}
}

// lineEnd returns the index behind the line end at b[n]; 0 where it may go on behind b.
func lineEnd(b []byte, n int, complete bool) int {
	if b[n] == '\n' {
		return n + 1
	}
	if n+1 == len(b) {
		if complete {
			return n + 1
		}
		return 0
	}
	if b[n+1] == '\n' {
		return n + 2
	}
	return n + 1
}

// text returns a cell's text. It is valid until the next call.
func (s *splitter) text(b []byte, c cell) []byte {
	raw := b[c.start:c.end]
	if !c.quoted && isNull(raw) {
		return nil
	}
	if c.escaped {
		return s.unescaped(raw)
	}
	if c.quoted && (bytes.IndexByte(raw, '"') >= 0 || bytes.IndexByte(raw, '\r') >= 0) {
		raw = s.resolved(raw)
	}
	return formulaText(raw)
}

// formulaText returns the text of a cell that is a formula of one text, ="0012345": so programs write what a spreadsheet would take for a number. Others
// are as they stand there.
func formulaText(cell []byte) []byte {
	if n := len(cell) - 1; n > 1 && cell[0] == '=' && cell[1] == '"' && cell[n] == '"' && bytes.IndexByte(cell[2:n], '"') < 0 {
		return cell[2:n]
	}
	return cell
}

// resolved returns the text between quotes with one quote for two, and LF for CR LF.
func (s *splitter) resolved(raw []byte) []byte {
	s.value = s.value[:0]
	for {
		n := bytes.IndexByte(raw, '"') + 1
		if n == 0 {
			break
		}
		s.value = append(s.value, raw[:n]...)
		raw = raw[min(n+1, len(raw)):]
	}
	s.value = append(s.value, raw...)
	if bytes.IndexByte(s.value, '\r') >= 0 {
		s.value = bytes.ReplaceAll(s.value, []byte("\r\n"), []byte("\n"))
	}
	return s.value
}

// blank reports whether no cell of the row has a text.
func (s *splitter) blank(b []byte) bool {
	for _, c := range s.cells {
		if text := s.trimmed(b, c); len(text) > 0 && (c.quoted || !isNull(text)) {
			return false
		}
	}
	return true
}

// trimmed returns a cell without the white space around it, and without what is resolved of quotes in it, unless it may be a formula of one text.
func (s *splitter) trimmed(b []byte, c cell) []byte {
	text := bytes.TrimSpace(b[c.start:c.end])
	if len(text) > 0 && text[0] == '=' {
		text = bytes.TrimSpace(s.text(b, c))
	}
	return text
}
