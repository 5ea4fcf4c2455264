package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	customPrefix        = "Custom:"
	maxCustomTypes      = 20
	maxCustomAttributes = 50
)

// version is a schema version in its order: by major number, then by minor.
type version struct{ major, minor int }

func parseVersion(s string) version {
	major, minor, _ := strings.Cut(s, ".")
	var v version
	v.major, _ = strconv.Atoi(major) // the pattern has admitted digits only
	v.minor, _ = strconv.Atoi(minor)
	return v
}

func (v version) compare(w version) int {
	return cmp.Or(cmp.Compare(v.major, w.major), cmp.Compare(v.minor, w.minor))
}

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// customType is a type that puts have created: its versions, each with the attributes put so far, and which are disabled. It is never
// changed once stored: with and disable make the next one.
type customType struct {
	versions []customVersion   // in order
	spelled  map[string]string // each attribute name of any version, folded, and how it is spelled
	disabled *version          // this version and all before it are disabled
}

type customVersion struct {
	version version
	text    string   // as it was first written
	names   []string // in order of first appearance
}

// customTypeName reports whether a name that begins with Custom: goes on with an upper-case letter.
func customTypeName(name string) bool {
	rest := strings.TrimPrefix(name, customPrefix)
	return rest != "" && rest[0] >= 'A' && rest[0] <= 'Z'
}

// ignores reports whether data of the version is ignored because the version is disabled.
func (t *customType) ignores(v version) bool {
	return t != nil && t.disabled != nil && v.compare(*t.disabled) <= 0
}

// has reports whether a version of the type has all those attributes, so that content with them changes nothing of it.
func (t *customType) has(text string, names []string) bool {
	if t == nil {
		return false
	}
	i, found := t.find(parseVersion(text))
	return found && !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(t.versions[i].names, name) })
}

func (t *customType) find(v version) (int, bool) {
	return slices.BinarySearchFunc(t.versions, v, func(c customVersion, v version) int { return c.version.compare(v) })
}

var (
	errAttributeCase  = errors.New("attribute names differ only in case, within the item or from the schema's")
	errAttributeCount = fmt.Errorf("more than %d attributes in one schema", maxCustomAttributes)
)

// with returns the type as accepted content of that version leaves it. t is nil where the type is new.
func (t *customType) with(text string, names []string, refuseNew bool) (*customType, error) {
	next := &customType{spelled: map[string]string{}}
	if t != nil {
		next = &customType{versions: slices.Clone(t.versions), spelled: maps.Clone(t.spelled), disabled: t.disabled}
	}
	v := next.admit(text)
	first := len(v.names) == 0
	for _, name := range names {
		if slices.Contains(v.names, name) {
			continue
		}
		folded := strings.ToLower(name)
		if spelled, known := next.spelled[folded]; known && spelled != name {
			return nil, errAttributeCase
		}
		if !first && refuseNew {
			return nil, fmt.Errorf("an attribute is not in the schema of version %s", text)
		}
		next.spelled[folded] = name
		v.names = append(slices.Clip(v.names), name)
	}
	if len(v.names) > maxCustomAttributes {
		return nil, errAttributeCount
	}
	return next, nil
}

// admit returns the type's version of that text, and adds it where it is new.
func (t *customType) admit(text string) *customVersion {
	v := parseVersion(text)
	i, found := t.find(v)
	if !found {
		t.versions = slices.Insert(t.versions, i, customVersion{version: v, text: text})
	}
	return &t.versions[i]
}

// disable returns the type with all its versions disabled.
func (t *customType) disable() *customType {
	next := *t
	if n := len(t.versions); n > 0 {
		next.disabled = &t.versions[n-1].version
	}
	return &next
}

// knows reports whether the type is one of AWS's or has been created by a put.
func (s *Sandbox) knows(typeName string) bool {
	return s.builtin[typeName] != nil || s.custom[typeName] != nil
}

// hasAttribute reports whether any version of the type has the attribute.
func (s *Sandbox) hasAttribute(typeName, name string) bool {
	if b := s.builtin[typeName]; b != nil {
		return b.has(name)
	}
	if c := s.custom[typeName]; c != nil {
		return c.spelled[strings.ToLower(name)] == name
	}
	return false
}

func typeNameError(message string) error { return &apiError{code: codeTypeName, message: message} }
