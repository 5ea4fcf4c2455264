package mapping

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// Scope is what a record looked at of a type's entries. It says nothing of the others.
type Scope struct {
	Where  *Expression // on the record; false: it looked at none. nil: it did
	Each   []path.Path // relative to the record: one clause for each; none: the record makes one
	Bounds []Bound     // of a clause: an attribute without values is not bound
}

// Bound is where the values stand that an attribute of the entries looked at may have: strings, or ranges of numbers ("1-1024").
type Bound struct {
	Attribute int // of the type
	Value     *Value
}

// Reads returns the paths that the scope reads, relative to the record.
func (s *Scope) Reads() ([]path.Path, error) {
	reads := s.Where.Paths()
	if len(s.Each) == 0 {
		for _, b := range s.Bounds {
			reads = append(reads, b.Value.Paths()...)
		}
		return reads, nil
	}
	for _, each := range s.Each {
		reads = append(reads, each)
		for _, b := range s.Bounds {
			for _, inside := range b.Value.Paths() {
				whole, err := joined(each, inside)
				if err != nil {
					return nil, err
				}
				reads = append(reads, whole)
			}
		}
	}
	return reads, nil
}

// joined is a path inside the value to which another one leads.
func joined(each, inside path.Path) (path.Path, error) {
	switch inside.Root {
	case path.RootHere:
		whole, err := path.Parse(each.String() + "." + inside.String())
		if err != nil {
			return path.Path{}, fmt.Errorf("path %s: %w", each.String()+"."+inside.String(), err)
		}
		return whole, nil
	case path.RootUp, path.RootTable:
		return path.Path{}, fmt.Errorf("path %s: beside each, a path begins there, at $doc, $host or $file", inside.String())
	default:
		return inside, nil
	}
}

// OfDocument reports whether the clauses are the same for all records of a document: they read nothing else than it.
func (s *Scope) OfDocument() bool {
	document := false
	all := func(paths []path.Path, here bool) bool {
		return !slices.ContainsFunc(paths, func(p path.Path) bool {
			inDocument := p.Root == path.RootDoc || p.Root == path.RootRows
			document = document || inDocument
			return !inDocument && p.Root != path.RootFile && !(here && p.Root == path.RootHere)
		})
	}
	if !all(s.Each, false) {
		return false
	}
	for _, b := range s.Bounds {
		if !all(b.Value.Paths(), len(s.Each) > 0) {
			return false
		}
	}
	return document
}
