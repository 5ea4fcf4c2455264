package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

func showNode(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	id := args[0]
	config, unasked, err := s.LedgerOrLook(ctx)
	if err != nil {
		return err
	}
	head, err := config.Ledger.Load(ctx, config.Ledger.Partition(id))
	if err != nil {
		return err
	}
	known := head.Nodes[id]
	list, err := held(ctx, s, id, known, unasked)
	if err != nil {
		return err
	}
	differ := 0
	for _, l := range list {
		if l.Differ != "" {
			differ++
		}
		writeHeld(out, l)
	}
	if len(list) == 0 {
		out.Text("%s holds nothing of ours, and is not in the ledger: explain a file to see why its records lead elsewhere\n", id)
	}
	sum := nodeSummary{Node: id, Types: len(list), Differ: differ, Known: known != nil}
	if known != nil {
		sum.Numbers = known.Numbers
	}
	sum.writeNumbers(out)
	out.Summary(sum)
	return nil
}

// held compares ledger and service; where the service cannot be asked, it says why and shows the ledger alone.
func held(ctx context.Context, s *session.Session, id string, known *ledger.NodeState, unasked error) ([]holding.Line, error) {
	if unasked != nil {
		fmt.Fprintf(s.Err, "invbridge: this is what the ledger holds; the service was not asked: %v\n", unasked)
		return holding.Known(id, known), nil
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return nil, err
	}
	return holding.Compare(ctx, api.SSM, id, known)
}

// nodeSummary is the last line of `node --json`.
type nodeSummary struct {
	Differ  int                        `json:"differ"`
	Known   bool                       `json:"known"`
	Node    string                     `json:"node"`
	Numbers map[string][]ledger.Number `json:"numbers,omitempty"` // by family: the machine's numbers in its sources
	Types   int                        `json:"types"`
}

func (n *nodeSummary) writeNumbers(out *output.Lines) {
	for _, family := range slices.Sorted(maps.Keys(n.Numbers)) {
		for _, k := range n.Numbers[family] {
			out.Text("number %s of %s, tied to the node by %s on %s\n", k.Key, family, k.By, k.At.Format(time.DateOnly))
		}
	}
}

func writeHeld(out *output.Lines, l holding.Line) {
	out.Object(l)
	out.Text("%s\n", l.Type)
	if l.Ledger != nil {
		out.Text("  put         %d entries, captured %s, accepted %s\n", l.Ledger.Entries, output.Stamp(l.Ledger.Captured), output.Stamp(l.Ledger.At))
	}
	if l.Service != nil {
		out.Text("  service     %d entries, captured %s\n", l.Service.Entries, l.Service.Captured)
	}
	for _, src := range l.Sources {
		out.Text("  from        %s: %d entries, captured %s (import %s)\n", src.Source, src.Entries, output.Stamp(src.Captured), src.Import)
	}
	if l.Open != "" {
		out.Text("  open        %s\n", l.Open)
	}
	if l.Differ != "" {
		out.Text("  DIFFERS     %s\n", l.Differ)
	}
}
