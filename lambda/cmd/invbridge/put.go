package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// nodeLine is a node in `plan --json` and `put --json`.
type nodeLine struct {
	Node  string     `json:"node"`
	Items []itemLine `json:"items"`
}

// itemLine is an item of a node. Outcome and Reason stand in `put` only.
type itemLine struct {
	Type      string          `json:"type"`
	Change    delivery.Change `json:"change"`
	Added     int             `json:"added"`
	Removed   int             `json:"removed"`
	Changed   int             `json:"changed"`
	Entries   int             `json:"entries"`
	Truncated int             `json:"cut,omitempty"`
	Outcome   receipt.Outcome `json:"outcome,omitempty"`
	Reason    string          `json:"reason,omitempty"`
}

// putSummary is the last line of `plan --json` and `put --json`, for each file.
type putSummary struct {
	File     string         `json:"file,omitempty"`
	Import   string         `json:"import,omitempty"`
	Mapping  string         `json:"mapping"`
	Nodes    int            `json:"nodes"`
	Calls    int            `json:"calls"`
	Records  int            `json:"records"`
	Outcomes receipt.Counts `json:"outcomes"`
	Complete bool           `json:"complete"`

	ClearedNodes int              `json:"clearedNodes,omitempty"` // that the document no longer names
	Absence      *receipt.Absence `json:"absence,omitempty"`      // what was decided about those
	RejectedFile string           `json:"rejectedFile,omitempty"`
	Into         string           `json:"into,omitempty"`
}

// putCommand plans or puts files.
type putCommand struct {
	s      *session
	bridge *bridge.Bridge
	plan   bool
	out    *lines
	many   bool
	result error // the worst so far: errShown, errPartial or nil
}

func runPlan(ctx context.Context, s *session, args []string) error { return put(ctx, s, args, true) }

func runPut(ctx context.Context, s *session, args []string) error { return put(ctx, s, args, false) }

func put(ctx context.Context, s *session, args []string, plan bool) error {
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	docs, closeDocs, err := s.documents(ctx, args)
	if err != nil {
		return err
	}
	defer closeDocs()
	c := &putCommand{s: s, bridge: bridge.New(config), plan: plan, out: newLines(s.out), many: len(docs) > 1}
	for _, d := range docs {
		if err := c.file(ctx, d); err != nil {
			return err
		}
	}
	return c.result
}

// file takes one document in. A document that fails is said, and the next one is taken.
func (c *putCommand) file(ctx context.Context, d intake.Document) error {
	bar := c.s.progress(d.Source.Name, d.Source.Size)
	var writeErr error
	r, err := c.bridge.Import(ctx, d, bridge.Options{
		Plan: c.plan, Force: c.s.options.force, Progress: bar.step,
		Observe: func(n delivery.NodeResult) { writeErr = errors.Join(writeErr, c.s.nodeDone(c.out, n)) },
	})
	bar.end()
	c.judge(r, err)
	if err != nil {
		fmt.Fprintln(c.s.err, "invbridge:", err)
	}
	return errors.Join(writeErr, c.summary(d, r, err == nil), c.out.flush())
}

func (c *putCommand) judge(r receipt.Receipt, err error) {
	switch {
	case err != nil:
		c.result = errShown
	case !r.Counts.Good() && c.result == nil:
		c.result = errPartial
	}
}

// writeNode shows what changed at a node; what did not is left out.
func writeNode(w io.Writer, n delivery.NodeResult) error {
	for _, it := range n.Items {
		if it.Change == delivery.ChangeSame && it.Outcome.Good() {
			continue
		}
		state := string(it.Change)
		if it.Outcome != "" {
			state = string(it.Outcome)
		}
		if it.Reason != "" {
			state += " (" + it.Reason + ")"
		}
		if _, err := fmt.Fprintf(w, "%-20s %-32s %5d entries  +%d -%d ~%d  %s\n",
			n.Node, it.Type, it.Entries, it.Added, it.Removed, it.Changed, state); err != nil {
			return err
		}
	}
	return nil
}

func (c *putCommand) summary(d intake.Document, r receipt.Receipt, complete bool) error {
	sum := putSummary{
		Mapping: r.Mapping, Nodes: r.Nodes, Calls: r.Calls, Records: r.Records, Outcomes: r.Counts, Complete: complete,
		ClearedNodes: r.ClearedNodes, Absence: r.Absence,
	}
	if !c.plan {
		sum.Import, sum.RejectedFile, sum.Into = r.Import, r.RejectedFile, r.Into
	}
	if c.many {
		sum.File = d.Source.Name
	}
	if c.s.options.json {
		return errors.Join(c.out.write(map[string]putSummary{"summary": sum}), writeDetails(c.s.err, r))
	}
	return writeSummary(c.out.w, d.Source.Name, sum, r, c.plan)
}

func writeSummary(w io.Writer, name string, sum putSummary, r receipt.Receipt, plan bool) error {
	if !sum.Complete {
		_, err := fmt.Fprintf(w, "%s: failed; nothing that is not listed above was put\n", name)
		return err
	}
	verb := "took"
	if plan {
		verb = "would take"
	}
	if _, err := fmt.Fprintf(w, "%s: mapping %s, %s, %s, %s %s: %s\n", name, sum.Mapping,
		plural(sum.Records, "record"), plural(sum.Nodes, "node"), verb, plural(sum.Calls, "call"), countsText(sum.Outcomes)); err != nil {
		return err
	}
	if err := errors.Join(writeReturned(w, r), writeDetails(w, r)); err != nil || plan {
		return err
	}
	_, err := fmt.Fprintf(w, "import %s (invbridge receipt %s)\n", sum.Import, sum.Import)
	return err
}
