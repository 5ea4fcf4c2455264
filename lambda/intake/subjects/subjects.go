// Package subjects knows the identifiers of machines as documents have them, and as they stand in statements. It does not know which nodes they lead to.
package subjects

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
)

// Of returns a document's subject with normalised identifiers.
func Of(s read.Subject, accounts Accounts) node.Subject {
	return Given(s, accounts).WithReverse(s.Reverse)
}

// Accounts reports whether an account is one of the installation's; nil: none is known.
type Accounts func(account string) bool

// short returns the account of the installation that a number is without the zeros at its beginning; "" where it is none.
func (has Accounts) short(text string) string {
	if account := identifier.ShortAccount(text); account != "" && has != nil && has(account) {
		return account
	}
	return ""
}

// Given is a subject as a document has it, without the names that were asked of its addresses.
func Given(s read.Subject, accounts Accounts) node.Subject {
	n := node.Subject{NodeID: s.NodeID, Serial: s.Serial, Hostname: s.Hostname, IP: s.IP, MAC: s.MAC, Tags: s.Tags}
	n.Account, n.Region = first(s.Account, identifier.AccountOf), first(s.Region, identifier.RegionOf)
	if n.Account == "" {
		n.Account = first(s.Account, accounts.short)
	}
	n.Stated = n.Account != "" || n.Region != ""
	return n
}

// Unread counts the cells of a document's subject out of which nothing can be read.
func Unread(s read.Subject, own *node.Subject) subject.Unreadable {
	unread := own.Unreadable()
	unread.Account, unread.Region = unreadPlaces(s.Account, own.Account), unreadPlaces(s.Region, own.Region)
	return unread
}

// unreadPlaces counts the accounts or regions that cannot be read where none can.
func unreadPlaces(list []string, read string) int {
	if read != "" {
		return 0
	}
	return identifier.Unreadable(list, func(string) bool { return false })
}

// first is the first value that can be read.
func first(list []string, read func(string) string) string {
	for _, text := range list {
		if value := read(text); value != "" {
			return value
		}
	}
	return ""
}

// LeftOut counts the identifiers of a document's subject that are beyond those that a machine may have of a kind.
func LeftOut(s, normal node.Subject) int {
	if max(len(normal.NodeID), len(normal.Serial), len(normal.Hostname), len(normal.IP), len(normal.MAC)) < identifier.MaxCandidates { // as nearly always
		return 0
	}
	return leftOut(&s, &normal)
}

func leftOut(s, normal *node.Subject) int {
	n := 0
	for _, list := range []func(s *node.Subject) *[]string{
		func(s *node.Subject) *[]string { return &s.NodeID },
		func(s *node.Subject) *[]string { return &s.Serial },
		func(s *node.Subject) *[]string { return &s.Hostname },
		func(s *node.Subject) *[]string { return &s.IP },
		func(s *node.Subject) *[]string { return &s.MAC },
	} {
		if len(*list(normal)) < identifier.MaxCandidates {
			continue
		}
		all := map[string]bool{}
		for _, text := range *list(s) {
			addValues(all, text, list)
		}
		n += max(0, len(all)-identifier.MaxCandidates)
	}
	return n
}

// addValues adds the values of one cell. One that may hold too many itself is taken apart.
func addValues(all map[string]bool, text string, list func(s *node.Subject) *[]string) {
	var s node.Subject
	*list(&s) = []string{text}
	s = s.Normalise()
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;| \t\r\n", r) })
	if len(*list(&s)) >= identifier.MaxCandidates && len(parts) > 1 {
		for _, part := range parts {
			addValues(all, part, list)
		}
		return
	}
	for _, value := range *list(&s) {
		all[value] = true
	}
}

// Identifiers returns a subject's identifiers as "kind=value", the strongest first.
func Identifiers(s node.Subject) []string {
	var list []string
	add := func(kind string, values []string) {
		for _, v := range values {
			list = append(list, kind+"="+v)
		}
	}
	add("nodeId", s.NodeID)
	for _, k := range inventory.Sorted(s.Tags) {
		add("tag:"+k, s.Tags[k])
	}
	add("serial", s.Serial)
	for _, name := range s.Hostname {
		if slices.Contains(s.Reverse, name) {
			list = append(list, KindReverse+name)
		} else {
			list = append(list, "hostname="+name)
		}
	}
	add("ip", s.IP)
	add("mac", s.MAC)
	return list
}

// KindReverse marks a host name that was asked of an address.
const KindReverse = "reverse="

// Numbers returns the numbers of a subject as identifiers of a kind.
func Numbers(s node.Subject, kind string) []string {
	var list []string
	for _, n := range s.Number {
		list = append(list, kind+n.Family+"="+n.Key)
	}
	return list
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

// NamedBy returns the identifiers by which a document names a machine, to decide which are absent. A number counts where there is nothing else:
// it may be another machine's by now.
func NamedBy(s node.Subject) []string {
	if s.Empty() {
		return Numbers(s, ledger.NumberKind)
	}
	return Identifiers(s)
}

// Parked is the machine of a parked statement, of which the target is where the document places it.
func Parked(s *ledger.Statement) node.Subject {
	subject := From(s.Subject)
	subject.Account, subject.Region, subject.Stated = s.Target.Account, s.Target.Region, !s.Target.IsOwn()
	return subject
}

// From reads a subject as it stands in a statement.
func From(list []string) node.Subject {
	var s node.Subject
	kinds := map[string]*[]string{"nodeId": &s.NodeID, "serial": &s.Serial, "hostname": &s.Hostname, "ip": &s.IP, "mac": &s.MAC}
	for _, id := range list {
		kind, value, _ := strings.Cut(id, "=")
		key, isTag := strings.CutPrefix(kind, "tag:")
		number, isNumber := numberFrom(kind, value)
		switch {
		case isNumber:
			s.Number = append(s.Number, number)
		case kind+"=" == KindReverse:
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
