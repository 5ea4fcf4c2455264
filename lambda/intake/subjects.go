package intake

import (
	"unsafe"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/memo"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Subjects normalises the subjects of a document, each once as far as it comes again soon. The zero value is ready.
type Subjects struct {
	Accounts subjects.Accounts
	known    memo.Memo[*subjectKnown]
}

// maxSubjects is how many are remembered.
const maxSubjects = 1024

// subjectKnown is a subject as a document has it, and what was made of it.
type subjectKnown struct {
	given   read.Subject
	normal  node.Subject
	raw     []byte // encoded
	unread  node.Unreadable
	leftOut int
	added   bool // to the machines of the document, with a key
	key     string
}

// Of returns a document's subject with normalised identifiers. Nobody changes them.
func (s *Subjects) Of(given read.Subject) node.Subject { return s.of(given).normal }

func (s *Subjects) of(subject read.Subject) *subjectKnown {
	place := s.known.At(placeOf(&subject) % maxSubjects)
	if known := *place; known != nil && isSame(&known.given, &subject) {
		return known
	}
	normal := subjects.Of(subject, s.Accounts)
	own := subjects.Given(subject, s.Accounts)
	known := &subjectKnown{given: subject, normal: normal, raw: frame.AppendSubject(nil, normal), unread: subjects.Unread(subject, &own), leftOut: subjects.LeftOut(own, normal)}
	*place = known
	s.known.Added()
	return known
}

// lists are those of a subject's identifiers.
func lists(s *read.Subject) [8][]string {
	return [...][]string{s.NodeID, s.Hostname, s.Serial, s.IP, s.MAC, s.Reverse, s.Account, s.Region}
}

// isSame reports whether two subjects are of the same lists. Those of tags are never the same.
func isSame(a, b *read.Subject) bool {
	others := lists(b)
	for i, list := range lists(a) {
		if len(list) != len(others[i]) || len(list) > 0 && &list[0] != &others[i][0] {
			return false
		}
	}
	return len(a.Tags) == 0 && len(b.Tags) == 0
}

// placeOf is a hash of where the lists stand in memory.
func placeOf(s *read.Subject) uint64 {
	var hash uint64
	for _, list := range lists(s) {
		hash = hash*31 + uint64(uintptr(unsafe.Pointer(unsafe.SliceData(list))))>>4 //nolint:gosec // a number, and nothing is read by it
	}
	return hash ^ hash>>16
}

// outsideSubject is the machine that the sender or, where the sender names none, the key names.
func outsideSubject(captures map[string]string, as node.Subject) node.Subject {
	if !as.Empty() {
		return as.Normalise()
	}
	one := func(name string) []string {
		if captures[name] == "" {
			return nil
		}
		return []string{captures[name]}
	}
	return node.Subject{
		NodeID: one("nodeId"), Hostname: one("hostname"), Serial: one("serial"), IP: one("ip"), MAC: one("mac"),
	}.Normalise()
}
