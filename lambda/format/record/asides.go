package record

import (
	"fmt"
	"slices"
)

// asides hold why rows of tables are no records, and what else there is to say about tables.
type asides struct {
	reasons []string
	next    int // 1 more than the index of the reason for the row that comes next; 0: it is a record
	remarks []string
}

// maxReasons bounds how many reasons are held.
const maxReasons = 100

// Aside says that the row that comes next is no record.
func (r *reader) Aside(why string) {
	a := &r.asides
	at := slices.Index(a.reasons, why)
	if at < 0 && len(a.reasons) < maxReasons {
		at = len(a.reasons)
		a.reasons = append(a.reasons, why)
	}
	if at < 0 {
		at = len(a.reasons) - 1
	}
	a.next = at + 1
}

func (a *asides) why(number int) string {
	if number < 1 || number > len(a.reasons) {
		return ""
	}
	return a.reasons[number-1]
}

// Twice says that of several columns of a name one is read, and another is not.
func (r *reader) Twice(name, as []byte) {
	said := fmt.Sprintf("several columns are called %.200q: the first one counts; what is in another one is read as %.200q", name, as)
	if len(r.asides.remarks) < maxReasons && r.Wants(name) && !r.Wants(as) && !slices.Contains(r.asides.remarks, said) {
		r.asides.remarks = append(r.asides.remarks, said)
	}
}
