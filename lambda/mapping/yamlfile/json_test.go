package yamlfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestTypesAsJSON writes the built-in types down as JSON, with -update: a line with the checksum of the file, and one for each document.
func TestTypesAsJSON(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "builtin", "types.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var problems problem.List
	out := fmt.Appendf(nil, "{\"crc\":%d}\n", crc32.ChecksumIEEE(text))
	for _, document := range Parse("builtin/types.yaml", true, text, &problems) {
		out = append(appendJSON(t, out, document.node), '\n')
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	testfiles.Golden(t, filepath.Join("..", "builtin", "types.json"), out)
}

// appendJSON writes a value down, aliases written out.
func appendJSON(t *testing.T, out []byte, n *yaml.Node) []byte {
	t.Helper()
	n = Value{node: n}.resolved()
	ends := "[]"
	switch n.Kind {
	case yaml.MappingNode:
		ends = "{}"
	case yaml.ScalarNode:
		if n.Tag == nullTag {
			return append(out, "null"...)
		}
		return appendText(t, out, n.Value)
	}
	out = append(out, ends[0])
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 1:
			out = append(out, ':')
		case i > 0:
			out = append(out, ',')
		}
		out = appendJSON(t, out, child)
	}
	return append(out, ends[1])
}

func appendText(t *testing.T, out []byte, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	write := json.NewEncoder(&b)
	write.SetEscapeHTML(false)
	if err := write.Encode(text); err != nil {
		t.Fatal(err)
	}
	return append(out, bytes.TrimSpace(b.Bytes())...)
}

func TestParseJSON(t *testing.T) {
	text := []byte("a: &a {x: 1, y: [true, 7, \"#\", {}], z: }\nb: {<<: *a, y: z}\nc: \"\"\n---\nd: e\n")
	var problems problem.List
	written := Parse("a.yaml", true, text, &problems)
	var out []byte
	for _, document := range written {
		out = append(appendJSON(t, out, document.node), '\n')
	}
	again, err := ParseJSON("a.yaml", true, out, &problems)
	if err != nil || len(again) != 2 || len(problems) > 0 {
		t.Fatal(len(again), err, problems)
	}
	for i := range again {
		if again[i].Hash("") != written[i].Hash("") || again[i].File() != "a.yaml" || !again[i].Builtin() {
			t.Errorf("document %d is another one", i)
		}
	}
	merged := again[0].Field("b")
	if x, _ := merged.Field("x").Scalar("x"); x != "1" {
		t.Errorf("x of b is %q", x)
	}
	if y, _ := merged.Field("y").Scalar("y"); y != "z" {
		t.Errorf("y of b is %q", y)
	}
	if items := again[0].Field("a").Field("y").Items(); len(items) != 4 || !items[2].Quoted() || !items[3].IsMapping() || !items[3].IsEmpty() {
		t.Error("items of y are others")
	}
	if !merged.Field("z").IsNull() {
		t.Error("z of b is not null")
	}
	for _, broken := range []string{"{", "{\"a\"", "[1}", "{}]", "x"} {
		if _, err := ParseJSON("a.yaml", true, []byte(broken), &problems); err == nil {
			t.Errorf("%s is JSON", broken)
		}
	}
}
