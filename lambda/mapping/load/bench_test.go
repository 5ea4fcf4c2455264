package load

import (
	"maps"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// BenchmarkBuiltin is what each start takes.
func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuiltinWhole is the same where all mappings are needed.
func BenchmarkBuiltinWhole(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		set, err := Builtin()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := set.All(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstDocument is a start with the first document, for which all mappings are asked and one is loaded.
func BenchmarkFirstDocument(b *testing.B) {
	document := []byte(`{"artifacts":[],"descriptor":{"name":"syft"}}`)
	b.ReportAllocs()
	for b.Loop() {
		set, err := Builtin()
		if err != nil {
			b.Fatal(err)
		}
		if choice, err := set.Choose(choose.Origin{Local: true}, document, true); err != nil || len(choice.Mapping.Blocks) == 0 {
			b.Fatal(err)
		}
	}
}

// BenchmarkMoreMappings is a start with twice as many built-in mappings: what one more costs is the difference.
func BenchmarkMoreMappings(b *testing.B) {
	files := twice(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Options{Builtin: files}).Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// twice are the built-in files, and each mapping again under another name.
func twice(b *testing.B) fstest.MapFS {
	b.Helper()
	files := wholly(b)
	match := regexp.MustCompile(`(?m)^match:\n(?:  .*\n)+`)
	for name, file := range maps.Clone(files) {
		mapping := strings.TrimSuffix(path.Base(name), ".yaml")
		text := string(file.Data)
		if !strings.Contains(text, "\nmapping: "+mapping+"\n") {
			continue
		}
		text = strings.ReplaceAll(text, "\nmapping: "+mapping+"\n", "\nmapping: "+mapping+"-2\n")
		text = strings.ReplaceAll(text, "source: "+mapping, "source: "+mapping+"-2")
		text = match.ReplaceAllString(text, "match:\n  - s3: {key: \""+mapping+"-2/{nodeId}/**\"}\n  - s3: {key: \"incoming/"+mapping+"-2/{nodeId}/**\"}\n")
		files[fileOf(mapping+"-2")] = &fstest.MapFile{Data: []byte(text)}
	}
	files[indexFile] = &fstest.MapFile{Data: indexOf(b, files)}
	return files
}
