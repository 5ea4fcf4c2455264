package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Node is what the page of a node shows.
type Node struct {
	ID, Name string
	Target   target.Key
	State    string            // by the service; "": not known
	Lines    []holding.Line    // with their entries
	Known    *ledger.NodeState // nil: the ledger does not know the node
	Parked   []lookup.Parked   // what waits under its names
	Why      map[string]string // by source: why what it stated is gone, or will be
}

// HTML returns the page as a file. At is when it is made.
func (n *Node) HTML(at time.Time) ([]byte, error) {
	p := &Page{Kind: "Managed node", Title: n.ID, State: n.State}
	if n.Name != "" {
		p.Title = n.Name
		p.Facts = append(p.Facts, Fact{"ID", n.ID})
	}
	if !n.Target.IsOwn() {
		p.Facts = append(p.Facts, Fact{"Account", n.Target.Account}, Fact{"Region", n.Target.Region})
	}
	p.Facts = append(p.Facts, Fact{"Types", strconv.Itoa(len(n.Lines))})
	p.Lists = []List{n.types(), n.sources(), n.drift(), n.why(), n.waiting()}
	p.Records = n.entries()
	p.Times = n.times()
	return p.HTML(at)
}

func (n *Node) types() List {
	list := List{Title: "Types", Columns: []string{"Type", "Put", "Service", "Open", "Difference"}}
	for _, l := range n.Lines {
		put, service := "nothing", "nothing, or not asked"
		if l.Ledger != nil {
			put = strconv.Itoa(l.Ledger.Entries) + " entries, captured " + output.Stamp(l.Ledger.Captured)
		}
		if l.Service != nil {
			service = strconv.Itoa(l.Service.Entries) + " entries, captured " + l.Service.Captured
		}
		list.Rows = append(list.Rows, Line{Cells: []string{l.Type, put, service, l.Open, l.Differ}})
	}
	return list
}

func (n *Node) sources() List {
	list := List{Title: "Sources", Columns: []string{"Type", "Source", "Entries", "Captured", "Import"}}
	for _, l := range n.Lines {
		for _, s := range l.Sources {
			list.Rows = append(list.Rows, Line{Cells: []string{l.Type, s.Source, strconv.Itoa(s.Entries), output.Stamp(s.Captured), s.Import}})
		}
	}
	return list
}

// drift are the rows by which the service differs.
func (n *Node) drift() List {
	list := List{Title: "The service's rows, against those of our sources", Columns: []string{"Type", "Row"}}
	for _, l := range n.Lines {
		for i := range l.Drift {
			var text strings.Builder
			planned.WriteRow(&text, &l.Drift[i])
			list.Rows = append(list.Rows, Line{Cells: []string{l.Type, oneLine(text.String())}})
		}
	}
	return list
}

// oneLine is a text of several lines as one: a page has no ends of lines.
func oneLine(text string) string {
	var parts []string
	for line := range strings.Lines(text) {
		parts = append(parts, strings.TrimSpace(line))
	}
	return strings.Join(parts, "; ")
}

func (n *Node) why() List {
	list := List{Title: "What sources no longer state", Columns: []string{"Source", "Why"}}
	for _, source := range slices.Sorted(maps.Keys(n.Why)) {
		list.Rows = append(list.Rows, Line{Cells: []string{source, n.Why[source]}})
	}
	return list
}

func (n *Node) waiting() List {
	list := List{Title: "Parked under its names", Columns: []string{"Source", "Machine", "Records", "Import"}}
	for _, p := range n.Parked {
		list.Rows = append(list.Rows, Line{Cells: []string{p.Source, strings.Join(p.Subject, " "), strconv.Itoa(len(p.Records)), p.Import}})
	}
	return list
}

func (n *Node) entries() Records {
	records := Records{Title: "Rows", Columns: []string{"Type", "Source", "Import", "Values"}, Choose: -1}
	for _, l := range n.Lines {
		for _, e := range l.Entries {
			records.Rows = append(records.Rows, []string{l.Type, e.Source, e.Import, values(e.Values)})
		}
	}
	return records
}

// values are the values of a row, in the order of their names.
func values(of map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, name+"="+of[name])
	}
	return strings.Join(parts, "  ")
}

func (n *Node) times() []Time {
	if n.Known == nil {
		return nil
	}
	var list []Time
	for _, source := range slices.Sorted(maps.Keys(n.Known.Sources)) {
		s := n.Known.Sources[source]
		list = append(list, Time{s.Received, "source " + source + " was received (import " + s.Import + ")"}, Time{s.Cleared, clearedText(source, s.ClearedBy)})
		if s.Missing != nil {
			list = append(list, Time{s.Missing.Since, "source " + source + " no longer names the node (import " + s.Missing.Import + ")"})
		}
	}
	for _, source := range slices.Sorted(maps.Keys(n.Known.Removed)) {
		list = append(list, Time{n.Known.Removed[source].At, "source " + source + " was removed, or its rows expired"})
	}
	for _, l := range n.Lines {
		if l.Ledger != nil {
			list = append(list, Time{l.Ledger.At, l.Type + " was accepted by the service"})
		}
	}
	return append(list, Time{n.Known.Gone, "the service did not know the node"})
}

// clearedText says that a source's rows were cleared; import "": it is not known by which.
func clearedText(source, by string) string {
	text := "source " + source + ": its rows were cleared as absent"
	if by != "" {
		text += " (import " + by + ")"
	}
	return text
}
