// Package demo is the whole way of five documents in one process: a sandbox, a bridge beside it, and what the nodes hold then. It knows
// the files of testevents, and nothing of the command line.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/testevents"
)

// act is one event of the demo.
type act struct{ what, event string }

// acts are five documents of five kinds, and then one of them changed.
func acts() (first, changed []act) {
	return []act{
		{"a CMDB export (CSV) is dropped into the bucket", "s3-sqs.json"},
		{"the weekly vulnerability scan (XML) is dropped", "s3-notification.json"},
		{"a software bill of materials (JSON) is dropped under its node's key", "s3-eventbridge.json"},
		{"a scan of one machine's packages (JSON) is dropped under its node's key", "s3-eventbridge-sqs.json"},
		{"security findings come over the event bus", "eventbridge-finding.json"},
	}, []act{{"the next CMDB export is dropped: three machines changed, one is new", "s3-updated-export.json"}}
}

// demo is a whole installation in one process.
type demo struct {
	out     io.Writer
	sandbox *sandbox.Sandbox
	server  *httptest.Server
	bridge  *bridge.Bridge
	ssm     *actions.Client
	book    *receipt.Book
	nodes   int // managed nodes
	calls   int // PutInventory calls so far
}

// Run plays the demo. Its state is kept in a directory.
func Run(ctx context.Context, out io.Writer, dir string) error {
	d, err := newDemo(ctx, out, dir)
	if err != nil {
		return err
	}
	defer d.server.Close()
	return d.play(ctx)
}

// newDemo starts a sandbox with the fleet and the documents of testevents, and a bridge beside it.
func newDemo(ctx context.Context, out io.Writer, dir string) (*demo, error) {
	box, nodes, err := Sandbox()
	if err != nil {
		return nil, err
	}
	set, err := load.Builtin()
	if err != nil {
		return nil, err
	}
	d := &demo{out: out, sandbox: box, nodes: len(nodes), server: httptest.NewServer(box)}
	l, err := ledger.Open(ctx, ledger.Dir(filepath.Join(dir, "state")), ledger.Options{Endpoint: d.server.URL, Start: box.StartID()})
	if err != nil {
		d.server.Close()
		return nil, err
	}
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &d.server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("demo", "demo", ""),
	}
	d.ssm, d.book = actions.New(ssm.NewFromConfig(cfg)), receipt.NewBook(l.Store())
	d.bridge = bridge.New(bridge.Config{
		Mappings: set, Ledger: l, SSM: d.ssm, Writer: "demo",
		Objects:  s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true; o.DisableLogOutputChecksumValidationSkipped = true }),
		Answered: d.answered,
	})
	return d, nil
}

// Sandbox returns a sandbox with the nodes and the documents of testevents, and these nodes.
func Sandbox() (*sandbox.Sandbox, []sandbox.ManagedNode, error) {
	f, err := testevents.Files.Open("documents/nodes.json")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	nodes, err := sandbox.ParseNodes(f)
	if err != nil {
		return nil, nil, err
	}
	box, err := sandbox.New(sandbox.Config{Nodes: nodes})
	if err != nil {
		return nil, nil, err
	}
	return box, nodes, seedObjects(box)
}

// play runs the three scenes, and fails where a repeated document takes calls.
func (d *demo) play(ctx context.Context) error {
	fmt.Fprintf(d.out, "A sandbox of AWS runs in this process at %s, with %d managed nodes. Nothing leaves this machine.\n", d.server.URL, d.nodes)
	five, next := acts()
	if err := d.scene(ctx, "1. Five documents of five kinds arrive", five); err != nil {
		return err
	}
	first := d.calls
	d.heading("What each node holds now")
	if err := d.holdings(ctx); err != nil {
		return err
	}
	if err := d.scene(ctx, "2. The same five arrive again", five); err != nil {
		return err
	}
	if d.calls != first {
		return fmt.Errorf("the second run took %d calls of PutInventory, though nothing had changed", d.calls-first)
	}
	if err := d.scene(ctx, "3. A changed export arrives", next); err != nil {
		return err
	}
	changed := d.calls - first
	if changed == 0 || changed >= first {
		return fmt.Errorf("the changed export took %d calls of PutInventory: only what changed should be put", changed)
	}
	fmt.Fprintf(d.out, "\n%s of PutInventory for the first five, 0 for the same again, %d for the changed export.\n", output.Plural(first, "call"), changed)
	fmt.Fprint(d.out, "Next: invbridge explain, plan and put on a file of yours, against invbridge sandbox. See README.md.\n")
	return nil
}

func (d *demo) heading(text string) { fmt.Fprintf(d.out, "\n%s\n\n", text) }

// scene hands each event to the handler that Lambda calls.
func (d *demo) scene(ctx context.Context, heading string, acts []act) error {
	d.heading(heading)
	for _, a := range acts {
		fmt.Fprintf(d.out, "%s (%s)\n", a.what, a.event)
		event, err := testevents.Files.ReadFile(a.event)
		if err != nil {
			return err
		}
		if _, err := d.bridge.Handle(ctx, json.RawMessage(event)); err != nil {
			return err
		}
		calls := d.sandbox.Counts().Calls["PutInventory"]
		fmt.Fprintf(d.out, "   %s of PutInventory\n", output.Plural(calls-d.calls, "call"))
		d.calls = calls
	}
	return nil
}

// answered shows what became of a message: the counts, and why some records were not put.
func (d *demo) answered(a bridge.MessageAnswer) {
	if a.Error != "" || a.Nothing != "" {
		fmt.Fprintln(d.out, "  ", output.Answer(a))
		return
	}
	fmt.Fprintf(d.out, "   %s by mapping %s: %s\n", output.Plural(a.Records, "record"), a.Mapping, output.Counts(*a.Outcomes))
	r, err := d.book.Read(context.Background(), a.Import)
	if err != nil {
		fmt.Fprintln(d.out, "   its receipt cannot be read:", err)
		return
	}
	output.Details(margin{d.out}, r, nil)
}
