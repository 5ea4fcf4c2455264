package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMappingBundle: equal mappings make an equal file of an equal name, and the parameters name all that the stack must allow.
func TestMappingBundle(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "types.yaml", "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n")
	write(t, dir, "notes.yml", "version: 1\nmapping: notes\nmatch:\n  - eventbridge: {source: aws.notes, detailType: Note Taken}\n"+
		"each: detail\nidentify: {nodeId: node}\nCustom:Note:\n  Id: id\n")
	write(t, dir, "readme.txt", "none of it")
	const parameters = `"parameters":{"MappingsKey":"NAME","OwnDetailTypes":"Note Taken","OwnEventSources":"aws.notes","OwnTypes":"Custom:Note"}`
	t.Chdir(t.TempDir())
	var texts [][]byte
	for range 2 {
		code, out, errs := runLine(t, nil, "", "mapping", "bundle", dir, "--json")
		found, err := filepath.Glob("mappings-*.zip")
		if code != exitDone || err != nil || len(found) != 1 || !strings.Contains(out, strings.ReplaceAll(parameters, "NAME", found[0])) {
			t.Fatalf("exit code %d, files %v: %s%s", code, found, out, errs)
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("the same mappings made another bundle")
	}
	write(t, dir, "notes.yml", "version: 1\nmapping: notes\n")
	if code, _, errs := runLine(t, nil, "", "mapping", "bundle", dir, "-o", "wrong.zip"); code != exitFailed || !strings.Contains(errs, "notes.yml:1:1") {
		t.Errorf("wrong mappings: exit code %d: %s", code, errs)
	}
	if _, err := os.Stat("wrong.zip"); err == nil {
		t.Error("wrong mappings were bundled")
	}
	if code, _, errs := runLine(t, nil, "", "mapping", "bundle", dir, "--mappings", t.TempDir()); code != exitUsage || !strings.Contains(errs, "one DIR") {
		t.Errorf("two directories: exit code %d: %s", code, errs)
	}
	if code, _, errs := runLine(t, nil, "", "mapping", "bundle", t.TempDir()); code != exitFailed || !strings.Contains(errs, "no *.yaml") {
		t.Errorf("an empty directory: exit code %d: %s", code, errs)
	}
}
