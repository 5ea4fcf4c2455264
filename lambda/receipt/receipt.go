package receipt

import (
	"fmt"
	"slices"
	"time"
)

// Import is intake's part of an import's receipt, with what the document was.
type Import struct {
	Part                  // the records that intake decided: parked, rejected, skipped
	Mapping     string    `json:"mapping"`
	MappingHash string    `json:"mappingHash,omitempty"`
	Document    string    `json:"document,omitempty"` // a name or an s3:// URL
	Key         string    `json:"key,omitempty"`      // object key or file name, under which the latest receipt is found; "": none
	Written     time.Time `json:"written,omitzero"`   // when the document was written
	Received    time.Time `json:"received,omitzero"`  // when it was taken in
	Failure     string    `json:"failure,omitempty"`  // why the document was not taken in; nothing of it is delivered
	Read        int       `json:"read"`               // all records read, those of the partitions too; a record about two machines is two
	Partitions  []int     `json:"partitions"`         // those that get a delivery, each of which writes a part
	Clears      *Clears   `json:"clears,omitempty"`   // nil: the document does not prove that nodes are absent
	PartOf                // whether the document is all that its source knows

	Elsewhere Elsewhere `json:"elsewhere,omitempty"` // where the records were that no target has

	RejectedFile string  `json:"rejectedFile,omitempty"` // key of the object with the rejected records, to be mended; "": there is none
	Returned     []int   `json:"returned,omitempty"`     // how many records that file has, and those behind it
	Into         string  `json:"into,omitempty"`         // of a mended file: the import whose rejected records it mends
	Origin       *Origin `json:"origin,omitempty"`       // what a mended file takes over; where there is a RejectedFile
}

// Stale makes the records stale that intake has parked, and those of the partitions, which get no delivery then. It returns how many these are.
func (in *Import) Stale() int {
	parked := in.Counts.Of(Parked)
	stale := parked + in.Read - in.Counts.Sum()
	in.Counts.Add(Parked, -parked)
	in.Counts.Add(Stale, stale)
	in.Records = in.Read
	in.Details = slices.DeleteFunc(slices.Clone(in.Details), func(d Detail) bool { return d.Outcome == Parked })
	in.DetailsTotal -= parked
	in.Partitions, in.Clears = nil, nil
	return stale
}

// PartOf is what a document says of itself: whether it is all that its source knows.
type PartOf struct {
	AddsOnly bool `json:"part,omitempty"`  // it is a part: nothing is removed for it
	Page     int  `json:"page,omitempty"`  // which of the pages it is, from 1; 0: it does not say
	Pages    int  `json:"pages,omitempty"` // how many there are
}

// PartText is that in words, "" of the whole.
func (p PartOf) PartText() string {
	switch {
	case !p.AddsOnly:
		return ""
	case p.Pages == 0:
		return "part: adds only"
	}
	return fmt.Sprintf("part: adds only, page %d of %d", p.Page, p.Pages)
}

// Origin is what the records of a document have from outside of it, and keep where they are mended and come again: where it came from and
// when it was true. It holds nothing from the data but the document's capture time.
type Origin struct {
	Name     string              `json:"name,omitempty"`     // of the document
	Key      string              `json:"key,omitempty"`      // of the object
	Captures map[string]string   `json:"captures,omitempty"` // from the key
	As       map[string][]string `json:"as,omitempty"`       // the machine, where the key or the sender names it, by kind of identifier
	Captured time.Time           `json:"captured,omitzero"`  // the document's own capture time; zero: it has none
	Written  time.Time           `json:"written"`            // capture time of records that have none
}

// Clears is how many of the nodes that a document no longer names may be cleared.
type Clears struct {
	Sources    []string `json:"sources"`
	MaxCleared float64  `json:"maxCleared"` // fraction of a source's nodes; one node always
}

