package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

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
	types, err := listTypes(ctx, d.ssm)
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
		item, err := listEntries(ctx, d.ssm, id, t)
		if err != nil {
			return err
		}
		if len(item.entries) == 0 {
			continue
		}
		nothing = false
		fmt.Fprintf(d.out, "    %-30s %3d  %s\n", t, len(item.entries), excerpt(item.entries))
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

// listTypes names the custom types that exist, sorted as the service gives them.
func listTypes(ctx context.Context, api *ssm.Client) ([]string, error) {
	var names []string
	in := &ssm.GetInventorySchemaInput{TypeName: aws.String("Custom:")}
	for {
		out, err := api.GetInventorySchema(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.Schemas {
			if name := aws.ToString(s.TypeName); len(names) == 0 || names[len(names)-1] != name {
				names = append(names, name)
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return names, nil
		}
		in.NextToken = out.NextToken
	}
}

// held is what the service holds of one type at one node.
type held struct {
	version, captured string
	entries           []map[string]string
}

func listEntries(ctx context.Context, api *ssm.Client, id, typeName string) (held, error) {
	var h held
	in := &ssm.ListInventoryEntriesInput{InstanceId: &id, TypeName: &typeName}
	for {
		out, err := api.ListInventoryEntries(ctx, in)
		if err != nil {
			return h, err
		}
		h.version, h.captured = aws.ToString(out.SchemaVersion), aws.ToString(out.CaptureTime)
		h.entries = append(h.entries, out.Entries...)
		if aws.ToString(out.NextToken) == "" {
			return h, nil
		}
		in.NextToken = out.NextToken
	}
}

// indent writes lines with a margin.
func indent(w io.Writer) io.Writer { return margin{w} }

type margin struct{ w io.Writer }

func (m margin) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if _, err := fmt.Fprintf(m.w, "   %s", line); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
