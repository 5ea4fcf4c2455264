package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// explainLine is a machine in `explain --json`.
type explainLine struct {
	Record  int          `json:"record"`
	Records int          `json:"records"`
	Key     string       `json:"key,omitempty"`
	Source  string       `json:"source"`
	Subject *subjectLine `json:"subject,omitempty"`
	Node    string       `json:"node,omitempty"`
	Outcome node.Outcome `json:"outcome"`
	Reason  string       `json:"reason,omitempty"`
	Rule    string       `json:"rule,omitempty"`
	Detail  string       `json:"detail,omitempty"`
	Nodes   []string     `json:"nodes,omitempty"` // between which there was no deciding, or which an address alone names
	Steps   []stepLine   `json:"steps,omitempty"`
}

// stepLine is what one kind of identifiers says of a node.
type stepLine struct {
	Rule    string   `json:"rule"`
	Nodes   []string `json:"nodes,omitempty"`
	About   string   `json:"about,omitempty"`
	Verdict string   `json:"verdict"`
	Note    string   `json:"note,omitempty"`
}

// explainSummary is the last line of `explain --json`, for each file.
type explainSummary struct {
	File     string         `json:"file,omitempty"`
	Mapping  string         `json:"mapping"`
	Why      string         `json:"why"`
	Machines int            `json:"machines"`
	Matched  int            `json:"matched"`
	Records  int            `json:"records"`
	Outcomes receipt.Counts `json:"outcomes"` // of the records that reach no node
	Complete bool           `json:"complete"`
}

type explainCommand struct {
	s         *session
	bridge    *bridge.Bridge
	directory *node.Directory
	out       *lines
	many      bool
	failed    bool
}

func runExplain(ctx context.Context, s *session, args []string) error {
	config, err := s.bridge(ctx)
	if err != nil {
		return err
	}
	docs, done, err := s.documents(ctx, args)
	if err != nil {
		return err
	}
	defer done()
	c := &explainCommand{s: s, bridge: bridge.New(config), out: newLines(s.out), many: len(docs) > 1}
	if c.directory, err = c.bridge.Directory(ctx); err != nil {
		return err
	}
	for _, d := range docs {
		if err := c.file(ctx, d); err != nil {
			return err
		}
	}
	if c.failed {
		return errShown
	}
	return nil
}

func (c *explainCommand) file(ctx context.Context, d intake.Document) error {
	var sum explainSummary
	var writeErr error
	own, why, err := c.bridge.Explain(ctx, d, bridge.Options{Machines: func(m intake.Machine) {
		sum.Machines++
		if m.Decision.Outcome == node.Matched {
			sum.Matched++
		}
		writeErr = errors.Join(writeErr, c.machine(m))
	}})
	if err != nil {
		c.failed = true
		fmt.Fprintln(c.s.err, "invbridge:", err)
	}
	sum.Mapping, sum.Why, sum.Records, sum.Outcomes, sum.Complete = own.Mapping, why, own.Read, own.Counts, err == nil
	if c.many {
		sum.File = d.Source.Name
	}
	return errors.Join(writeErr, c.summary(d.Source.Name, sum), c.out.flush())
}

func (c *explainCommand) machine(m intake.Machine) error {
	d := m.Decision
	line := explainLine{
		Record: m.First, Records: m.Records, Key: m.Key, Source: m.Source, Subject: lineOf(m.Subject),
		Node: d.Node, Outcome: d.Outcome, Reason: d.Reason, Rule: d.Rule, Detail: d.Detail, Nodes: d.Nodes,
	}
	for _, s := range c.directory.Steps(m.Subject, m.Rules, d) {
		line.Steps = append(line.Steps, stepLine{s.Rule, s.Nodes, s.About, s.Verdict.String(), s.Note})
	}
	if c.s.options.json {
		return c.out.write(line)
	}
	return c.text(line)
}

func (c *explainCommand) text(line explainLine) error {
	result := string(line.Outcome)
	if line.Node != "" {
		result = line.Node + " by " + line.Rule
	} else if line.Reason != "" {
		result += ": " + line.Reason
	}
	if line.Detail != "" {
		result += " (" + line.Detail + ")"
	}
	if _, err := fmt.Fprintf(c.out.w, "record %d (%s of this machine): %s\n", line.Record, plural(line.Records, "record"), result); err != nil {
		return err
	}
	for _, s := range line.Steps {
		if _, err := fmt.Fprintf(c.out.w, "    %-10s %s\n", s.Rule, s.text()); err != nil {
			return err
		}
	}
	return nil
}

// text words what a kind says: of the node in question, and which other nodes it leads to.
func (s stepLine) text() string {
	text := s.Verdict
	if s.About != "" && s.Note == "" {
		text += " with " + s.About
	}
	if s.Note != "" {
		text += ": " + s.Note
	}
	if len(s.Nodes) > 0 && (len(s.Nodes) > 1 || s.Nodes[0] != s.About) {
		text += " (it leads to " + strings.Join(s.Nodes, ", ") + ")"
	}
	return text
}

func (c *explainCommand) summary(name string, sum explainSummary) error {
	if c.s.options.json {
		return c.out.write(map[string]explainSummary{"summary": sum})
	}
	if !sum.Complete {
		return nil
	}
	_, err := fmt.Fprintf(c.out.w, "%s: mapping %s, because of %s; %d of %s matched\n",
		name, sum.Mapping, sum.Why, sum.Matched, plural(sum.Machines, "machine"))
	return err
}
