package output

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
)

// Waiting says what waits for a person, and on a line of its own the command that does something about it. What is done about all of a kind in the
// same way, AfterWaiting says.
func Waiting(w bridge.Waiting) string {
	switch w.Kind {
	case "parked":
		return fmt.Sprintf("parked    %6d %s of source %s, import %s: no managed node yet",
			w.Count, NounOf(w.Count, "record"), Printable(w.Source), undo.Short(w.Import))
	case "absent":
		return fmt.Sprintf("absent    %6d %s of source %s not named by import %s%s",
			w.Count, NounOf(w.Count, "node"), Printable(w.Source), undo.Short(w.Import), next("to clear: invbridge redrive --confirm-absent "+w.Import+" (--plan shows what goes)"))
	case "elsewhere":
		return elsewhereWaiting(w)
	case "misplaced":
		return Misplaced(bridge.Misplaced{Source: w.Source, Node: w.Node, Leads: w.Leads, Rows: w.Count})
	}
	text := "rejected  in " + w.File
	if len(w.By) > 0 {
		of := "an unknown number"
		if w.Of > 0 {
			of = strconv.Itoa(w.Of)
		}
		text += next(fmt.Sprintf("%d of %s of its records were mended by import %s", w.Mended, of, strings.Join(w.By, ", ")))
	}
	return text
}

// AfterWaiting says what to do about the things of a kind that wait; "": each says so itself.
func AfterWaiting(kind string) string {
	switch kind {
	case "parked":
		return "          which they are: invbridge receipt IMPORT\n          to try again: invbridge redrive --parked\n"
	case "rejected":
		return "          to mend: change the records of a file, and put it again under its name\n"
	}
	return ""
}

// elsewhereWaiting says which document has records of an account and region that is served since.
func elsewhereWaiting(w bridge.Waiting) string {
	again := "send the document again"
	if w.Document != "" {
		again = "invbridge put " + Word(w.Document)
	}
	text := fmt.Sprintf("elsewhere %6d %s of import %s, received %s: their account or region is a target now",
		w.Count, NounOf(w.Count, "record"), undo.Short(w.Import), Stamp(w.Received))
	if w.Earlier > 0 {
		text += next("also in " + Plural(w.Earlier, "document") + " of its mapping before it")
	}
	return text + next("to try them: "+again)
}

// Misplaced says whose rows lie on a node to which their machine does not lead any more.
func Misplaced(m bridge.Misplaced) string {
	leads := "no node any more"
	if m.Leads != "" {
		leads = m.Leads
	}
	return fmt.Sprintf("misplaced %6d %s of source %s on %s: the machine leads to %s%s",
		m.Rows, NounOf(m.Rows, "row"), Printable(m.Source), m.Node, leads, next("to remove: invbridge source remove "+Word(m.Source)+" --node "+m.Node))
}

// next is a line behind an answer: what to do.
func next(line string) string { return "\n          " + line }
