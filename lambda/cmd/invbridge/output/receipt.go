package output

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// shownDetails is how many records the text form lists one by one; --json lists all that the receipt holds.
const shownDetails = 20

// Answer is what became of a message, in a line.
func Answer(a bridge.MessageAnswer) string {
	switch {
	case a.Error != "":
		return fmt.Sprintf("%s: %s: %s", a.Document, a.Class, a.Error)
	case a.Nothing != "":
		return "nothing to do: " + a.Nothing
	default:
		return fmt.Sprintf("%s: mapping %s, %s, %s: %s (import %s)",
			a.Document, a.Mapping, Plural(a.Records, "record"), Plural(a.Calls, "call"), Counts(*a.Outcomes), a.Import)
	}
}

// Receipt writes what became of an import. The machines of records have names by the records' numbers, as far as they are known.
func Receipt(w io.Writer, r receipt.Receipt, machines map[int]string) {
	state := "complete"
	switch {
	case r.Failure != "":
		state = "failed"
	case r.IsDamaged():
		state = "damaged: a part of it is lost"
	case !r.Complete:
		state = fmt.Sprintf("not complete: %d of %d parts are there", r.There, r.Expected)
	}
	fmt.Fprintf(w, "import    %s (%s)\n", r.Import, state)
	if !r.Received.IsZero() { // it is not lost
		fmt.Fprintf(w, "document  %s\nmapping   %s\nreceived  %s\n",
			Printable(r.Document), cmp.Or(r.Mapping, "none"), r.Received.Format("2006-01-02 15:04:05Z07:00"))
	}
	if r.Failure != "" {
		fmt.Fprintf(w, "failed    %s\nnothing of it was put: what nodes hold has not changed\n", Printable(strings.TrimPrefix(r.Failure, r.Document+": ")))
		Details(w, r, machines)
		return
	}
	read := Plural(r.Records, "record")
	if r.Received.IsZero() {
		read = "records not known"
	}
	fmt.Fprintf(w, "%s, %s, %s\n%s\n", read, Plural(r.Nodes, "node"), Plural(r.Calls, "call"), Counts(r.Counts))
	fmt.Fprint(w, targetsText(r.Targets, r.Nodes))
	Returned(w, r)
	switch {
	case r.IsDamaged():
		fmt.Fprintln(w, "put the document again to have its receipt again: what is put already takes no call")
	case !r.Complete:
		fmt.Fprintln(w, "it is still at work, or was stopped before its end: put the document again, what is put already takes no call")
	}
	Details(w, r, machines)
	fmt.Fprint(w, nextOf(r))
}

// nextOf names the commands that answer what a receipt leaves open. What came as an event has no file.
func nextOf(r receipt.Receipt) string {
	file, text := Word(r.Document), ""
	if r.Key == "" || r.Document == "" {
		file = "FILE"
	}
	unclear := func(d receipt.Detail) bool { return d.Outcome == receipt.Parked || d.Outcome == receipt.Rejected }
	if at := slices.IndexFunc(r.Details, unclear); at >= 0 {
		text = fmt.Sprintf("why       invbridge explain %s --record %d\n", file, r.Details[at].Number)
	}
	failed := func(d receipt.Detail) bool { return d.Outcome == receipt.Failed && d.Node != "" }
	if at := slices.IndexFunc(r.Details, failed); at >= 0 {
		text += fmt.Sprintf("failed    what the node holds, and what is open: invbridge node %s\n", r.Details[at].Node)
	}
	if r.Counts.Of(receipt.Stale) > 0 {
		text += "stale     to have it count all the same: invbridge put --as-of now " + file + "\n"
	}
	if r.Counts.Of(receipt.Pending) > 0 {
		text += "pending   the next sweep puts what is open: invbridge sweep\n"
	}
	return text
}

// targetsText says in which accounts and regions nodes are, where some are not the installation's own.
func targetsText(of receipt.Targets, nodes int) string {
	text := ""
	for _, at := range PlacesOf(of, nodes) {
		text += fmt.Sprintf("%-9s %s in %s\n", "nodes", Plural(at.Nodes, "node"), at.Name)
	}
	return text
}

// shownPlaces is how many accounts and regions of skipped records are shown.
const shownPlaces = 10

