// Package receipt knows what became of every record of an import: the ten outcomes, their counts, the part that each partition writes
// and the receipt that the parts make together. It does not know how an outcome comes about, nor what an entry looks like.
package receipt

import "slices"

// Outcome is what became of one record: one of the ten words below.
type Outcome string

// The ten outcomes. Every record that was read ends in exactly one of them.
const (
	Put       Outcome = "put"       // its entries were put
	Unchanged Outcome = "unchanged" // the node holds its entries already
	Stale     Outcome = "stale"     // its source has stated something newer of the node
	Parked    Outcome = "parked"    // no managed node was found for it, or the node is gone
	Rejected  Outcome = "rejected"  // it breaks a rule, which is the reason
	Truncated Outcome = "truncated" // some of its entries did not fit the item's limits
	Duplicate Outcome = "duplicate" // other entries have the keys of all its entries, and are newer, or first in the type's order
	Skipped   Outcome = "skipped"   // filtered by the mapping, or not about a machine of this installation
	Pending   Outcome = "pending"   // saved, not put yet: the intent is open
	Failed    Outcome = "failed"    // the service refused it for good; the reason is the service's code
)

// Outcomes returns the ten words in the order in which they are listed.
func Outcomes() []Outcome {
	return []Outcome{Put, Unchanged, Stale, Parked, Rejected, Truncated, Duplicate, Skipped, Pending, Failed}
}

// byBadness returns the ten words, the worst first.
func byBadness() [outcomes]Outcome {
	return [outcomes]Outcome{Failed, Pending, Rejected, Parked, Truncated, Stale, Put, Unchanged, Duplicate, Skipped}
}

const outcomes = 10

// Worst is the one of two outcomes that counts for a record with several entries. "" stands for "not decided" and is better than any.
func Worst(a, b Outcome) Outcome {
	if badness(b) < badness(a) {
		return b
	}
	return a
}

// Valid reports whether the outcome is one of the ten.
func (o Outcome) Valid() bool { return badness(o) < outcomes }

// Good reports whether the record's entries are where they belong, or need not be: nothing for a person to look at.
func (o Outcome) Good() bool {
	return o == Put || o == Unchanged || o == Duplicate || o == Skipped || o == Stale
}

// badness is 0 for the worst outcome; what is none of the ten is better than all.
func badness(o Outcome) int {
	order := byBadness()
	if i := slices.Index(order[:], o); i >= 0 {
		return i
	}
	return outcomes
}
