package head

import (
	"bytes"
	stdpath "path"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// ReadArchive looks at what there is in an archive, which may be a workbook. Its error is of the workbook.
func ReadArchive(a scan.Archive) (*Head, error) {
	h := &Head{format: syntax.Archive, archive: a, sheets: map[int][][]*tree.Name{}}
	if !workbook.Is(a.Members()) {
		return h, nil
	}
	h.format = syntax.Workbook
	var err error
	h.book, err = workbook.Open(a, workbook.Options{})
	return h, err
}

// Err is what kept the parts of an archive from being looked at.
func (h *Head) Err() error { return h.err }

// Members is how many members an archive has.
func (h *Head) Members() int { return len(h.archive.Members()) }

// OldWorkbook reports whether the bytes, taken for Windows-1252, are those of a compound file (without its two control characters, which are left out), as workbooks before .xlsx are, and those with a
// password.
func (h *Head) OldWorkbook() bool {
	return bytes.HasPrefix(h.bytes, []byte("\u00d0\u00cf\u00e0\u00a1\u00b1\u00e1"))
}

// Sheet looks for a sheet of a workbook (the first one where no name is given) of which one of the first 50 rows has the columns.
func (h *Head) Sheet(names []string, columns *Columns) (scan.Dialect, bool) {
	for _, i := range h.sheetsNamed(names) {
		at := slices.IndexFunc(h.sheetRows(i), columns.in)
		if len(columns.all)+len(columns.of) == 0 && len(h.sheetRows(i)) > 0 {
			at = 0 // its name is enough
		}
		if at >= 0 {
			return scan.Dialect{Sheet: h.book.Sheets[i].Name, HeaderRow: at}, true
		}
	}
	return scan.Dialect{}, false
}

// sheetsNamed returns the sheets of a workbook that have the name; without one, the first.
func (h *Head) sheetsNamed(names []string) []int {
	if h.book == nil {
		return nil
	}
	var found []int
	first := h.book.First()
	for i, sheet := range h.book.Sheets {
		if len(names) == 0 && i == first || len(names) > 0 && hasName(fieldNames([]string{sheet.Name}), names[0]) {
			found = append(found, i)
		}
	}
	return found
}

// sheetRows returns the first rows of a sheet, which many mappings may ask for.
func (h *Head) sheetRows(sheet int) [][]*tree.Name {
	if rows, known := h.sheets[sheet]; known || h.err != nil {
		return rows
	}
	rows, err := h.book.Head(sheet, headerRows)
	h.err = err
	h.sheets[sheet] = fieldRows(rows)
	return h.sheets[sheet]
}

// HasMembers reports whether an archive has all these folders or members (without extension); a slash stands between folders.
func (h *Head) HasMembers(names []string) bool {
	_, ok := h.Folder(names)
	return ok
}

// Folder looks for all these folders or members of an archive, as HasMembers does; also inside a folder that is around everything. A name with
// an asterisk (*.xml) is that of members which are documents of one kind, in whatever folders they lie.
func (h *Head) Folder(names []string) (scan.Dialect, bool) {
	if h.format != syntax.Archive {
		return scan.Dialect{}, false
	}
	if at := slices.IndexFunc(names, isPattern); at >= 0 {
		d := scan.Dialect{Names: names[at]}
		return d, len(names) == 1 && slices.ContainsFunc(h.archive.Members(), d.Takes)
	}
	for members, folder := h.archive.Members(), ""; ; {
		missing := slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(members, func(member string) bool { return isMember(member, strings.Split(name, "/")) })
		})
		if !missing {
			return scan.Dialect{Folder: folder}, true
		}
		outer, inside := inFolder(members)
		if outer == "" {
			return scan.Dialect{}, false
		}
		members, folder = inside, folder+outer
	}
}

func isPattern(name string) bool { return strings.Contains(name, "*") }

// inFolder returns the folder, with its slash, in which all members are, and their names in it; "" where there is none.
func inFolder(members []string) (folder string, inside []string) {
	for i, member := range members {
		outer, name, found := strings.Cut(member, "/")
		if !found || i > 0 && outer+"/" != folder {
			return "", nil
		}
		folder, inside = outer+"/", append(inside, name)
	}
	return folder, inside
}

// isMember reports whether a member is at the end of the way, or in a folder that is.
func isMember(member string, way []string) bool {
	parts := strings.Split(strings.TrimSuffix(member, stdpath.Ext(member)), "/")
	if len(parts) < len(way) {
		return false
	}
	for i, name := range way {
		if !hasName(fieldNames(parts[i:i+1]), name) {
			return false
		}
	}
	return true
}
