package meaning

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// piece is a part of a document's text: a text, or others between an opening and a closing text. Pieces of one name in one piece are
// records or entries: their order means nothing, and each may be left out or come again.
type piece struct {
	open, close, sep string
	inner            []*piece
	name             string // of an element of a list, or of a row; "": what stands between them
}

func (p *piece) text() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *piece) write(b *strings.Builder) {
	b.WriteString(p.open)
	for i, inner := range p.inner {
		if i > 0 {
			b.WriteString(p.sep)
		}
		inner.write(b)
	}
	b.WriteString(p.close)
}

// changed is a copy in which change has changed each list of pieces.
func (p *piece) changed(change func([]*piece) []*piece) *piece {
	list := make([]*piece, 0, len(p.inner))
	for _, inner := range p.inner {
		list = append(list, inner.changed(change))
	}
	if slices.ContainsFunc(list, func(p *piece) bool { return p.name != "" }) {
		list = change(list)
	}
	return &piece{p.open, p.close, p.sep, list, p.name}
}

// lists is how many lists of at least two pieces there are.
func (p *piece) lists() int {
	n := 0
	p.changed(func(list []*piece) []*piece {
		if len(named(list)) > 1 {
			n++
		}
		return list
	})
	return n
}

// named are the places of named pieces.
func named(list []*piece) []int {
	var at []int
	for i, p := range list {
		if p.name != "" {
			at = append(at, i)
		}
	}
	return at
}

// shuffled has the records and entries in another order. Those of one name change places, so that the texts between them stay.
func (p *piece) shuffled(random *rand.Rand) *piece {
	return p.changed(func(list []*piece) []*piece {
		byName := map[string][]int{}
		for _, i := range named(list) {
			byName[list[i].name] = append(byName[list[i].name], i)
		}
		for _, i := range named(list) {
			at := byName[list[i].name]
			j := at[random.IntN(len(at))]
			list[i], list[j] = list[j], list[i]
		}
		return list
	})
}

// less has fewer records and entries; of a list with one at least it leaves one.
func (p *piece) less(random *rand.Rand, percent int) *piece {
	return p.changed(func(list []*piece) []*piece {
		at := named(list)
		keep := at[random.IntN(len(at))]
		kept := make([]*piece, 0, len(list))
		for i, p := range list {
			if p.name == "" || i == keep || random.IntN(100) >= percent {
				kept = append(kept, p)
			}
		}
		return kept
	})
}

// more has some records and entries again, changed.
func (p *piece) more(random *rand.Rand, percent int, change func(string) string) *piece {
	return p.changed(func(list []*piece) []*piece {
		var longer []*piece
		for _, p := range list {
			longer = append(longer, p)
			if p.name != "" && random.IntN(100) < percent {
				longer = append(longer, &piece{open: change(p.text()), name: p.name})
			}
		}
		return longer
	})
}

// lists are the names of the lists that hold a mapping's records and entries.
type lists struct {
	names []tree.Pattern
	rows  bool // the document's rows, lines or elements are records
}

func listsOf(m *mapping.Mapping) lists {
	var l lists
	for _, b := range m.Blocks {
		l.add(b.Each)
		for _, f := range b.Fills {
			l.add(f.Each)
		}
	}
	return l
}

func (l *lists) add(paths []path.Path) {
	for _, p := range paths {
		l.rows = l.rows || p.Root == path.RootRows && !slices.ContainsFunc(p.Steps, func(s path.Step) bool { return s.Kind == path.Field || s.Kind == path.Group })
		if name, ok := lastName(p.Steps); ok {
			l.names = append(l.names, name)
		}
	}
}

// lastName is the last name of a path that is not any name.
func lastName(steps []path.Step) (tree.Pattern, bool) {
	for _, s := range slices.Backward(steps) {
		switch {
		case s.Kind == path.Group:
			if name, ok := lastName(s.Group); ok {
				return name, true
			}
		case s.Kind == path.Field && !s.Name.Fits(tree.NewName("a name that only a star fits")):
			return s.Name, true
		}
	}
	return tree.Pattern{}, false
}

// holdTables reports whether rows of tables stand in the lists.
func (l *lists) holdTables(m *mapping.Mapping) bool {
	var tables lists
	for _, t := range m.Tables {
		tables.add(t.Each)
		if l.rows && slices.ContainsFunc(t.Each, func(p path.Path) bool { return p.Root == path.RootRows }) {
			return true // lines are records, and rows of a table
		}
	}
	return slices.ContainsFunc(tables.names, func(name tree.Pattern) bool { return slices.Contains(l.names, name) })
}

func (l *lists) hold(name string) bool {
	n := tree.NewName(name)
	return slices.ContainsFunc(l.names, func(p tree.Pattern) bool { return p.Fits(n) })
}

var errPieces = errors.New("the text is not taken apart")

// pieces takes a text of JSON, lines of it, XML or a table apart.
func (l *lists) pieces(text string) (*piece, error) {
	switch first := strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n"); {
	case first == "" || strings.HasPrefix(first, "PK"): // a zip file, or a workbook
		return nil, errPieces
	case first[0] == '{' || first[0] == '[':
		return l.json(text)
	case first[0] == '<':
		return l.xml(text)
	default:
		return l.table(text)
	}
}

