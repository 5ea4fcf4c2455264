package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unpacked writes a bundle, and returns the folder that a layer would mount.
func unpacked(t *testing.T, m Manifest, files map[string][]byte) string {
	t.Helper()
	var text bytes.Buffer
	if err := Write(&text, m, files); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(text.Bytes()), int64(text.Len()))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range z.File {
		if f.Mode() != 0o644 || f.Modified.Year() != 1980 || filepath.Dir(f.Name) != Folder {
			t.Errorf("%s: mode %v, of %v", f.Name, f.Mode(), f.Modified)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBundle(t *testing.T) {
	want := Manifest{Bundle: 1, Language: 3, MadeBy: "v1.2.3", Mappings: []string{"a"}, Types: []string{"Custom:A"}}
	dir := unpacked(t, want, map[string][]byte{"a.yaml": []byte("version: 1\n")})
	got, ok, err := Read(dir)
	if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
		t.Error(ok, err, diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.yaml"))
	if string(text) != "version: 1\n" || err != nil {
		t.Errorf("%v: %q", err, text)
	}
	if _, ok, err := Read(t.TempDir()); ok || err != nil {
		t.Errorf("a directory without a manifest: %v, %v", ok, err)
	}
	if err := got.Check(3); err != nil {
		t.Error(err)
	}
	if err := got.CheckTypes([]string{"Custom:B", "Custom:A"}); err != nil {
		t.Error(err)
	}
}

func TestBadBundles(t *testing.T) {
	for name, c := range map[string]struct{ manifest, want string }{
		"newer language": {`{"bundle":1,"language":4,"madeBy":"v9.0.0"}`, "invbridge v9.0.0 made it, for version 4 of the mapping language, and this program knows version 3"},
		"newer manifest": {`{"bundle":2,"language":3,"madeBy":"v9.0.0","more":[]}`, "for version 2 of bundles, and this program knows version 1: deploy"},
		"no JSON":        {`language: 3`, "bundle.json is no manifest"},
		"no object":      {`[]`, "bundle.json is no manifest"},
		"no version":     {`{"language":1}`, "bundle.json is no manifest"},
		"a type":         {`{"bundle":1,"language":3,"types":["Custom:A","Custom:B"]}`, "declares Custom:B, which is not among"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "bundle.json"), []byte(c.manifest), 0o600); err != nil {
			t.Fatal(err)
		}
		m, _, err := Read(dir)
		if err == nil {
			err = m.Check(3)
		}
		if err == nil {
			err = m.CheckTypes([]string{"Custom:A"})
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}
