package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// SourceSummary is what all heads together hold of a source.
type SourceSummary struct {
	Source   string    `json:"source"`
	Mapping  string    `json:"mapping"`
	Nodes    int       `json:"nodes"`   // that it has made a statement about
	Last     int       `json:"last"`    // of those, that its last import has stated something of
	Missing  int       `json:"missing"` // of those, that its last document does not name, and that are not cleared
	Rows     int       `json:"rows"`
	Captured time.Time `json:"captured,omitzero"` // the newest of its statements
	Received time.Time `json:"heard,omitzero"`    // when its last import was received, by our clock
	Import   string    `json:"import"`            // its last one
	Adopted  bool      `json:"adopted,omitempty"` // rows that nodes held before anything was put

	Absent map[string]int `json:"absent,omitempty"` // nodes that are missing, by the import whose document does not name them

	Targets map[target.Key]*TargetSummary `json:"-"` // of those nodes, what those of each other account and region than the installation's own are

	imports map[string]int // nodes, by the last import that has stated something of them
}

// TargetSummary is what all heads together hold of a source in one account and region.
type TargetSummary struct {
	Nodes  int
	Absent map[string]int // by the import whose document does not name them
}

// Same reports whether two are equal.
func (s *Source) Same(other *Source) bool {
	return s.Stamp().Compare(other.Stamp()) == 0 && s.Merged.Equal(other.Merged) && s.Received.Equal(other.Received) &&
		s.Import == other.Import && s.Mapping == other.Mapping && s.Form == other.Form && s.Missing == other.Missing &&
		s.Cleared.Equal(other.Cleared) && s.ClearedBy == other.ClearedBy && s.Part.Compare(other.Part) == 0 && slices.Equal(s.Subject, other.Subject)
}

// CountSources adds what a head holds of sources.
func (h *Head) CountSources(summaries map[string]*SourceSummary) {
	for _, n := range h.Nodes {
		for source, known := range n.Sources {
			if known.Cleared.IsZero() {
				summaryOf(summaries, source).add(known, n.Target())
			}
		}
		for _, t := range n.Types {
			for source, share := range t.Shares {
				if share.Count == 0 {
					continue
				}
				s := summaryOf(summaries, source)
				s.Rows += share.Count + share.Beyond.Rows
				if share.Adopted {
					s.Adopted = true
					s.Nodes++
				}
			}
		}
	}
}

func summaryOf(summaries map[string]*SourceSummary, source string) *SourceSummary {
	s := summaries[source]
	if s == nil {
		s = &SourceSummary{Source: source}
		summaries[source] = s
	}
	return s
}

func (s *SourceSummary) add(known *Source, at target.Key) {
	s.Nodes++
	if at := Newest(known.Stamp(), Stamp{Captured: known.Merged}).Captured; at.After(s.Captured) {
		s.Captured = at
	}
	if s.Import == "" || known.Received.After(s.Received) {
		s.Received, s.Import, s.Mapping = known.Received, known.Import, known.Mapping
	}
	if s.imports == nil {
		s.imports = map[string]int{}
	}
	s.imports[known.Import]++
	s.Last = s.imports[s.Import]
	var there *TargetSummary
	if !at.IsOwn() {
		there = s.targetOf(at)
		there.Nodes++
	}
	if known.Missing == nil {
		return
	}
	s.Missing++
	if there != nil {
		there.Absent[known.Missing.Import]++
	}
	if s.Absent == nil {
		s.Absent = map[string]int{}
	}
	s.Absent[known.Missing.Import]++
}

func (s *SourceSummary) targetOf(at target.Key) *TargetSummary {
	if s.Targets == nil {
		s.Targets = map[target.Key]*TargetSummary{}
	}
	if s.Targets[at] == nil {
		s.Targets[at] = &TargetSummary{Absent: map[string]int{}}
	}
	return s.Targets[at]
}

// Sources returns a summary of each source that has made a statement about any node.
func (l *Ledger) Sources(ctx context.Context) (map[string]*SourceSummary, error) {
	summaries := map[string]*SourceSummary{}
	for h, err := range l.Heads(ctx) {
		if err != nil {
			return nil, err
		}
		h.CountSources(summaries)
	}
	return summaries, nil
}
