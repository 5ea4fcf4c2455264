package scan_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// recorder writes what it is told as one line: {name{…} "text" [ ] null}. Values named skip are passed over.
type recorder struct {
	b     strings.Builder
	depth int
	wrong error // what the reader did that it must not
	open  bool  // the last call was Open with kind Text
	fail  error // to be returned by the next Text
}

func (r *recorder) Open(name []byte, kind scan.Kind, at scan.Place) (scan.Action, error) {
	if r.open {
		r.wrong = errors.New("a text was opened and no Text called")
	}
	if at.Offset < 0 {
		r.wrong = errors.New("a place before the beginning")
	}
	if name != nil {
		fmt.Fprintf(&r.b, "%s=", name)
	}
	if string(name) == "skip" {
		r.b.WriteString("- ")
		return scan.Skip, nil
	}
	r.depth++
	r.b.WriteString([...]string{"{", "[", "(", "<"}[kind])
	r.open = kind == scan.Text
	return scan.Enter, nil
}

func (r *recorder) Text(value []byte) error {
	r.open = false
	fmt.Fprintf(&r.b, "%q", value)
	return r.fail
}

func (r *recorder) Close() error {
	if r.open {
		r.wrong = errors.New("a text was closed without Text")
	}
	if r.depth--; r.depth < 0 {
		r.wrong = errors.New("Close without Open")
	}
	r.b.WriteString("} ")
	return nil
}

// balanced tells what is wrong with the calls of a reading that ended well.
func (r *recorder) balanced() error {
	if r.wrong == nil && r.depth != 0 {
		return fmt.Errorf("%d values were opened and not closed", r.depth)
	}
	return r.wrong
}

// ignorer passes over all but the containers, and counts.
type ignorer struct{ opened int }

func (i *ignorer) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	i.opened++
	if kind == scan.List || name == nil || i.opened < 3 {
		return scan.Enter, nil
	}
	return scan.Skip, nil
}
func (*ignorer) Text([]byte) error { return nil }
func (*ignorer) Close() error      { return nil }
