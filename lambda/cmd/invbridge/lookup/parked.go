package lookup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Parked is a machine whose records wait for a node.
type Parked struct {
	Source  string   `json:"source"`
	Import  string   `json:"import"`
	Records []int    `json:"records"` // by their numbers in the document
	Subject []string `json:"subject"` // "hostname=web-1"
}

// ParkedAs returns what waits under one of some names or other identifiers of a machine.
func ParkedAs(ctx context.Context, l *ledger.Ledger, names ...string) ([]Parked, error) {
	return parked(ctx, l, func(ledger.ParkedKey) bool { return true }, func(s *ledger.Statement) bool {
		return slices.ContainsFunc(s.Subject, func(id string) bool { return IsOne(id, names...) })
	})
}

// ParkedBy returns what waits of an import.
func ParkedBy(ctx context.Context, l *ledger.Ledger, id string) ([]Parked, error) {
	return parked(ctx, l, func(k ledger.ParkedKey) bool { return k.Import == id }, func(*ledger.Statement) bool { return true })
}

// Name is what a person calls the machine of some identifiers: by its host name, else by the first of them.
func Name(subject []string) string {
	for _, id := range subject {
		if kind, value, _ := strings.Cut(id, "="); kind == "hostname" {
			return value
		}
	}
	if len(subject) == 0 {
		return ""
	}
	return subject[0]
}

// NameIn is what a person calls the machine of a subject: by its host name, else by the strongest of its identifiers.
func NameIn(s node.Subject) string {
	for _, of := range []struct {
		kind   string
		values []string
	}{{"", s.Hostname}, {"nodeId=", s.NodeID}, {"serial=", s.Serial}, {"ip=", s.IP}, {"mac=", s.MAC}} {
		if len(of.values) > 0 {
			return of.kind + of.values[0]
		}
	}
	return ""
}

func parked(
	ctx context.Context, l *ledger.Ledger, ofKey func(ledger.ParkedKey) bool, of func(*ledger.Statement) bool,
) ([]Parked, error) {
	keys, err := l.Parked(ctx, "")
	if err != nil {
		return nil, err
	}
	var list []Parked
	for _, k := range slices.DeleteFunc(keys, func(k ledger.ParkedKey) bool { return !ofKey(k) }) {
		h, statements, err := l.ReadParked(ctx, k)
		var damaged *ledger.FormatError
		if errors.Is(err, ledger.ErrNotFound) || errors.As(err, &damaged) {
			continue // gone meanwhile; what is damaged is named by those who look for it
		}
		if err != nil {
			return nil, err
		}
		for s, err := range statements {
			if err != nil {
				break // damaged from here on, as above
			}
			if !of(s) {
				continue
			}
			p := Parked{Source: s.Source, Import: h.Import, Subject: s.Subject}
			for _, r := range s.Records {
				p.Records = append(p.Records, r.Number)
			}
			list = append(list, p)
		}
	}
	return list, nil
}

// IsOne reports whether an identifier ("hostname=web-1") is one of some names, with or without domain.
func IsOne(id string, names ...string) bool {
	kind, value, _ := strings.Cut(id, "=")
	return slices.ContainsFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		return name != "" && (strings.EqualFold(value, name) || kind == "hostname" && strings.EqualFold(host(value), host(name)) && !isAddress(name))
	})
}

func isAddress(name string) bool { return strings.Trim(name, "0123456789.:") == "" }

// NamesOf are the names and addresses of a node, by which a machine's records might be looked for.
func NamesOf(n node.Node) []string {
	return slices.DeleteFunc(append([]string{n.ID, n.ComputerName, n.Name}, strings.Split(n.IPAddress, ",")...), func(s string) bool { return s == "" })
}
