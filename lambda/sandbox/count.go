package sandbox

import "maps"

// Counts are what a sandbox has seen since its start.
type Counts struct {
	Calls map[string]int `json:"calls"` // HTTP attempts by operation, S3's too, refused ones among them
	Items ItemCounts     `json:"items"`
	Bytes int64          `json:"bytes"` // of accepted content, as the size limits count it
}

// ItemCounts are the items accepted by PutInventory.
type ItemCounts struct {
	Full     int `json:"full"`     // with content
	HashOnly int `json:"hashOnly"` // without
}

// nodeDay is a node on one day, 2006-01-02 in UTC: the unit of the day quota.
type nodeDay struct{ node, day string }

// Counts are the counts so far.
func (s *Sandbox) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Calls = maps.Clone(s.counts.Calls)
	return c
}

// DayBytes are the bytes accepted for a node by day (2006-01-02, UTC).
func (s *Sandbox) DayBytes(instanceID string) map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	days := map[string]int64{}
	for k, n := range s.dayBytes {
		if k.node == instanceID {
			days[k.day] = n
		}
	}
	return days
}

func (s *Sandbox) count(operation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Calls[operation]++
}
