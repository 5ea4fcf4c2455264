package read

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// speedMapping takes 20 fields of each record, and what names its machine.
const speedMapping = `version: 1
mapping: speed
detect:
  - csv: [node, f01, f20]
  - json: [node, f01]
  - xml: [report, host.node]
match:
  - s3: {key: "speed/**"}
each: [host, $rows]
identify: {nodeId: node, hostname: name, ip: address}
Custom:Speed:
`

// A speedFormat is a form of the same records, and how the standard library reads it.
type speedFormat struct {
	name          string
	before, after string
	record        func(b []byte, n int) []byte
	standard      func(r io.Reader) error
	standardIs    string
}

var speedFormats = []speedFormat{
	{"xml", "<report>", "</report>", xmlRecord, readTokens, "encoding/xml, Token"},
	{"json", "[", "{}]", func(b []byte, n int) []byte { return append(jsonRecord(b, n), ',') }, readStructs, "encoding/json, structs"},
	{"ndjson", "", "", func(b []byte, n int) []byte { return append(jsonRecord(b, n), '\n') }, readStructs, "encoding/json, structs"},
	{"csv", csvHeader(), "", csvRecord, readRows, "encoding/csv, ReuseRecord"},
}

// speedLine is one line of the table that make bench prints.
type speedLine struct {
	Format   string  `json:"format"`
	Bytes    int     `json:"bytes"`
	Records  int     `json:"records"`
	CPU      float64 `json:"cpu"`    // seconds to read and map
	Allocs   float64 `json:"allocs"` // a record
	Standard string  `json:"standard"`
	Theirs   float64 `json:"theirs"` // seconds of the standard library to read
}

// TestSpeed writes files of records with 20 fields each into a directory, and how long they take to be read and mapped, beside how long the standard
// library takes to read them.
func TestSpeed(t *testing.T) {
	dir := os.Getenv("INVBRIDGE_BENCH")
	if dir == "" {
		t.Skip("INVBRIDGE_BENCH names the directory; make bench does")
	}
	const records, rounds = 60_000, 5
	mappings := filepath.Join(dir, "mappings")
	writeSpeedMapping(t, mappings)
	set, err := load.Options{}.Load(mappings)
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	for _, f := range speedFormats {
		doc := f.document(records)
		if err := os.WriteFile(filepath.Join(dir, "speed."+f.name), doc, 0o600); err != nil {
			t.Fatal(err)
		}
		choice, err := set.Choose(choose.Origin{Local: true}, doc[:1<<20], false)
		if err != nil {
			t.Fatal(err)
		}
		line := speedLine{Format: f.name, Bytes: len(doc), Records: records, Standard: f.standardIs}
		var ours, theirs []float64
		for range rounds {
			theirs = append(theirs, cpuOf(func() { err = f.standard(bytes.NewReader(doc)) }))
			if err != nil {
				t.Fatal(err)
			}
			before := allocs()
			ours = append(ours, cpuOf(func() {
				readToEnd(t, Document(t.Context(), Input{Reader: bytes.NewReader(doc)}, choice, Facts{}), records)
			}))
			line.Allocs = float64(allocs()-before) / records
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		line.CPU, line.Theirs = ours[rounds/2], theirs[rounds/2]
		text, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, text...), '\n')
	}
	if err := os.WriteFile(filepath.Join(dir, "speed.jsonl"), lines, 0o600); err != nil {
		t.Fatal(err)
	}
}

// readToEnd reads all records and entries, which must be so many.
func readToEnd(t *testing.T, reading *Reading, want int) {
	t.Helper()
	entries := 0
	each := func(_ Entry, err error) bool {
		if err != nil {
			t.Error(err)
		}
		entries++
		return true
	}
	for rec, err := range reading.Records() {
		if err != nil {
			t.Fatal(err)
		}
		rec.Entries()(each)
	}
	if entries < want {
		t.Errorf("%d entries of %d", entries, want)
	}
}

