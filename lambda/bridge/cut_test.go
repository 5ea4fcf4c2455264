package bridge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// everything is a directory in which each subject is one and the same node.
type everything struct{}

func (everything) Crowd() *node.Crowd { return nil }

func (everything) Resolve(node.Subject, node.Rules) node.Decision {
	return node.Decision{Outcome: node.Matched, Node: "i-00000000000000001"}
}

// cutter reads documents that are cut, and counts.
type cutter struct {
	t        *testing.T
	intake   intake.Intake
	places   int               // cuts of a document that is tried at many
	declared map[string]string // mappings of the documents that are so empty that they do not say whose they are
	*tally
}

// tally counts for cutters that work side by side.
type tally struct{ files, cuts, excepted atomic.Int64 }

func (n *tally) String() string {
	return fmt.Sprintf("%d documents, %d cuts, of which %d cannot be told from whole documents", n.files.Load(), n.cuts.Load(), n.excepted.Load())
}

// TestCutDocuments: a document that is cut off anywhere is rejected and delivers nothing. What cannot be told from a whole one
// passes: a format of lines cut behind a record or in the last field of its last line, and cut white space or comments at the end.
// Each is cut at 256 places; with -short at 32.
func TestCutDocuments(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // a third of the time is the collector's
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := newCutter(t, set, 256)
	if testing.Short() {
		c.places = 32
	}
	t.Run("whole", func(t *testing.T) { // until all is read
		for _, name := range testfiles.Documents(t) {
			c.aside(t, name, (*cutter).document)
		}
		for _, name := range c.samples() {
			c.aside(t, name, func(c *cutter, name string, content []byte) {
				c.cutAll(name, content, ruleOf(name, content), places(len(content), c.places))
			})
		}
	})
	if left, err := os.ReadDir(c.intake.TempDir); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left (%v)", len(left), err)
	}
	t.Log(c.tally)
}

// newCutter makes a cutter whose documents could speak for the machines that they do not name.
func newCutter(t *testing.T, set *mapping.Set, places int) *cutter {
	return &cutter{t: t, places: places, declared: map[string]string{}, tally: &tally{}, intake: intake.Intake{
		Mappings: set, Nodes: everything{}, Partitions: 1, PartitionOf: func(string) int { return 0 }, TempDir: t.TempDir(),
	}}
}

// aside cuts a document while others are cut.
func (c *cutter) aside(t *testing.T, name string, cut func(*cutter, string, []byte)) {
	t.Helper()
	t.Run(filepath.Base(name), func(t *testing.T) {
		t.Parallel()
		own := *c
		own.t = t
		cut(&own, name, testfiles.Read(t, name))
	})
}

// samples lists the samples that a built-in mapping reads, beside the documents.
func (c *cutter) samples() []string {
	c.t.Helper()
	incomplete := map[string]bool{}
	for _, sample := range testfiles.Samples(c.t) {
		incomplete[sample.Path] = !sample.Complete
		if sample.Declared {
			c.declared[sample.Path] = sample.Mapping
		}
	}
	documents, unread := testfiles.Documents(c.t), []string{"azure_defender_csv", "lambda_events", "aws_events"}
	return slices.DeleteFunc(testfiles.SampleFiles(c.t), func(path string) bool {
		switch folder := filepath.Base(filepath.Dir(path)); folder + "/" + filepath.Base(path) {
		case "ocsf_json/no_vuln.ocsf.json": // an empty list
			c.declared[path] = "ocsf"
			return false
		case "falcon_hosts_json/device_ids_only.json", // numbers alone
			"ansible_facts/services.json",                                   // of a machine's services nobody knows whose they are
			"aws_ssm_data_sync/test.json", "nuclei_jsonl/no_findings.jsonl": // have no content
			return true
		default:
			return incomplete[path] || slices.Contains(unread, folder) || slices.Contains(documents, path)
		}
	})
}

// document cuts a document, and at fewer places the same in other encodings and compressions.
func (c *cutter) document(name string, content []byte) {
	c.t.Helper()
	rule := ruleOf(name, content)
	c.cutAll(name, content, rule, places(len(content), c.places))
	if rule.opaque || len(content) > 64<<10 {
		return
	}
	if !bytes.HasPrefix(content, []byte{0xff, 0xfe}) {
		wide := utf16LE(content)
		c.cutAll(name+" in UTF-16", wide, rule.decoded(fromUTF16LE), places(len(wide), c.places/16))
	}
	for how, packed := range map[string]string{"gzip": testfiles.Gzip(c.t, string(content)), "zstd": testfiles.Zstd(c.t, string(content)), "zip": testfiles.Zip(c.t, "member", string(content))} {
		c.cutAll(name+" in "+how, []byte(packed), cutRule{opaque: true}, places(len(packed), c.places/32))
	}
}

func (c *cutter) cutAll(name string, content []byte, rule cutRule, at []int) {
	c.t.Helper()
	whole, err := c.read(name, content)
	if err != nil {
		c.t.Errorf("%s, whole: %v", name, err)
		return
	}
	c.files.Add(1)
	for _, n := range at {
		c.cuts.Add(1)
		cut := content[:n:n]
		got, err := c.read(name, cut)
		verdict := rule.judge(cut)
		if verdict != mustFail {
			c.excepted.Add(1)
		}
		switch {
		case verdict == mustFail && err == nil:
			c.t.Errorf("%s: cut at byte %d of %d it passes for whole", name, n, len(content))
		case verdict == mustPass && err != nil:
			c.t.Errorf("%s: cut behind a record, at byte %d of %d: %v", name, n, len(content), err)
		case got > whole:
			c.t.Errorf("%s: cut at byte %d of %d it has more records than the whole", name, n, len(content))
		case err != nil && ClassOf(err) != Reject:
			c.t.Errorf("%s: cut at byte %d of %d: to be tried again: %v", name, n, len(content), err)
		}
	}
}

// read tells how many records a document has, or why it is rejected.
func (c *cutter) read(name string, content []byte) (int, error) {
	c.t.Helper()
	im, err := c.intake.Read(c.t.Context(), intake.Document{
		Source:   document.Inline(filepath.Base(name), content, time.Unix(1768800000, 0)),
		Delivery: choose.Origin{Local: true, Declared: c.declared[name]},
		As:       node.Subject{NodeID: []string{"i-00000000000000001"}},
	})
	if err != nil {
		if im != nil {
			c.t.Errorf("%s: an import beside an error", name)
		}
		return 0, err
	}
	if im.Records == 0 && len(im.Partitions()) > 0 {
		c.t.Errorf("%s: %d bytes of it have no record and are delivered all the same", name, len(content))
	}
	return im.Records, im.Close()
}

// places are where a document of so many bytes is cut: evenly, and at each of the first and of the last bytes.
func places(size, many int) []int {
	var at []int
	for i := range many {
		at = append(at, i*size/many)
	}
	for i := range many / 8 {
		at = append(at, i, size-1-i)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	return slices.DeleteFunc(at, func(n int) bool { return n < 0 || n >= size })
}
