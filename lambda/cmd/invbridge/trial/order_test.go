package trial_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// What a document states does not depend on the order of its records: lines of samples are put in another order.
func TestOrderOfRecords(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, tried := census(t), 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		header, lines := linesOf(string(testfiles.Read(t, all[name])), filepath.Ext(name))
		if len(lines) < 2 || len(lines) > 5000 {
			continue
		}
		want, ok := stated(t, set, name, header+strings.Join(lines, ""))
		if !ok {
			continue
		}
		tried++
		for range 3 {
			rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			got, ok := stated(t, set, name, header+strings.Join(lines, ""))
			if diff := cmp.Diff(want, got); !ok || diff != "" {
				t.Errorf("%s: in another order other rows are stated: %s", name, diff)
				break
			}
		}
	}
	t.Logf("%d files", tried)
	if tried < 5 {
		t.Errorf("only %d files could be put in another order", tried)
	}
}

// linesOf returns the header and the records of a file in which each stands on a line; none of any other.
func linesOf(body, ending string) (header string, lines []string) {
	if !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	lines = slices.Collect(strings.Lines(body))
	switch ending {
	case ".csv":
		if !slices.ContainsFunc([]rune{',', ';', '\t'}, func(comma rune) bool { return isTable(body, comma, len(lines)) }) {
			return "", nil
		}
		return lines[0], lines[1:]
	case ".ndjson", ".log", ".jsonl":
		if slices.ContainsFunc(lines, func(line string) bool {
			return !strings.HasPrefix(line, "{") || !strings.HasSuffix(strings.TrimSpace(line), "}")
		}) {
			return "", nil
		}
		return "", lines
	}
	return "", nil
}

// isTable reports whether a text is a header and rows of as many cells, a line each.
func isTable(body string, comma rune, lines int) bool {
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = comma
	rows, err := r.ReadAll()
	return err == nil && len(rows) == lines && len(rows[0]) > 2
}

// stated are the rows that a document states, by machine and type, as they are kept. No node is needed: each machine is one.
func stated(t *testing.T, set *mapping.Set, name, body string) ([]string, bool) {
	t.Helper()
	in := intake.Intake{Mappings: set, Nodes: node.New(nil), Partitions: 1, PartitionOf: func(string) int { return 0 }}
	im, err := in.Read(t.Context(), intake.Document{
		Source: document.Inline(name, []byte(body), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)), Delivery: choose.Origin{Local: true},
		As: node.Subject{Hostname: []string{"sample"}},
	})
	if err != nil {
		return nil, false
	}
	defer func() { _ = im.Close() }()
	var list []string
	_, statements := im.OpenParked(0)
	for s, err := range statements {
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(s.Subject)
		for _, ts := range s.Types {
			typ, _ := set.Type(ts.Type)
			var rows []inventory.Entry
			for _, row := range ts.Rows {
				rows = append(rows, row.Values)
			}
			var b bytes.Buffer
			fmt.Fprintf(&b, "%q %s %v %v %s %v", s.Subject, s.Source, s.Merge, s.Captured, ts.Type, ts.Scope)
			for _, row := range typ.Inventory.Arrange(rows).Rows {
				fmt.Fprintf(&b, "\n%q", row)
			}
			list = append(list, b.String())
		}
	}
	slices.Sort(list)
	return list, true
}
