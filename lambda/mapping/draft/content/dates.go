package content

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// Dating is how the dates of a column are written.
type Dating struct {
	Layout string // "": ISO 8601, which needs no word
	Other  string // a layout that reads all of them, too, as other days; "" where there is none
	Local  bool   // there are times among them that name no zone
}

// days are layouts of days. Two beside each other read the same strings as different days.
var days = [][]string{
	{"dd/MM/yyyy", "MM/dd/yyyy"},
	{"dd-MM-yyyy", "MM-dd-yyyy"},
	{"dd.MM.yyyy"},
	{"yyyy/MM/dd"},
	{"yyyy.MM.dd"},
	{"dd MMM yyyy"},
	{"dd-MMM-yyyy"},
	{"MMM dd, yyyy"},
	{"MMM dd yyyy"},
	{"dd. MMM yyyy"},
	{"EEE, dd MMM yyyy"},
	{"EEE dd MMM yyyy"},
	{"yyyy-MMM-dd"},
	{"dd/MMM/yyyy"},
	{"dd-MMM-yy"},
	{"dd/MMM/yy"},
	{"dd MMM yy"},
}

// shortDays are layouts of days that versions look like, too: 2.4.58.
var shortDays = [][]string{
	{"dd/MM/yy", "MM/dd/yy"},
	{"dd.MM.yy"},
}

// times are what may follow a day.
var times = []string{"", " HH:mm:ss", " HH:mm", " HH:mm:ss z", " HH:mm z", " hh:mm:ss a", " hh:mm a", " HH:mm:ss.SSS", ", HH:mm:ss", ", HH:mm", "'T'HH:mm:ss", " 'at' hh:mm a", ", hh:mm:ss a"}

// whole are layouts in which the time does not follow the day.
var whole = []string{"EEE MMM dd HH:mm:ss yyyy", "EEE MMM dd HH:mm:ss z yyyy", "MMM dd HH:mm:ss yyyy z", "yyyyMMddHHmmss", "yyyyMMdd HHmmss"}

var twinLayout = regular.Expression(`^(dd[/-]MM|MM[/-]dd)`)

// maybeDate reports whether a text is a line as long as dates are.
func maybeDate(text string) bool {
	n := utf8.RuneCountInString(text)
	return n >= 6 && n <= 40 && !strings.Contains(text, "\n")
}

// LayoutOf finds the layout that reads all strings of a column; nil where they are no dates. Numbers are dates only where the column's
// name states it: an identifier may look like one.
func LayoutOf(c *Column, named bool) *Dating {
	d := layoutOf(c, named)
	if d != nil {
		d.Local = c.isLocal(d.Layout)
	}
	return d
}

// isLocal reports whether the dates of a column depend on the zone of its source.
func (c *Column) isLocal(layout string) bool {
	l, err := date.Parse(layout)
	here, elsewhere := &date.Reader{Zone: time.UTC}, &date.Reader{Zone: time.FixedZone("", 3600)}
	if err == nil {
		here.Layouts, elsewhere.Layouts = []date.Layout{l}, []date.Layout{l}
	}
	return slices.ContainsFunc(c.Values, func(text string) bool {
		a, _ := here.Read(text)
		b, _ := elsewhere.Read(text)
		return !a.Equal(b)
	})
}

func layoutOf(c *Column, named bool) *Dating {
	if !c.All(maybeDate) {
		return nil
	}
	digits := c.All(func(text string) bool { return strings.Trim(text, "0123456789.") == "" && strings.Count(text, ".") < 2 })
	switch {
	case digits && named:
		return c.firstOf("unix", "unixms", "yyyyMMddHHmmss", "")
	case digits:
		return nil
	case c.datedAs(""):
		return &Dating{}
	}
	all := days
	if named {
		all = slices.Concat(days, shortDays)
	}
	for _, day := range all {
		for _, time := range times {
			var d *Dating
			for _, layout := range day {
				switch {
				case !c.datedAs(layout + time):
				case d == nil:
					d = &Dating{Layout: layout + time}
				default:
					d.Other = layout + time
				}
			}
			if d != nil {
				return d
			}
		}
	}
	return c.firstOf(whole...)
}

// firstOf returns the first of some layouts that reads the column; nil where none does.
func (c *Column) firstOf(layouts ...string) *Dating {
	for _, layout := range layouts {
		if c.datedAs(layout) {
			return &Dating{Layout: layout}
		}
	}
	return nil
}

// datedAs reports whether a layout, or what is read without one where it is "", reads every string that was kept of a column, and one of
// them is a date of our time: others may stand for none.
func (c *Column) datedAs(layout string) bool {
	read := (&date.Reader{Zone: time.UTC}).Read
	if layout != "" {
		l, err := date.Parse(layout)
		if err != nil {
			return false
		}
		read = (&date.Reader{Layouts: []date.Layout{l}, Zone: time.UTC}).Read // some cells may be dates of a spreadsheet, in ISO 8601, and others texts
	}
	dated := false
	return c.All(func(text string) bool {
		at, ok := read(text)
		at = date.OrNone(at)
		dated = dated || !at.IsZero()
		return ok && (at.IsZero() || at.Year() > 1900 && at.Year() < 2200)
	}) && dated
}

// Leading returns what comes first in a layout of day and month in numbers, "dd" or "MM"; "" for other layouts.
func (d *Dating) Leading() string {
	if !twinLayout().MatchString(d.Layout) {
		return ""
	}
	return d.Layout[:2]
}
