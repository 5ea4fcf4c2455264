package life

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// Receipts are what receipts say of a node: records that were not put, and which document an import was.
type Receipts struct {
	documents map[string]string
	received  map[string]receipt.Receipt
	Events    []Event
}

// Of finds what receipts say of a node.
func Of(list []receipt.Receipt, id string) *Receipts {
	r := &Receipts{documents: map[string]string{}, received: map[string]receipt.Receipt{}}
	for _, one := range list {
		r.documents[one.Import] = one.Document
		r.received[one.Import] = one
		type group struct {
			outcome receipt.Outcome
			reason  string
		}
		records := map[group][]int{}
		var order []group
		for _, d := range one.Details {
			if d.Node != id {
				continue
			}
			g := group{d.Outcome, d.Reason}
			if records[g] == nil {
				order = append(order, g)
			}
			records[g] = append(records[g], d.Number)
		}
		for _, g := range order {
			text := recordsText(records[g]) + ": " + string(g.outcome)
			if g.reason != "" {
				text += ": " + g.reason
			}
			r.Events = append(r.Events, Event{At: one.Received, What: Record, Import: one.Import, Text: text})
		}
	}
	return r
}

// Parked adds what waits under the node's names.
func (r *Receipts) Parked(list []lookup.Parked) {
	for _, p := range list {
		r.Events = append(r.Events, Event{
			At: r.received[p.Import].Received, What: Record, Source: p.Source, Import: p.Import,
			Text: fmt.Sprintf("%s: parked as %s: no managed node was found for them", recordsText(p.Records), strings.Join(p.Subject, " ")),
		})
	}
}

// Name adds to events which documents their imports were.
func (r *Receipts) Name(events []Event) {
	for i := range events {
		e := &events[i]
		whole := r.documents[e.Import]
		e.Document = cmp.Or(whole[strings.LastIndexAny(whole, `/\`)+1:], whole)
	}
}

// mostNumbers is how many records are named by their numbers.
const mostNumbers = 5

func recordsText(numbers []int) string {
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	var texts []string
	for _, n := range numbers[:min(len(numbers), mostNumbers)] {
		texts = append(texts, fmt.Sprint(n))
	}
	text := "record " + texts[0]
	if len(texts) > 1 {
		text = "records " + strings.Join(texts, ", ")
	}
	if more := len(numbers) - len(texts); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
