package ledger

import (
	"context"
	"time"
)

// Speaker is what all heads together know of a source.
type Speaker struct {
	Source   string    `json:"source"`
	Mapping  string    `json:"mapping"`
	Nodes    int       `json:"nodes"`   // that it says something about
	Missing  int       `json:"missing"` // of those, that its last document does not name, and that are not cleared
	Rows     int       `json:"rows"`
	Captured time.Time `json:"captured,omitzero"` // the newest that it said
	Heard    time.Time `json:"heard,omitzero"`    // when it spoke last, by our clock
	Import   string    `json:"import"`            // the import that it spoke by last
	Adopted  bool      `json:"adopted,omitempty"` // rows that nodes held before anything was put

	Absent map[string]int `json:"absent,omitempty"` // nodes that are missing, by the import whose document does not name them
}

// Count adds what a head knows of sources.
func (h *Head) Count(speakers map[string]*Speaker) {
	for _, n := range h.Nodes {
		for source, said := range n.Sources {
			if said.Cleared.IsZero() {
				speaker(speakers, source).hear(said)
			}
		}
		for _, t := range n.Types {
			for source, shard := range t.Shards {
				if shard.Count == 0 {
					continue
				}
				s := speaker(speakers, source)
				s.Rows += shard.Count
				if shard.Adopted {
					s.Adopted = true
					s.Nodes++
				}
			}
		}
	}
}

func speaker(speakers map[string]*Speaker, source string) *Speaker {
	s := speakers[source]
	if s == nil {
		s = &Speaker{Source: source}
		speakers[source] = s
	}
	return s
}

func (s *Speaker) hear(said *Source) {
	s.Nodes++
	if at := Newest(said.Stamp(), Stamp{Captured: said.Merged}).Captured; at.After(s.Captured) {
		s.Captured = at
	}
	if s.Import == "" || said.Heard.After(s.Heard) {
		s.Heard, s.Import, s.Mapping = said.Heard, said.Import, said.Mapping
	}
	if said.Missing == nil {
		return
	}
	if s.Missing++; s.Absent == nil {
		s.Absent = map[string]int{}
	}
	s.Absent[said.Missing.Import]++
}

// Speakers are all sources that say something about any node.
func (l *Ledger) Speakers(ctx context.Context) (map[string]*Speaker, error) {
	speakers := map[string]*Speaker{}
	for p := range l.Partitions() {
		h, err := l.Load(ctx, p)
		if err != nil {
			return nil, err
		}
		h.Count(speakers)
	}
	return speakers, nil
}
