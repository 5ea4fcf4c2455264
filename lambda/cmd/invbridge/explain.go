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
	Steps   []stepLine   `json:"steps,omitempty"`
}

// stepLine is one rule that was tried.
type stepLine struct {
	Rule  string   `json:"rule"`
	Nodes []string `json:"nodes,omitempty"`
	Note  string   `json:"note,omitempty"`
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
	full := c.directory.Explain(m.Subject, m.Rules)
	line := explainLine{
		Record: m.First, Records: m.Records, Key: m.Key, Source: m.Source, Subject: lineOf(m.Subject),
		Node: full.Node, Outcome: full.Outcome, Reason: full.Reason, Rule: full.Rule,
	}
	for _, s := range full.Steps {
		line.Steps = append(line.Steps, stepLine{s.Rule, s.Nodes, s.Note})
	}
	if c.s.options.json {
		return c.out.write(line)
	}
	return c.text(line, full.Detail)
}

func (c *explainCommand) text(line explainLine, detail string) error {
	result := string(line.Outcome)
	if line.Node != "" {
		result = line.Node + " by " + line.Rule
	} else if line.Reason != "" {
		result += ": " + line.Reason
	}
	if detail != "" {
		result += " (" + detail + ")"
	}
	if _, err := fmt.Fprintf(c.out.w, "record %d (%s of this machine): %s\n", line.Record, plural(line.Records, "record"), result); err != nil {
		return err
	}
	for _, s := range line.Steps {
		if _, err := fmt.Fprintf(c.out.w, "    %-10s %s %s\n", s.Rule, strings.Join(s.Nodes, ", "), s.Note); err != nil {
			return err
		}
	}
	return nil
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
