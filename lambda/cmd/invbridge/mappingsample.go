package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// findingLine is something that a mapping misses in its sample, in `mapping check --sample --json`.
type findingLine struct {
	Kind      string `json:"kind"` // unfilled, unused, cut, note, unidentified, rejected
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Type      string `json:"type,omitempty"`
	Attribute string `json:"attribute,omitempty"` // or "identify hostname"
	Field     string `json:"field,omitempty"`
	Record    int    `json:"record,omitempty"` // the first one concerned
	Count     int    `json:"count"`
	Of        int    `json:"of,omitempty"`
	Message   string `json:"message"`
}

// sampleSummary is the last line of `mapping check --sample --json`.
type sampleSummary struct {
	Mapping      string `json:"mapping"`
	Records      int    `json:"records"`
	Skipped      int    `json:"skipped"`
	Rejected     int    `json:"rejected"`
	Unidentified int    `json:"unidentified"`
	Entries      int    `json:"entries"`
	Findings     int    `json:"findings"`
}

// sampleCheck reads a sample and counts what does not fit.
type sampleCheck struct {
	trace    read.Trace
	sum      sampleSummary
	nameless int // number of the first record without an identifier
	rejects  map[string]int
	order    []string // of rejects
	first    map[string]int
}

// checkSample says what a mapping makes of a sample, and what it misses in it.
func (s *session) checkSample(ctx context.Context, set *mapping.Set) error {
	d, err := s.oneSource(ctx, s.options.sample)
	if err != nil {
		return err
	}
	defer func() { _ = d.Source.Close() }() // a temporary copy: the system removes what could not be
	d.Delivery.Declared = s.options.mapping
	c := &sampleCheck{rejects: map[string]int{}, first: map[string]int{}}
	m, err := c.read(ctx, set, d)
	if err != nil {
		return err
	}
	findings := c.findings(m)
	c.sum.Findings = len(findings)
	if err := s.showFindings(d.Source.Name, c.sum, findings); err != nil {
		return err
	}
	if c.sum.Rejected+c.sum.Unidentified > 0 {
		return errPartial
	}
	return nil
}

// read reads the whole sample with the mapping that is chosen for it.
func (c *sampleCheck) read(ctx context.Context, set *mapping.Set, d intake.Document) (m *mapping.Mapping, err error) {
	in := intake.Intake{Mappings: set, Trace: &c.trace}
	err = in.Look(ctx, d, func(_ *mapping.Mapping, rec *read.Record) error { return c.record(rec) }, func(chosen *mapping.Mapping) {
		m, c.sum.Mapping = chosen, chosen.Name
	})
	return m, err
}

func (c *sampleCheck) record(rec *read.Record) error {
	c.sum.Records++
	if rec.Skip != "" {
		c.sum.Skipped++
		return nil
	}
	if !rec.Outside && intake.SubjectOf(rec.Subject).Empty() {
		if c.sum.Unidentified++; c.nameless == 0 {
			c.nameless = rec.Number
		}
	}
	rejected := false
	for e, err := range rec.Entries() {
		if err != nil {
			return err
		}
		c.sum.Entries++
		if e.Reject != "" {
			rejected = true
			c.reject(rec.Number, e.Reject)
		}
	}
	if rejected {
		c.sum.Rejected++
	}
	return nil
}

func (c *sampleCheck) reject(record int, why string) {
	if c.rejects[why]++; c.rejects[why] == 1 {
		c.order, c.first[why] = append(c.order, why), record
	}
}

// findings are all that the mapping's writer should look at, what loses records first.
func (c *sampleCheck) findings(m *mapping.Mapping) []findingLine {
	var lines []findingLine
	for _, why := range c.order {
		lines = append(lines, findingLine{Kind: "rejected", Record: c.first[why], Count: c.rejects[why], Of: c.sum.Entries, Message: "entries are rejected: " + why})
	}
	if c.nameless > 0 {
		lines = append(lines, findingLine{
			Kind: "unidentified", Record: c.nameless, Count: c.sum.Unidentified, Of: c.sum.Records,
			Message: "records have no identifier that counts (placeholders do not): they would be parked",
		})
	}
	for _, f := range c.trace.Findings(m) {
		if f.Of == 0 && f.Kind == read.Unused {
			f.Of = c.sum.Records
		}
		lines = append(lines, findingLine{
			Kind: f.Kind, File: f.At.File, Line: f.At.Line, Column: f.At.Column, Type: f.Type, Attribute: f.Word, Field: f.Field,
			Count: f.Count, Of: f.Of, Message: messageOf(f),
		})
	}
	return lines
}

func messageOf(f read.Finding) string {
	switch {
	case f.Kind == read.Unfilled && f.Word == "":
		return "no entry of this type came out"
	case f.Kind == read.Unfilled:
		return "never has a value"
	case f.Kind == read.Cut:
		return "values are cut to the attribute's max"
	case f.Kind == read.Unused:
		return "a field of the records that the mapping does not use"
	default:
		return f.Why
	}
}

func (s *session) showFindings(name string, sum sampleSummary, findings []findingLine) error {
	out := newLines(s.out)
	for _, f := range findings {
		var err error
		if s.options.json {
			err = out.write(f)
		} else {
			_, err = fmt.Fprintln(out.w, f.text(name))
		}
		if err != nil {
			return err
		}
	}
	if s.options.json {
		return errors.Join(out.write(map[string]sampleSummary{"summary": sum}), out.flush())
	}
	_, err := fmt.Fprintf(out.w, "%s: mapping %s, %s, %d entries, %d skipped, %d rejected, %d without an identifier; %s\n",
		name, sum.Mapping, plural(sum.Records, "record"), sum.Entries, sum.Skipped, sum.Rejected, sum.Unidentified, plural(sum.Findings, "finding"))
	return errors.Join(err, out.flush())
}

// text is a finding in a line: where it is in the mapping, or in the sample, and how often.
func (f findingLine) text(sample string) string {
	at := sample
	if f.File != "" {
		at = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	what := f.Message
	switch {
	case f.Field != "":
		what = f.Field + ": " + f.Message
	case f.Attribute != "":
		what = f.Type + " " + f.Attribute + ": " + f.Message
		if f.Type == "" {
			what = f.Attribute + ": " + f.Message
		}
	case f.Type != "":
		what = f.Type + ": " + f.Message
	}
	switch {
	case f.Of > 0:
		what += fmt.Sprintf(" (%d of %d)", f.Count, f.Of)
	case f.Count > 0:
		what += fmt.Sprintf(" (%d)", f.Count)
	}
	if f.Record > 0 {
		what += fmt.Sprintf(", first in record %d", f.Record)
	}
	return at + ": " + what
}
