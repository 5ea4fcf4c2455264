// Package trial tries mappings on samples: what a mapping misses in one, and whether what its tests expect comes out. It knows neither
// flags nor how anything is shown.
package trial

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Test reads a test's sample with its mapping, and returns the expectations that are not met.
func Test(ctx context.Context, set *mapping.Set, m *mapping.Mapping, test *mapping.Test) []Failure {
	o := newOutcomes(m, test)
	if err := o.read(ctx, set); err != nil {
		o.fail(test.At, "%v", err)
	} else {
		o.compare()
	}
	return o.failures
}

func (o *outcomes) read(ctx context.Context, set *mapping.Set) (err error) {
	if o.test.Nodes != "" {
		o.directory, err = session.ReadNodes(ctx, beside(o.mapping, o.test.Nodes), set, nil)
		if err != nil {
			return err
		}
	}
	path := beside(o.mapping, o.test.Sample)
	src, err := document.File(path)
	if err != nil {
		return err
	}
	d := intake.Document{Source: src, Delivery: choose.LocalOrigin(path)}
	d.Delivery.Declared = o.mapping.Name
	in := intake.Intake{Mappings: set}
	_, err = in.Look(ctx, d, func(_ *mapping.Mapping, rec *read.Record) error { return o.record(rec) }, func(*mapping.Mapping) {})
	return err
}

// beside returns the path of a file that a mapping's file names.
func beside(m *mapping.Mapping, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(filepath.FromSlash(m.File)), filepath.FromSlash(name))
}

// machineNamed returns the subject of a test's `as`.
func machineNamed(as map[string]string) node.Subject {
	one := func(kind string) []string {
		return slices.DeleteFunc([]string{as[kind]}, func(text string) bool { return text == "" })
	}
	return node.Subject{NodeID: one("nodeId"), Hostname: one("hostname"), Serial: one("serial"), IP: one("ip"), MAC: one("mac")}.Normalise()
}
