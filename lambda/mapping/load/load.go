// Package load knows the language of mapping and types files: it checks what is written in them and makes the mappings and types of it.
// It neither chooses a mapping nor reads documents.
package load

import (
	"cmp"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/bundle"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

//go:embed schema.json
var schemaJSON []byte

// Schema is the JSON Schema (2020-12) of mapping and types files, for editors. It has their structure; what only Load can check, it has not.
func Schema() []byte { return slices.Clone(schemaJSON) }

// Language is the version of the mapping language. Each new word of it makes a new version, so that a bundle which may have the word is
// refused by a program that does not know it.
const Language = 3

// Options are what an installation allows mappings.
type Options struct {
	AWSTypes []string // AWS: types that may be declared and filled
	Builtin  fs.FS    // files in place of the built-in ones, as builtin/*.yaml, and perhaps builtin/index.jsonl; nil: those
}

// Builtin loads the built-in mappings and types: of the mappings that the index has their heads, and the rest when one is used first.
func Builtin() (*mapping.Set, error) { return Options{}.Load() }

// Load loads the built-in mappings and types and those of the *.yaml and *.yml files in dirs (a path of a single file will
// do too). Its error is a problem.List where the files are wrong: all of them at once.
func (o Options) Load(dirs ...string) (*mapping.Set, error) {
	l := &loader{options: o}
	if err := l.readBuiltin(); err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		if err := l.readDir(dir); err != nil {
			return nil, err
		}
	}
	return l.set()
}

// loader collects files, types, mappings and problems.
type loader struct {
	options  Options
	problems problem.List
	index    index // of the built-in mappings
	types    []*mapping.Type
	mappings []*mappingFile
	typed    []yamlfile.Value // the types files
	sharing  []yamlfile.Value // the files of shared identifiers
	shared   []mapping.SharedIdentifier
	compiled map[string]*regexp.Regexp // by text: mappings have many in common
}

// mappingFile is a mapping file that is not yet resolved.
type mappingFile struct {
	name    string
	nameAt  yamlfile.Value
	root    yamlfile.Value
	indexed *indexLine // the file is one of the index, and not read yet; nil: it is read
	family  string     // of the mapping that it extends
	taking  bool       // its `extends` is being resolved
	done    bool
	result  *mapping.Mapping
}

// builtin are the program's own files.
func (o Options) builtin() fs.FS {
	if o.Builtin != nil {
		return o.Builtin
	}
	return mapping.Builtin
}

// readBuiltin takes the program's own mappings as the index has them, and reads the files that it does not have.
func (l *loader) readBuiltin() error {
	files := l.options.builtin()
	names, err := fs.Glob(files, "builtin/*.yaml")
	if err != nil {
		return fmt.Errorf("mapping: built-in files: %w", err)
	}
	l.index, err = readIndex(files)
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("mapping: %w", err)
		}
		if line := l.index.current(files, name, text); line != nil {
			l.mappings = append(l.mappings, &mappingFile{name: line.Name, indexed: line})
			continue
		}
		documents, err := l.writtenDown(files, name, text)
		if err != nil {
			return err
		}
		if documents == nil {
			documents = yamlfile.Parse(name, true, text, &l.problems)
		}
		l.sort(documents)
	}
	return nil
}

// readDir reads the files of a directory, in the order of their names, or one file.
func (l *loader) readDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("mapping: %w", err)
	}
	names := []string{dir}
	if info.IsDir() {
		names, err = Files(dir)
		if err == nil {
			err = checkBundle(dir)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			return fmt.Errorf("mapping: %w", err)
		}
		l.parse(filepath.ToSlash(name), false, text)
	}
	return nil
}

// checkBundle refuses the directory of a bundle that is newer than the program.
func checkBundle(dir string) error {
	manifest, ok, err := bundle.Read(dir)
	if err == nil && ok {
		err = manifest.Check(Language)
	}
	if err != nil {
		return fmt.Errorf("mapping: %w", err)
	}
	return nil
}

// Files returns the paths of the files that Load reads in a directory, in the order of their names.
func Files(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	var names []string
	for _, entry := range entries {
		extension := path.Ext(entry.Name())
		if !entry.IsDir() && (extension == ".yaml" || extension == ".yml") && !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, filepath.Join(dir, entry.Name()))
		}
	}
	return names, nil
}

// parse parses a file and sorts what is in it with the mappings or with the types.
func (l *loader) parse(name string, builtin bool, text []byte) {
	l.sort(yamlfile.Parse(name, builtin, text, &l.problems))
}

func (l *loader) sort(documents []yamlfile.Value) {
	for _, root := range documents {
		l.take(root)
	}
}

// take takes one document of a file for what it is.
func (l *loader) take(root yamlfile.Value) {
	switch one, types := root.Has("mapping"), root.Has("types"); {
	case root.Has("sharedIdentifiers"):
		l.sharing = append(l.sharing, root)
	case one && types:
		root.Problem("a mapping and types cannot be one document: put them in a file each, or a line --- between them")
	case types:
		l.typed = append(l.typed, root)
	case one:
		l.mappings = append(l.mappings, &mappingFile{root: root})
	default:
		root.Problem("expected a mapping file (mapping: name), a types file (types:) or a file of shared identifiers (sharedIdentifiers:)")
	}
}

// set checks everything and makes the set, or returns all that is wrong.
func (l *loader) set() (*mapping.Set, error) {
	for _, root := range l.typed {
		l.typesOf(root)
	}
	for _, root := range l.sharing {
		l.sharedOf(root)
	}
	l.nameMappings()
	entries := l.entries()
	if len(l.problems) > 0 {
		return nil, l.problems.Sorted()
	}
	slices.SortFunc(entries, func(a, b mapping.Entry) int { return cmp.Compare(a.Head.Name, b.Head.Name) })
	slices.SortFunc(l.types, func(a, b *mapping.Type) int { return cmp.Compare(a.Inventory.Name, b.Inventory.Name) })
	for _, t := range l.types {
		t.Inventory.Note()
	}
	return mapping.NewSet(entries, l.types, l.shared), nil
}

// entries resolves the mappings that are read, and takes the heads of the others.
func (l *loader) entries() []mapping.Entry {
	var entries []mapping.Entry
	var mappings []*mapping.Mapping
	for _, s := range l.mappings {
		if e, ok := l.later(s); ok {
			entries = append(entries, e)
		} else if m := l.resolve(s); m != nil {
			mappings = append(mappings, m)
			entries = append(entries, mapping.Entry{Head: &m.Head, Load: func() (*mapping.Mapping, error) { return m, nil }})
		}
	}
	l.checkTies(mappings)
	return entries
}
