package intake

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// SubjectOf returns a document's subject with normalised identifiers.
func SubjectOf(s read.Subject) node.Subject { return given(s).WithReverse(s.Reverse) }

// given is a subject as a document has it, without the names that were asked of its addresses.
func given(s read.Subject) node.Subject {
	return node.Subject{NodeID: s.NodeID, Serial: s.Serial, Hostname: s.Hostname, IP: s.IP, MAC: s.MAC, Tags: s.Tags}
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

// leftOut counts the identifiers of a document's subject that are beyond those that a machine may have of a kind.
func leftOut(s, normal node.Subject) int {
	n := 0
	for _, list := range []func(s *node.Subject) *[]string{
		func(s *node.Subject) *[]string { return &s.NodeID },
		func(s *node.Subject) *[]string { return &s.Serial },
		func(s *node.Subject) *[]string { return &s.Hostname },
		func(s *node.Subject) *[]string { return &s.IP },
		func(s *node.Subject) *[]string { return &s.MAC },
	} {
		if len(*list(&normal)) < identifier.MaxCandidates { // as nearly always
			continue
		}
		all := map[string]bool{}
		for _, text := range *list(&s) {
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

func join(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// identifiers returns a subject's identifiers as "kind=value", the strongest first.
func identifiers(s node.Subject) []string {
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
			list = append(list, kindReverse+name)
		} else {
			list = append(list, "hostname="+name)
		}
	}
	add("ip", s.IP)
	add("mac", s.MAC)
	return list
}

// kindReverse marks a host name that was asked of an address.
const kindReverse = "reverse="
