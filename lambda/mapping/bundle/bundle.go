// Package bundle knows a bundle: the user's mapping and types files in a zip, with a manifest that says what they need of the program that
// loads them. It knows no language of mappings.
package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// Folder is where the files stand in the zip. As a layer of the function it is mounted under /opt.
const Folder = "mappings"

// manifestFile is the manifest's name, beside the files.
const manifestFile = "bundle.json"

// format is the version of the manifest itself.
const format = 1

// Manifest is what a bundle says of itself.
type Manifest struct {
	Bundle   int      `json:"bundle"`   // version of the manifest's form
	Language int      `json:"language"` // version of the mapping language with which the files were checked
	MadeBy   string   `json:"madeBy"`   // version of the invbridge that made it
	Mappings []string `json:"mappings"` // names of the mappings
	Types    []string `json:"types"`    // names of the declared types, roll-ups included
}

// Write writes a bundle of files, by their names. Equal files and manifests make equal bytes.
func Write(w io.Writer, m Manifest, files map[string][]byte) error {
	m.Bundle = format
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	all := maps.Clone(files)
	all[manifestFile] = append(manifest, '\n')
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := add(z, path.Join(Folder, name), all[name]); err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
	}
	return z.Close()
}

// add adds a file that everybody may read: the function's user is not the one who made the zip.
func add(z *zip.Writer, name string, text []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o644)
	w, err := z.CreateHeader(header)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// Read reads the manifest of a directory; false where it has none, since it is no bundle.
func Read(dir string) (m Manifest, ok bool, err error) {
	name := filepath.Join(dir, manifestFile)
	text, err := os.ReadFile(filepath.Clean(name))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(&m)
	}
	if err != nil || m.Bundle < 1 {
		return m, false, fmt.Errorf("bundle: %s is no manifest: make the bundle anew, with invbridge mapping bundle", filepath.ToSlash(name))
	}
	return m, true, nil
}

// Check refuses a bundle that is newer than the program, which knows the language up to a version.
func (m Manifest) Check(language int) error {
	of, version, known := "bundles", m.Bundle, format
	if m.Bundle <= format {
		of, version, known = "the mapping language", m.Language, language
	}
	if version <= known {
		return nil
	}
	return fmt.Errorf("bundle: it is newer than this program: invbridge %s made it, for version %d of %s, and this program knows version %d: "+
		"deploy the function of that release first, or make the bundle with the invbridge of this one", m.MadeBy, version, of, known)
}

// CheckTypes refuses a bundle that declares types which the stack does not allow to be put.
func (m Manifest) CheckTypes(allowed []string) error {
	for _, name := range m.Types {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("bundle: it declares %s, which is not among the stack's own types %v: deploy with the parameters that "+
				"invbridge mapping bundle printed", name, allowed)
		}
	}
	return nil
}
