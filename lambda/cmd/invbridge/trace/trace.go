// Package trace shows how single records of a file come to be what they are: where they stand, which path filled which attribute and what changed its
// value, which node the machine is, and which of two entries of one key stands. It shows values of the file: to whoever has it, on a terminal.
package trace

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// mostShown is how many records, and entries of a type in each, are shown where no flag says more.
const mostShown = 5

// Options are the flags of `invbridge explain` that ask about single records.
type Options struct {
	record int
	node   string
	most   int
}

// Flags declares them.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.IntVar(&o.record, "record", 0, "trace the record of this `number`: which path filled which attribute, what changed its value, which node, which entries stand")
	f.StringVar(&o.node, "node", "", "trace the records about one `node`: its ID, name or address, or a name that leads to none")
	f.IntVar(&o.most, "most", mostShown, "of --record and --node, how many `records`, and entries of a type in each, are shown; 0: all")
}

// Asked reports whether single records are asked about.
func (o *Options) Asked() bool { return o.record != 0 || o.node != "" }

func (o *Options) check() error {
	switch {
	case o.record < 0 || o.most < 0:
		return session.UsageError("--record is a number from 1, and --most one from 0")
	case o.record > 0 && o.node != "":
		return session.UsageError("--record and --node ask for different records: give one of them")
	}
	return nil
}

// tracer shows records of files.
type tracer struct {
	Options
	s         *session.Session
	out       *output.Lines
	bridge    *bridge.Bridge
	in        intake.Intake
	directory *node.Directory
	ids       []string // of the node that is asked about
	parks     bool     // some machine has no node
}

// Run shows the records of files that are asked about.
func (o *Options) Run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	config, err := s.WithNumbers(ctx)
	if err != nil {
		return err
	}
	docs, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	t := &tracer{Options: *o, s: s, out: out, bridge: bridge.New(config), in: intake.Intake{Mappings: config.Mappings, Limits: config.Limits}}
	t.directory, err = t.bridge.Directory(ctx)
	if err != nil {
		return err
	}
	if o.node != "" {
		found, _ := lookup.ByName(t.directory, o.node)
		for _, n := range found {
			t.ids = append(t.ids, n.ID)
		}
	}
	shown, failed := 0, false
	for _, d := range docs {
		n, err := t.file(ctx, d)
		if err != nil {
			failed = true
			fmt.Fprintln(s.Err, "invbridge:", err)
		}
		shown += n
		if err := out.Flush(); err != nil {
			return err
		}
	}
	switch {
	case failed:
		return session.ErrShown
	case shown == 0:
		return t.nothing()
	case t.parks:
		return session.ErrPartial
	}
	return nil
}

// nothing is the error where no file has the records that are asked about.
func (t *tracer) nothing() error {
	if t.record > 0 {
		return fmt.Errorf("there is no record %d: invbridge explain FILE lists the records with their machines", t.record)
	}
	return fmt.Errorf("no record is about this node: invbridge explain FILE shows where the machines of all records lead")
}

// traced is what is known of the records of a file that are asked about.
type traced struct {
	mapping  *mapping.Mapping
	why      string
	keys     map[string]bool // of the machines
	numbers  map[int]bool    // of records
	machines []intake.Machine
	stated   []*ledger.Statement
	records  []record
	more     int // records that are not shown
}

// file shows the records of a file, and returns how many there are.
func (t *tracer) file(ctx context.Context, d intake.Document) (int, error) {
	of := &traced{keys: map[string]bool{}, numbers: map[int]bool{}}
	if t.record > 0 {
		of.numbers[t.record] = true
		if err := t.read(ctx, d, of); err != nil { // which machine it is about is read first
			return 0, err
		}
	}
	if err := t.match(ctx, d, of); err != nil {
		return 0, err
	}
	if t.record == 0 && len(of.machines) > 0 {
		if err := t.read(ctx, d, of); err != nil {
			return 0, err
		}
	}
	if len(of.records) > 0 {
		t.show(d.Source.Name, of)
	}
	return len(of.records), nil
}

// match finds the nodes of the file's machines, and what the file states of those that are asked about.
func (t *tracer) match(ctx context.Context, d intake.Document, of *traced) error {
	_, why, err := t.bridge.Explain(ctx, d, bridge.Options{
		Machines: func(m intake.Machine) {
			if !t.wantsMachine(&m, of) {
				return
			}
			of.machines = append(of.machines, m)
			of.numbers[m.First] = true
			if m.Key != "" {
				of.keys[m.Key] = true
			}
			t.parks = t.parks || m.Decision.Outcome != node.Matched
		},
		Stated: func(s *ledger.Statement) {
			if slices.ContainsFunc(s.Records, func(r ledger.RecordResult) bool { return of.numbers[r.Number] }) {
				of.stated = append(of.stated, s)
			}
		},
	})
	of.why = why
	return err
}

// wantsMachine reports whether a machine is the one that is asked about.
func (t *tracer) wantsMachine(m *intake.Machine, of *traced) bool {
	if t.record > 0 {
		return m.First == t.record || m.Key != "" && of.keys[m.Key]
	}
	if m.Decision.Node != "" && slices.Contains(t.ids, m.Decision.Node) {
		return true
	}
	if slices.ContainsFunc(m.Decision.Nodes, func(id string) bool { return slices.Contains(t.ids, id) }) {
		return true
	}
	s := &m.Subject
	names := slices.Concat(s.NodeID, s.Hostname, s.Serial, s.IP, s.MAC)
	return slices.ContainsFunc(names, func(name string) bool { return lookup.IsOne("hostname="+name, t.node) })
}

// about is the machine of a record; nil where none is known.
func (of *traced) about(r *record) *intake.Machine {
	i := slices.IndexFunc(of.machines, func(m intake.Machine) bool { return m.First == r.Number || m.Key != "" && m.Key == r.Key })
	if i < 0 {
		return nil
	}
	return &of.machines[i]
}

// sorted are the machines in the order of their first records.
func (of *traced) sorted() []intake.Machine {
	slices.SortStableFunc(of.machines, func(a, b intake.Machine) int { return cmp.Compare(a.First, b.First) })
	return of.machines
}
