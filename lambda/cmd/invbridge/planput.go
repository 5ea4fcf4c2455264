package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

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
	receipt.PartOf
}

func plan(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	return putFiles(ctx, args, &putter{s: s, out: out, plan: true})
}

func put(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	return putFiles(ctx, args, &putter{s: s, out: out})
}

// putter plans or puts files.
type putter struct {
	s      *session.Session
	bridge *bridge.Bridge
	plan   bool
	out    *output.Lines
	many   bool
	done   int   // nodes of the file
	result error // the worst so far: errShown, errPartial or nil
}

func putFiles(ctx context.Context, args []string, c *putter) error {
	config, err := c.s.WithLedger(ctx)
	if err != nil {
		return err
	}
	docs, err := c.s.Documents(ctx, args)
	if err != nil {
		return err
	}
	c.bridge, c.many = bridge.New(config), len(docs) > 1
	for _, d := range docs {
		if err := c.file(ctx, d); err != nil {
			return err
		}
	}
	return c.result
}

// file takes one document in. A document that fails is reported, and the next one is taken.
func (c *putter) file(ctx context.Context, d intake.Document) error {
	c.done = 0
	bar := output.NewProgress(c.s.Err, d.Source.Name, d.Source.Size)
	r, err := c.bridge.Import(ctx, d, bridge.Options{
		Plan: c.plan, Force: c.s.Force, Progress: bar.Step, Parts: bar.Parts, Observe: c.observe(bar),
	})
	bar.End()
	switch {
	case ctx.Err() != nil && err != nil:
		c.result = errStopped
		fmt.Fprintf(c.s.Err, "invbridge: %s: stopped; %s done, the others are not: put the file again (invbridge sweep finishes what had begun)\n",
			output.Printable(d.Source.Name), output.Plural(c.done, "node"))
		return cmp.Or(c.out.Flush(), c.result)
	case err != nil:
		c.result = errShown
		fmt.Fprintln(c.s.Err, "invbridge:", err)
	case !r.Counts.Good() && c.result == nil:
		c.result = errPartial
	}
	c.summary(d, r, err == nil)
	return c.out.Flush()
}

// observe shows nodes: on a terminal as they come.
func (c *putter) observe(bar *output.Progress) func(delivery.NodeResult) {
	isLive := output.OnTerminal(c.s.Out)
	return func(n delivery.NodeResult) {
		if isLive {
			bar.End()
		}
		c.done++
		c.out.Node(n)
		if isLive {
			_ = c.out.Flush() // it keeps its error
		}
		bar.Node(c.bridge.Calls())
	}
}

func (c *putter) summary(d intake.Document, r receipt.Receipt, complete bool) {
	sum := putSummary{
		Mapping: r.Mapping, Nodes: r.Nodes, Calls: r.Calls, Records: r.Records, Outcomes: r.Counts, Complete: complete,
		ClearedNodes: r.ClearedNodes, Absence: r.Absence, PartOf: r.PartOf,
	}
	if !c.plan {
		sum.Import, sum.RejectedFile, sum.Into = r.Import, r.RejectedFile, r.Into
	}
	if c.many {
		sum.File = d.Source.Name
	}
	if c.s.JSON {
		c.out.Summary(sum)
		output.Details(c.s.Err, r)
		return
	}
	writeSummary(c.out, d.Source.Name, sum, r, c.plan)
}

func writeSummary(w io.Writer, name string, sum putSummary, r receipt.Receipt, plan bool) {
	if !sum.Complete {
		fmt.Fprintf(w, "%s: failed; nothing that is not listed above was put\n", name)
		return
	}
	verb := "took"
	if plan {
		verb = "would take"
	}
	fmt.Fprintf(w, "%s: mapping %s, %s, %s, %s %s: %s\n", name, sum.Mapping,
		output.Plural(sum.Records, "record"), output.Plural(sum.Nodes, "node"), verb, output.Plural(sum.Calls, "call"), output.Counts(sum.Outcomes))
	output.Returned(w, r)
	output.Details(w, r)
	if !plan {
		fmt.Fprintf(w, "import %s (invbridge receipt %s)\n", sum.Import, sum.Import)
	}
}
