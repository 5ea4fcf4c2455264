package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read/missed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Finding is something that a mapping misses in its sample, in `mapping check --sample --json`.
type Finding struct {
	Kind      string `json:"kind"` // displaced, unfilled, unmapped, unused, cut, note, unidentified, rejected
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Type      string `json:"type,omitempty"`
	Attribute string `json:"attribute,omitempty"` // or "identify hostname", "whole pages", "scope Port"
	Field     string `json:"field,omitempty"`
	Record    int    `json:"record,omitempty"` // the first one concerned
	Count     int    `json:"count"`
	Of        int    `json:"of,omitempty"`
	Message   string `json:"message"`
}

// Summary is the last line of `mapping check --sample --json`.
type Summary struct {
	Mapping      string `json:"mapping"`
	Records      int    `json:"records"`
	Skipped      int    `json:"skipped"`
	Rejected     int    `json:"rejected"`
	Unidentified int    `json:"unidentified"`
	Entries      int    `json:"entries"`
	Displaced    int    `json:"displaced"`
	Findings     int    `json:"findings"`
}

// sampleCheck reads a sample and counts what does not fit.
type sampleCheck struct {
	trace    missed.Trace
	sum      Summary
	nameless int       // number of the first record without an identifier
	outside  int       // records of which the mapping does not say whose they are
	rejects  []Finding // one for each reason
	equal    []*Census
}

// Sample reads a document with the mapping that is chosen for it, and returns what its author should look at. What loses records
// comes first.
func Sample(ctx context.Context, set *mapping.Set, d intake.Document) (Summary, []Finding, error) {
	c := &sampleCheck{}
	var m *mapping.Mapping
	in := intake.Intake{Mappings: set, Trace: &c.trace}
	_, err := in.Look(ctx, d, c.record, func(chosen *mapping.Mapping) {
		m, c.sum.Mapping = chosen, chosen.Name
	})
	if err != nil {
		return c.sum, nil, err
	}
	c.equal, err = EqualKeys(ctx, set, d)
	if err != nil {
		return c.sum, nil, err
	}
	findings := c.findings(m)
	c.sum.Findings = len(findings)
	return c.sum, findings, nil
}

// errChosen ends a reading as soon as the mapping is known.
var errChosen = errors.New("trial: the mapping is chosen")

// Chosen returns the name of the mapping that is chosen for a document.
func Chosen(ctx context.Context, set *mapping.Set, d intake.Document) (string, error) {
	name := ""
	in := intake.Intake{Mappings: set}
	_, err := in.Look(ctx, d, func(*mapping.Mapping, *read.Record) error { return errChosen }, func(m *mapping.Mapping) { name = m.Name })
	if errors.Is(err, errChosen) {
		err = nil
	}
	return name, err
}

func (c *sampleCheck) record(m *mapping.Mapping, rec *read.Record) error {
	c.sum.Records++
	if rec.Skip != "" {
		c.sum.Skipped++
		return nil
	}
	if !rec.Outside && subjects.Of(rec.Subject, nil).Empty() && !isNumbered(m, rec) {
		c.sum.Unidentified++
		if c.nameless == 0 {
			c.nameless = rec.Number
		}
	}
	if rec.Outside {
		c.outside++
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

// namesMachine reports whether a key of the mapping's documents names their machine.
func namesMachine(m *mapping.Mapping) bool {
	return slices.ContainsFunc(m.Matches, func(match *choose.Match) bool { return strings.Contains(match.Key, "{") })
}

// isNumbered reports whether a record names its machine by a number that another mapping of its family may have tied to a node.
func isNumbered(m *mapping.Mapping, rec *read.Record) bool {
	_, ok := node.NumberOf(m.Family, rec.Key)
	return ok && m.Family != m.Name
}

func (c *sampleCheck) reject(record int, why string) {
	message := "entries are rejected: " + why
	i := slices.IndexFunc(c.rejects, func(f Finding) bool { return f.Message == message })
	if i < 0 {
		i = len(c.rejects)
		c.rejects = append(c.rejects, Finding{Kind: "rejected", Record: record, Message: message})
	}
	c.rejects[i].Count++
}

// findings are in order: what loses records comes first.
func (c *sampleCheck) findings(m *mapping.Mapping) []Finding {
	lines := c.rejects
	for i := range lines {
		lines[i].Of = c.sum.Entries
	}
	if c.nameless > 0 {
		lines = append(lines, Finding{
			Kind: "unidentified", Record: c.nameless, Count: c.sum.Unidentified, Of: c.sum.Records,
			Message: "records have no identifier that counts (placeholders do not): they would be parked",
		})
	}
	if c.outside > 0 && !namesMachine(m) {
		lines = append(lines, Finding{
			Kind: "unidentified", Count: c.outside, Of: c.sum.Records,
			Message: "the mapping has no identify, and no key pattern with {nodeId}: nothing names the machine but --as",
		})
	}
	for _, equal := range c.equal {
		c.sum.Displaced += equal.Displaced
		if f := equal.Finding(); f != nil {
			lines = append(lines, *f)
		}
	}
	for _, f := range c.trace.Findings(m) {
		if f.Of == 0 && f.Kind == missed.Unused {
			f.Of = c.sum.Records
		}
		lines = append(lines, Finding{
			Kind: f.Kind, File: f.At.File, Line: f.At.Line, Column: f.At.Column, Type: f.Type, Attribute: f.Word, Field: f.Field,
			Count: f.Count, Of: f.Of, Message: messageOf(f),
		})
	}
	return lines
}

func messageOf(f missed.Finding) string {
	switch {
	case f.Kind == missed.Unfilled && f.Word == "":
		return "no entry of this type came out"
	case f.Kind == missed.Unfilled && (f.Word == "whole" || f.Word == "scope each"):
		return "nothing that it reads is in the sample"
	case f.Kind == missed.Unfilled && f.Why != "":
		return "never has a value: " + f.Why
	case f.Kind == missed.Unfilled:
		return "never has a value"
	case f.Kind == missed.Unmapped:
		return "none of the words of its map is in the sample"
	case f.Kind == missed.Cut:
		return "values are truncated to the attribute's max"
	case f.Kind == missed.Unused:
		return "a field of the records that the mapping does not use"
	default:
		return f.Why
	}
}

// Text is a finding in a line: where it is in the mapping, or in the sample, and how often.
func (f Finding) Text(sample string) string {
	at := sample
	if f.File != "" {
		at = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	what := f.Message
	if name := cmp.Or(f.Field, strings.TrimSpace(f.Type+" "+f.Attribute)); name != "" {
		what = name + ": " + what
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
