package sandbox

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"
)

// retention is how long an item is kept that nobody reports again.
const retention = 30 * 24 * time.Hour

const wireTime = "2006-01-02T15:04:05Z"

// itemKey identifies an item of one node. AWS:ComplianceItem has an item for each compliance type.
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

// held returns the node's items of a type that were put, in the order of their compliance types; there is at most one but for
// AWS:ComplianceItem.
func (n *registeredNode) held(typeName string, now time.Time) []*item {
	keys := []itemKey{{typeName: typeName}}
	if typeName == complianceItem {
		keys = slices.SortedFunc(maps.Keys(n.items), func(a, b itemKey) int { return cmp.Compare(a.compliance, b.compliance) })
	}
	var items []*item
	for _, key := range keys {
		if i := n.items[key]; i != nil && key.typeName == typeName && !i.expired(now) {
			items = append(items, i)
		}
	}
	return items
}

// ofType returns the node's items of a type as readers see them. What the service itself states of a node takes the place of an item
// that nobody has put.
func (n *registeredNode) ofType(typeName string, now time.Time) []*item {
	items := n.held(typeName, now)
	if len(items) > 0 {
		return items
	}
	if i := n.known(typeName); i != nil {
		return []*item{i}
	}
	return nil
}

// known is what the service itself states of a node, as an item; nil where that is nothing.
func (n *registeredNode) known(typeName string) *item {
	entries := n.knownEntries(typeName)
	if len(entries) == 0 {
		return nil
	}
	return &item{version: "1.0", captureTime: n.registered.Format(wireTime), content: contentOf(entries), refreshed: n.registered}
}

// knownEntries are what the service itself states of a node: its information, its tags and, where its addresses are known, its network
// as the agent would report it.
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
	items := n.held(typeName, now)
	if len(items) == 0 {
		return slices.Values(n.knownEntries(typeName)) // without the way through JSON: fleets are large
	}
	return func(yield func(map[string]string) bool) {
		for _, i := range items {
			for e := range i.content.len() {
				if !yield(i.content.pairs(e)) {
					return
				}
			}
		}
	}
}

// information is the node's AWS:InstanceInformation. Of a terminated node only its ID and its status are left.
func (n *registeredNode) information() map[string]string {
	m := map[string]string{"InstanceId": n.InstanceID, "InstanceStatus": n.status()}
	if n.terminated() {
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
