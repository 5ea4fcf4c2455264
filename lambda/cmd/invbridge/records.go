package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// recordsSummary is the last line of `records --json`.
type recordsSummary struct {
	File     string         `json:"file,omitempty"`
	Mapping  string         `json:"mapping"`
	Subjects int            `json:"subjects"`
	Entries  map[string]int `json:"entries"`
	Rejected int            `json:"rejected"`
	Skipped  int            `json:"skipped"`
	Complete bool           `json:"complete"`
}

// recordLine is one entry of `records --json`.
type recordLine struct {
	Mapping string            `json:"mapping"`
	Subject *subjectLine      `json:"subject,omitempty"`
	Type    string            `json:"type"`
	Entry   map[string]string `json:"entry"`
	Remove  bool              `json:"remove,omitempty"`
}

// subjectLine is a subject with normalised identifiers.
type subjectLine struct {
	NodeID   []string            `json:"nodeId,omitempty"`
	Tag      map[string][]string `json:"tag,omitempty"`
	Serial   []string            `json:"serial,omitempty"`
	Hostname []string            `json:"hostname,omitempty"`
	IP       []string            `json:"ip,omitempty"`
	MAC      []string            `json:"mac,omitempty"`
}

func lineOf(s node.Subject) *subjectLine {
	if s.Empty() {
		return nil
	}
	return &subjectLine{s.NodeID, s.Tags, s.Serial, s.Hostname, s.IP, s.MAC}
}

// recordsCommand reads files and shows what their mappings make of them.
type recordsCommand struct {
	s       *session
	in      intake.Intake
	out     *lines
	outside node.Subject // the machine that --as names
	many    bool
	failed  bool
}

func runRecords(ctx context.Context, s *session, args []string) error {
	set, err := s.mappings()
	if err != nil {
		return err
	}
	docs, done, err := s.documents(ctx, args)
	if err != nil {
		return err
	}
	defer done()
	c := recordsCommand{s: s, in: intake.Intake{Mappings: set}, out: newLines(s.out), many: len(docs) > 1}
	for _, d := range docs {
		c.outside = d.As.Normalise()
		if err := c.file(ctx, d); err != nil {
			return err
		}
	}
	if c.failed {
		return errShown
	}
	return nil
}

// file reads one document. A broken one is said on stderr and in its summary, and the next one is read.
func (c *recordsCommand) file(ctx context.Context, d intake.Document) error {
	count := newCount()
	err := c.in.Look(ctx, d, func(m *mapping.Mapping, rec *read.Record) error {
		return c.record(count, m, rec)
	}, func(m *mapping.Mapping) { count.begin(m) })
	sum := count.summary(err == nil)
	if c.many {
		sum.File = d.Source.Name
	}
	if err != nil {
		c.failed = true
	}
	return errors.Join(c.show(d.Source, sum, err), c.out.flush())
}

func (c *recordsCommand) record(count *count, m *mapping.Mapping, rec *read.Record) error {
	count.record(rec)
	subject := c.outside
	if !rec.Outside {
		subject = intake.SubjectOf(rec.Subject)
	}
	for e, err := range rec.Entries() {
		if err != nil {
			return err
		}
		if e.Reject != "" {
			count.reject(rec)
			fmt.Fprintf(c.s.err, "record %d: rejected: %s\n", rec.Number, e.Reject)
			continue
		}
		t := m.Types()[e.Type]
		if !e.Remove {
			count.entries[t.Name()]++
		}
		if !c.s.options.json {
			continue
		}
		if err := c.out.write(recordLine{m.Name, lineOf(subject), t.Name(), entryOf(t, e.Values), e.Remove}); err != nil {
			return err
		}
	}
	return nil
}

func entryOf(t *mapping.Type, values []string) map[string]string {
	entry := make(map[string]string, len(values))
	for i, name := range t.Inventory.Attributes {
		entry[name] = values[i]
	}
	return entry
}

func (c *recordsCommand) show(src document.Source, sum recordsSummary, failure error) error {
	if failure != nil {
		fmt.Fprintln(c.s.err, "invbridge:", failure)
	}
	if c.s.options.json {
		return c.out.write(map[string]recordsSummary{"summary": sum})
	}
	state := "complete"
	if !sum.Complete {
		state = "not complete: nothing of it would be put"
	}
	_, err := fmt.Fprintf(c.out.w, "%s: mapping %s, %s%s, %d rejected, %d skipped, %s\n",
		src.Name, orNone(sum.Mapping), plural(sum.Subjects, "subject"), entriesText(sum.Entries), sum.Rejected, sum.Skipped, state)
	return err
}

func entriesText(entries map[string]int) string {
	var b strings.Builder
	for _, t := range sortedKeys(entries) {
		fmt.Fprintf(&b, ", %d × %s", entries[t], t)
	}
	return b.String()
}
