package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
)

func runSweep(ctx context.Context, s *session, args []string) error {
	if len(args) > 0 {
		return usageError("sweep takes no arguments: it does all that is due")
	}
	return s.sweeping(ctx, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.Sweep(ctx) })
}

// sweeping shows what becomes of nodes that no file is read for.
func (s *session) sweeping(ctx context.Context, work func(*bridge.Bridge) (bridge.SweepResult, error)) error {
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	out := newLines(s.out)
	var writeErr error
	config.Observe = func(n delivery.NodeResult) { writeErr = errors.Join(writeErr, s.nodeDone(out, n)) }
	r, err := work(bridge.New(config))
	if s.options.json {
		writeErr = errors.Join(writeErr, out.write(map[string]bridge.SweepResult{"summary": r}))
	} else {
		writeErr = errors.Join(writeErr, writeSwept(out.w, r))
	}
	if err := errors.Join(err, writeErr, out.flush()); err != nil {
		return err
	}
	if r.Open > 0 {
		return errPartial
	}
	return nil
}

// nodeDone shows what was done at a node.
func (s *session) nodeDone(out *lines, n delivery.NodeResult) error {
	if !s.options.json {
		return writeNode(out.w, n)
	}
	line := nodeLine{Node: n.Node, Items: []itemLine{}}
	for _, it := range n.Items {
		line.Items = append(line.Items, itemLine(it))
	}
	return out.write(line)
}

// writeSwept says what a sweep did, and what somebody should look at.
func writeSwept(w io.Writer, r bridge.SweepResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", plural(r.Calls, "call"))
	for _, part := range []struct {
		n    int
		what string
	}{
		{r.Settled, "nodes on which receipts waited are done"},
		{r.Refreshed, "items confirmed"},
		{r.Found, "parked records found their nodes"},
		{r.ClearedNodes, "nodes cleared that are no longer named"},
		{r.Cleared, "items emptied"},
		{r.Expired, "shards expired"},
		{r.Forgotten, "nodes forgotten"},
		{r.ParkExpired, "parked records expired"},
		{r.Rows, "stored rows removed"},
		{r.Parked, "records still parked"},
		{r.NotLookedUp, "of them not looked up by MAC address yet"},
		{r.Open, "nodes still open"},
	} {
		if part.n > 0 {
			fmt.Fprintf(&b, ", %d %s", part.n, part.what)
		}
	}
	b.WriteString("\n")
	for _, m := range r.Misplaced {
		b.WriteString(misplacedText(m) + "\n")
	}
	for _, id := range r.Undecided {
		fmt.Fprintf(&b, "import %s no longer names nodes that were not cleared: see invbridge receipt %s\n", id, id)
	}
	for _, silent := range r.Silent {
		fmt.Fprintf(&b, "source %s is silent: it should speak every %s\n", silent.Source, silent.Expect)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s (%d×)\n", n.Text, n.Count)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
