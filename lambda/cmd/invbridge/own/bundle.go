// Package own is the commands about mappings of the user's own: drafts, checks, tests and bundles of them, and what is there.
package own

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/bundle"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/spf13/pflag"
)

// BundleOptions are the flags of `invbridge mapping bundle`.
type BundleOptions struct{ out string }

// Flags adds them.
func (o *BundleOptions) Flags(f *pflag.FlagSet, _ *session.Session) {
	f.StringVarP(&o.out, "out", "o", "", "`file` to write; without it mappings-HASH.zip, of which another content has another name")
}

// bundleLine is what `mapping bundle --json` ends with.
type bundleLine struct {
	File       string            `json:"file"`
	Mappings   []string          `json:"mappings"`
	Types      []string          `json:"types"`
	Parameters map[string]string `json:"parameters"` // of the release's template
}

// Run writes the bundle of a directory of mappings.
func (o *BundleOptions) Run(_ context.Context, s *session.Session, out *output.Lines, dirs []string) error {
	dir := dirs[0]
	if slices.ContainsFunc(s.MappingDirs, func(other string) bool { return !session.SamePlace(other, dir) }) {
		return session.UsageError("a bundle holds the files of one DIR: put all your mappings there, and leave out --mappings and INVBRIDGE_MAPPINGS")
	}
	files, err := bundleFiles(dir)
	if err != nil {
		return err
	}
	set, err := loadOwn(s, out, dirs)
	if err != nil {
		return err
	}
	if _, err := set.All(); err != nil {
		return err
	}
	line := bundleLine{Mappings: ownMappings(set), Types: ownTypes(set), Parameters: map[string]string{}}
	if line.File, err = o.write(line, files); err != nil {
		return err
	}
	line.Parameters["MappingsKey"] = filepath.Base(line.File)
	for name, values := range parametersOf(s, set) {
		line.Parameters[name] = strings.Join(values, ",")
	}
	line.print(out)
	return nil
}

// write writes the bundle, and returns its file's name.
func (o *BundleOptions) write(line bundleLine, files map[string][]byte) (name string, err error) {
	var text bytes.Buffer
	manifest := bundle.Manifest{Language: load.Language, MadeBy: version(), Mappings: line.Mappings, Types: line.Types}
	if err := bundle.Write(&text, manifest, files); err != nil {
		return "", err
	}
	name = o.out
	if name == "" {
		sum := sha256.Sum256(text.Bytes())
		name = fmt.Sprintf("mappings-%x.zip", sum[:6])
	}
	return name, os.WriteFile(name, text.Bytes(), 0o644) //nolint:gosec // a file to upload and share
}

func (l bundleLine) print(out *output.Lines) {
	out.Text("wrote %s: %s, %s\n\nUpload it, and deploy with these parameters:\n", l.File,
		output.Plural(len(l.Mappings), "mapping"), output.Plural(len(l.Types), "type"))
	for _, name := range []string{"MappingsKey", "OwnTypes", "AWSTypes", "OwnEventSources", "OwnDetailTypes"} {
		if value, ok := l.Parameters[name]; ok {
			out.Text("  '%s=%s'\n", name, value)
		}
	}
	out.Summary(l)
}

// bundleFiles reads the files of a directory that mappings are loaded from, by their names.
func bundleFiles(dir string) (map[string][]byte, error) {
	names, err := load.Files(dir)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s has no *.yaml or *.yml file", dir)
	}
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[filepath.Base(name)] = text
	}
	return files, nil
}

func ownMappings(set *mapping.Set) []string {
	own := []string{}
	for _, h := range set.Heads() {
		if !h.Builtin {
			own = append(own, h.Name)
		}
	}
	return own
}

func ownTypes(set *mapping.Set) []string {
	own := []string{}
	for _, t := range set.Types() {
		if !t.Builtin {
			own = append(own, t.Name())
		}
	}
	return own
}

// parametersOf are the parameters of the stack that the mappings need: types that may be put, and events of AWS services that they match. A
// mapping that matches all events of a service lets all of them through, of every service that is named.
func parametersOf(s *session.Session, set *mapping.Set) map[string][]string {
	var sources, details []string
	every := false
	for _, h := range set.Heads() {
		for _, m := range h.Matches {
			if h.Builtin || !strings.HasPrefix(m.EventSource, "aws.") {
				continue
			}
			sources, details = append(sources, m.EventSource), append(details, m.DetailType)
			every = every || m.DetailType == ""
		}
	}
	if every {
		details = nil
	}
	needed := map[string][]string{}
	for name, values := range map[string][]string{
		"OwnTypes": ownTypes(set), "AWSTypes": s.AWSTypes, "OwnEventSources": sources, "OwnDetailTypes": details,
	} {
		slices.Sort(values)
		if values = slices.Compact(values); len(values) > 0 {
			needed[name] = values
		}
	}
	return needed
}

// version is that of this program: of its module where it was installed by one, else of the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
