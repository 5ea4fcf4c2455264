package mapping

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Scope is what a record looked at of a type's entries. It says nothing of the others.
type Scope struct {
	Where  *Expression // on the record; false: it looked at none. nil: it did
	Each   []path.Path // relative to the record: one clause for each; none: the record makes one
	Bounds []Bound     // by attribute. Of a clause: an attribute without values is not bound

	At problem.Place
}

// Bound is where the values stand that an attribute of the entries looked at may have: strings, or ranges of numbers ("1-1024").
type Bound struct {
	Attribute int // of the type
	Value     *Value
}

// WhereOfDocument reports whether the scope's condition reads nothing but the document: it is the same for all records then, and is
// evaluated once, after the document's end.
func (s *Scope) WhereOfDocument() bool { return ofDocument(s.Where.Paths()) }

// ClausesOfDocument reports the same of the clauses.
func (s *Scope) ClausesOfDocument() bool {
	paths, err := s.ClauseReads()
	return err == nil && ofDocument(paths)
}

// ofDocument reports whether paths read the document, and nothing else.
func ofDocument(paths []path.Path) bool {
	document := false
	for _, p := range paths {
		switch p.Root {
		case path.RootDoc, path.RootRows:
			document = true
		case path.RootFile:
		default:
			return false
		}
	}
	return document
}

// ClauseReads returns the paths that the clauses read, relative to the record.
func (s *Scope) ClauseReads() ([]path.Path, error) {
	reads := slices.Clone(s.Each)
	for _, b := range s.Bounds {
		for _, inside := range b.Value.Paths() {
			if len(s.Each) == 0 {
				reads = append(reads, inside)
			}
			for _, each := range s.Each {
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
