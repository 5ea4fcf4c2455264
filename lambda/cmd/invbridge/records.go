package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/spf13/cobra"
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

func recordsCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupLook, Use: "records FILE…",
		Short:   "Show what the chosen mapping makes of a file, before any node is looked for",
		Example: examples("invbridge records weekly-scan.xml", "invbridge records --mapping our-sbom --as hostname=web-1 sbom.json --json"),
		RunE:    func(cmd *cobra.Command, args []string) error { return readRecords(cmd.Context(), s, args) },
	}
	readFlags(cmd.Flags(), s)
	return cmd
}

// recordsReader reads files and shows what their mappings make of them.
type recordsReader struct {
	s       *session.Session
	in      intake.Intake
	out     *output.Lines
	outside node.Subject // the machine that --as names
	many    bool
	failed  bool
}

func readRecords(ctx context.Context, s *session.Session, args []string) error {
	set, err := s.MappingSet()
	if err != nil {
		return err
	}
	docs, done, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	defer done()
	c := recordsReader{s: s, in: intake.Intake{Mappings: set}, out: output.NewLines(s.Out, s.JSON), many: len(docs) > 1}
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

// file reads one document. A broken one is reported on stderr and in its summary, and the next one is read.
func (c *recordsReader) file(ctx context.Context, d intake.Document) error {
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
	c.show(d.Source, sum, err)
	return c.out.Flush()
}

func (c *recordsReader) record(count *count, m *mapping.Mapping, rec *read.Record) error {
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
			fmt.Fprintf(c.s.Err, "record %d: rejected: %s\n", rec.Number, e.Reject)
			continue
		}
		t := m.Types()[e.Type]
		if !e.Remove {
			count.entries[t.Name()]++
		}
		if c.s.JSON {
			c.out.Object(recordLine{m.Name, lineOf(subject), t.Name(), entryOf(t, e.Values), e.Remove})
		}
	}
	return c.out.Err()
}

func entryOf(t *mapping.Type, values []string) map[string]string {
	entry := make(map[string]string, len(values))
	for i, name := range t.Inventory.Attributes {
		entry[name] = values[i]
	}
	return entry
}

func (c *recordsReader) show(src document.Source, sum recordsSummary, failure error) {
	if failure != nil {
		fmt.Fprintln(c.s.Err, "invbridge:", failure)
	}
	if c.s.JSON {
		c.out.Summary(sum)
		return
	}
	state := "complete"
	if !sum.Complete {
		state = "not complete: nothing of it would be put"
	}
	fmt.Fprintf(c.out, "%s: mapping %s, %s%s, %d rejected, %d skipped, %s\n",
		src.Name, output.OrNone(sum.Mapping), output.Plural(sum.Subjects, "subject"), entriesText(sum.Entries), sum.Rejected, sum.Skipped, state)
}

func entriesText(entries map[string]int) string {
	var b strings.Builder
	for _, t := range slices.Sorted(maps.Keys(entries)) {
		fmt.Fprintf(&b, ", %d × %s", entries[t], t)
	}
	return b.String()
}
