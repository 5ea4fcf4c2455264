package scan_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// whole are the endings of the samples that are read here as they lie there. Others are in containers or encodings that
// are opened elsewhere, or in formats of their own.
var whole = []string{".xml", ".nessus", ".ckl", ".json", ".ndjson", ".csv", ".sarif", ".log"}

func TestSamples(t *testing.T) {
	for _, path := range testfiles.SampleFiles(t) {
		if slices.Contains(whole, filepath.Ext(path)) {
			t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) { readSample(t, path) })
		}
	}
}

func readSample(t *testing.T, path string) {
	data := testfiles.Read(t, path)
	var v recorder
	var err error
	switch syntax.Sniff(data) {
	case syntax.XML:
		err = xml.Read(bytes.NewReader(data), &v, scan.Limits{})
	case syntax.JSON:
		err = json.Read(bytes.NewReader(data), &v, scan.Limits{})
	case syntax.CSV:
		err = csv.Read(bytes.NewReader(data), &v, scan.Limits{}, bestDialect(data))
	default:
		return // in an encoding or a container, or lines of key-value text, which are opened elsewhere
	}
	if cut := strings.Contains(path, "truncated"); cut != (err != nil) {
		t.Errorf("cut off: %v; error: %v", cut, err)
	}
	if err == nil && v.balanced() != nil {
		t.Error(v.balanced())
	}
}

// bestDialect returns the delimiter under which a row has the most cells, and the first such row as the header.
func bestDialect(data []byte) scan.Dialect {
	best, most := scan.Dialect{Delimiter: ','}, 0
	for _, d := range []byte(",;\t|") {
		for i, row := range csv.Head(data, true, scan.Dialect{Delimiter: d}, 20) {
			if len(row) > most {
				best, most = scan.Dialect{Delimiter: d, HeaderRow: i}, len(row)
			}
		}
	}
	return best
}
