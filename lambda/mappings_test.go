package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
)

const noteTypes = "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n"

// TestNotBundled: a zip that is no bundle ends the start.
func TestNotBundled(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "types.yaml"), []byte(noteTypes), 0o600); err != nil {
		t.Fatal(err)
	}
	const want = " holds no bundle of mappings: make the zip with invbridge mapping bundle"
	for name, s := range map[string]config.Settings{
		"the function's zip":   {Mappings: filepath.Join(dir, "nowhere")},
		"a zip made by itself": {Mappings: dir, OwnTypes: []string{"Custom:Note"}},
	} {
		if _, err := mappings(s); err == nil || !strings.Contains(err.Error(), "INVBRIDGE_MAPPINGS: "+s.Mappings+want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOwnMappings: a bundle that the function cannot read, or whose types nobody lets it put, ends its start. A plain directory is not asked.
func TestOwnMappings(t *testing.T) {
	const manifest = `{"bundle":1,"language":1,"madeBy":"v1.0.0","mappings":[],"types":["Custom:Note"]}`
	for _, c := range []struct {
		name, manifest, types string
		allowed               []string
		want                  string // in the error; "": none
	}{
		{"a directory", "", noteTypes, nil, ""},
		{"a bundle", manifest, noteTypes, []string{"Custom:Note"}, ""},
		{"a type that is not allowed", manifest, noteTypes, []string{"Custom:Other"}, "INVBRIDGE_OWN_TYPES: bundle: it declares Custom:Note"},
		{"no type is allowed", manifest, noteTypes, nil, "INVBRIDGE_OWN_TYPES: bundle: it declares Custom:Note"},
		{"a newer one", strings.Replace(manifest, `"language":1`, `"language":1000`, 1), noteTypes, []string{"Custom:Note"}, "invbridge v1.0.0 made it, for version 1000"},
		{"one with an unknown word", manifest, noteTypes + "    purpose: x\n", []string{"Custom:Note"}, "a bundle that invbridge v1.0.0 made: "},
		{"a directory with an unknown word", "", noteTypes + "    purpose: x\n", nil, "INVBRIDGE_MAPPINGS: "},
		{"a broken manifest", "{", noteTypes, nil, "INVBRIDGE_MAPPINGS: bundle: "},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"bundle.json": c.manifest, "types.yaml": c.types} {
			if text == "" {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		set, err := mappings(config.Settings{Mappings: dir, OwnTypes: c.allowed})
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			} else if _, ok := set.Type("Custom:Note"); !ok {
				t.Errorf("%s: its type is missing", c.name)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := mappings(config.Settings{Mappings: filepath.Join(t.TempDir(), "nowhere")}); err == nil || !strings.Contains(err.Error(), "INVBRIDGE_MAPPINGS") {
		t.Errorf("no directory: error %v", err)
	}
}
