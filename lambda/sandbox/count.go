package sandbox

import "maps"

// Counts are what a sandbox has seen since its start.
type Counts struct {
	Calls  map[string]int `json:"calls"`  // HTTP attempts by operation, S3's too, refused and cut ones among them
	Errors map[string]int `json:"errors"` // inventory calls that were answered with an error, by its code
	Items  ItemCounts     `json:"items"`
	Bytes  int64          `json:"bytes"` // of accepted items, as the size limits count them
}

// ItemCounts are the items accepted by PutInventory, late ones too.
type ItemCounts struct {
	Full     int `json:"full"`     // with content
	HashOnly int `json:"hashOnly"` // without
}

// nodeDay is a node on one day, 2006-01-02 in UTC: the unit of the day quota.
type nodeDay struct{ node, day string }

// Counts are the counts so far.
func (s *Sandbox) Counts() Counts {
	s.enter()
	defer s.mu.Unlock()
	c := s.counts
	c.Calls, c.Errors = maps.Clone(c.Calls), maps.Clone(c.Errors)
	return c
}

// NodeCalls are the calls that named the node as theirs, by operation: PutInventory and ListInventoryEntries, refused and cut ones
// among them.
func (s *Sandbox) NodeCalls(instanceID string) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := map[string]int{}
	maps.Copy(calls, s.nodeCalls[instanceID])
	return calls
}

// DayBytes are the bytes accepted for a node by day (2006-01-02, UTC).
func (s *Sandbox) DayBytes(instanceID string) map[string]int64 {
	s.enter()
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

func (s *Sandbox) countError(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Errors[code]++
}

// countNode counts a call that names a node.
func (s *Sandbox) countNode(operation, node string) {
	if node == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nodeCalls[node] == nil {
		s.nodeCalls[node] = map[string]int{}
	}
	s.nodeCalls[node][operation]++
}
