package date

import "sync"

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
