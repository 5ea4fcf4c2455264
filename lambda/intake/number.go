package intake

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// A key that the mapping names is the source's own number of the machine. An earlier import of the same family may have found the node of a
// machine that is known by its number alone now.

// numbered returns a subject with the number that a key is.
func (im *Import) numbered(s node.Subject, key string) node.Subject {
	if number, ok := node.NumberOf(im.Mapping.Family, key); ok && key != "" {
		s.Number = []node.Number{number}
	}
	return s
}

// noteNumber notes on the receipt that a number has led to a node.
func (im *Import) noteNumber(d node.Decision) {
	if d.Outcome == node.Matched && d.Rule == node.RuleNumber {
		im.Decided.Note("machines were found by their numbers in the source, which an earlier import had tied to their nodes")
	}
}

// numberIdentifiers returns the numbers of a subject as identifiers of a kind.
func numberIdentifiers(s node.Subject, kind string) []string {
	var list []string
	for _, n := range s.Number {
		list = append(list, kind+n.Family+"="+n.Key)
	}
	return list
}

// addNumber adds the numbers of a subject to the identifiers of a statement about a node: tied to it, where something else of the machine
// agrees with the node; else as what led to it. A number that is a name of the machine says nothing where that name agrees.
func addNumber(list []string, s node.Subject, id string, among *node.Crowd) []string {
	for _, n := range s.Number {
		one := numberIdentifiers(node.Subject{Number: []node.Number{n}}, "")[0]
		switch {
		case slices.Contains(list, ledger.TieKind+one):
		case among.Agrees(s.WithoutName(n.Key), id):
			list = slices.DeleteFunc(list, func(known string) bool { return known == ledger.NumberKind+one })
			list = append(list, ledger.TieKind+one)
		case !among.Agrees(s, id):
			list = join(list, []string{ledger.NumberKind + one})
		}
	}
	return list
}

// Tying returns the identifiers of a parked statement as those of one about the node that was found for it.
func Tying(list []string, id string, among *node.Crowd) []string {
	rest := slices.DeleteFunc(slices.Clone(list), func(known string) bool { return strings.HasPrefix(known, ledger.NumberKind) })
	return addNumber(rest, SubjectFrom(list), id, among)
}

// numberFrom reads a number as it stands in a statement.
func numberFrom(kind, value string) (node.Number, bool) {
	for _, prefix := range []string{ledger.NumberKind, ledger.TieKind} {
		if family, ok := strings.CutPrefix(kind, prefix); ok {
			return node.Number{Family: family, Key: value}, true
		}
	}
	return node.Number{}, false
}

// namedBy returns the identifiers by which a document names a machine, to decide which are absent. A number counts where there is nothing else:
// it may be another machine's by now.
func namedBy(s node.Subject) []string {
	if s.Empty() {
		return numberIdentifiers(s, ledger.NumberKind)
	}
	return identifiers(s)
}
