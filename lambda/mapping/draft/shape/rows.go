package shape

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
)

// Row is what one object holds: its strings by their places, those of a list joined.
type Row map[*Shape]string

// Record is one record of the sample, with the entries of the lists in it.
type Record struct {
	Values  Row
	Entries map[*Shape][]Row
}

// maxRecords bounds how many records, and how many entries in all, are held to find keys.
const maxRecords = 20_000

// recorder collects the records at a place.
type recorder struct {
	grower
	at      *Shape
	lists   map[*Shape]bool // whose objects are entries
	open    []Row           // the record and the entries around the current value
	current *Record
	records []Record
	entries int
}

// Records reads the records of a place, with the entries in the given lists.
func (s *Source) Records(t *Tree, at *Shape, lists []*Shape) ([]Record, error) {
	r := &recorder{grower: grower{tree: t}, at: at, lists: map[*Shape]bool{}}
	for _, list := range lists {
		r.lists[list] = true
	}
	err := s.scan(r)
	return r.records, err
}

// Open begins a value; what was counted before is not counted again.
func (r *recorder) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	s := r.grower.at(name)
	if s == nil || kind == scan.Null {
		return scan.Skip, nil
	}
	r.frames = append(r.frames, growing{shape: s})
	if kind != scan.Object {
		return scan.Enter, nil
	}
	switch {
	case s == r.at && r.current == nil:
		r.current = &Record{Values: Row{}, Entries: map[*Shape][]Row{}}
		r.begin(r.current.Values, string(name))
	case r.current != nil && r.lists[s]:
		r.entries++
		r.begin(Row{}, string(name))
	}
	return scan.Enter, nil
}

func (r *recorder) begin(values Row, name string) {
	r.frames[len(r.frames)-1].number = 1
	values[NameShape] = name
	r.open = append(r.open, values)
}

// NameShape is where a row keeps the name under which its object stands.
var NameShape = New("$name", nil)

// Text is the text of a value.
func (r *recorder) Text(value []byte) error {
	if inner, err := r.jsonText(value, r); inner {
		return err
	}
	if len(r.open) == 0 {
		return nil
	}
	r.pairText(string(value))
	r.take(r.frames[len(r.frames)-1].shape, string(value))
	return nil
}

// take adds a string to the row around it.
func (r *recorder) take(s *Shape, value string) {
	text := strings.TrimSpace(value)
	if text == "" || content.Placeholder(text) {
		return
	}
	values := r.open[len(r.open)-1]
	if before := values[s]; before != "" {
		text = before + "," + text
	}
	values[s] = text
}

// Close ends a value, and with it a record or an entry.
func (r *recorder) Close() error {
	f := r.frames[len(r.frames)-1]
	r.frames = r.frames[:len(r.frames)-1]
	if field, text := r.pairOf(f, false); field != nil && len(r.open) > 0 && f.number == 0 {
		r.take(field, text)
	}
	if f.number == 0 {
		return nil
	}
	done := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if len(r.open) > 0 {
		r.current.Entries[f.shape] = append(r.current.Entries[f.shape], done)
		return nil
	}
	r.records = append(r.records, *r.current)
	r.current = nil
	if len(r.records) >= maxRecords || r.entries >= maxRecords {
		return errEnough
	}
	return nil
}
