package scan_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// The samples lie beside the repository and are not part of it.
const samples = "../../../../shared/samples"

// whole are the endings of the samples that are read here as they lie there. Others are in containers or encodings that
// are opened elsewhere, or in formats of their own.
var whole = []string{".xml", ".nessus", ".ckl", ".json", ".ndjson", ".csv", ".sarif", ".log"}

func TestSamples(t *testing.T) {
	if _, err := os.Stat(samples); err != nil {
		t.Skip("the samples are not beside the repository")
	}
	err := filepath.WalkDir(samples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == filepath.Clean(samples) || !slices.Contains(whole, filepath.Ext(path)) {
			return err
		}
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) { readSample(t, path) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readSample(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v recorder
	switch format := syntax.Sniff(data); format {
	case syntax.XML:
		err = xml.Read(bytes.NewReader(data), &v, scan.Limits{})
	case syntax.JSON:
		err = json.Read(bytes.NewReader(data), &v, scan.Limits{})
	case syntax.CSV:
		err = csv.Read(bytes.NewReader(data), &v, scan.Limits{}, scan.Dialect{Delimiter: bestDelimiter(data)})
	default:
		t.Skipf("the bytes are %s, and are opened elsewhere", format)
	}
	if cut := strings.Contains(path, "truncated"); cut != (err != nil) {
		t.Errorf("cut off: %v; error: %v", cut, err)
	}
	if err == nil && v.balanced() != nil {
		t.Error(v.balanced())
	}
}

// bestDelimiter returns the delimiter under which the first row has the most cells.
func bestDelimiter(data []byte) byte {
	best, most := byte(','), 0
	for _, d := range []byte(",;\t|") {
		if rows := csv.Head(data, true, d, 1); len(rows) > 0 && len(rows[0]) > most {
			best, most = d, len(rows[0])
		}
	}
	return best
}
