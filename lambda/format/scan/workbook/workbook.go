// Package workbook knows how workbooks are written (Office Open XML, ECMA-376: .xlsx): their parts, sheets, cells, shared strings and
// number formats, of which it reads rows one by one, or makes marks. It does not know what the columns mean, nor where a header is.
package workbook

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// Options bound what reading a workbook may use.
type Options struct {
	Limits  scan.Limits // zero: defaults
	Budget  int         // bytes of shared strings in memory, about; the rest is in a temporary file
	TempDir string      // "": the system's
}

// Sheet is a worksheet.
type Sheet struct {
	Name   string
	Hidden bool
	part   int
}

// Book is an open workbook.
type Book struct {
	Sheets []Sheet // in the order of their tabs

	parts   scan.Archive
	names   []string
	o       Options
	dates   bool // they are counted from 1904
	styles  int  // the part that has them; -1: none
	formats []numberFormat
	styled  bool // formats were read
	shared  int  // the part that has the shared strings; -1: none
	strings *table
}

const contentTypes = "[Content_Types].xml"

// Is reports whether a zip file of these members is a workbook.
func Is(members []string) bool {
	return slices.Contains(members, contentTypes) && slices.ContainsFunc(members, func(name string) bool { return strings.HasPrefix(name, "xl/") })
}

// Open reads which sheets there are. Its errors are a *scan.SyntaxError, or of the parts.
func Open(p scan.Archive, o Options) (*Book, error) {
	b := &Book{parts: p, names: p.Members(), o: o, styles: -1, shared: -1}
	b.o.Limits = o.Limits.OrDefaults()
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	related, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	err = b.elements(b.find(main), func(parent, name string, attrs map[string]string) error {
		switch {
		case name == "workbookPr":
			b.dates = isTrue(attrs["date1904"])
		case parent == "sheets" && name == "sheet":
			if part := related[attrs["id"]]; part.kind == "worksheet" && part.number >= 0 && len(b.Sheets) < b.o.Limits.Members {
				b.Sheets = append(b.Sheets, Sheet{attrs["name"], attrs["state"] != "" && attrs["state"] != "visible", part.number})
			}
		}
		return nil
	})
	for _, r := range related {
		switch r.kind {
		case "styles":
			b.styles = r.number
		case "sharedStrings":
			b.shared = r.number
		}
	}
	return b, err
}

// First is the number of the first sheet that is shown; -1 where there is none.
func (b *Book) First() int {
	if i := slices.IndexFunc(b.Sheets, func(s Sheet) bool { return !s.Hidden }); i >= 0 {
		return i
	}
	return min(0, len(b.Sheets)-1)
}

// Close frees what the workbook holds.
func (b *Book) Close() error { return b.strings.close() }

func isTrue(text string) bool { return text == "1" || text == "true" }

// mainPart returns the name of the part that lists the sheets.
func (b *Book) mainPart() (string, error) {
	found := "xl/workbook.xml"
	err := b.elements(b.find(contentTypes), func(_, name string, attrs map[string]string) error {
		if name == "Override" && strings.HasSuffix(attrs["ContentType"], ".main+xml") && strings.Contains(attrs["ContentType"], "sheet") {
			found = strings.TrimPrefix(attrs["PartName"], "/")
		}
		return nil
	})
	if err == nil && b.find(found) < 0 {
		err = &scan.SyntaxError{Within: found, Msg: "a workbook without this part: save it as .xlsx (not .xlsb)"}
	}
	return found, err
}

// related is a part that another one refers to.
type related struct {
	kind   string // the end of the relationship's type, which has two spellings
	number int    // -1: it is not there
}

func (b *Book) relations(of string) (map[string]related, error) {
	all := map[string]related{}
	rels := b.find(path.Join(path.Dir(of), "_rels", path.Base(of)+".rels"))
	if rels < 0 {
		return nil, &scan.SyntaxError{Within: of, Msg: "a workbook without the relationships of this part"}
	}
	err := b.elements(rels, func(_, name string, attrs map[string]string) error {
		if name == "Relationship" && attrs["TargetMode"] != "External" {
			target := strings.TrimPrefix(attrs["Target"], "/")
			if target == attrs["Target"] {
				target = path.Join(path.Dir(of), target)
			}
			all[attrs["Id"]] = related{path.Base(attrs["Type"]), b.find(target)}
		}
		if len(all) > b.o.Limits.Members {
			return &scan.SyntaxError{Msg: fmt.Sprintf("more than %d relationships", b.o.Limits.Members), Err: scan.ErrLimit, Limit: limit.Members}
		}
		return nil
	})
	return all, err
}

// find returns the number of a part; -1 where there is none. Their names are compared without case.
func (b *Book) find(name string) int {
	return slices.IndexFunc(b.names, func(other string) bool { return strings.EqualFold(other, name) })
}

// xml reads a part.
func (b *Book) xml(part int, v scan.Visitor, l scan.Limits) error {
	if part < 0 {
		return nil
	}
	body, err := b.parts.Open(part)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	return xml.Read(body, v, l)
}

// small reads a part that is no sheet.
func (b *Book) small(part int, v scan.Visitor, l scan.Limits) error {
	return scan.Within(b.xml(part, v, l), fmt.Sprintf("member %.200q", b.names[part]))
}
