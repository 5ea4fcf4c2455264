package date

import (
	"slices"
	"sync"
)

// Spreadsheet returns the layouts in which spreadsheets write the dates of a table, whatever the program wrote that it was made by: who opens and saves it has
// those of his own language. The document tells which number is the day.
var Spreadsheet = sync.OnceValue(func() []Layout {
	var layouts []Layout
	for _, day := range []string{"dd.MM.yyyy", "NN/NN/yyyy", "NN-NN-yyyy", "yyyy/MM/dd", "yyyy-MM-dd"} { // the last with AM and PM, which ISO 8601 has not
		for _, time := range []string{"", " HH:mm", " HH:mm:ss", " hh:mm a", " hh:mm:ss a"} {
			if l, err := Parse(day + time); err == nil { // a test reads with each
				layouts = append(layouts, l)
			}
		}
	}
	return layouts
})

// SpreadsheetBeside returns the layouts of spreadsheets but those that read a string as another day than one of a mapping's own. Where a mapping says
// dd/MM/yyyy, 12/31/2025 is no date: the document writes the month first, and whoever reads it must hear of that.
func SpreadsheetBeside(own []Layout) []Layout {
	if len(own) == 0 {
		return Spreadsheet()
	}
	return slices.DeleteFunc(slices.Clone(Spreadsheet()), func(l Layout) bool {
		return slices.ContainsFunc(own, func(o Layout) bool { return Ambiguous(o, l) })
	})
}
