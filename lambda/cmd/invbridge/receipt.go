package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// shownDetails is how many records the text form lists one by one; --json lists all that the receipt holds.
const shownDetails = 20

func runReceipt(ctx context.Context, s *session, args []string) error {
	if len(args) != 1 {
		return usageError("name one IMPORT: put and invoke print it, or give an object's key for its latest one")
	}
	store, _, err := s.store(ctx)
	if err != nil {
		return err
	}
	book := receipt.NewBook(store)
	r, err := book.Read(ctx, args[0])
	if errors.Is(err, receipt.ErrUnknownImport) {
		if latest, lerr := book.Latest(ctx, args[0]); lerr == nil {
			r, err = latest, nil
		}
	}
	if errors.Is(err, receipt.ErrUnknownImport) {
		return fmt.Errorf("there is no such import in this state: check --state, or see receipts/ in it")
	}
	if err != nil {
		return err
	}
	if s.options.json {
		out := newLines(s.out)
		return errors.Join(out.write(r), out.flush())
	}
	return writeReceipt(s.out, r)
}

func writeReceipt(w io.Writer, r receipt.Receipt) error {
	state := "complete"
	switch {
	case r.Failure != "":
		state = "failed: " + r.Failure
	case !r.Complete:
		state = fmt.Sprintf("%d of %d parts there", r.There, r.Expected)
	}
	if _, err := fmt.Fprintf(w, "import    %s (%s)\ndocument  %s\nmapping   %s\nreceived  %s\n%s, %s, %s\n%s\n",
		r.Import, state, r.Document, orNone(r.Mapping), r.Received.Format("2006-01-02 15:04:05Z07:00"),
		plural(r.Records, "record"), plural(r.Nodes, "node"), plural(r.Calls, "call"), countsText(r.Counts)); err != nil {
		return err
	}
	if err := writeReturned(w, r); err != nil {
		return err
	}
	return writeDetails(w, r)
}

// writeReturned says where the rejected records are and, of a mended file, whose they were.
func writeReturned(w io.Writer, r receipt.Receipt) error {
	var b strings.Builder
	if r.Into != "" {
		fmt.Fprintf(&b, "mends     import %s\n", r.Into)
	}
	if r.RejectedFile != "" {
		fmt.Fprintf(&b, "rejected  %s in the state: mend the records, and put the file again under its name\n", r.RejectedFile)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeDetails lists the records that a person may want to look at, and the notes.
func writeDetails(w io.Writer, r receipt.Receipt) error {
	var b strings.Builder
	for i, d := range r.Details {
		if i == shownDetails {
			fmt.Fprintf(&b, "  … and %d more\n", r.DetailsTotal-shownDetails)
			break
		}
		b.WriteString("  " + detailText(d) + "\n")
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "  note: %s (%d×)\n", n.Text, n.Count)
	}
	b.WriteString(absenceText(r.Absence))
	_, err := io.WriteString(w, b.String())
	return err
}

// absenceText says what was decided about the nodes that a document no longer names.
func absenceText(a *receipt.Absence) string {
	switch {
	case a == nil:
		return ""
	case a.Cleared && a.ByHand:
		return fmt.Sprintf("  absent: %s that the document no longer names, cleared by hand\n", plural(a.Done, "node"))
	case a.Cleared:
		return fmt.Sprintf("  absent: %s that the document no longer names, cleared\n", plural(a.Done, "node"))
	}
	return "  absent: " + a.Reason + "\n"
}

func detailText(d receipt.Detail) string {
	text := fmt.Sprintf("record %d", d.Number)
	if d.Line > 0 {
		text += fmt.Sprintf(" (line %d)", d.Line)
	}
	if d.Node != "" {
		text += " at " + d.Node
	}
	text += ": " + string(d.Outcome)
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

func countsText(c receipt.Counts) string {
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
