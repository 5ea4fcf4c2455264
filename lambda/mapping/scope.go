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

// Leaf is a value of a scope's clauses that is no list of others.
type Leaf struct {
	Value *Value
	Reads []path.Path // relative to the record
}

// Leaves returns the values of the clauses.
func (s *Scope) Leaves() ([]Leaf, error) {
	var leaves []Leaf
	for _, b := range s.Bounds {
		for _, v := range b.Value.leaves() {
			reads, err := s.inClauses(v.Paths())
			if err != nil {
				return nil, err
			}
			leaves = append(leaves, Leaf{v, reads})
		}
	}
	return leaves, nil
}

// leaves are the values in a value, or itself.
func (v *Value) leaves() []*Value {
	if len(v.First)+len(v.All) == 0 {
		return []*Value{v}
	}
	var leaves []*Value
	for _, inner := range slices.Concat(v.First, v.All) {
		leaves = append(leaves, inner.leaves()...)
	}
	return leaves
}

// inClauses makes paths of clauses relative to the record.
func (s *Scope) inClauses(paths []path.Path) ([]path.Path, error) {
	if len(s.Each) == 0 {
		return paths, nil
	}
	var reads []path.Path
	for _, each := range s.Each {
		for _, inside := range paths {
			whole, err := joined(each, inside)
			if err != nil {
				return nil, err
			}
			reads = append(reads, whole)
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
