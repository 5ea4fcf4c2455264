package workbook

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// elements reads a small part: each element with its attributes, when it is closed.
func (b *Book) elements(part int, each func(parent, name string, attrs map[string]string) error) error {
	if part < 0 {
		return nil
	}
	v := &elementVisitor{}
	v.each = func(parent, name string, attrs map[string]string) error {
		v.count++
		if v.count > b.o.Limits.Elements {
			return &scan.SyntaxError{Msg: fmt.Sprintf("more than %d elements", b.o.Limits.Elements), Err: scan.ErrLimit, Limit: limit.Elements}
		}
		return each(parent, name, attrs)
	}
	return b.small(part, v, b.o.Limits)
}

type elementVisitor struct {
	open      []element
	attribute string
	count     int
	each      func(parent, name string, attrs map[string]string) error
}

type element struct {
	name  string
	attrs map[string]string
}

// Open begins an element or an attribute.
func (v *elementVisitor) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	if kind == scan.Text {
		v.attribute = string(name)
	} else {
		v.open = append(v.open, element{name: string(name)})
	}
	return scan.Enter, nil
}

// Text is an attribute's; the elements that are looked at have none.
func (v *elementVisitor) Text(value []byte) error {
	if v.attribute == "" {
		return nil
	}
	e := &v.open[len(v.open)-1]
	if e.attrs == nil {
		e.attrs = map[string]string{}
	}
	e.attrs[v.attribute] = string(value)
	return nil
}

// Close ends an element or an attribute.
func (v *elementVisitor) Close() error {
	if v.attribute != "" {
		v.attribute = ""
		return nil
	}
	e, parent := v.open[len(v.open)-1], ""
	v.open = v.open[:len(v.open)-1]
	if len(v.open) > 0 {
		parent = v.open[len(v.open)-1].name
	}
	return v.each(parent, e.name, e.attrs)
}