// elsewhereText says of which accounts and regions records were skipped, since these were no targets: those of most records first.
func elsewhereText(of receipt.Elsewhere) string {
	places := slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b)) })
	var text strings.Builder
	for _, place := range places[:min(len(places), shownPlaces)] {
		fmt.Fprintf(&text, "  elsewhere: %s of %s, which was no target\n", Plural(of[place], "record"), placeText(place))
	}
	if rest := len(places) - shownPlaces; rest > 0 {
		fmt.Fprintf(&text, "  elsewhere: others of %d more accounts and regions\n", rest)
	}
	return text.String()
}

// placeText is where skipped records were: an account and region, or one of them.
func placeText(place string) string {
	account, region, ok := strings.Cut(place, "/")
	switch {
	case !ok:
		return "other accounts and regions"
	case region == "":
		return "account " + account
	case account == "":
		return "region " + region
	}
	return place
}

// Returned shows where the rejected records are and, of a mended file, whose they were; and that a document is a part.
func Returned(w io.Writer, r receipt.Receipt) {
	if r.AddsOnly {
		fmt.Fprintln(w, r.PartText())
	}
	if r.Into != "" {
		fmt.Fprintf(w, "mends     import %s\n", r.Into)
	}
	if r.RejectedFile != "" {
		fmt.Fprintf(w, "rejected  %s in the state\n          to mend: change its records, and put the file again under its name\n", r.RejectedFile)
	}
	for _, m := range r.MendedBy {
		fmt.Fprintf(w, "mended    by import %s: %s (%s)\n", m.Import, Printable(m.Document), Plural(m.Records, "record"))
	}
}

// Details lists the records that a person may want to look at, and the notes. It folds records with equal outcomes and reasons, and lists some of
// each.
func Details(w io.Writer, r receipt.Receipt, machines map[int]string) {
	type fate struct {
		outcome receipt.Outcome
		reason  string
	}
	var order []fate
	groups := map[fate][]receipt.Detail{}
	for _, d := range r.Details {
		f := fate{d.Outcome, d.Reason}
		if groups[f] == nil {
			order = append(order, f)
		}
		groups[f] = append(groups[f], d)
	}
	listed := 0
	for _, f := range order {
		group := groups[f]
		most := max(shownDetails/len(order), 1)
		if len(group) <= most+1 {
			most = len(group)
		}
		for _, d := range group[:most] {
			fmt.Fprintln(w, " ", detailText(d, machines[d.Number]))
		}
		if rest := len(group) - most; rest > 0 {
			text := fmt.Sprintf("%s more: %s", Plural(rest, "record"), f.outcome)
			if f.reason != "" {
				text += ": " + f.reason
			}
			fmt.Fprintln(w, "  …", text)
		}
		listed += len(group)
	}
	if rest := r.DetailsTotal - listed; rest > 0 {
		fmt.Fprintf(w, "  … and %d more that the receipt does not list\n", rest)
	}
	fmt.Fprint(w, elsewhereText(r.Elsewhere))
	for _, n := range r.Notes {
		first := n.First()
		if first != "" {
			first = ", first in record " + first
		}
		fmt.Fprintf(w, "  note: %s (%d×%s)\n", n.Text, n.Count, first)
	}
	fmt.Fprint(w, absenceText(r.Absence))
}

// absenceText is what was decided about the nodes that a document no longer names.
func absenceText(a *receipt.Absence) string {
	switch {
	case a == nil:
		return ""
	case !a.Cleared:
		return "  absent: " + a.Reason + "\n"
	}
	by := ""
	if a.ByHand {
		by = " by hand"
	}
	return fmt.Sprintf("  absent: %s that the document no longer names, cleared%s\n", Plural(a.Done, "node"), by)
}

func detailText(d receipt.Detail, machine string) string {
	text := fmt.Sprintf("record %d", d.Number)
	if d.Line > 0 {
		text += fmt.Sprintf(" (line %d)", d.Line)
	}
	if machine != "" {
		text += " " + Printable(machine)
	}
	if d.Node != "" {
		text += " at " + d.Node + d.In()
	}
	text += ": " + string(d.Outcome)
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

// Counts are the outcomes that are not zero, in words.
func Counts(c receipt.Counts) string {
	var parts []string
	for _, o := range receipt.Outcomes() {
		if n := c.Of(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	return strings.Join(parts, ", ")
}
