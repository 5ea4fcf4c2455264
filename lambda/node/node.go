// Package node knows the managed nodes of one account and region, and says which of them a subject is; it does not know the
// documents in which subjects stand, nor what is put on a node.
//
// # Matching
//
// A subject brings candidates of six kinds. They are tried in the order of their strength: nodeId, tag, serial, hostname, ip,
// mac. The first kind that leads to exactly one node decides:
//
//   - Of several candidates of one kind each that names any node narrows the choice: a short name that two nodes share is settled
//     by the full name beside it. Candidates that name no node say nothing, since a machine has more names and addresses than
//     the service knows.
//   - Several nodes are left: ambiguous, rejected. A weaker kind is not asked. With Rules.OnAmbiguousOnline the only one of them
//     that is online is taken, which is what an operator means after a machine was set up anew.
//   - No node is left, because two candidates name different ones: contradiction, rejected.
//   - A nodeId that the service does not know names a machine that is not managed here: parked, whatever the weaker kinds say.
//     It is skipped where the document also says that it belongs to another account or region.
//   - A weaker kind's node is rejected as a contradiction where a stronger kind was given and the node is known to be another
//     there: it has the tag with another value, or other serials of the same form. An unknown host name does not contradict an
//     address: names have aliases, and the service knows one.
//   - Nothing names a node: parked. No usable candidate at all: parked as unidentified.
//
// Host names are compared by all their labels where both sides have a domain, else by the first label: web1 and
// web1.corp.example are one unless another node is called web1 too; web1.a.example and web1.b.example never are. The name that a
// hybrid node was given at its activation is looked at where no computer name fits.
package node

import (
	"iter"
	"slices"
)

// Node is a managed node, as DescribeInstanceInformation and the inventory type AWS:InstanceInformation describe it. Serials and
// MACs come from files only.
type Node struct {
	ID           string // i-… or mi-…
	ComputerName string // as the machine calls itself, with or without domain
	Name         string // given at activation; hybrid nodes only
	IPAddress    string // or several, separated by commas
	PingStatus   string // Online, ConnectionLost, Inactive; empty where only the inventory knows the node
	Status       string // InstanceStatus: Active, ConnectionLost, Stopped, Terminated
	PlatformType string // Linux, Windows, MacOS
	ResourceType string // EC2Instance, ManagedInstance
	SourceID     string
	Tags         map[string]string
	Serials      []string
	MACs         []string
}

// Subject is the machine that a record speaks about: candidates of each kind, in the order of the document. Resolve expects it
// normalised.
type Subject struct {
	NodeID   []string            `json:"nodeId,omitempty"`
	Tags     map[string][]string `json:"tag,omitempty"`
	Serial   []string            `json:"serial,omitempty"`
	Hostname []string            `json:"hostname,omitempty"`
	IP       []string            `json:"ip,omitempty"`
	MAC      []string            `json:"mac,omitempty"`

	// Account and Region are those of the ARN that named the node; empty where the document gives no ARN.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
}

// Empty reports whether the subject has no identifier at all.
func (s Subject) Empty() bool {
	return len(s.NodeID) == 0 && len(s.Tags) == 0 && len(s.Serial) == 0 && len(s.Hostname) == 0 && len(s.IP) == 0 && len(s.MAC) == 0
}

// Union gives the identifiers of both, normalised: what several records say about one machine.
func (s Subject) Union(other Subject) Subject {
	u := Subject{
		NodeID: slices.Concat(s.NodeID, other.NodeID), Serial: slices.Concat(s.Serial, other.Serial),
		Hostname: slices.Concat(s.Hostname, other.Hostname), IP: slices.Concat(s.IP, other.IP), MAC: slices.Concat(s.MAC, other.MAC),
		Account: s.Account, Region: s.Region,
	}
	if u.Account == "" && u.Region == "" {
		u.Account, u.Region = other.Account, other.Region
	}
	u.Tags = make(map[string][]string, len(s.Tags)+len(other.Tags))
	for _, tags := range []map[string][]string{s.Tags, other.Tags} {
		for key, values := range tags {
			u.Tags[key] = slices.Concat(u.Tags[key], values)
		}
	}
	return u.Normalise()
}

// Directory is a set of managed nodes with the indexes that Resolve needs. Any number of goroutines may read it at once; Learn
// must not run beside them.
type Directory struct {
	nodes    []Node  // by ID
	order    []int32 // order[i] is i: one node as a list, without an allocation
	ids      map[string]int32
	tags     map[tag][]int32
	serials  index
	computer names
	given    names // names given at activation
	ips      index
	macs     index

	asked     map[tag]bool // tags that Learn has asked for
	askedMACs map[string]bool
}

type tag struct{ key, value string }

// index gives the nodes that have an identifier, in ascending order.
type index map[string][]int32

func (x index) add(key string, i int32) {
	if at := x[key]; key != "" && !slices.Contains(at, i) {
		x[key] = append(at, i)
	}
}

// Len tells how many nodes there are.
func (d *Directory) Len() int { return len(d.nodes) }

// Nodes gives all nodes by ascending ID.
func (d *Directory) Nodes() iter.Seq[Node] { return slices.Values(d.nodes) }

// Lookup finds a node by its ID.
func (d *Directory) Lookup(id string) (Node, bool) {
	i, ok := d.ids[id]
	if !ok {
		return Node{}, false
	}
	return d.nodes[i], true
}
