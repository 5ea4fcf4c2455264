// Package subject knows what names a machine: its identifiers in one spelling each, and its numbers in the sources that speak of it. It does not know
// the nodes that machines may be.
package subject

import (
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Subject is the machine that a record is about: candidates of each kind, in the order of the document. Nodes are looked for by a normalised one.
type Subject struct {
	NodeID   []string            `json:"nodeId,omitempty"`
	Tags     map[string][]string `json:"tag,omitempty"`
	Serial   []string            `json:"serial,omitempty"`
	Hostname []string            `json:"hostname,omitempty"`
	IP       []string            `json:"ip,omitempty"`
	MAC      []string            `json:"mac,omitempty"`

	// Reverse are those of Hostname that were asked of an address (reverse DNS): they may agree, but never disagree.
	Reverse []string `json:"-"`

	// Number are the source's own numbers of the machine. They name nobody to whom no earlier import has tied them.
	Number []Number `json:"-"`

	// Account and Region are those that the document states of the machine, or else those of the ARN that named the node; empty where it has neither.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	Stated  bool   `json:"-"` // they do not come out of an ARN
}

// Target is the account and region of the subject, as far as they are known.
func (s *Subject) Target() target.Key { return target.Key{Account: s.Account, Region: s.Region} }

// Empty reports whether the subject has no identifier at all, apart from numbers.
func (s Subject) Empty() bool {
	return len(s.NodeID) == 0 && len(s.Tags) == 0 && len(s.Serial) == 0 && len(s.Hostname) == 0 && len(s.IP) == 0 && len(s.MAC) == 0
}

// ByKind returns the identifiers that a sender can name a machine by, by their kinds.
func (s Subject) ByKind() map[string][]string {
	kinds := map[string][]string{"nodeId": s.NodeID, "hostname": s.Hostname, "serial": s.Serial, "ip": s.IP, "mac": s.MAC}
	maps.DeleteFunc(kinds, func(_ string, list []string) bool { return len(list) == 0 })
	return kinds
}

// Union returns the identifiers of both, normalised: those of several records about one machine.
func (s Subject) Union(other Subject) Subject {
	u := Subject{
		NodeID: slices.Concat(s.NodeID, other.NodeID), Serial: slices.Concat(s.Serial, other.Serial),
		Hostname: slices.Concat(s.Hostname, other.Hostname), IP: slices.Concat(s.IP, other.IP), MAC: slices.Concat(s.MAC, other.MAC),
		Account: s.Account, Region: s.Region, Stated: s.Stated, Number: slices.Concat(s.Number, other.Number),
	}
	for _, name := range slices.Concat(s.Reverse, other.Reverse) {
		if !slices.Contains(s.Own().Hostname, name) && !slices.Contains(other.Own().Hostname, name) {
			u.Reverse = append(u.Reverse, name)
		}
	}
	if other.Stated && !u.Stated || u.Account == "" && u.Region == "" {
		u.Account, u.Region, u.Stated = other.Account, other.Region, other.Stated
	}
	u.Tags = make(map[string][]string, len(s.Tags)+len(other.Tags))
	for _, tags := range []map[string][]string{s.Tags, other.Tags} {
		for key, values := range tags {
			u.Tags[key] = slices.Concat(u.Tags[key], values)
		}
	}
	return u.Normalise()
}

// Own is a subject without the names that were asked of its addresses.
func (s *Subject) Own() *Subject {
	if len(s.Reverse) == 0 {
		return s
	}
	own := *s
	own.Hostname = slices.DeleteFunc(slices.Clone(s.Hostname), func(name string) bool { return slices.Contains(s.Reverse, name) })
	own.Reverse = nil
	return &own
}

// Asked is a subject whose names are those that were asked of its addresses.
func (s *Subject) Asked() *Subject {
	asked := *s
	asked.Hostname, asked.Reverse = s.Reverse, nil
	return &asked
}

// WithReverse adds names that were asked of the subject's addresses, and returns it normalised. A name that the machine has from elsewhere
// as well is not only one of its address.
func (s Subject) WithReverse(names []string) Subject {
	n := s.Normalise()
	asked, _ := identifier.Hostnames(names)
	for _, name := range asked {
		if !slices.Contains(n.Hostname, name) {
			n.Hostname, n.Reverse = append(slices.Clip(n.Hostname), name), append(n.Reverse, name)
		}
	}
	return n
}
