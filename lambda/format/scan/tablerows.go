package scan

import (
	"bytes"
	"fmt"
)

func (o *other) why() string {
	if o.line == 0 {
		return "it stands before a header that comes again"
	}
	return fmt.Sprintf("it belongs to another table, whose header is in line %d", o.line)
}

// profile is what the first rows of a table have in common.
type profile struct {
	rows    int
	columns []column
}

// column counts the rows that have a text in it, and a text with a digit.
type column struct{ filled, digits int }

// learned is how many rows are looked at.
const learned = 64

func (p *profile) full() bool { return p.rows == learned }

func (p *profile) learn(texts [][]byte) {
	if p.full() {
		return
	}
	p.rows++
	for i, text := range texts[:min(len(texts), len(p.columns))] {
		if len(text) > 0 {
			p.columns[i].filled++
		}
		if hasDigit(text) {
			p.columns[i].digits++
		}
	}
}

// missing returns in how many columns a row has no text, where each row before has one.
func (p *profile) missing(texts [][]byte) int {
	n := 0
	for i, c := range p.columns {
		if p.rows > 0 && c.filled == p.rows && len(at(texts, i)) == 0 {
			n++
		}
	}
	return n
}

// strange returns in how many columns a row of words is unlike all rows before: they have a digit there, or no text at all.
func (p *profile) strange(texts [][]byte) int {
	if p.rows == 0 {
		return 0
	}
	n := 0
	for i, c := range p.columns {
		if len(at(texts, i)) > 0 && c.digits == c.filled {
			n++
		}
	}
	for _, text := range texts[min(len(p.columns), len(texts)):] {
		if len(text) > 0 {
			n++
		}
	}
	return n
}

func at(texts [][]byte, i int) []byte {
	if i < len(texts) {
		return texts[i]
	}
	return nil
}

func firstOf(texts [][]byte) []byte {
	for _, text := range texts {
		if len(text) > 0 {
			return text
		}
	}
	return nil
}

// single returns the only text of a row.
func single(texts [][]byte) (text []byte, one bool) {
	for _, t := range texts {
		if len(t) > 0 && one {
			return nil, false
		}
		if len(t) > 0 {
			text, one = t, true
		}
	}
	return text, one
}

func hasDigit(text []byte) bool {
	return bytes.ContainsAny(text, "0123456789")
}

// isSum reports whether a row has sums of others: behind a word for that nothing but numbers, or one text as "Total: 12 records", "12 rows".
func isSum(texts [][]byte) bool {
	var label []byte
	numbers := 0
	for _, text := range texts {
		switch {
		case len(text) == 0:
		case label == nil:
			label = text
		case !isNumber(text) && !isAmount(label, text):
			return false
		default:
			numbers++
		}
	}
	word, rest := sumWord(label)
	if !word {
		return numbers == 0 && isCount(label)
	}
	// "Total Recall" alone may be a name.
	return numbers > 0 || len(rest) == 0 || hasDigit(rest) || bytes.ContainsRune(rest, ':') || isWordOfRows(rest)
}

// isAmount reports whether a text behind nothing but a word of sums says how many there are of something: "12 servers".
func isAmount(label, text []byte) bool {
	number, words, found := bytes.Cut(text, []byte(" "))
	word, rest := sumWord(label)
	return found && word && len(bytes.Trim(rest, ": ")) == 0 && isNumber(number) && !hasDigit(words)
}

// mayBeSum reports whether a row may have sums, by its first text.
func mayBeSum(first []byte) bool {
	if len(first) == 0 || len(first) > maxSum {
		return false
	}
	if first[0] >= '0' && first[0] <= '9' || first[0] == '(' {
		return isCount(first)
	}
	word, _ := sumWord(first)
	return word
}

// maxSum is how long a text of sums is at most.
const maxSum = 80

// sumWord reports whether a text begins with a word that stands before sums, and returns what is behind it.
func sumWord(text []byte) (word bool, rest []byte) {
	if len(text) < 3 || len(text) > maxSum {
		return false, nil
	}
	switch string([]byte{text[0] | 0x20, text[1] | 0x20}) { // as few rows as possible go on
	case "to", "su", "so", "gr", "ge", "in":
	default:
		return false, nil
	}
	for _, known := range [...]string{
		"grand totals", "grand total", "sub-total", "sub total", "subtotal", "totals", "total", "sum",
		"gesamtsumme", "gesamt", "summe", "insgesamt", "totale", "totaal", "total général", "total general", "somme", "suma", "somma",
	} {
		n := len(known)
		if len(text) >= n && bytes.EqualFold(text[:n], []byte(known)) && (len(text) == n || text[n] == ':' || text[n] == ' ') {
			return true, text[n:]
		}
	}
	return false, nil
}

// isCount reports whether a text says how many rows there are: "12 rows", "(2 records)".
func isCount(text []byte) bool {
	if len(text) > maxSum || bytes.IndexByte(text, ' ') < 0 {
		return false
	}
	number, words, found := bytes.Cut(bytes.Trim(text, "()"), []byte(" "))
	return found && isNumber(number) && isWordOfRows(words)
}

func isWordOfRows(text []byte) bool {
	word, _, _ := bytes.Cut(bytes.TrimSpace(bytes.ToLower(text)), []byte(" "))
	switch string(word) {
	case "row", "rows", "record", "records", "result", "results", "entry", "entries", "item", "items",
		"zeilen", "datensätze", "einträge", "lignes", "enregistrements", "registros", "filas":
		return true
	}
	return false
}

// isNumber reports whether a text is a number, perhaps with a currency or per cent: no address, no date.
func isNumber(text []byte) bool {
	digits := false
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case c < 0x80 && !bytes.ContainsRune([]byte(" .,%+-'$"), rune(c)):
			return false
		}
	}
	return digits && bytes.Count(text, []byte(".")) < 3 && bytes.Count(text, []byte("-")) < 2
}
