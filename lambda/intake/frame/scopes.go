package frame

import (
	"bytes"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// Bounds of the scopes of a document that are held in memory. Further ones go with their records.
const (
	maxScopes     = 1_000
	maxScopeBytes = 1 << 20
)

// How a frame has the scope of a type.
const (
	scopeAll   = iota // there is none: all of the type was looked at
	scopeHere         // the scope itself follows
	scopeKnown        // its number in the list of those that were met before
	scopeLate         // its number among those that are known at the end of the document
)

// Scopes are what the records of a document looked at: many records have the same. The zero value is ready.
type Scopes struct {
	list  [][]byte // encoded
	index map[string]int
	bytes int
	late  [][]byte // those of the whole document, once it was read, by their numbers; nil: all was looked at

	last   *inventory.Scope // of the record before, and its number
	lastAt int
	buffer []byte

	made   *inventory.Scope // the last one that was made of an encoded one: most nodes of a document have the same
	madeOf []byte
}

// End keeps the scopes that are known at the end of the document.
func (s *Scopes) End(late []*inventory.Scope) {
	for _, one := range late {
		var encoded []byte
		if one != nil {
			encoded = appendScope(nil, one)
		}
		s.late = append(s.late, encoded)
	}
}

// Append encodes what a record looked at of each type that it states.
func (s *Scopes) Append(b []byte, rec *read.Record) []byte {
	b = packed.AppendUint(b, uint64(len(rec.Scopes)))
	for i, one := range rec.Scopes {
		if i < len(rec.LateScopes) && rec.LateScopes[i] > 0 {
			b = packed.AppendUint(packed.AppendUint(b, scopeLate), uint64(rec.LateScopes[i]))
			continue
		}
		b = s.appendOne(b, one)
	}
	return b
}

func (s *Scopes) appendOne(b []byte, one *inventory.Scope) []byte {
	switch one {
	case nil:
		return packed.AppendUint(b, scopeAll)
	case s.last:
		return packed.AppendUint(packed.AppendUint(b, scopeKnown), uint64(s.lastAt))
	}
	s.buffer = appendScope(s.buffer[:0], one)
	at, known := s.index[string(s.buffer)]
	if !known && (len(s.list) == maxScopes || s.bytes+len(s.buffer) > maxScopeBytes) {
		return packed.AppendText(packed.AppendUint(b, scopeHere), s.buffer)
	}
	if !known {
		at = len(s.list)
		if s.index == nil {
			s.index = map[string]int{}
		}
		s.index[string(s.buffer)] = at
		s.list, s.bytes = append(s.list, slices.Clone(s.buffer)), s.bytes+len(s.buffer)
	}
	s.last, s.lastAt = one, at
	return packed.AppendUint(packed.AppendUint(b, scopeKnown), uint64(at))
}

func appendScope(b []byte, s *inventory.Scope) []byte {
	b = packed.AppendUint(b, uint64(len(s.Clauses)))
	for _, c := range s.Clauses {
		b = packed.AppendUint(b, uint64(len(c)))
		for _, bound := range c {
			b = packed.AppendTexts(packed.AppendText(b, bound.Attribute), bound.Values)
		}
	}
	return b
}

// Scopes reads what a record looked at, encoded: by its types; none where it looked at all.
func (d *Decoder) Scopes(s *Scopes) [][]byte {
	var list [][]byte
	for range d.Count() {
		var one []byte
		switch d.Uint() {
		case scopeAll:
		case scopeHere:
			one = d.Bytes()
		case scopeKnown:
			if at := d.Uint(); at < uint64(len(s.list)) {
				one = s.list[at]
			} else {
				d.Fail()
			}
		case scopeLate:
			if number := d.Uint(); number <= uint64(len(s.late)) && number > 0 {
				one = s.late[number-1]
			} else {
				d.Fail()
			}
		default:
			d.Fail()
		}
		list = append(list, one)
	}
	return list
}

// ScopeOf decodes a scope.
func ScopeOf(encoded []byte) (*inventory.Scope, error) {
	d := packed.NewDecoder(encoded)
	s := &inventory.Scope{}
	for range d.Count() {
		var c inventory.Clause
		for range d.Count() {
			c = append(c, inventory.Bound{Attribute: d.Text(), Values: d.Texts()})
		}
		s.Clauses = append(s.Clauses, c)
	}
	if d.Bad() {
		return nil, ErrDamaged
	}
	return s, nil
}

// Union is what scopes cover together.
func (s *Scopes) Union(encoded [][]byte) (*inventory.Scope, error) {
	if len(encoded) > 1 {
		return union(encoded)
	}
	if s.made != nil && bytes.Equal(s.madeOf, encoded[0]) {
		return s.made, nil
	}
	made, err := union(encoded)
	s.made, s.madeOf = made, slices.Clone(encoded[0])
	return made, err
}

func union(encoded [][]byte) (*inventory.Scope, error) {
	list := make([]*inventory.Scope, len(encoded))
	for i, one := range encoded {
		var err error
		list[i], err = ScopeOf(one)
		if err != nil {
			return nil, err
		}
	}
	return inventory.Together(list), nil
}
