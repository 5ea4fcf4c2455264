package scan

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// ErrCut is what a SyntaxError wraps where the bytes end in the middle of the document.
var ErrCut = fmt.Errorf("cut off: %w", io.ErrUnexpectedEOF)

// ErrLimit is what a SyntaxError wraps where the document is over one of the Limits.
var ErrLimit = errors.New("over a limit")

// Place is where something stands in the decoded bytes.
type Place struct {
	Line   int   // from 1; 0 where it is not known cheaply
	Column int   // in bytes, from 1; 0 where it is not known cheaply
	Offset int64 // in bytes, from 0
}

// Where knows a place that few ask for: to count the lines before each value takes its time.
type Where interface {
	At() Place
}

// At is the place itself.
func (p *Place) At() Place { return *p }

func (p Place) String() string {
	switch {
	case p.Line == 0:
		return fmt.Sprintf("byte %d", p.Offset)
	case p.Column == 0:
		return fmt.Sprintf("line %d", p.Line)
	default:
		return fmt.Sprintf("line %d, column %d", p.Line, p.Column)
	}
}

// SyntaxError is where and how a document is malformed, cut off (errors.Is ErrCut) or over a limit (ErrLimit). It
// holds no values of the document; names of elements and columns may occur.
type SyntaxError struct {
	Place
	Record int    // number of the JSON root value or CSV row after the header, from 1; 0 where there is none
	Within string // the member of an archive, or the part of a workbook, in which the place is
	Sheet  string // of a workbook: the place's lines are its rows
	Msg    string
	Err    error      // ErrCut, ErrLimit, or nil
	Limit  limit.Name // with ErrLimit: which
}

func (e *SyntaxError) Error() string {
	var b strings.Builder
	b.WriteString("scan: ")
	if e.Within != "" {
		b.WriteString(e.Within + ", ")
	}
	if e.Sheet != "" {
		fmt.Fprintf(&b, "sheet %.200q, row %d", e.Sheet, e.Line)
	} else {
		b.WriteString(e.String())
	}
	if e.Sheet != "" && e.Column > 0 {
		b.WriteString(", column " + ColumnName(e.Column))
	}
	if e.Record > 0 {
		fmt.Fprintf(&b, " (record %d)", e.Record)
	}
	b.WriteString(": ")
	b.WriteString(e.Msg + e.Limit.Setting())
	return b.String()
}

// ColumnName returns the letters of a sheet's column, from 1.
func ColumnName(column int) string {
	var letters []byte
	for ; column > 0; column = (column - 1) / 26 {
		letters = append([]byte{byte('A' + (column-1)%26)}, letters...)
	}
	return string(letters)
}

// Within adds to a SyntaxError the part of an archive or workbook that it is in, unless it has one.
func Within(err error, part string) error {
	if syntax, ok := errors.AsType[*SyntaxError](err); ok && syntax.Within == "" && syntax.Sheet == "" {
		syntax.Within = part
	}
	return err
}

func (e *SyntaxError) Unwrap() error { return e.Err }
