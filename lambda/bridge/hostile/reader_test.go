// Package hostile has documents that a stranger could send: made by a generator, in all syntaxes, strange in many ways, and damaged. Each must
// end with its result or with an error that has a place, in bounded time and memory, and none may yield a machine that is not in it.
package hostile

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// reader reads documents by mappings of its own, one for each syntax.
type reader struct{ intake intake.Intake }

// everything is a directory in which each machine is one and the same node.
type everything struct{}

func (everything) Crowd() *node.Crowd { return nil }

func (everything) Resolve(node.Subject, node.Rules) node.Decision {
	return node.Decision{Outcome: node.Matched, Node: "i-00000000000000001"}
}

func newReader(t *testing.T) *reader {
	t.Helper()
	dir := t.TempDir()
	for _, s := range syntaxes() {
		text := "version: 1\nmapping: of-" + s.name + "\nmatch: [{s3: {key: \"" + s.name + "/**\"}}]\n" + s.mapping + identity
		if err := os.WriteFile(filepath.Join(dir, s.name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{intake.Intake{
		Mappings: set, Nodes: everything{}, Partitions: 1, PartitionOf: func(string) int { return 0 }, TempDir: t.TempDir(),
	}}
}

// read reads a document as if it had been uploaded for a mapping, and calls each with the machines that it names.
func (in *reader) read(t *testing.T, syntax, text string, progress func(int64), each func(intake.Machine)) error {
	t.Helper()
	reading := in.intake
	reading.Progress, reading.Observe = progress, each
	im, err := reading.Read(t.Context(), intake.Document{
		Source:   document.Inline("uploaded", []byte(text), time.Unix(1_700_000_000, 0)),
		Delivery: choose.Origin{Key: syntax + "/uploaded"},
	})
	if err != nil {
		return err
	}
	return im.Close()
}