// cpuOf returns the CPU seconds of this process that f takes, the garbage collector's included.
func cpuOf(f func()) float64 {
	runtime.GC()
	before := cpuTime()
	f()
	return (cpuTime() - before).Seconds()
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // of this process it cannot fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func allocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// fields is how many fields a record has besides those of its machine.
const fields = 20

func writeSpeedMapping(t testing.TB, dir string) {
	t.Helper()
	mapped, types := speedMapping, "---\nversion: 1\ntypes:\n  Custom:Speed:\n    schemaVersion: \"1.0\"\n    key: [F01]\n    attributes:\n"
	for i := 1; i <= fields; i++ {
		mapped += fmt.Sprintf("  F%02d: f%02d\n", i, i)
		types += fmt.Sprintf("      F%02d: {}\n", i)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "speed.yaml"), []byte(mapped+types), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (f *speedFormat) document(records int) []byte {
	b := []byte(f.before)
	for n := range records {
		b = f.record(b, n)
	}
	return append(b, f.after...)
}

// value is what a field of a record has: a number, a word, a few words, a longer text.
func value(n, field int) string {
	switch field % 4 {
	case 0:
		return fmt.Sprint(n%977 + field)
	case 1:
		return fmt.Sprintf("value-%d-%d", n, field)
	case 2:
		return "a few words of a usual length"
	}
	return "a longer text, as the description of what was found or of what a machine is for, which nobody reads"
}

func machineOf(n int) (node, name, address string) {
	return fmt.Sprintf("i-%017x", n), fmt.Sprintf("host-%d.example.com", n), fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

func csvHeader() string {
	text := "node,name,address"
	for i := 1; i <= fields; i++ {
		text += fmt.Sprintf(",f%02d", i)
	}
	return text + "\n"
}

func csvRecord(b []byte, n int) []byte {
	node, name, address := machineOf(n)
	b = fmt.Appendf(b, "%s,%s,%s", node, name, address)
	for i := 1; i <= fields; i++ {
		b = fmt.Appendf(b, `,"%s"`, value(n, i))
	}
	return append(b, '\n')
}

func jsonRecord(b []byte, n int) []byte {
	node, name, address := machineOf(n)
	b = fmt.Appendf(b, `{"node":%q,"name":%q,"address":%q`, node, name, address)
	for i := 1; i <= fields; i++ {
		b = fmt.Appendf(b, `,"f%02d":%q`, i, value(n, i))
	}
	return append(b, '}')
}

func xmlRecord(b []byte, n int) []byte {
	node, name, address := machineOf(n)
	b = fmt.Appendf(b, `<host node="%s" name="%s" address="%s">`, node, name, address)
	for i := 1; i <= fields; i++ {
		b = fmt.Appendf(b, "<f%02d>%s</f%02d>", i, value(n, i), i)
	}
	return append(b, "</host>\n"...)
}

func readTokens(r io.Reader) error {
	d := xml.NewDecoder(bufio.NewReader(r))
	for {
		if _, err := d.Token(); err != nil {
			return ended(err)
		}
	}
}

func readRows(r io.Reader) error {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	for {
		if _, err := c.Read(); err != nil {
			return ended(err)
		}
	}
}

func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// speedRecord is a record as a program of its own would read it.
type speedRecord struct {
	Node, Name, Address                              string
	F01, F02, F03, F04, F05, F06, F07, F08, F09, F10 string
	F11, F12, F13, F14, F15, F16, F17, F18, F19, F20 string
}

// readStructs reads a list item by item, or one value behind the other.
func readStructs(r io.Reader) error {
	in := bufio.NewReader(r)
	d := json.NewDecoder(in)
	if first, err := in.Peek(1); err != nil || first[0] == '[' {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	for d.More() {
		var rec speedRecord
		if err := d.Decode(&rec); err != nil {
			return err
		}
	}
	return nil
}
