package mapping

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// Builtin are the built-in mapping and type files, the index of the mappings, and the types as JSON.
//
//go:embed builtin/*.yaml builtin/index.jsonl builtin/types.json
var Builtin embed.FS

// Set is all loaded mappings and types. It is immutable.
type Set struct {
	mappings   []Entry // by name
	types      []*Type // by name, roll-ups included
	shared     []SharedIdentifier
	candidates *choose.Candidates
}

// Entry is a mapping of a set: its head, and what loads the whole. That returns the same each time, and may be called by several at once.
type Entry struct {
	Head *Head
	Load func() (*Mapping, error)
}

// SharedIdentifier is an identifier that many machines have, so that it does not distinguish them.
type SharedIdentifier struct{ Kind, Value string }

// NewSet makes a set of mappings and types, each sorted by name, and of identifiers that many machines have.
func NewSet(mappings []Entry, types []*Type, shared []SharedIdentifier) *Set {
	candidates := make([]*choose.Candidate, len(mappings))
	for i, m := range mappings {
		candidates[i] = &m.Head.Candidate
	}
	return &Set{mappings: mappings, types: types, shared: shared, candidates: choose.NewCandidates(candidates)}
}

// Shared returns the identifiers that many machines have, as the loaded files list them.
func (s *Set) Shared() []SharedIdentifier { return s.shared }

// Choice is the mapping of a document, and how it is read.
type Choice struct {
	choose.Choice

	Mapping *Mapping
}

// Choose chooses the mapping of a document by its origin and its first bytes, see choose.Candidates.Choose.
func (s *Set) Choose(o choose.Origin, head []byte, complete bool) (Choice, error) {
	return s.chosen(s.candidates.Choose(o, head, complete))
}

// ChooseFurther chooses as Choose does, among the mappings that may recognise the document by what stands further on.
func (s *Set) ChooseFurther(o choose.Origin, head []byte, text func() io.Reader) (Choice, error) {
	return s.chosen(s.candidates.ChooseFurther(o, head, text))
}

// ChooseArchive chooses the mapping of a document of several members by its origin and by what it has.
func (s *Set) ChooseArchive(o choose.Origin, a scan.Archive) (Choice, error) {
	return s.chosen(s.candidates.ChooseArchive(o, a))
}

// ChooseMended chooses, for a mended file, the mapping of the document from which its records came back.
func (s *Set) ChooseMended(o choose.Origin, name string, mended choose.Mended, head []byte, complete bool) (Choice, error) {
	return s.chosen(s.candidates.ChooseMended(o, name, mended, head, complete))
}

func (s *Set) chosen(c choose.Choice, err error) (Choice, error) {
	if err != nil {
		return Choice{}, err
	}
	m, err := s.Mapping(c.Candidate.Name)
	if err != nil {
		return Choice{}, err
	}
	return Choice{Choice: c, Mapping: m}, nil
}

// Mapping returns a mapping by its name. A built-in one is loaded when it is asked for first. One that there is not is an fs.ErrNotExist.
func (s *Set) Mapping(name string) (*Mapping, error) {
	entry, ok := find(s.mappings, name, func(e Entry) string { return e.Head.Name })
	if !ok {
		return nil, fmt.Errorf("mapping: no mapping is called %q: %w", name, fs.ErrNotExist)
	}
	return entry.Load()
}

// All loads all mappings, sorted by name.
func (s *Set) All() ([]*Mapping, error) {
	all := make([]*Mapping, len(s.mappings))
	for i, entry := range s.mappings {
		var err error
		if all[i], err = entry.Load(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Head returns the head of a mapping by its name; false where there is no such mapping.
func (s *Set) Head(name string) (*Head, bool) {
	entry, ok := find(s.mappings, name, func(e Entry) string { return e.Head.Name })
	return entry.Head, ok
}

// Heads returns the heads of all mappings, sorted by name.
func (s *Set) Heads() []*Head {
	heads := make([]*Head, len(s.mappings))
	for i, entry := range s.mappings {
		heads[i] = entry.Head
	}
	return heads
}

// Names returns the names of all mappings, sorted.
func (s *Set) Names() []string {
	names := make([]string, len(s.mappings))
	for i, entry := range s.mappings {
		names[i] = entry.Head.Name
	}
	return names
}

// Types returns all declared types, roll-ups included, sorted by name.
func (s *Set) Types() []*Type { return s.types }

// Type finds a declared type by its name.
func (s *Set) Type(name string) (*Type, bool) { return find(s.types, name, (*Type).Name) }

// find finds something in a list that is sorted by name.
func find[T any](sorted []T, name string, nameOf func(T) string) (found T, ok bool) {
	i, ok := slices.BinarySearchFunc(sorted, name, func(one T, name string) int { return strings.Compare(nameOf(one), name) })
	if ok {
		found = sorted[i]
	}
	return found, ok
}

// Text returns the file of a mapping, or of a type, as it was written. One that is not loaded is an fs.ErrNotExist.
func (s *Set) Text(name string) ([]byte, error) {
	if h, ok := s.Head(name); ok {
		return readText(h.File, h.Builtin)
	}
	if t, ok := s.Type(name); ok {
		return readText(t.File, t.Builtin)
	}
	return nil, fmt.Errorf("mapping: %w", fs.ErrNotExist)
}

func readText(file string, builtin bool) ([]byte, error) {
	if builtin {
		return Builtin.ReadFile(file)
	}
	return os.ReadFile(file)
}
