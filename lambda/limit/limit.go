// Package limit knows what a stranger's document, or an expression of a mapping, may ask for at most: the limits, by name, with their defaults, and
// how they are set. It does not know who keeps to them.
package limit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limits are numbers that nothing may be over. Zero stands for the default.
type Limits struct {
	Compressed, Expanded, Ratio, RatioFrom, Window, Directory, Members            int
	Depth, DepthSkipped, Name, Text, Record, Records, Cells, Attributes, Elements int
	Items, Held, Expression                                                       int
}

// Name is a limit's name in settings and errors.
type Name string

// The limits.
const (
	Compressed   Name = "compressed"
	Expanded     Name = "expanded"
	Ratio        Name = "ratio"
	RatioFrom    Name = "ratioFrom"
	Window       Name = "window"
	Directory    Name = "directory"
	Members      Name = "members"
	Depth        Name = "depth"
	DepthSkipped Name = "depthSkipped"
	Field        Name = "name"
	Text         Name = "text"
	Record       Name = "record"
	Records      Name = "records"
	Cells        Name = "cells"
	Attributes   Name = "attributes"
	Elements     Name = "elements"
	Items        Name = "items"
	Held         Name = "held"
	Expression   Name = "expression"
)

// Limit is one of them.
type Limit struct {
	Name    Name
	Default int
	About   string
	of      func(*Limits) *int
}

// All returns the limits, in the order in which they are described.
func All() []Limit {
	return []Limit{
		{Compressed, 50 << 30, "bytes of a document as it lies there", func(l *Limits) *int { return &l.Compressed }},
		{Expanded, 50 << 30, "bytes of it after each step of decompression", func(l *Limits) *int { return &l.Expanded }},
		{Ratio, 1000, "expanded bytes for each compressed one", func(l *Limits) *int { return &l.Ratio }},
		{RatioFrom, 10 << 20, "expanded bytes from which on the ratio is looked at", func(l *Limits) *int { return &l.RatioFrom }},
		{Window, 16 << 20, "bytes that zstd may look back, which are held in memory", func(l *Limits) *int { return &l.Window }},
		{Directory, 4 << 20, "bytes of a zip file's directory, which is held in memory", func(l *Limits) *int { return &l.Directory }},
		{Members, 10_000, "members of a zip file, and parts of a workbook", func(l *Limits) *int { return &l.Members }},
		{Depth, 512, "levels of elements, objects and lists that are read", func(l *Limits) *int { return &l.Depth }},
		{DepthSkipped, 10_000, "levels of JSON of which nothing is read", func(l *Limits) *int { return &l.DepthSkipped }},
		{Field, 4 << 10, "bytes of a name: of an element, a field, a column, a key", func(l *Limits) *int { return &l.Name }},
		{Text, 16 << 20, "bytes of one text", func(l *Limits) *int { return &l.Text }},
		{Record, 8 << 20, "bytes of a row, of a line of keys and values, or of an XML tag with its attributes", func(l *Limits) *int { return &l.Record }},
		{Records, 1 << 30, "rows, values or objects of a document", func(l *Limits) *int { return &l.Records }},
		{Cells, 16_384, "cells of a row", func(l *Limits) *int { return &l.Cells }},
		{Attributes, 1024, "attributes of an XML tag", func(l *Limits) *int { return &l.Attributes }},
		{Elements, 1 << 20, "elements of a part of a workbook that is no sheet", func(l *Limits) *int { return &l.Elements }},
		{Items, 100_000, "items of one list, or fields of one object, that are held as a part of a record", func(l *Limits) *int { return &l.Items }},
		{Held, 64 << 20, "bytes that must be held in memory: a record's own fields, tables, facts of the document", func(l *Limits) *int { return &l.Held }},
		{Expression, 10_000_000, "steps of one run of an expression, and bytes that it makes", func(l *Limits) *int { return &l.Expression }},
	}
}

// OrDefaults returns the limits with the defaults in place of zeros.
func (l Limits) OrDefaults() Limits {
	for _, one := range All() {
		if n := one.of(&l); *n == 0 {
			*n = one.Default
		}
	}
	return l
}

// Setting says which limit something is over, for the end of an error's message.
func (n Name) Setting() string {
	for _, one := range All() {
		if one.Name == n {
			return fmt.Sprintf(" (the limit %s, by default %d)", n, one.Default)
		}
	}
	return ""
}

// About returns what the limit counts.
func (n Name) About() string {
	for _, one := range All() {
		if one.Name == n {
			return one.About
		}
	}
	return string(n)
}

// Parse reads limits, each as name=number. Its error names the limits that there are.
func Parse(settings []string) (Limits, error) {
	var l Limits
	for _, setting := range settings {
		name, number, _ := strings.Cut(setting, "=")
		if err := l.set(Name(name), number); err != nil {
			return Limits{}, err
		}
	}
	return l, nil
}

// set sets a limit to a number of at least 1.
func (l *Limits) set(name Name, number string) error {
	all := All()
	i := slices.IndexFunc(all, func(one Limit) bool { return one.Name == name })
	if i < 0 {
		return errors.New("limit: no limit has this name; there are " + names(all))
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return fmt.Errorf("limit: %s must be a whole number from 1 on", name)
	}
	*all[i].of(l) = n
	return nil
}

func names(all []Limit) string {
	list := make([]string, 0, len(all))
	for _, one := range all {
		list = append(list, string(one.Name))
	}
	return strings.Join(list, ", ")
}
