// Package page writes what people look at in a browser: one self-contained HTML file, which loads nothing and runs only its own script. It does not
// know where anything comes from. All that it is given is shown as text: nothing of it becomes markup, and control characters are visible.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // of the template, its style and its script
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
)

// Page is what a page shows, in this order. What is empty is left out.
type Page struct {
	Kind, Title string // what it is about, and which one
	State       string // in a word or two
	Facts       []Fact
	Bars        []Bar
	Times       []Time
	Lists       []List
	Records     Records
}

// Fact is a thing that is known, with its name.
type Fact struct{ Name, Value string }

// Bar is how many of something there are.
type Bar struct {
	Word  string // one of the values of Records.Choose; it leads to them
	Count int
}

// Time is when something happened.
type Time struct {
	At   time.Time
	Text string
}

// List is some rows under a title. The last cell of a row may be followed by links to records.
type List struct {
	Title   string
	Columns []string
	Rows    []Line
}

// Line is a row of a list.
type Line struct {
	Cells []string
	Links []int // numbers of rows of Records.Rows, from 0
}

// Records are the rows that can be filtered.
type Records struct {
	Title   string
	Columns []string
	Choose  int // the column that bars lead to
	Rows    [][]string
	Omitted int // rows that are not listed
}

//go:embed page.html
var document string

//go:embed page.css
var style string

//go:embed page.js
var script string

// most is how many values a column may have to be filtered by a choice; one with more is filtered by a part of its text.
const most = 40

// HTML returns the page as a file. At is when it is made.
func (p *Page) HTML(at time.Time) ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{"shown": output.Printable, "stamp": output.Stamp, "add": func(a, b int) int { return a + b }}).Parse(document)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Page": p, "At": at, "Filters": p.Records.filters(), "Blocks": p.Records.blocks(), "Shares": p.shares(), "Times": p.line(),
		"Policy": "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'",
		"Style":  template.CSS(style), //nolint:gosec // it is part of the program
		"Script": template.JS(script), //nolint:gosec // likewise
	})
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// hash is a source of a policy: this text and no other.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// filter is a column that rows are filtered by: by one of its values, or, where these are many, by a part of the text.
type filter struct {
	Column int
	Title  string
	Values []string
}

func (r *Records) filters() []filter {
	var list []filter
	for i, title := range r.Columns {
		var values []string
		for _, row := range r.Rows {
			if !slices.Contains(values, row[i]) {
				values = append(values, row[i])
			}
			if len(values) > most {
				values = nil
				break
			}
		}
		slices.Sort(values)
		list = append(list, filter{i, title, values})
	}
	return list
}

// blockRows is how many rows a browser lays out together.
const blockRows = 100

// block is some rows that follow each other.
type block struct {
	First int
	Rows  [][]string
}

func (r *Records) blocks() []block {
	var list []block
	for rows := range slices.Chunk(r.Rows, blockRows) {
		list = append(list, block{len(list) * blockRows, rows})
	}
	return list
}

// share is a bar with where it begins and how long it is, in thousandths of all.
type share struct {
	Bar
	From, Width int
	Listed      bool // there are records of it to lead to
}

func (p *Page) shares() []share {
	total, before := 0, 0
	for _, b := range p.Bars {
		total += b.Count
	}
	var list []share
	for _, b := range p.Bars {
		if b.Count == 0 {
			continue
		}
		from := before * 1000 / total
		before += b.Count
		isListed := slices.ContainsFunc(p.Records.Rows, func(row []string) bool { return row[p.Records.Choose] == b.Word })
		list = append(list, share{b, from, max(2, before*1000/total-from), isListed})
	}
	return list
}

// moment is a time with how long after the one before it was.
type moment struct {
	Time
	After string
}

// line returns the times in their order; those that are not known are left out.
func (p *Page) line() []moment {
	times := slices.DeleteFunc(slices.Clone(p.Times), func(t Time) bool { return t.At.IsZero() })
	slices.SortStableFunc(times, func(a, b Time) int { return a.At.Compare(b.At) })
	var list []moment
	for i, t := range times {
		m := moment{Time: t}
		if i > 0 {
			m.After = t.At.Sub(times[i-1].At).Round(time.Second).String() + " later"
		}
		list = append(list, m)
	}
	return list
}