// xml takes elements of the lists' names for pieces; what stands between them stays in its place.
func (l *lists) xml(text string) (*piece, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	root := &piece{}
	open, at := []*piece{root}, []int64{0}
	for {
		from := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && len(open) == 1 {
			root.inner = append(root.inner, &piece{open: text[at[0]:]})
			return root, nil
		}
		if err != nil {
			return nil, errors.Join(errPieces, err)
		}
		last := len(open) - 1
		switch e := token.(type) {
		case xml.StartElement:
			open[last].inner = append(open[last].inner, &piece{open: text[at[last]:from]})
			p := &piece{}
			if l.hold(e.Name.Local) {
				p.name = e.Name.Local
			}
			open[last].inner = append(open[last].inner, p)
			open, at = append(open, p), append(at, from)
		case xml.EndElement:
			if last == 0 {
				return nil, errPieces
			}
			open[last].inner = append(open[last].inner, &piece{open: text[at[last]:d.InputOffset()]})
			open, at = open[:last], at[:last]
			at[last-1] = d.InputOffset()
		}
	}
}

// table takes rows for pieces that have as many cells as most have, but for the first of them, which is the header. Line ends in quotes are
// none. Tables of which rows are no records stay whole.
func (l *lists) table(text string) (*piece, error) {
	rows := rowsOf(text)
	delimiters := func(row string) int {
		return max(outside(row, ','), outside(row, ';'), outside(row, '\t'), outside(row, '|'))
	}
	count := map[int]int{}
	for _, row := range rows {
		count[delimiters(row)]++
	}
	most := 0
	for n, rows := range count {
		if rows > count[most] || rows == count[most] && n > most {
			most = n
		}
	}
	if !l.rows || most == 0 { // without a delimiter no row looks like a header
		return nil, errPieces
	}
	root, headed := &piece{}, false
	for _, row := range rows {
		p := &piece{open: row}
		if delimiters(row) == most {
			if headed {
				p.name = "row"
			}
			headed = true
		}
		root.inner = append(root.inner, p)
	}
	return root, nil
}

// rowsOf cuts a table into rows, each with a line end.
func rowsOf(text string) []string {
	var rows []string
	from, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\n' && !quoted:
			rows = append(rows, text[from:i+1])
			from = i + 1
		}
	}
	if from < len(text) {
		rows = append(rows, text[from:]+"\n")
	}
	return rows
}

// outside counts a byte outside quotes.
func outside(row string, c byte) int {
	n, quoted := 0, false
	for i := range len(row) {
		switch row[i] {
		case '"':
			quoted = !quoted
		case c:
			if !quoted {
				n++
			}
		}
	}
	return n
}

// json takes elements of the lists' names for pieces, and values that stand one behind the other, or in a list at the top.
func (l *lists) json(text string) (*piece, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	s := &jsonText{text: []byte(text), lists: l}
	root := &piece{sep: "\n"}
	for s.blank(); s.at < len(s.text); s.blank() {
		p, err := s.value("", l.rows)
		if err != nil {
			return nil, err
		}
		root.inner = append(root.inner, p)
	}
	if len(root.inner) > 1 {
		for _, p := range root.inner {
			p.name = "line"
		}
	}
	return root, nil
}

// jsonText is read from at on.
type jsonText struct {
	text  []byte
	at    int
	lists *lists
}

func (s *jsonText) blank() {
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
}

// value reads a value of a field of that name; records is whether a list there has records.
func (s *jsonText) value(name string, records bool) (*piece, error) {
	s.blank()
	if s.at >= len(s.text) {
		return nil, errPieces
	}
	switch s.text[s.at] {
	case '{':
		return s.members()
	case '[':
		return s.elements(name, records)
	case '"':
		text, err := s.str()
		return &piece{open: text}, err
	}
	from := s.at
	for s.at < len(s.text) && bytes.IndexByte([]byte(",]} \t\r\n"), s.text[s.at]) < 0 {
		s.at++
	}
	if from == s.at {
		return nil, errPieces
	}
	return &piece{open: string(s.text[from:s.at])}, nil
}

func (s *jsonText) str() (string, error) {
	from := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return string(s.text[from:s.at]), nil
		}
	}
	return "", errPieces
}

// next passes a comma, or the end, which it reports.
func (s *jsonText) next(end byte) (bool, error) {
	s.blank()
	if s.at >= len(s.text) || s.text[s.at] != ',' && s.text[s.at] != end {
		return false, errPieces
	}
	s.at++
	return s.text[s.at-1] == end, nil
}

func (s *jsonText) empty(end byte) bool {
	s.at++
	s.blank()
	if s.at < len(s.text) && s.text[s.at] == end {
		s.at++
		return true
	}
	return false
}

func (s *jsonText) members() (*piece, error) {
	p := &piece{open: "{", close: "}", sep: ","}
	for ended := s.empty('}'); !ended; {
		s.blank()
		if s.at >= len(s.text) || s.text[s.at] != '"' {
			return nil, errPieces
		}
		key, err := s.str()
		if err != nil {
			return nil, err
		}
		s.blank()
		s.at++ // the colon
		inner, err := s.value(strings.Trim(key, `"`), false)
		if err != nil {
			return nil, err
		}
		p.inner = append(p.inner, &piece{open: key + ":", inner: []*piece{inner}})
		if ended, err = s.next('}'); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (s *jsonText) elements(name string, records bool) (*piece, error) {
	p := &piece{open: "[", close: "]", sep: ","}
	records = records || s.lists.hold(name)
	for ended := s.empty(']'); !ended; {
		inner, err := s.value("", false)
		if err != nil {
			return nil, err
		}
		if records {
			inner.name = "element"
		}
		p.inner = append(p.inner, inner)
		if ended, err = s.next(']'); err != nil {
			return nil, err
		}
	}
	return p, nil
}
