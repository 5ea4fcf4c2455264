package life

import (
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
)

// Write shows an event: a line, and the rows below it where they were asked for.
func (e *Event) Write(out *output.Lines) {
	out.Object(e)
	if out.JSON {
		return
	}
	out.Text("%s  %-9s  %s\n", output.Stamp(e.At), e.What, e.text())
	for i := range e.Changes {
		for k := range e.Changes[i].Rows {
			planned.WriteRow(out, &e.Changes[i].Rows[k])
		}
	}
}

func (e *Event) text() string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(output.Printable(e.Source))
	switch e.What {
	case Removed:
		add("by `source remove`")
	case Cleared:
		add("as absent")
	case Missing:
		add("no longer names the node")
	case Gone:
		add("the service does not know the node: nothing is put")
	case Back:
		add("the service knows the node again")
	}
	add(e.Type)
	add(output.Printable(e.Text))
	text := strings.Join(parts, " ")
	for i := range e.Changes {
		text += ", " + e.Changes[i].text()
	}
	if e.What == Stated && len(e.Changes) == 0 && e.Text == "" {
		text += ", nothing changed"
	}
	if e.Import != "" {
		text += " (import " + undo.Short(e.Import)
		if e.Document != "" {
			text += " " + planned.Shown(e.Document)
		}
		text += ")"
	}
	return text
}

func (c *Change) text() string {
	switch {
	case c.Before < 0:
		return fmt.Sprintf("%s %s", c.Type, output.Entries(c.After))
	case c.After < 0 && c.Before == 0:
		return c.Type + " came"
	case c.After < 0:
		return fmt.Sprintf("%s changed from %s", c.Type, output.Entries(c.Before))
	case !c.Counted:
		return fmt.Sprintf("%s %d → %s", c.Type, c.Before, output.Entries(c.After))
	}
	return fmt.Sprintf("%s +%d -%d ~%d", c.Type, c.Added, c.Removed, c.Changed)
}
