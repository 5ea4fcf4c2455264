package intake

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// voices are how a source speaks in a document.
type voices struct{ snapshot, merge bool }

// hear notes who speaks.
func (im *Import) hear(h *heading) {
	v := im.sources[h.source]
	v.snapshot, v.merge = v.snapshot || !h.merge, v.merge || h.merge
	im.sources[h.source] = v
}

// Sources are the sources that speak in the document in snapshots, sorted. A document without records speaks for its mapping, unless the
// mapping tells its sources apart by what records say.
func (im *Import) Sources() []string {
	if im.Into() != "" { // it says nothing of what it does not name
		return nil
	}
	var list []string
	for _, source := range slices.Sorted(maps.Keys(im.sources)) {
		if im.sources[source].snapshot {
			list = append(list, source)
		}
	}
	if len(im.sources) == 0 && !im.Mapping.Merges() && !im.Mapping.SplitsSource() {
		list = append(list, im.Mapping.Name)
	}
	return list
}

// Names are the identifiers of all machines of the document, where it speaks for all nodes of its sources; else nil.
func (im *Import) Names() *ledger.Named { return im.names }

// absence says for which nodes the document speaks besides those that it names; nil: for none.
func (im *Import) absence() *ledger.Absence {
	if im.names == nil {
		return nil
	}
	return &ledger.Absence{Stamp: im.stamp(), Sources: im.Sources(), Names: im.names}
}

// stamp is when the document as a whole was true.
func (im *Import) stamp() ledger.Stamp {
	at := im.written()
	if !im.late.IsZero() {
		at = im.late
	}
	if at.After(im.received) {
		at = im.received
	}
	return ledger.Stamp{Captured: at, Written: im.written()}.UTC()
}

// Stamp is that of the document as a whole.
func (im *Import) Stamp() ledger.Stamp { return im.stamp() }

// parkedName stands for a machine without a node where a node's ID would stand.
func parkedName(s node.Subject, number int) string {
	if s.Empty() {
		return fmt.Sprintf("?%d", number)
	}
	return "?" + strings.Join(identifiers(s), "\n")
}

// ParkedPartitions lists the partitions in which machines without a node wait.
func (im *Import) ParkedPartitions() []int {
	var touched []int
	for i := range im.parked.Len() {
		if im.parked.Touched(i) {
			touched = append(touched, i)
		}
	}
	return touched
}

// OpenParked gives what the import says of machines without a node: statements without a node, by the partition of their identifiers.
func (im *Import) OpenParked(partition int) (ledger.Header, iter.Seq2[*ledger.Statement, error]) {
	return im.header(partition), func(yield func(*ledger.Statement, error) bool) {
		for s, err := range im.statements(im.parked, partition) {
			if s != nil {
				s.Node = ""
				s.Subject = slices.DeleteFunc(s.Subject, im.ofSeveral)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// ofSeveral reports whether several machines of the document have an identifier: alone, later, it would tell a wrong one.
func (im *Import) ofSeveral(id string) bool {
	kind, value, _ := strings.Cut(id, "=")
	return !im.crowd.Tells(kind, value)
}

// SubjectFrom reads a subject as it stands in a statement.
func SubjectFrom(list []string) node.Subject {
	var s node.Subject
	kinds := map[string]*[]string{"nodeId": &s.NodeID, "serial": &s.Serial, "hostname": &s.Hostname, "ip": &s.IP, "mac": &s.MAC}
	for _, id := range list {
		kind, value, _ := strings.Cut(id, "=")
		key, isTag := strings.CutPrefix(kind, "tag:")
		switch {
		case kind+"=" == kindReverse:
			s.Hostname, s.Reverse = append(s.Hostname, value), append(s.Reverse, value)
		case isTag:
			if s.Tags == nil {
				s.Tags = map[string][]string{}
			}
			s.Tags[key] = append(s.Tags[key], value)
		case kinds[kind] != nil:
			*kinds[kind] = append(*kinds[kind], value)
		}
	}
	return s
}
