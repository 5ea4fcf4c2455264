package draft

import (
	"regexp"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

// dating is how the dates of a column are written.
type dating struct {
	layout string // "": ISO 8601, which needs no word
	other  string // a layout that reads all of them, too, as other days; "" where there is none
}

// twins are layouts of day and month, and of month and day.
var twins = [][2]string{
	{"dd/MM/yyyy", "MM/dd/yyyy"}, {"dd-MM-yyyy", "MM-dd-yyyy"},
}

// times are what may follow a day.
var times = []string{"", " HH:mm:ss", " HH:mm", " HH:mm:ss z", " HH:mm z", " hh:mm:ss a", " hh:mm a", " HH:mm:ss.SSS", ", HH:mm:ss", ", HH:mm", "'T'HH:mm:ss", " 'at' hh:mm a", ", hh:mm:ss a"}

// days are layouts that are read in one way only.
var days = []string{
	"dd.MM.yyyy", "yyyy/MM/dd", "yyyy.MM.dd", "dd MMM yyyy", "dd-MMM-yyyy", "MMM dd, yyyy", "MMM dd yyyy", "dd. MMM yyyy", "EEE, dd MMM yyyy", "EEE dd MMM yyyy", "yyyy-MMM-dd", "dd/MMM/yyyy",
}

// whole are layouts in which the time does not follow the day.
var whole = []string{"EEE MMM dd HH:mm:ss yyyy", "EEE MMM dd HH:mm:ss z yyyy", "MMM dd HH:mm:ss yyyy z", "yyyyMMddHHmmss", "yyyyMMdd HHmmss"}

// twinLayout fits layouts of which there is a twin.
var twinLayout = regexp.MustCompile(`^(dd[/-]MM|MM[/-]dd)`)

var maybeDate = regexp.MustCompile(`^.{6,40}$`)

// layoutOf finds the layout that reads all strings of a column; nil where they are no dates. Numbers are dates only where the column's
// name says so: an identifier may look like one.
func layoutOf(c *column, named bool) *dating {
	if len(c.values) == 0 || !c.all(maybeDate.MatchString) {
		return nil
	}
	digits := c.all(func(text string) bool { return strings.Trim(text, "0123456789.") == "" && strings.Count(text, ".") < 2 })
	if digits {
		if !named {
			return nil
		}
		return firstOf(c, "unix", "unixms", "yyyyMMddHHmmss", "")
	}
	if reads(c, "") {
		return &dating{}
	}
	for _, twin := range twins {
		for _, time := range times {
			if d := twinOf(c, twin[0]+time, twin[1]+time); d != nil {
				return d
			}
		}
	}
	for _, day := range days {
		for _, time := range times {
			if reads(c, day+time) {
				return &dating{layout: day + time}
			}
		}
	}
	return firstOf(c, whole...)
}

// twinOf takes the one of two layouts that reads the column, the first where both do.
func twinOf(c *column, first, second string) *dating {
	one, two := reads(c, first), reads(c, second)
	switch {
	case one && two:
		return &dating{layout: first, other: second}
	case one:
		return &dating{layout: first}
	case two:
		return &dating{layout: second}
	default:
		return nil
	}
}

func firstOf(c *column, layouts ...string) *dating {
	for _, layout := range layouts {
		if reads(c, layout) {
			return &dating{layout: layout}
		}
	}
	return nil
}

// reads reports whether a layout, or ISO 8601 where it is "", reads every string that was kept of a column.
func reads(c *column, layout string) bool {
	read := (&date.Reader{Zone: time.UTC}).Read
	if layout != "" {
		l, err := date.Parse(layout)
		if err != nil {
			return false
		}
		read = func(text string) (time.Time, bool) { return l.Read(text, time.UTC) }
	}
	return c.all(func(text string) bool {
		at, ok := read(text)
		return ok && at.Year() > 1900 && at.Year() < 2200
	})
}

// settle decides between days before months and months before days as other columns of the sample do, which can be read in one way
// only.
func settle(fills []*fill) {
	var sure string
	for _, f := range fills {
		for _, a := range f.attributes {
			if d := a.dating; d != nil && d.other == "" && twinLayout.MatchString(d.layout) {
				sure = d.layout[:2]
			}
		}
	}
	for _, f := range fills {
		for _, a := range f.attributes {
			if d := a.dating; sure != "" && d != nil && d.other != "" {
				if d.layout[:2] != sure {
					d.layout = d.other
				}
				d.other, a.note = "", "days and months as in the other dates"
			}
		}
	}
}
