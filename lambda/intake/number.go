package intake

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/named"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
)

// A key that the mapping names is the source's own number of the machine. An earlier import of the same family may have found the node of a
// machine that is known by its number alone now.

// numbered returns a subject with the number that a key is.
func (im *Import) numbered(s node.Subject, key string) node.Subject {
	if number, ok := subject.NumberOf(im.Mapping.Family, key); ok && key != "" {
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

// addNumber adds the numbers of a subject to the identifiers of a statement about a node: tied to it, where something else of the machine
// agrees with the node; else as what led to it. A number that is a name of the machine says nothing where that name agrees.
func addNumber(list []string, s node.Subject, id string, among *node.Crowd) []string {
	for _, n := range s.Number {
		one := subjects.Numbers(node.Subject{Number: []node.Number{n}}, "")[0]
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
	return addNumber(rest, subjects.From(list), id, among)
}

// name notes the identifiers of a machine that the document names, in its account where the mapping's documents state these.
func (im *Import) name(s *node.Subject) {
	add := im.named.Add
	if im.Mapping.StatesAccount() {
		account := ""
		if s.Stated {
			account = s.Account
		}
		if account != "" && account == im.in.Account {
			account = named.Own
		}
		add = func(id string) { im.named.AddIn(account, id) }
	}
	for _, id := range subjects.NamedBy(*s) {
		add(id)
		if name, ok := strings.CutPrefix(id, subjects.KindReverse); ok { // as the statements of earlier imports have it
			add("hostname=" + name)
		}
	}
}

// join returns a list with what it does not have yet.
func join(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}
