package mapping

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed builtin/*.yaml
var builtinFiles embed.FS

// Options are what an installation allows mappings.
type Options struct {
	AWSTypes []string // AWS: types that may be declared and filled
}

// Builtin gives the built-in mappings and types. Its expressions are compiled when a mapping is used first.
func Builtin() (*Set, error) { return Options{}.Load() }

// Load gives the built-in mappings and types and those of the *.yaml and *.yml files in dirs (a path of a single file will
// do too). Its error is Problems where the files are wrong: all of them at once.
func (o Options) Load(dirs ...string) (*Set, error) {
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
	problems Problems
	types    []*Type
	mappings []*source
	typed    []place // the types files
	listed   []place // the files of identifiers that many machines have
	shared   []SharedIdentifier
}

// source is a mapping file that has been read, but not yet resolved.
type source struct {
	name   string
	nameAt place
	root   place
	taking bool // its `extends` is being resolved
	done   bool
	result *Mapping
}

func (l *loader) readBuiltin() error {
	names, err := fs.Glob(builtinFiles, "builtin/*.yaml")
	if err != nil {
		return fmt.Errorf("mapping: built-in files: %w", err)
	}
	for _, name := range names {
		content, err := builtinFiles.ReadFile(name)
		if err != nil {
			return fmt.Errorf("mapping: built-in files: %w", err)
		}
		l.add(name, true, content)
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
		if names, err = yamlFiles(dir); err != nil {
			return err
		}
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			return fmt.Errorf("mapping: %w", err)
		}
		l.add(filepath.ToSlash(name), false, content)
	}
	return nil
}

func yamlFiles(dir string) ([]string, error) {
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

// add reads a file and sorts what is in it with the mappings or with the types.
func (l *loader) add(name string, builtin bool, content []byte) {
	f := &yamlFile{name: name, builtin: builtin, problems: &l.problems}
	for _, root := range parseYAML(f, content) {
		l.sort(root)
	}
}

// sort takes one document of a file for what it is.
func (l *loader) sort(root place) {
	switch mapping, types := root.has("mapping"), root.has("types"); {
	case root.has("sharedIdentifiers"):
		l.listed = append(l.listed, root)
	case mapping && types:
		root.problem("a mapping and types stand apart: in a file of each, or with a line --- between them")
	case types:
		l.typed = append(l.typed, root)
	case mapping:
		l.mappings = append(l.mappings, &source{root: root})
	default:
		root.problem("this is neither a mapping file (mapping: name) nor a types file (types:), nor a file of identifiers that many machines have (sharedIdentifiers:)")
	}
}

// set checks everything and makes the set, or gives all that is wrong.
func (l *loader) set() (*Set, error) {
	for _, root := range l.typed {
		l.typesOf(root)
	}
	for _, root := range l.listed {
		l.sharedOf(root)
	}
	l.nameMappings()
	var mappings []*Mapping
	for _, s := range l.mappings {
		if m := l.resolve(s); m != nil {
			mappings = append(mappings, m)
		}
	}
	l.checkTies(mappings)
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	slices.SortFunc(mappings, func(a, b *Mapping) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(l.types, func(a, b *Type) int { return cmp.Compare(a.Inventory.Name, b.Inventory.Name) })
	return newSet(mappings, l.types, l.shared), nil
}

// typeNames gives the names of all types, for suggestions.
func (l *loader) typeNames() []string {
	names := make([]string, len(l.types))
	for i, t := range l.types {
		names[i] = t.Inventory.Name
	}
	return names
}
