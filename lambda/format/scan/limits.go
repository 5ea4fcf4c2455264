package scan

import "cmp"

// Limits bound what one document may ask of the reader's memory. Zero stands for the default.
type Limits struct {
	Depth   int // levels of elements, objects and lists
	Name    int // bytes of a field's name
	Text    int // bytes of one text
	Record  int // bytes of one CSV row, or of one XML tag with its attributes
	Records int // JSON root values, or CSV rows
}

// OrDefaults returns the limits with the defaults in place of zeros.
func (l Limits) OrDefaults() Limits {
	return Limits{
		Depth:   cmp.Or(l.Depth, 512),
		Name:    cmp.Or(l.Name, 4<<10),
		Text:    cmp.Or(l.Text, 16<<20),
		Record:  cmp.Or(l.Record, 8<<20),
		Records: cmp.Or(l.Records, 1<<30),
	}
}
