package date

import (
	"slices"
	"sync"
)

// Spreadsheet returns the layouts in which spreadsheets write the dates of a table, whatever the program wrote that it was made by: who opens and saves it has
// those of his own language. The document tells which number is the day.
var Spreadsheet = sync.OnceValue(func() []Layout {
	var layouts []Layout
	for _, day := range []string{"dd.MM.yyyy", "NN/NN/yyyy", "NN-NN-yyyy", "yyyy/MM/dd", "yyyy-MM-dd"} {
		for _, time := range []string{"", " HH:mm", " HH:mm:ss", " hh:mm a", " hh:mm:ss a"} {
			if l, err := Parse(day + time); err == nil { // a test reads with each
				layouts = append(layouts, l)
			}
		}
	}
	return layouts
})

// WithSpreadsheet returns layouts that a mapping names, and behind them those of spreadsheets: but none that reads a string as another day than one of its own.
// Where a mapping says dd/MM/yyyy, 12/31/2025 is no date: the document writes the month first, and whoever reads it must hear of that.
func WithSpreadsheet(own []Layout) []Layout {
	all := slices.Clip(own)
	for _, l := range Spreadsheet() {
		if !slices.ContainsFunc(own, func(o Layout) bool { return Ambiguous(o, l) }) {
			all = append(all, l)
		}
	}
	return all
}
