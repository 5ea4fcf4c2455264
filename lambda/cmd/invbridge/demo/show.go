package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/testevents"
)

// seedObjects puts the documents where their events point: documents/<bucket>/<key>.
func seedObjects(box *sandbox.Sandbox) error {
	const root = "documents/"
	return fs.WalkDir(testevents.Files, "documents", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		bucket, key, ok := strings.Cut(strings.TrimPrefix(path, root), "/")
		if !ok {
			return nil // beside the buckets: the list of nodes
		}
		body, err := testevents.Files.ReadFile(path)
		if err != nil {
			return err
		}
		return box.PutObject(bucket, key, body)
	})
}

// holdings asks the service what each node holds of the custom types.
func (d *demo) holdings(ctx context.Context) error {
	types, err := holding.Types(ctx, d.ssm)
	if err != nil {
		return err
	}
	directory, err := d.bridge.Directory(ctx)
	if err != nil {
		return err
	}
	for n := range directory.Nodes() {
		if err := d.holding(ctx, n.ID, n.ComputerName, types); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) holding(ctx context.Context, id, name string, types []string) error {
	fmt.Fprintf(d.out, "%s  %s\n", id, name)
	nothing := true
	for _, t := range types {
		item, err := holding.Get(ctx, d.ssm, id, t)
		if err != nil {
			return err
		}
		if len(item.Entries) == 0 {
			continue
		}
		nothing = false
		fmt.Fprintf(d.out, "    %-30s %3d  %s\n", t, len(item.Entries), excerpt(item.Entries))
	}
	if nothing {
		fmt.Fprintln(d.out, "    nothing")
	}
	return nil
}

// excerpt shows the first entry by the attributes that a person looks for first.
func excerpt(entries []map[string]string) string {
	var parts []string
	for _, name := range []string{"Severity", "Id", "Name", "Title", "Version", "Package", "OS", "Owner", "CRITICAL", "HIGH", "MEDIUM", "Total"} {
		if v := entries[0][name]; v != "" && len(parts) < 5 {
			if name == strings.ToUpper(name) && name != "OS" || name == "Total" {
				v = name + " " + v
			}
			parts = append(parts, shorten(v))
		}
	}
	return strings.Join(parts, " · ")
}

func shorten(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return s
}

// margin writes lines with a margin. Each Write is of whole lines.
type margin struct{ w io.Writer }

func (m margin) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if _, err := fmt.Fprintf(m.w, "   %s", line); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
