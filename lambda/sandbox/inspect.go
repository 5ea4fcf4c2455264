package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Counts are what a sandbox has seen since its start.
type Counts struct {
	Calls  map[string]int `json:"calls"`  // by operation, S3's too, refused and cut ones among them
	Errors map[string]int `json:"errors"` // inventory calls answered with an error, by its code
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

// NodeCalls are the calls about the node by operation: PutInventory and ListInventoryEntries, refused and cut ones among them.
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

// countNode counts a call that is about a node.
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

// Event is an event that the service sent to EventBridge, in the form in which it arrives.
type Event struct {
	Version    string      `json:"version"`
	ID         string      `json:"id"`
	DetailType string      `json:"detail-type"`
	Source     string      `json:"source"`
	Account    string      `json:"account"`
	Time       string      `json:"time"`
	Region     string      `json:"region"`
	Resources  []string    `json:"resources"`
	Detail     EventDetail `json:"detail"`
}

// EventDetail is the detail of an Inventory Resource State Change.
type EventDetail struct {
	ActionStatus string `json:"action-status"` // succeeded, failed
	Action       string `json:"action"`        // delete, delete-summary, put
	ResourceType string `json:"resource-type"`
	ResourceID   string `json:"resource-id"`
	ActionReason string `json:"action-reason"`
	TypeName     string `json:"type-name"`
}

// Events are all events so far, oldest first.
func (s *Sandbox) Events() []Event {
	s.enter()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

func (s *Sandbox) emit(at time.Time, detail EventDetail) {
	detail.ResourceType = "managed-instance"
	resources := []string{}
	if detail.ResourceID != "" {
		resources = append(resources,
			fmt.Sprintf("arn:aws:ssm:%s:%s:managed-instance/%s", s.config.Region, s.config.Account, detail.ResourceID))
	}
	s.events = append(s.events, Event{
		Version: "0", ID: newUUID(), DetailType: "Inventory Resource State Change", Source: "aws.ssm", Account: s.config.Account,
		Time: at.Format(wireTime), Region: s.config.Region, Resources: resources, Detail: detail,
	})
}

// emitIgnored reports data for a disabled version: the only trace of such a put.
func (s *Sandbox) emitIgnored(instanceID, typeName, version string) {
	s.emit(s.now(), EventDetail{
		Action: "put", ActionStatus: "failed", ResourceID: instanceID, TypeName: typeName,
		ActionReason: fmt.Sprintf("The inventory item with type name %s was sent with a disabled schema version %s. "+
			"You must send a version greater than %s", typeName, version, s.custom[typeName].disabled),
	})
}

// Item is what a node holds of a type, for tests to inspect.
type Item struct {
	TypeName, SchemaVersion, CaptureTime string
	ContentHash                          string // "" where none is stored
	Context                              map[string]string
	Entries                              []map[string]string
	Refreshed                            time.Time // when the latest report was accepted
}

// Inventory returns what the node holds of the type, and whether it holds any; of AWS:ComplianceItem the first compliance type.
func (s *Sandbox) Inventory(instanceID, typeName string) (Item, bool) {
	s.enter()
	defer s.mu.Unlock()
	n := s.nodes[instanceID]
	if n == nil {
		return Item{}, false
	}
	items := n.ofType(typeName, s.now())
	if len(items) == 0 {
		return Item{}, false
	}
	i := items[0]
	out := Item{
		TypeName: typeName, SchemaVersion: i.version, CaptureTime: i.captureTime, ContentHash: i.hash,
		Context: maps.Clone(i.context), Entries: make([]map[string]string, 0, i.content.len()), Refreshed: i.refreshed,
	}
	for e := range i.content.len() {
		out.Entries = append(out.Entries, i.content.pairs(e))
	}
	return out, true
}
