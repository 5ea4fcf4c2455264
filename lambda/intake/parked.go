package intake

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// sourceKinds are the kinds of statements that a source makes in a document.
type sourceKinds struct{ snapshot, merge bool }

// noteSource notes which source a record is of, and whether it merges. One that looked at nothing as a whole is no snapshot.
func (im *Import) noteSource(h *frame.Heading) {
	v := im.sources[h.Source]
	v.snapshot, v.merge = v.snapshot || !h.Merge && !h.Partial, v.merge || h.Merge
	im.sources[h.Source] = v
}

// Sources returns the sources of the document's snapshots, sorted. A document without records is a snapshot of its mapping, unless the
// mapping takes the source from the records. A part is none.
func (im *Import) Sources() []string {
	if im.Into() != "" || im.IsPart() { // a mended file is no snapshot either
		return nil
	}
	return im.stating(func(k sourceKinds) bool { return k.snapshot })
}

// stating returns the sources of the document whose statements are of some kinds, sorted.
func (im *Import) stating(is func(sourceKinds) bool) []string {
	var list []string
	for _, source := range slices.Sorted(maps.Keys(im.sources)) {
		if is(im.sources[source]) {
			list = append(list, source)
		}
	}
	if len(im.sources) == 0 && !im.Mapping.Merges() && !im.Mapping.SplitsSource() {
		list = append(list, im.Mapping.Name)
	}
	return list
}

// NamedIdentifiers are those of all machines of the document, where it proves absence; else nil.
func (im *Import) NamedIdentifiers() *ledger.NamedIdentifiers { return im.named }

// absence returns the sources of which the document proves absence; nil: there are none.
func (im *Import) absence() *ledger.Absence {
	if im.named == nil {
		return nil
	}
	return &ledger.Absence{Stamp: im.stamp(), Sources: im.Sources(), Named: im.named}
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

// parkedName takes the place of a node's ID for a machine without a node.
func parkedName(s node.Subject, record int) string {
	list := append(subjects.Identifiers(s), subjects.Numbers(s, ledger.NumberKind)...)
	if len(list) == 0 {
		return fmt.Sprintf("?%d", record)
	}
	if s.Stated {
		list = append(list, "in="+s.Account+"/"+s.Region)
	}
	return "?" + strings.Join(list, "\n")
}

// isParkedName reports whether a name takes the place of a node's ID.
func isParkedName(name string) bool { return strings.HasPrefix(name, "?") }

// ParkedPartitions returns the partitions in which machines without a node wait.
func (im *Import) ParkedPartitions() []int {
	var touched []int
	for i := range im.parked.Len() {
		if im.parked.Touched(i) {
			touched = append(touched, i)
		}
	}
	return touched
}

// OpenParked returns the statements about machines without a node that fall into a partition by their identifiers.
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

// ofSeveral reports whether several machines of the document have an identifier: alone, later, it would lead to a wrong node.
func (im *Import) ofSeveral(id string) bool {
	kind, value, _ := strings.Cut(id, "=")
	return !im.crowd.Tells(kind, value)
}
