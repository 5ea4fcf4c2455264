package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
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
	Shrinks      *differ.Shrink   `json:"shrinks,omitempty"`      // less than half of the rows are left
	RejectedFile string           `json:"rejectedFile,omitempty"`
	Into         string           `json:"into,omitempty"`
	receipt.PartOf
}

func put(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	f, err := planIn(args)
	if err != nil {
		return err
	}
	c, err := newPutter(ctx, s, out, s.WithLedger)
	if err != nil {
		return err
	}
	if f != nil {
		return c.held(ctx, f)
	}
	docs, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	return c.files(ctx, docs)
}

// putter plans or puts files.
type putter struct {
	s       *session.Session
	bridge  *bridge.Bridge
	plan    *planned.Plan // nil: it puts
	imports []planned.Document
	calls   int                       // of a plan
	places  map[string]planned.Places // of the nodes that change, by import
	state   string                    // the place of the ledger
	out     *output.Lines
	many    bool
	done    int           // nodes of the file
	shrink  differ.Shrink // of its rows
	result  error         // the worst so far: session.ErrShown, session.ErrPartial or nil
}

func newPutter(ctx context.Context, s *session.Session, out *output.Lines, open func(context.Context) (bridge.Config, error)) (*putter, error) {
	config, err := open(ctx)
	if err != nil {
		return nil, err
	}
	state, err := s.StateName()
	if err == nil && !strings.HasPrefix(state, "s3://") {
		state, err = filepath.Abs(state)
	}
	return &putter{s: s, out: out, bridge: bridge.New(config), state: state}, err
}

// files takes documents in, one after the other. Of a plan, the nodes of all come before what each of them takes.
func (c *putter) files(ctx context.Context, docs []intake.Document) error {
	c.many = len(docs) > 1
	var last []func() error
	for _, d := range docs {
		end, err := c.file(ctx, d)
		if err == nil && c.plan == nil {
			err = end()
		}
		if err != nil {
			return err
		}
		last = append(last, end)
	}
	if c.plan == nil {
		return c.result
	}
	c.showPlan()
	for _, end := range last {
		if err := end(); err != nil {
			return err
		}
	}
	return nil
}

// file takes one document in, and returns what shows how it ended. A document that fails is reported, and the next one is taken.
func (c *putter) file(ctx context.Context, d intake.Document) (end func() error, err error) {
	r, machines, err := c.take(ctx, d)
	switch {
	case ctx.Err() != nil && c.plan != nil:
		return nil, cmp.Or(ctx.Err(), err) // what was asked so far is no plan
	case ctx.Err() != nil && err != nil:
		fmt.Fprintf(c.s.Err, "invbridge: %s: stopped; %s done, the others are not: put the file again (invbridge sweep finishes what had begun)\n",
			output.Printable(d.Source.Name), output.Plural(c.done, "node"))
		return nil, cmp.Or(c.out.Flush(), session.ErrStopped)
	case err != nil:
		c.result = session.ErrShown
		fmt.Fprintln(c.s.Err, "invbridge:", session.WithHint(err))
	case !allPut(r) && c.result == nil:
		c.result = session.ErrPartial
	}
	complete, shrink := err == nil, c.shrink
	return func() error {
		c.summary(d, r, complete, shrink, machines)
		return c.out.Flush()
	}, nil
}

// allPut reports whether all came to a good end: no record waits or was refused, not all of them were stale, and no absent node waits for somebody.
func allPut(r receipt.Receipt) bool {
	stale := r.Counts.Of(receipt.Stale)
	return r.Counts.Good() && (r.Absence == nil || r.Absence.Cleared) && (stale == 0 || stale < r.Records)
}

// take plans a document, or puts it, and returns what its records call their machines.
func (c *putter) take(ctx context.Context, d intake.Document) (receipt.Receipt, map[int]string, error) {
	c.done, c.shrink = 0, differ.Shrink{}
	if c.plan != nil {
		return c.planFile(ctx, d)
	}
	bar := output.NewProgress(c.s.Err, d.Source.Name, d.Source.Size)
	defer bar.End()
	r, err := c.bridge.Import(ctx, d, bridge.Options{Force: c.s.Force, Progress: bar.Step, Parts: bar.Parts, Observe: c.observe(bar)})
	if err != nil || c.s.JSON || r.DetailsTotal == 0 {
		return r, nil, err
	}
	return r, machines(ctx, c.bridge.Ledger, r), nil
}

// observe shows nodes: on a terminal as they come.
func (c *putter) observe(bar *output.Progress) func(differ.Node) {
	isLive := output.OnTerminal(c.s.Out)
	return func(n differ.Node) {
		if isLive {
			bar.End()
		}
		c.done++
		c.shrink.Add(&n)
		c.out.Node(n)
		if isLive {
			_ = c.out.Flush() // it keeps its error
		}
		bar.Node(c.bridge.Calls())
	}
}

// summary shows how a document ended. The machines of records have names by the records' numbers, as far as they are known.
func (c *putter) summary(d intake.Document, r receipt.Receipt, complete bool, shrink differ.Shrink, machines map[int]string) {
	sum := putSummary{
		Mapping: r.Mapping, Nodes: r.Nodes, Calls: r.Calls, Records: r.Records, Outcomes: r.Counts, Complete: complete,
		ClearedNodes: r.ClearedNodes, Absence: r.Absence, PartOf: r.PartOf,
	}
	if shrink.Is() {
		sum.Shrinks = &shrink
	}
	if c.plan == nil {
		sum.Import, sum.RejectedFile, sum.Into = r.Import, r.RejectedFile, r.Into
	}
	if c.many {
		sum.File = d.Source.Name
	}
	if c.s.JSON {
		c.out.Summary(sum)
		output.Details(c.s.Err, r, nil)
		return
	}
	c.writeSummary(d.Source.Name, sum, r, machines)
}

func (c *putter) writeSummary(name string, sum putSummary, r receipt.Receipt, machines map[int]string) {
	w := c.out
	if !sum.Complete {
		fmt.Fprintf(w, "%s: failed; nothing that is not listed above was put\n", name)
		return
	}
	verb, price := "took", ""
	if c.plan != nil {
		verb, price = "would take", planned.CostOf(sum.Calls, r.Bytes, c.s.Rate, c.bridge.Targets, c.places[r.Import])
	}
	fmt.Fprintf(w, "%s: mapping %s, %s, %s, %s %s%s: %s\n", name, sum.Mapping, output.Plural(sum.Records, "record"),
		output.Plural(sum.Nodes, "node"), verb, output.Plural(sum.Calls, "call"), price, output.Counts(sum.Outcomes))
	output.Returned(w, r)
	output.Details(w, r, machines)
	c.writeShrink(sum)
	if c.plan == nil {
		fmt.Fprintf(w, "import %s (invbridge receipt %s)\n", sum.Import, sum.Import)
	}
}

// writeShrink says that less than half of the rows are left, which a document that was cut off at the end of a row looks like.
func (c *putter) writeShrink(sum putSummary) {
	switch {
	case sum.Shrinks == nil:
	case c.plan != nil:
		fmt.Fprintf(c.out, "  fewer rows: the items of these nodes would have %d of %d rows: make sure that the document is whole before it is put\n", sum.Shrinks.After, sum.Shrinks.Before)
	default:
		fmt.Fprintf(c.out, "  fewer rows: the items of these nodes have %d of %d rows: if the document was not whole, invbridge rollback %s undoes it\n",
			sum.Shrinks.After, sum.Shrinks.Before, sum.Import)
	}
}
