package sandbox

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"
)

// retention is how long an item lives that nobody reports again.
const retention = 30 * 24 * time.Hour

const wireTime = "2006-01-02T15:04:05Z"

// itemKey names an item of one node. AWS:ComplianceItem is kept apart by compliance type.
type itemKey struct{ typeName, compliance string }

// item is everything that a node holds under one key. It is never changed once stored.
type item struct {
	version     string
	captureTime string
	hash        string // "" where there is none
	context     map[string]string
	content     *content
	refreshed   time.Time // when the latest report of it was accepted
	deleted     bool      // a deletion is under way: readers still see it, a put finds nothing stored
}

func (i *item) expired(now time.Time) bool { return now.Sub(i.refreshed) >= retention }

// stored is the node's item as readers see it.
func (n *registeredNode) stored(key itemKey, now time.Time) *item {
	i := n.items[key]
	if i == nil || i.expired(now) {
		return nil
	}
	return i
}

// ofType are the node's items of a type, in the order of their compliance types; there is at most one but for AWS:ComplianceItem.
// What the service itself knows of a node takes the place of an item nobody has put.
func (n *registeredNode) ofType(typeName string, now time.Time) []*item {
	if typeName != complianceItem {
		if i := n.stored(itemKey{typeName: typeName}, now); i != nil {
			return []*item{i}
		}
		if i := n.known(typeName); i != nil {
			return []*item{i}
		}
		return nil
	}
	var items []*item
	for _, key := range slices.SortedFunc(maps.Keys(n.items), itemKey.compare) {
		if i := n.stored(key, now); i != nil && key.typeName == complianceItem {
			items = append(items, i)
		}
	}
	return items
}

// known is what the service states of a node by itself as an item, nil where that is nothing.
func (n *registeredNode) known(typeName string) *item {
	entries := n.knownEntries(typeName)
	if len(entries) == 0 {
		return nil
	}
	return &item{version: "1.0", captureTime: n.registered.Format(wireTime), content: contentOf(entries), refreshed: n.registered}
}

// knownEntries are what the service states of a node by itself: its information, its tags and, where its addresses were given, its
// network as the agent would report it.
func (n *registeredNode) knownEntries(typeName string) (entries []map[string]string) {
	switch typeName {
	case instanceInformation:
		entries = append(entries, n.information())
	case tagType:
		for key, value := range sorted(n.Tags) {
			entries = append(entries, map[string]string{"Key": key, "Value": value})
		}
	case networkType:
		for _, mac := range n.MACAddresses {
			entries = append(entries, map[string]string{"MacAddress": mac, "IPV4": n.IPAddress})
		}
	}
	return entries
}

// entries yields every entry the node has of a type.
func (n *registeredNode) entries(typeName string, now time.Time) iter.Seq[map[string]string] {
	if n.stored(itemKey{typeName: typeName}, now) == nil && typeName != complianceItem {
		return slices.Values(n.knownEntries(typeName))
	}
	return func(yield func(map[string]string) bool) {
		for _, i := range n.ofType(typeName, now) {
			for e := range i.content.len() {
				if !yield(i.content.pairs(e)) {
					return
				}
			}
		}
	}
}

// information is the node's AWS:InstanceInformation. Of a terminated one no more is left than that.
func (n *registeredNode) information() map[string]string {
	m := map[string]string{"InstanceId": n.InstanceID, "InstanceStatus": n.status()}
	if n.gone() {
		return m
	}
	for name, value := range map[string]string{
		"AgentType": "amazon-ssm-agent", "AgentVersion": n.AgentVersion, "ComputerName": n.ComputerName, "IpAddress": n.IPAddress,
		"PlatformName": n.PlatformName, "PlatformType": n.PlatformType, "PlatformVersion": n.PlatformVersion, "ResourceType": n.ResourceType,
	} {
		if value != "" {
			m[name] = value
		}
	}
	return m
}

// Item is what a node holds of a type, for tests to look at.
type Item struct {
	TypeName, SchemaVersion, CaptureTime string
	ContentHash                          string // "" where none is stored
	Context                              map[string]string
	Entries                              []map[string]string
	Refreshed                            time.Time // when the latest report was accepted
}

// Inventory is what the node holds of the type, and whether it holds any. Of AWS:ComplianceItem it is the first compliance type.
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

func (k itemKey) compare(l itemKey) int {
	return cmp.Or(cmp.Compare(k.typeName, l.typeName), cmp.Compare(k.compliance, l.compliance))
}
