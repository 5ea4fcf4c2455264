package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// firstRecords is how many records a reason leads to.
const firstRecords = 10

// OfReceipt is the page of an import. Machines are what records call theirs, by the records' numbers, as far as that is known.
func OfReceipt(r *receipt.Receipt, machines map[int]string) *Page {
	p := &Page{Kind: "Import", Title: r.Import, State: stateOf(r), Facts: factsOf(r), Times: []Time{
		{r.Written, "the document was written"}, {r.Received, "it was taken in"}, {r.Ended, "the last part ended"},
	}}
	for _, o := range receipt.Outcomes() {
		p.Bars = append(p.Bars, Bar{string(o), r.Counts.Of(o)})
	}
	p.Records = recordsOf(r, machines)
	p.Lists = []List{reasons(r), open(r), absent(r), notes(r)}
	return p
}

func stateOf(r *receipt.Receipt) string {
	switch {
	case r.Failure != "":
		return "failed: " + r.Failure
	case !r.Complete:
		return fmt.Sprintf("not complete: %d of %d parts are there; it is still at work, or was stopped: put the document again", r.There, r.Expected)
	}
	return "complete"
}

func factsOf(r *receipt.Receipt) []Fact {
	facts := []Fact{
		{"Document", r.Document},
		{"Mapping", cmp.Or(r.Mapping, "none")},
		{"Records", strconv.Itoa(r.Records)},
		{"Nodes", strconv.Itoa(r.Nodes)},
		{"Calls of PutInventory", strconv.Itoa(r.Calls)},
		{"Bytes that were put", strconv.FormatInt(r.Bytes, 10)},
	}
	for _, of := range slices.Sorted(maps.Keys(r.Targets)) {
		facts = append(facts, Fact{"Nodes in " + of, strconv.Itoa(r.Targets[of])})
	}
	var mended []string
	for _, m := range r.MendedBy {
		mended = append(mended, m.Import)
	}
	for _, f := range []Fact{
		{"Part", r.PartText()}, {"Mends import", r.Into}, {"Rejected records, in the state", r.RejectedFile}, {"Mended by import", strings.Join(mended, ", ")},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func recordsOf(r *receipt.Receipt, machines map[int]string) Records {
	records := Records{Title: "Records to look at", Columns: []string{"Record", "Outcome", "Reason", "Node", "Mapping"}, Choose: 1}
	for _, d := range r.Details {
		name := fmt.Sprintf("record %d", d.Number)
		if d.Line > 0 {
			name += fmt.Sprintf(" (line %d)", d.Line)
		}
		node := d.Node + d.In()
		if machine := machines[d.Number]; machine != "" {
			node = machine
			if d.Node != "" {
				node += " (" + d.Node + d.In() + ")"
			}
		}
		records.Rows = append(records.Rows, []string{name, string(d.Outcome), d.Reason, node, r.Mapping})
	}
	records.Omitted = max(0, r.DetailsTotal-len(r.Details))
	return records
}

// reasons are the reasons of records that are listed, each once, with the first of its records.
func reasons(r *receipt.Receipt) List {
	list := List{Title: "Reasons", Columns: []string{"Outcome", "Reason", "Listed records", "First ones"}}
	type reason struct {
		outcome receipt.Outcome
		text    string
	}
	at := map[reason]int{}
	var counts []int
	for i, d := range r.Details {
		key := reason{d.Outcome, d.Reason}
		n, isKnown := at[key]
		if !isKnown {
			n = len(counts)
			at[key], counts = n, append(counts, 0)
			list.Rows = append(list.Rows, Line{Cells: []string{string(d.Outcome), d.Reason, ""}})
		}
		counts[n]++
		list.Rows[n].Cells[2] = strconv.Itoa(counts[n])
		if len(list.Rows[n].Links) < firstRecords {
			list.Rows[n].Links = append(list.Rows[n].Links, i)
		}
	}
	return list
}

// open is what a person can do about records that are not put.
func open(r *receipt.Receipt) List {
	list := List{Title: "What to do", Columns: []string{"Records", "Next"}}
	add := func(o receipt.Outcome, next string) {
		if n := r.Counts.Of(o); n > 0 {
			list.Rows = append(list.Rows, Line{Cells: []string{fmt.Sprintf("%d %s", n, o), next}})
		}
	}
	add(receipt.Parked, "no managed node was found for them: register the machines, then invbridge redrive --parked; a sweep tries them, too")
	rejected := "mend them in the document, and put it again"
	if r.RejectedFile != "" {
		rejected = "mend them in a copy of " + r.RejectedFile + " in the state, and put that under its name"
	}
	add(receipt.Rejected, rejected)
	add(receipt.Pending, "they are saved, and not put yet: invbridge sweep goes on")
	if len(r.Elsewhere) > 0 {
		add(receipt.Skipped, "some are of accounts and regions that were no targets: make them targets, and put the document again (invbridge redrive lists it then)")
	}
	add(receipt.Failed, "the service refused them for good: the reason is its code")
	return list
}

func absent(r *receipt.Receipt) List {
	list := List{Title: "Absence: nodes that the document no longer names", Columns: []string{"Source", "Nodes of the source", "Not named", "Decided"}}
	of, decided := r.Absent, "not yet"
	if a := r.Absence; a != nil {
		of, decided = a.Sources, a.Reason
		if a.Cleared {
			decided = output.Plural(a.Done, "node") + " cleared"
			if a.ByHand {
				decided += " by hand"
			}
		}
	}
	for _, a := range of {
		list.Rows = append(list.Rows, Line{Cells: []string{a.Source, strconv.Itoa(a.Nodes), strconv.Itoa(a.Absent), decided}})
	}
	return list
}

func notes(r *receipt.Receipt) List {
	list := List{Title: "Notes", Columns: []string{"Note", "Times", "First record"}}
	for _, n := range r.Notes {
		list.Rows = append(list.Rows, Line{Cells: []string{n.Text, strconv.Itoa(n.Count), n.First()}})
	}
	return list
}
