package planned

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
)

// longest is how many characters of a value are shown.
const longest = 60

// signs are those of rows.
func sign(change string) string {
	switch change {
	case differ.RowAdded:
		return "+"
	case differ.RowRemoved:
		return "-"
	}
	return "~"
}

// Write shows a node: its items that change, and their rows.
func (n *Node) Write(w io.Writer) {
	title := output.Printable(n.title())
	if n.Name != "" {
		title += " (" + n.Node.Node + ")"
	}
	title += n.Target().In()
	fmt.Fprintln(w, title)
	for _, source := range n.Absent {
		fmt.Fprintf(w, "  no longer named: source %s\n", output.Printable(source))
	}
	for i := range n.Items {
		writeItem(w, &n.Items[i])
	}
}

func writeItem(w io.Writer, i *differ.Item) {
	state := string(i.Change)
	if i.Reason != "" {
		state += " (" + i.Reason + ")"
	}
	fmt.Fprintf(w, "  %s: %s, +%d -%d ~%d, %s\n", i.Type, output.Entries(i.Entries), i.Added, i.Removed, i.Changed, state)
	for _, r := range i.Rows {
		WriteRow(w, &r)
	}
	if hidden := i.Added + i.Removed + i.Changed; hidden > 0 && len(i.Rows) == 0 && i.Change != differ.Same {
		fmt.Fprintf(w, "    %s not shown: --node shows those of a node\n", output.Plural(hidden, "row"))
	}
}

// WriteRow shows a row that comes, goes or changes.
func WriteRow(w io.Writer, r *differ.Row) {
	var key []string
	for _, v := range r.Key {
		key = append(key, v.Name+"="+Shown(v.New+missing(v)))
	}
	fmt.Fprintf(w, "    %s %s\n", sign(r.Change), strings.Join(key, " "))
	for _, v := range r.Values {
		switch r.Change {
		case differ.RowAdded:
			fmt.Fprintf(w, "        %s: %s\n", v.Name, Shown(v.New))
		case differ.RowChanged:
			fmt.Fprintf(w, "        %s: %s → %s\n", v.Name, Shown(v.Old), Shown(v.New))
		}
	}
}

// missing is the value of a key in a row that goes.
func missing(v differ.Value) string {
	if v.New == "" {
		return v.Old
	}
	return ""
}

// Shown is a value as a terminal may show it. An empty one is said to be.
func Shown(value string) string {
	if value == "" {
		return "(empty)"
	}
	value = output.Printable(value)
	if utf8.RuneCountInString(value) > longest {
		value = string([]rune(value)[:longest-1]) + "…"
	}
	return value
}
