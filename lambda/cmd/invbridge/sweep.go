package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"reflect"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
)

// sweepAll does all that is due.
func sweepAll(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	return sweep(ctx, s, out, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.Sweep(ctx) })
}

// sweep shows what becomes of nodes that no file is read for.
func sweep(ctx context.Context, s *session.Session, out *output.Lines, work func(*bridge.Bridge) (bridge.SweepResult, error)) error {
	config, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	open := map[string]bool{} // nodes of which something stays open: not all that is done here counts them
	config.Observe = func(n differ.Node) {
		out.Node(n)
		open[n.Node] = n.IsOpen()
	}
	r, err := work(bridge.New(config))
	maps.DeleteFunc(open, func(_ string, is bool) bool { return !is })
	r.Open = max(r.Open, len(open))
	if err != nil && reflect.DeepEqual(r, bridge.SweepResult{}) {
		return err // it has not begun
	}
	if !s.JSON {
		writeSwept(out, r)
	}
	if r.Undecided == nil { // they are lists in JSON
		r.Undecided = []string{}
	}
	if r.Silent == nil {
		r.Silent = []bridge.Silent{}
	}
	out.Summary(r)
	if err == nil && r.Open > 0 {
		err = session.ErrPartial
	}
	return err
}

// writeSwept shows what a sweep did, and what somebody should look at.
func writeSwept(w io.Writer, r bridge.SweepResult) {
	fmt.Fprint(w, output.Plural(r.Calls, "call"))
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{r.Settled, "node on which receipts waited is done", "nodes on which receipts waited are done"},
		{r.Refreshed, "item confirmed", "items confirmed"},
		{r.Found, "parked record found its node", "parked records found their nodes"},
		{r.ClearedNodes, "node cleared that is no longer named", "nodes cleared that are no longer named"},
		{r.Cleared, "item emptied", "items emptied"},
		{r.Expired, "share expired", "shares expired"},
		{r.Forgotten, "node forgotten", "nodes forgotten"},
		{r.ParkExpired, "parked record expired", "parked records expired"},
		{r.Rows, "stored row deleted", "stored rows deleted"},
		{r.Parked, "record still parked", "records still parked"},
		{r.NotLookedUp, "of them not looked up by MAC address yet", "of them not looked up by MAC address yet"},
		{r.Open, "node still open", "nodes still open"},
	} {
		switch {
		case part.n == 1:
			fmt.Fprint(w, ", 1 ", part.one)
		case part.n > 1:
			fmt.Fprintf(w, ", %d %s", part.n, part.many)
		}
	}
	fmt.Fprintln(w)
	for _, o := range r.OpenFor {
		fmt.Fprintf(w, "open: %s for %s: %s\n", output.Plural(o.Nodes, "node"), o.Type, o.Reason)
	}
	for _, t := range r.Unreachable {
		fmt.Fprintf(w, "account and region %s could not be listed (%s), since %s: see invbridge target check\n", t.Key, t.Why, t.Since.UTC().Format("2006-01-02 15:04 UTC"))
	}
	for _, m := range r.Misplaced {
		fmt.Fprintln(w, output.Misplaced(m))
	}
	for _, id := range r.Undecided {
		fmt.Fprintf(w, "import %s no longer names nodes that were not cleared: see invbridge receipt %s\n", id, id)
	}
	for _, silent := range r.Silent {
		fmt.Fprintf(w, "source %s is silent: expected every %s\n", silent.Source, silent.Every)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s (%d×)\n", n.Text, n.Count)
	}
}
