package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// heldLine is a type at a node in `node --json`: what the ledger and the service say.
type heldLine struct {
	Node    string       `json:"node"`
	Type    string       `json:"type"`
	Ledger  *ledgerSays  `json:"ledger,omitempty"`
	Service *serviceSays `json:"service,omitempty"`
	Sources []sourceLine `json:"sources"`
	Open    string       `json:"open,omitempty"` // why something is still to be put
	Differ  string       `json:"differ,omitempty"`
}

type ledgerSays struct {
	Entries  int       `json:"entries"`
	Captured time.Time `json:"captured"`
	At       time.Time `json:"accepted"`
	Schema   string    `json:"schemaVersion"`
	Cut      int       `json:"cut,omitempty"`
}

type serviceSays struct {
	Entries  int    `json:"entries"`
	Captured string `json:"captured"`
	Schema   string `json:"schemaVersion"`
}

type sourceLine struct {
	Source   string    `json:"source"`
	Entries  int       `json:"entries"`
	Captured time.Time `json:"captured"`
	Import   string    `json:"import,omitempty"`
}

func runNode(ctx context.Context, s *session, args []string) error {
	if len(args) != 1 {
		return usageError("name one NODE: its ID, i-… or mi-…")
	}
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	head, err := config.Ledger.Load(ctx, config.Ledger.Partition(args[0]))
	if err != nil {
		return err
	}
	lines, err := s.compareNode(ctx, args[0], head.Nodes[args[0]])
	if err != nil {
		return err
	}
	return s.showNode(args[0], lines, head.Nodes[args[0]])
}

// compareNode puts what the ledger says beside what the service says, type by type.
func (s *session) compareNode(ctx context.Context, id string, n *ledger.NodeState) ([]heldLine, error) {
	api, err := s.clients(ctx)
	if err != nil {
		return nil, err
	}
	names, err := listTypes(ctx, api.ssm)
	if err != nil {
		return nil, fmt.Errorf("asking the service for its types: %w", err)
	}
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	all := map[string]bool{}
	for _, name := range append(names, typesOf(n)...) {
		all[name] = true
	}
	var list []heldLine
	for _, name := range sortedKeys(all) {
		line := heldLine{Node: id, Type: name, Sources: []sourceLine{}}
		line.fromLedger(n, name)
		if known[name] {
			h, err := listEntries(ctx, api.ssm, id, name)
			if err != nil {
				return nil, fmt.Errorf("asking the service for %s: %w", name, err)
			}
			if h.captured != "" {
				line.Service = &serviceSays{len(h.entries), h.captured, h.version}
			}
		}
		if line.Service != nil || line.Ledger != nil || line.Open != "" || len(line.Sources) > 0 {
			line.Differ = line.difference()
			list = append(list, line)
		}
	}
	return list, nil
}

func typesOf(n *ledger.NodeState) []string {
	if n == nil {
		return nil
	}
	names := slices.DeleteFunc(sortedKeys(n.Types), func(name string) bool {
		return strings.Contains(name, " ") // one of the items that a type with a context makes
	})
	if n.Intent != nil {
		names = append(names, sortedKeys(n.Intent.Types)...)
	}
	return names
}

func (l *heldLine) fromLedger(n *ledger.NodeState, name string) {
	if n == nil {
		return
	}
	if t := n.Types[name]; t != nil {
		if a := t.Accepted; a != nil {
			l.Ledger = &ledgerSays{a.Entries, a.Captured, a.At, a.Schema, a.Truncated}
		}
		for _, source := range sortedKeys(t.Shares) {
			shard := t.Shares[source]
			if shard.Count == 0 {
				continue
			}
			line := sourceLine{Source: source, Entries: shard.Count, Captured: shard.Newest()}
			if from := n.Sources[source]; from != nil {
				line.Import = from.Import
			}
			l.Sources = append(l.Sources, line)
		}
	}
	if n.Intent == nil || n.Intent.Types[name] == nil {
		return
	}
	o := n.Intent.Types[name]
	l.Open = "not put yet"
	if o.Reason != "" {
		l.Open += ": " + o.Reason
	}
	if o.Failed != "" {
		l.Open += ": the service refused it with " + o.Failed
	}
}

// difference says in words where ledger and service differ.
func (l *heldLine) difference() string {
	switch {
	case l.Ledger == nil && l.Service == nil:
		return ""
	case l.Ledger == nil:
		return "the ledger does not know it: another program wrote it"
	case l.Service == nil:
		if l.Ledger.Entries == 0 {
			return ""
		}
		return "the service no longer holds it: it was deleted, or not refreshed for 30 days"
	case l.Ledger.Entries != l.Service.Entries:
		return fmt.Sprintf("the ledger says %d entries, the service has %d", l.Ledger.Entries, l.Service.Entries)
	case l.Ledger.Captured.UTC().Format(time.RFC3339) != l.Service.Captured:
		return "the service's item is of another capture time than the one that was put"
	default:
		return ""
	}
}

func (s *session) showNode(id string, list []heldLine, n *ledger.NodeState) error {
	out := newLines(s.out)
	for _, l := range list {
		if err := s.showHeld(out, l); err != nil {
			return err
		}
	}
	if s.options.json {
		differ := 0
		for _, l := range list {
			if l.Differ != "" {
				differ++
			}
		}
		sum := map[string]any{"node": id, "types": len(list), "differ": differ, "known": n != nil}
		return errors.Join(out.write(map[string]any{"summary": sum}), out.flush())
	}
	if len(list) == 0 {
		fmt.Fprintf(out.w, "%s holds nothing of ours, and the ledger has never heard of it: explain a file to see why its records lead elsewhere\n", id)
	}
	return out.flush()
}

func (s *session) showHeld(out *lines, l heldLine) error {
	if s.options.json {
		return out.write(l)
	}
	fmt.Fprintf(out.w, "%s\n", l.Type)
	if l.Ledger != nil {
		fmt.Fprintf(out.w, "  put         %d entries, captured %s, accepted %s\n", l.Ledger.Entries, stamp(l.Ledger.Captured), stamp(l.Ledger.At))
	}
	if l.Service != nil {
		fmt.Fprintf(out.w, "  service     %d entries, captured %s\n", l.Service.Entries, l.Service.Captured)
	}
	for _, src := range l.Sources {
		fmt.Fprintf(out.w, "  from        %s: %d entries, captured %s (import %s)\n", src.Source, src.Entries, stamp(src.Captured), src.Import)
	}
	if l.Open != "" {
		fmt.Fprintf(out.w, "  open        %s\n", l.Open)
	}
	if l.Differ != "" {
		fmt.Fprintf(out.w, "  DIFFERS     %s\n", l.Differ)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
