package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// planOptions are the flags of `invbridge plan`.
type planOptions struct {
	planned.Filter
	out string
}

func (o *planOptions) flags(f *pflag.FlagSet, s *session.Session) {
	fileFlags(f, s)
	f.BoolVar(&o.All, "all", false, "show unchanged nodes, too")
	f.StringArrayVar(&o.Nodes, "node", nil, "`NODE` that alone is shown, by ID or name; may be repeated")
	f.StringArrayVar(&o.Types, "type", nil, "`type` that alone is shown, with Custom: or without; may be repeated")
	f.StringVar(&o.out, "out", "", "`file` for the plan: invbridge put FILE does exactly that, or names the nodes that moved")
}

func (o *planOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	p, err := newPutter(ctx, s, out, s.ToPlan)
	if err != nil {
		return err
	}
	p.plan = &planned.Plan{Filter: o.Filter}
	docs, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	if err := p.files(ctx, docs); err != nil {
		return err
	}
	if o.out == "" || errors.Is(p.result, session.ErrShown) {
		return p.result
	}
	if err := p.writePlan(o.out); err != nil {
		return err
	}
	out.Text("plan written: invbridge put %s does exactly this\n", o.out)
	return p.result
}

// takeAway does what takes rows away, or shows which.
func takeAway(
	ctx context.Context, s *session.Session, out *output.Lines, plan bool, work func(*bridge.Bridge) (bridge.SweepResult, error),
) error {
	if !plan {
		return sweep(ctx, s, out, work)
	}
	config, err := s.ToPlan(ctx)
	if err != nil {
		return err
	}
	b := bridge.New(config)
	nodes, err := b.Directory(ctx)
	if err != nil {
		return err
	}
	p := planned.Plan{}
	b.Plan, b.Observe = true, func(n differ.Node) { p.AddNamed(nodes, n) }
	r, err := work(b)
	if err := cmp.Or(ctx.Err(), err); err != nil { // of one that is stopped, what was asked so far is no plan
		return err
	}
	p.Show(out)
	out.Text("%s would change, by %s%s; nothing was done\n", output.Plural(p.Changing(), "node"), output.Plural(r.Calls, "call"), planned.CostOf(r.Calls, r.Bytes, s.Rate, b.Targets, p.TakeChanging()))
	out.Text("%s", p.WaitText())
	out.Summary(map[string]int{"nodes": p.Changing(), "calls": r.Calls, "waiting": p.Waiting()})
	return nil
}

// planFile plans one document, and shows what would become of the nodes.
func (c *putter) planFile(ctx context.Context, d intake.Document) (receipt.Receipt, map[int]string, error) {
	nodes, err := c.bridge.Directory(ctx)
	if err != nil {
		return receipt.Receipt{}, nil, err
	}
	machines := map[int]string{}
	bar := output.NewProgress(c.s.Err, d.Source.Name, d.Source.Size)
	r, err := c.bridge.Import(ctx, d, bridge.Options{
		Plan: true, Force: c.s.Force, Rows: true, Progress: bar.Step, Parts: bar.Parts,
		Observe: func(n differ.Node) {
			c.shrink.Add(&n)
			c.plan.AddNamed(nodes, n)
		},
		Machines: func(m intake.Machine) {
			if m.Decision.Outcome != node.Matched {
				machines[m.First] = lookup.NameIn(m.Subject)
			}
		},
	})
	bar.End()
	c.imports = append(c.imports, planned.Document{Name: d.Source.Name, Import: r.Import})
	c.calls += r.Calls
	if c.places == nil {
		c.places = map[string]planned.Places{}
	}
	c.places[r.Import] = c.plan.TakeChanging()
	return r, machines, err
}

// showPlan shows the nodes of all documents, and what they cost together.
func (c *putter) showPlan() {
	c.plan.Show(c.out)
	stale := ""
	if n := c.plan.Stale(); n > 0 {
		stale = fmt.Sprintf(", %d stale: something newer was stated", n)
	}
	c.out.Text("%s would change, %d unchanged%s%s\n", output.Plural(c.plan.Changing(), "node"), c.plan.Unchanged(), stale, c.plan.Hint())
	c.out.Text("%s", c.plan.WaitText())
}

// writePlan writes the plan to a file, which is there whole or not at all.
func (c *putter) writePlan(path string) (err error) {
	f := planned.File{
		State: c.state, Made: time.Now().UTC(), Documents: c.imports, Mapping: c.s.Mapping, As: c.s.As, Force: c.s.Force, AsOf: c.s.AsOf,
		Nodes: c.plan.Prints(), Calls: c.calls,
	}
	w, err := os.CreateTemp(filepath.Dir(path), ".plan-*")
	if err != nil {
		return err
	}
	err = f.Write(w)
	if e := w.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(w.Name(), path)
	}
	if err != nil {
		_ = os.Remove(w.Name()) // the error is what counts
	}
	return err
}

// planIn returns the plan in a file that is named in place of a document; nil: it is no plan.
func planIn(args []string) (*planned.File, error) {
	if len(args) != 1 || args[0] == "-" || strings.HasPrefix(args[0], "s3://") {
		return nil, nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, nil // whoever reads documents says so
	}
	defer func() { _ = f.Close() }() // it was read
	begin := make([]byte, 64)
	n, _ := f.Read(begin) // likewise
	if !planned.IsFile(begin[:n]) {
		return nil, nil
	}
	return session.ReadFile(args[0], planned.Read)
}

// held puts what a plan says, or refuses and names what moved: the documents, or nodes.
func (c *putter) held(ctx context.Context, f *planned.File) error {
	if f.State != c.state {
		return fmt.Errorf("the plan was made for the state %s, and this is %s: name that one with --state", f.State, c.state)
	}
	c.s.Mapping, c.s.As, c.s.Force, c.s.AsOf = f.Mapping, f.As, f.Force, f.AsOf
	var names []string
	for _, d := range f.Documents {
		names = append(names, d.Name)
	}
	docs, err := c.s.Documents(ctx, names)
	if err != nil {
		return err
	}
	c.plan = &planned.Plan{Filter: planned.Filter{Nodes: []string{"-"}}} // nothing is shown
	for i, d := range docs {
		r, _, err := c.planFile(ctx, d)
		if err != nil {
			return err
		}
		if i >= len(f.Documents) || r.Import != f.Documents[i].Import {
			return fmt.Errorf("%s, or its mapping, is another than when the plan was made: plan again", output.Printable(d.Source.Name))
		}
	}
	if moved := f.Moved(c.plan.Prints()); len(moved) > 0 {
		return fmt.Errorf("%s moved since the plan was made, and nothing was put: %s: plan again", output.Plural(len(moved), "node"), some(moved))
	}
	c.plan = nil
	return c.files(ctx, docs)
}

// mostNamed is how many nodes a message names.
const mostNamed = 10

func some(list []string) string {
	if len(list) <= mostNamed {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:mostNamed], ", "), len(list)-mostNamed)
}