// Receipt is what became of all records of an import, as far as it is known.
type Receipt struct {
	Import       string    `json:"import"`
	Complete     bool      `json:"complete"` // all parts are there
	Mapping      string    `json:"mapping"`
	MappingHash  string    `json:"mappingHash,omitempty"`
	Document     string    `json:"document,omitempty"`
	Key          string    `json:"key,omitempty"`
	Written      time.Time `json:"written,omitzero"`
	Received     time.Time `json:"received,omitzero"`
	Ended        time.Time `json:"ended,omitzero"`
	Failure      string    `json:"failure,omitempty"` // why the document was not taken in; nothing of it was put
	RejectedFile string    `json:"rejectedFile,omitempty"`
	Into         string    `json:"into,omitempty"`
	MendedBy     []Mend    `json:"mendedBy,omitempty"` // imports that have mended rejected records of this one, where they were asked for
	PartOf
	Records      int       `json:"records"` // read from the document
	Counts       Counts    `json:"outcomes"`
	Expected     int       `json:"partsExpected"`
	There        int       `json:"partsThere"`
	Nodes        int       `json:"nodes"`
	Targets      Targets   `json:"targets,omitempty"` // of Nodes
	Elsewhere    Elsewhere `json:"elsewhere,omitempty"`
	Calls        int       `json:"calls"`
	Bytes        int64     `json:"bytes"`
	Cleared      int       `json:"cleared"`
	Refreshed    int       `json:"refreshed"`
	Details      []Detail  `json:"details,omitempty"`
	DetailsTotal int       `json:"detailsTotal"`
	ClearedNodes int       `json:"clearedNodes,omitempty"`
	Absent       []Absent  `json:"absent,omitempty"`  // nodes that the document no longer names, by source
	Clears       *Clears   `json:"-"`                 // of the import
	Absence      *Absence  `json:"absence,omitempty"` // what was decided about them
	Notes        []Note    `json:"notes,omitempty"`
}

// Sum makes the receipt of an import from intake's part and the partitions' parts that are there, in the order given.
func Sum(in Import, parts []Part) Receipt {
	r := Receipt{
		Import: in.Import, Mapping: in.Mapping, MappingHash: in.MappingHash, Document: in.Document, Key: in.Key,
		Written: in.Written, Received: in.Received, Failure: in.Failure, RejectedFile: in.RejectedFile, Into: in.Into, PartOf: in.PartOf,
		Records: in.Read, Expected: len(in.Partitions), There: len(parts), Clears: in.Clears,
		Elsewhere: in.Elsewhere,
	}
	r.add(in.Part)
	for _, p := range parts {
		r.add(p)
	}
	r.Complete = r.There == r.Expected
	return r
}

func (r *Receipt) add(p Part) {
	r.Counts.AddAll(p.Counts)
	r.Nodes += p.Nodes
	for of, nodes := range p.Targets {
		r.Targets.Add(of, nodes)
	}
	r.Calls += p.Calls
	r.Bytes += p.Bytes
	r.Cleared += p.Cleared
	r.Refreshed += p.Refreshed
	r.ClearedNodes += p.ClearedNodes
	for _, a := range p.Absent {
		r.addAbsent(a)
	}
	r.DetailsTotal += p.DetailsTotal
	r.Details = append(r.Details, p.Details[:min(len(p.Details), MaxDetails-len(r.Details))]...)
	r.Notes = AddNotes(r.Notes, p.Notes)
	if p.Ended.After(r.Ended) {
		r.Ended = p.Ended
	}
}

func (r *Receipt) addAbsent(a Absent) {
	i := slices.IndexFunc(r.Absent, func(known Absent) bool { return known.Source == a.Source })
	if i < 0 {
		i = len(r.Absent)
		r.Absent = append(r.Absent, Absent{Source: a.Source})
	}
	r.Absent[i].add(a)
}

// Check returns an error if a complete receipt's outcomes do not sum up to the records read.
func (r *Receipt) Check() error {
	if sum := r.Counts.Sum(); r.Complete && sum != r.Records {
		return fmt.Errorf("receipt: import %s: the outcomes sum up to %d, but %d records were read", r.Import, sum, r.Records)
	}
	return nil
}
