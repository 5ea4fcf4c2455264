package subject

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// Number is a source's own number of a machine. Numbers of one family are compared, those of others are not.
type Number struct{ Family, Key string }

// NumberOf returns the number that a key of a mapping's record is, normalised; false for one that names no machine.
func NumberOf(family, key string) (Number, bool) {
	n := Number{family, identifier.Number(key)}
	return n, n.Key != ""
}

// numbersOf normalises numbers. It allocates nothing where there are none.
func numbersOf(numbers []Number) []Number {
	var out []Number
	for _, n := range numbers {
		n, ok := NumberOf(n.Family, n.Key)
		if ok && len(out) < identifier.MaxCandidates && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// HasOther reports whether the subject has an identifier besides its numbers, and names that are the same as one of these.
func (s *Subject) HasOther() bool {
	for i := range s.Number {
		rest := s.WithoutName(s.Number[i].Key)
		s = &rest
	}
	return !s.Empty()
}

// WithoutName returns the subject without a host name.
func (s Subject) WithoutName(name string) Subject {
	is := func(n string) bool { return n == name }
	s.Hostname = slices.DeleteFunc(slices.Clone(s.Hostname), is)
	s.Reverse = slices.DeleteFunc(slices.Clone(s.Reverse), is)
	return s
}
