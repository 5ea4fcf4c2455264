package mapping

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
)

// Builtin are the built-in mapping and type files.
//
//go:embed builtin/*.yaml
var Builtin embed.FS

// Text returns the file of a mapping, or of a type, as it was written. One that is not loaded is an fs.ErrNotExist.
func (s *Set) Text(name string) ([]byte, error) {
	if m, ok := s.Mapping(name); ok {
		return readText(m.File, m.Builtin)
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
