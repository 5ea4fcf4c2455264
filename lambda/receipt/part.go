package receipt

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Intake is the Part.Partition of the part that intake writes.
const Intake = -1

// Bounds of what a part or a receipt lists one by one; the totals are exact.
const (
	MaxDetails = 1000 // records
	MaxNotes   = 100  // notes
)

// Part is what became of some records of an import: those about the nodes of one partition, or those that intake decided alone.
type Part struct {
	Import       string    `json:"import"`
	Partition    int       `json:"partition"`              // from 0; Intake: the part of intake
	Records      int       `json:"records"`                // how many records this part is about; the sum of Counts
	Counts       Counts    `json:"outcomes"`               // what became of them
	Details      []Detail  `json:"details,omitempty"`      // those that a person may want to look at, at most MaxDetails
	DetailsTotal int       `json:"detailsTotal"`           // how many there are of those
	Nodes        int       `json:"nodes"`                  // managed nodes that the records are about
	Targets      Targets   `json:"targets,omitempty"`      // how many of them are of other accounts and regions than the installation
	Calls        int       `json:"calls"`                  // of PutInventory
	Bytes        int64     `json:"bytes"`                  // of content that was put
	Cleared      int       `json:"cleared"`                // items that were emptied
	Refreshed    int       `json:"refreshed"`              // items whose retention was renewed without content
	ClearedNodes int       `json:"clearedNodes,omitempty"` // nodes on which a source's shares were cleared, since it no longer names them
	Expired      int       `json:"expired,omitempty"`      // shares dropped since they were not stated again
	Forgotten    int       `json:"forgotten,omitempty"`    // nodes that were gone for long
	Absent       []Absent  `json:"absent,omitempty"`       // nodes that the document no longer names, by source
	Waiting      Waiting   `json:"waiting,omitempty"`      // records that are pending, by node
	Notes        []Note    `json:"notes,omitempty"`        // other things worth knowing, at most MaxNotes
	Writes       int       `json:"writes,omitempty"`       // of the partition's head (ledger.Head) as it was saved
	Received     time.Time `json:"received,omitzero"`      // when the document was taken in; it differs between the runs of an import
	Ended        time.Time `json:"ended,omitzero"`
}

func (p *Part) isOf(id, name string) bool {
	return p.Import == id && (name == intakeName || name == partName(p.Partition))
}

// Targets is how many nodes there are of accounts and regions, by "account/region".
type Targets map[string]int

// Add adds nodes.
func (t *Targets) Add(of string, nodes int) {
	if *t == nil {
		*t = Targets{}
	}
	(*t)[of] += nodes
}

// Absent is how many of a source's nodes a document does not name.
type Absent struct {
	Source string `json:"source"`
	Nodes  int    `json:"nodes"`  // about which the source has made a statement
	Absent int    `json:"absent"` // of those

	// Elsewhere is how many of the absent nodes are in other accounts and regions than the installation's own, by "account/region".
	Elsewhere map[string]int `json:"elsewhere,omitempty"`
}

// AddAbsent counts an absent node; where: of another account and region than the installation's own, "account/region".
func (a *Absent) AddAbsent(where string) {
	a.add(Absent{Absent: 1})
	if where != "" {
		a.add(Absent{Elsewhere: map[string]int{where: 1}})
	}
}

// add adds what another part has of the source.
func (a *Absent) add(more Absent) {
	a.Nodes += more.Nodes
	a.Absent += more.Absent
	if a.Elsewhere == nil && len(more.Elsewhere) > 0 {
		a.Elsewhere = map[string]int{}
	}
	for where, n := range more.Elsewhere {
		a.Elsewhere[where] += n
	}
}

// Waiting is how many records about a node are pending.
type Waiting map[string]int

// Detail is one record and what became of it. It never holds a value from the data.
type Detail struct {
	Number  int     `json:"number"`         // of the record in the document, from 1
	Line    int     `json:"line,omitempty"` // where it begins, from 1; 0: not known
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"`
	Node    string  `json:"node,omitempty"`    // the managed node; "": none was found
	Account string  `json:"account,omitempty"` // of the node; "": that of the installation
	Region  string  `json:"region,omitempty"`
}

// In is the account and region behind the node's ID: " in account/region"; "" for those of the installation.
func (d *Detail) In() string {
	if d.Account == "" {
		return ""
	}
	return " in " + d.Account + "/" + d.Region
}

// Note is something worth knowing that decides about no record, with how often it happened.
type Note struct {
	Text   string `json:"text"`
	Count  int    `json:"count"`
	Record int    `json:"record,omitempty"` // the first at which it happened, by its number; 0: it is about none
	Line   int    `json:"line,omitempty"`   // where that begins; 0: not known
}

// First is the record at which it happened first: "5 (line 6)"; "" where it is about none.
func (n *Note) First() string {
	switch {
	case n.Record == 0:
		return ""
	case n.Line == 0:
		return strconv.Itoa(n.Record)
	}
	return fmt.Sprintf("%d (line %d)", n.Record, n.Line)
}

// Record counts a record with its outcome, and keeps it as a detail unless that is good.
func (p *Part) Record(d Detail) {
	p.Records++
	p.Counts.Add(d.Outcome, 1)
	if d.Outcome == Pending && d.Node != "" {
		if p.Waiting == nil {
			p.Waiting = Waiting{}
		}
		p.Waiting[d.Node]++
	}
	if d.Outcome.Good() {
		return
	}
	p.DetailsTotal++
	if len(p.Details) < MaxDetails {
		p.Details = append(p.Details, d)
	}
}

// NoteDisplaced is the note of entries that are displaced: what they have is lost, whatever the outcomes of their records are.
const NoteDisplaced = "entries had the key of another and differed"

// NoteCut is the note of values that were longer than their attribute may be, and of united lists that were.
const NoteCut = "values were cut to the length of their attribute"

// NoteCutKey is the note of entries of which such a value is part of the key.
const NoteCutKey = "entries have a value in their key that was cut"

// Note counts something worth knowing.
func (p *Part) Note(text string) { p.NoteTimes(text, 1) }

// NoteAt notes something that happened at a record.
func (p *Part) NoteAt(text string, record, line int) {
	p.Notes = addNote(p.Notes, Note{Text: text, Count: 1, Record: record, Line: line})
}

// NoteTimes notes something that happened n times; nothing where it never did.
func (p *Part) NoteTimes(text string, n int) {
	if n > 0 {
		p.Notes = addNote(p.Notes, Note{Text: text, Count: n})
	}
}

// AddNotes adds notes to others.
func AddNotes(notes, more []Note) []Note {
	for _, n := range more {
		notes = addNote(notes, n)
	}
	return notes
}

func addNote(notes []Note, n Note) []Note {
	if i := slices.IndexFunc(notes, func(known Note) bool { return known.Text == n.Text }); i >= 0 {
		notes[i].Count += n.Count
	} else if len(notes) < MaxNotes {
		notes = append(notes, n)
	}
	return notes
}

// Check returns an error if the outcomes do not sum up to the records.
func (p *Part) Check() error {
	if sum := p.Counts.Sum(); sum != p.Records {
		return fmt.Errorf("receipt: import %s, partition %d: the outcomes sum up to %d, but %d records were read", p.Import, p.Partition, sum, p.Records)
	}
	return nil
}
