package reading

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// RecordsSummary is the last line of `records --json`.
type RecordsSummary struct {
	File     string         `json:"file,omitempty"`
	Mapping  string         `json:"mapping"`
	Subjects int            `json:"subjects"`
	Entries  map[string]int `json:"entries"`
	Rejected int            `json:"rejected"`
	Skipped  int            `json:"skipped"`
	Cuts     int            `json:"cuts,omitempty"` // values that were longer than their attribute may be
	Complete bool           `json:"complete"`
	receipt.PartOf
}

// recordLine is one entry of `records --json`.
type recordLine struct {
	Mapping string            `json:"mapping"`
	Subject *node.Subject     `json:"subject,omitempty"`
	Type    string            `json:"type"`
	Entry   map[string]string `json:"entry"`
	Remove  bool              `json:"remove,omitempty"`
}

// lineOf returns a subject's identifiers as they are shown; nil where it has none.
func lineOf(s node.Subject) *node.Subject {
	if s.Empty() {
		return nil
	}
	if !s.Stated {
		s.Account, s.Region = "", ""
	}
	return &s
}

// recordsReader reads a file and shows what its mapping makes of it.
type recordsReader struct {
	s        *session.Session
	out      *output.Lines
	outside  node.Subject // the machine that --as names
	sum      RecordsSummary
	subjects intake.Subjects
	lastKey  string
	current  current
	each     func(read.Entry, error) bool // is entry
	seen     map[[8]byte]bool             // keys of machines, hashed: a document may name a million
}

// current is the record that is being shown.
type current struct {
	mapping  *mapping.Mapping
	number   int
	subject  *node.Subject // as it is shown
	rejected bool          // one of its entries was
	err      error
}

// Records shows what the chosen mappings make of files, before any node is looked for.
func Records(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	set, err := s.LoadMappings()
	if err != nil {
		return err
	}
	docs, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	limits, err := s.Limits()
	if err != nil {
		return err
	}
	in := intake.Intake{Mappings: set, Limits: limits}
	var result error
	for _, d := range docs {
		c := recordsReader{s: s, out: out, outside: d.As.Normalise(), sum: RecordsSummary{Entries: map[string]int{}}, seen: map[[8]byte]bool{}}
		c.each = c.entry
		if len(docs) > 1 {
			c.sum.File = d.Source.Name
		}
		if err := c.read(ctx, in, d); err != nil { // the next one is read all the same
			result = session.ErrShown
			fmt.Fprintln(s.Err, "invbridge:", err)
		}
		c.show(d.Source.Name)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return result
}

func (c *recordsReader) read(ctx context.Context, in intake.Intake, d intake.Document) error {
	in.Remarks = func(remarks []string) {
		for _, remark := range remarks {
			fmt.Fprintf(c.s.Err, "%s: %s\n", d.Source.Name, remark)
		}
	}
	var chosen *mapping.Mapping
	part, err := in.Look(ctx, d, c.record, func(m *mapping.Mapping) { chosen = m })
	c.sum.PartOf = part
	if chosen != nil {
		c.sum.Mapping = chosen.Name
		if !chosen.NamesMachine() { // the key or --as names it: one machine a document
			c.sum.Subjects = 1
		}
	}
	c.sum.Complete = err == nil
	return err
}

func (c *recordsReader) record(m *mapping.Mapping, rec *read.Record) error {
	c.count(rec)
	c.current = current{mapping: m, number: rec.Number}
	if c.s.JSON {
		c.current.subject = lineOf(c.outside)
		if !rec.Outside {
			c.current.subject = lineOf(c.subjects.Of(rec.Subject))
		}
	}
	rec.Entries()(c.each)
	return cmp.Or(c.current.err, c.out.Err())
}

// entry shows and counts an entry of the current record.
func (c *recordsReader) entry(e read.Entry, err error) bool {
	now := &c.current
	if err != nil {
		now.err = err
		return false
	}
	if e.Reject != "" {
		if !now.rejected {
			c.sum.Rejected++
		}
		now.rejected = true
		fmt.Fprintf(c.s.Err, "record %d: rejected: %s\n", now.number, e.Reject)
		return true
	}
	c.sum.Cuts += e.Cuts
	t := now.mapping.Types()[e.Type]
	if !e.Remove {
		c.sum.Entries[t.Name()]++
	}
	if c.s.JSON {
		c.out.Object(recordLine{now.mapping.Name, now.subject, t.Name(), entryOf(t, e.Values), e.Remove})
	}
	return true
}

// count counts a record as skipped, or its machine where it is the first record about it.
func (c *recordsReader) count(rec *read.Record) {
	if rec.Aside {
		fmt.Fprintf(c.s.Err, "line %d: skipped: %s\n", rec.Place.Line, rec.Skip)
	}
	if rec.Skip != "" {
		c.sum.Skipped++
		return
	}
	if rec.Key == "" {
		c.sum.Subjects++
		return
	}
	if rec.Key == c.lastKey { // as most records of a machine follow each other
		return
	}
	c.lastKey = rec.Key
	hash := sha256.Sum256([]byte(rec.Key))
	key := [8]byte(hash[:8])
	if !c.seen[key] {
		c.seen[key] = true
		c.sum.Subjects++
	}
}

func entryOf(t *mapping.Type, values []string) map[string]string {
	entry := make(map[string]string, len(values))
	for i, name := range t.Inventory.Attributes {
		entry[name] = values[i]
	}
	return entry
}

func (c *recordsReader) show(name string) {
	if c.sum.Cuts > 0 {
		fmt.Fprintf(c.s.Err, "%s: %s (%d of them)\n", name, receipt.NoteCut, c.sum.Cuts)
	}
	state := "complete"
	switch {
	case !c.sum.Complete:
		state = "not complete: nothing of it would be put"
	case c.sum.AddsOnly:
		state = c.sum.PartText()
	}
	c.out.Text("%s: mapping %s, %s%s, %d rejected, %d skipped, %s\n", name, cmp.Or(c.sum.Mapping, "none"),
		output.Plural(c.sum.Subjects, "subject"), entriesText(c.sum.Entries), c.sum.Rejected, c.sum.Skipped, state)
	c.out.Summary(c.sum)
}

func entriesText(entries map[string]int) string {
	var b strings.Builder
	for _, t := range slices.Sorted(maps.Keys(entries)) {
		fmt.Fprintf(&b, ", %d × %s", entries[t], t)
	}
	return b.String()
}
