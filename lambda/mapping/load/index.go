package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// indexFile has a line for each built-in mapping, sorted by name. A test writes it, and finds what is not current in it.
const indexFile = "builtin/index.jsonl"

// index is what is known of built-in mappings whose files are not read yet, by the files' names.
type index map[string]*indexLine

// fileOf is the name of the file of a built-in mapping that the index has.
func fileOf(mapping string) string { return "builtin/" + mapping + ".yaml" }

// readIndex reads the index, where there is one.
func readIndex(files fs.FS) (index, error) {
	text, err := fs.ReadFile(files, indexFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	all := index{}
	r := &lineReader{Decoder: jsontext.NewDecoder(bytes.NewBuffer(text))}
	for r.err == nil && r.PeekKind() == '{' {
		line := r.line()
		line.File, line.Builtin = fileOf(line.Name), true
		all[line.File] = line
	}
	if _, end := r.ReadToken(); !errors.Is(end, io.EOF) {
		r.fail(cmp.Or(end, errors.New("expected an object")))
	}
	if r.err != nil {
		return nil, fmt.Errorf("mapping: %s: line %d: %w", indexFile, r.lineNumber(text), r.err)
	}
	return all, nil
}

// current returns the line of a file; nil where there is none that was made of what stands in the file now.
func (x index) current(files fs.FS, name string, text []byte) *indexLine {
	line := x[name]
	if line == nil || line.Sum != x.sum(files, line, text) {
		return nil
	}
	return line
}

// sum is a checksum of a mapping's file and of those that it takes over.
func (x index) sum(files fs.FS, line *indexLine, text []byte) int {
	sum := crc32.ChecksumIEEE(text)
	for range len(x) {
		if line == nil || line.Extends == "" {
			break
		}
		file := fileOf(line.Extends)
		if base, err := fs.ReadFile(files, file); err == nil {
			sum = crc32.Update(sum, crc32.IEEETable, base)
		}
		line = x[file]
	}
	return int(sum)
}

// writtenDown returns the documents of a built-in file that stand beside it as JSON; none where they are not those that stand in it now. The
// first line of the JSON is the checksum.
func (l *loader) writtenDown(files fs.FS, name string, text []byte) ([]yamlfile.Value, error) {
	written, err := fs.ReadFile(files, strings.TrimSuffix(name, ".yaml")+".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	first, rest, _ := bytes.Cut(written, []byte("\n"))
	if string(first) != fmt.Sprintf("{\"crc\":%d}", crc32.ChecksumIEEE(text)) {
		return nil, nil
	}
	return yamlfile.ParseJSON(name, true, rest, &l.problems)
}

// later returns the head of a mapping that the index has, and what loads the rest when it is asked for; false where the file is to be read
// now.
func (l *loader) later(s *mappingFile) (mapping.Entry, bool) {
	line := s.indexed
	if line == nil {
		return mapping.Entry{}, false
	}
	var types []*mapping.Type
	for _, name := range line.Fills {
		i := slices.IndexFunc(l.types, func(t *mapping.Type) bool { return t.Inventory.Name == name })
		if i < 0 {
			return mapping.Entry{}, false
		}
		types = append(types, l.types[i])
	}
	line.SetTypes(types)
	one := &loader{options: l.options, index: l.index, types: l.types}
	return mapping.Entry{Head: &line.Head, Load: sync.OnceValues(func() (*mapping.Mapping, error) { return one.one(line) })}, true
}

// one loads one mapping of the index.
func (l *loader) one(line *indexLine) (*mapping.Mapping, error) {
	for next := line; next != nil && l.byName(next.Name) == nil; next = l.index[fileOf(next.Extends)] {
		l.mappings = append(l.mappings, &mappingFile{name: next.Name, indexed: next})
	}
	m := l.resolve(l.mappings[0])
	if len(l.problems) > 0 {
		return nil, fmt.Errorf("mapping: the built-in mapping %s: %w", line.Name, l.problems.Sorted())
	}
	return m, nil
}

// open reads the file of a mapping that the index has.
func (l *loader) open(s *mappingFile) {
	name := s.indexed.File
	s.indexed = nil
	text, err := fs.ReadFile(l.options.builtin(), name)
	if err != nil {
		l.problems = append(l.problems, problem.Problem{Place: problem.Place{File: name}, Message: err.Error()})
		return
	}
	documents := yamlfile.Parse(name, true, text, &l.problems)
	if len(documents) != 1 {
		l.problems = append(l.problems, problem.Problem{Place: problem.Place{File: name}, Message: "expected one mapping in the file"})
		return
	}
	s.root = documents[0]
}
