// Package receipt knows what became of every record of an import: the outcomes, their counts, the part that each partition writes
// and the receipt that the parts make together. It does not know how an outcome comes about, nor what an entry looks like.
package receipt

import "slices"

// Outcome is what became of one record: one of the words below.
type Outcome string

// The outcomes. Every record that was read ends in exactly one of them.
const (
	Put       Outcome = "put"       // its entries were put
	Unchanged Outcome = "unchanged" // the node holds its entries already
	Stale     Outcome = "stale"     // its source has stated something newer of the node
	Parked    Outcome = "parked"    // no managed node was found for it, or the node is gone
	Rejected  Outcome = "rejected"  // it breaks a rule, which is the reason
	Truncated Outcome = "truncated" // some of its entries did not fit the item's limits
	Duplicate Outcome = "duplicate" // all its entries are stated by another record, or another source has entries of their keys that are newer or first in the type's order
	Displaced Outcome = "displaced" // other entries of its source have the keys of all its entries, and differ: what it has is lost
	Skipped   Outcome = "skipped"   // filtered by the mapping, or not about a machine of this installation
	Pending   Outcome = "pending"   // saved, not put yet: the intent is open
	Failed    Outcome = "failed"    // the service refused it for good; the reason is the service's code
)

// Outcomes returns the words in the order in which they are listed.
func Outcomes() []Outcome {
	return []Outcome{Put, Unchanged, Stale, Parked, Rejected, Truncated, Duplicate, Displaced, Skipped, Pending, Failed}
}

// byBadness returns the words, the worst first.
func byBadness() [outcomes]Outcome {
	return [outcomes]Outcome{Failed, Pending, Rejected, Parked, Truncated, Stale, Put, Unchanged, Displaced, Duplicate, Skipped}
}

const outcomes = 11

// Worst is the one of two outcomes that counts for a record with several entries. "" stands for "not decided" and is better than any.
func Worst(a, b Outcome) Outcome {
	if badness(b) < badness(a) {
		return b
	}
	return a
}

// Valid reports whether the outcome is one of these words.
func (o Outcome) Valid() bool { return badness(o) < outcomes }

// Good reports whether the record's entries are where they belong, or need not be: nothing for a person to look at.
func (o Outcome) Good() bool {
	return o == Put || o == Unchanged || o == Duplicate || o == Skipped || o == Stale
}

// badness is 0 for the worst outcome; what is none of these words is better than all.
func badness(o Outcome) int {
	order := byBadness()
	if i := slices.Index(order[:], o); i >= 0 {
		return i
	}
	return outcomes
}
