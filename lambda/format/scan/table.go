package scan

import "bytes"

// TableVisitor is a visitor that is told what a table has besides records.
type TableVisitor interface {
	Visitor
	// Aside is called before the Open of a row that is no record: a sum, a title, a row of another table. Nothing of it is in the marks but
	// that it is there. Other visitors are not given such rows.
	Aside(why string)
	// Twice is called inside a row for each column whose name an earlier one has, with the name under which it is read.
	Twice(name, as []byte)
}

// Table knows the header of a table, and which of the rows behind it are records. Its texts are trimmed, and stand under their column's index.
type Table struct {
	names   [][]byte // by column, as the header has them
	fields  [][]byte // likewise, with a number behind those that an earlier column has
	twice   []int    // which those are
	known   map[string]bool
	begins  [256]bool // by the first byte: a row's first text may be a name of the header, the title, or a word of sums
	title   string    // the first text of the file's rows before the header; "": there is none
	profile profile
	gap     bool   // a blank row, or a title behind one, stands before the next row
	other   *other // the rows are another table's
}

// other is another table behind the first one, or what stands before a header that comes again.
type other struct {
	line    int    // of the other table's header; 0: there is none
	columns []bool // those in which its header has a name
}

// RowKind is what a row of a table is.
type RowKind uint8

// A Record is what a table's rows are as a rule; a Header names the columns of the rows that follow it; an Aside is neither.
const (
	Record RowKind = iota
	Header
	Aside
)

// NewTable takes the names of a header, by column, and the first text of the rows before it, with which they may come again. They are used as
// long as the table is.
func NewTable(names [][]byte, title string) *Table {
	t := &Table{names: names, title: title, fields: make([][]byte, len(names)), known: make(map[string]bool, len(names))}
	for i, name := range names {
		switch {
		case len(name) == 0:
		case !t.known[string(name)]:
			t.known[string(name)], t.fields[i] = true, name
		default:
			t.twice = append(t.twice, i)
		}
	}
	t.number()
	t.profile.columns = make([]column, len(names))
	for name := range t.known {
		t.begins[name[0]] = true
	}
	if title != "" {
		t.begins[title[0]] = true
	}
	for _, c := range []byte("tsgiTSGI(") {
		t.begins[c] = true
	}
	return t
}

// Names returns the header as it stands there.
func (t *Table) Names() [][]byte { return t.names }

// Fields returns under which name each column is read: none has a name that another has.
func (t *Table) Fields() [][]byte { return t.fields }

// IsTwice reports whether columns have the same name.
func (t *Table) IsTwice() bool { return len(t.twice) > 0 }

// TellTwice tells a visitor of the columns whose name an earlier one has.
func (t *Table) TellTwice(v TableVisitor) {
	for _, i := range t.twice {
		v.Twice(t.names[i], t.fields[i])
	}
}

// Blank notes that the row before the next one is blank.
func (t *Table) Blank() { t.gap = true }

// IsRecord reports whether a row is a record for certain, by the first of its texts that is not empty: most are, and need no second look.
func (t *Table) IsRecord(first []byte) bool {
	if !t.profile.full() || t.gap || t.other != nil || len(first) == 0 {
		return false
	}
	if !t.begins[first[0]] {
		return first[0] < '0' || first[0] > '9' || !isCount(first)
	}
	return !t.known[string(first)] && !t.isTitled(first) && !mayBeSum(first)
}

// Judge finds out what a row is by all its texts, those of cells beyond the header too. Place is where it stands, ended whether it has its line
// end: one that may be cut off is taken for a record unless it cannot be one. For an aside it returns why.
func (t *Table) Judge(texts [][]byte, line int, ended bool) (kind RowKind, why string) {
	gap := t.gap
	t.gap = false
	switch {
	case t.isHeader(texts):
		return Header, ""
	case isSum(texts):
		t.gap = gap
		return Aside, "it has sums of the rows before it"
	case t.other == nil && t.isTitled(firstOf(texts)) && t.profile.missing(texts) > 0:
		t.other = &other{}
		return Aside, t.other.why()
	case t.other != nil && !t.goesOn(texts):
		return Aside, t.other.why()
	case t.other == nil && gap && ended && t.isTitle(texts):
		t.gap = true
		return Aside, "it is a line of text behind a blank row, not a row of the table"
	case t.other == nil && gap && ended && t.isOther(texts):
		t.begin(texts, line)
		return Aside, "it is the header of another table"
	}
	t.other = nil
	t.profile.learn(texts)
	return Record, ""
}

// isHeader reports whether a row names columns, as files do that were written one behind the other: all names of the header in any order, perhaps
// with others, or most of them and nothing else.
func (t *Table) isHeader(texts [][]byte) bool {
	seen := make(map[string]bool, len(t.known))
	cells, others := 0, 0
	for _, text := range texts {
		if len(text) == 0 {
			continue
		}
		cells++
		if t.known[string(text)] {
			seen[string(text)] = true
		} else {
			others++
		}
		if others > 0 && others > len(seen) {
			return false
		}
	}
	const few = 3 // names that may all be values by chance
	switch {
	case len(seen) == len(t.known):
		return others == 0 || len(seen) >= few
	default:
		return others == 0 && cells == len(seen) && cells >= few && 2*cells >= len(t.known)
	}
}

// isTitled reports whether a row begins as the first one before the header does.
func (t *Table) isTitled(first []byte) bool { return t.title != "" && string(first) == t.title }

// isTitle reports whether a row behind a blank one is a title or a note: one text, where each row before had several.
func (t *Table) isTitle(texts [][]byte) bool {
	text, one := single(texts)
	return one && (!hasDigit(text) || bytes.ContainsAny(text, " :")) && t.profile.missing(texts) > 1
}

// isOther reports whether a row behind a blank one is the header of another table: words, several of which do not fit the columns in which they
// stand, or one of which names the column in which it stands. A record that has few texts may be all words too, but its texts fit.
func (t *Table) isOther(texts [][]byte) bool {
	cells, again := 0, false
	for i, text := range texts {
		if hasDigit(text) {
			return false
		}
		if len(text) > 0 {
			cells++
			again = again || bytes.Equal(text, at(t.names, i))
		}
	}
	return cells > 1 && (again || t.profile.strange(texts) > 1)
}

func (t *Table) begin(texts [][]byte, line int) {
	t.other = &other{line: line, columns: make([]bool, len(texts))}
	for i, text := range texts {
		t.other.columns[i] = len(text) > 0
	}
}

// goesOn reports whether a row behind the header of another table is none of that: it has a text where that header has no name, and all that
// each row of the first table has.
func (t *Table) goesOn(texts [][]byte) bool {
	for i, text := range texts {
		if len(text) > 0 && (i >= len(t.other.columns) || !t.other.columns[i]) {
			return t.profile.missing(texts) == 0
		}
	}
	return false
}
