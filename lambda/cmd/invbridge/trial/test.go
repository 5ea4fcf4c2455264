// Package trial tries mappings on samples: what a mapping misses in one, and whether what its tests expect comes out. It knows neither
// flags nor how anything is shown.
package trial

import (
	"context"
	"fmt"
	"path/filepath"

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
	found, err := readSample(ctx, set, m, test)
	if err != nil {
		return []Failure{{test.At, fmt.Sprint(err)}}
	}
	return found.failures(m, test)
}

func readSample(ctx context.Context, set *mapping.Set, m *mapping.Mapping, test *mapping.Test) (*outcomes, error) {
	found := newOutcomes(m, test)
	if test.Nodes != "" {
		directory, err := session.NodesFile(beside(m, test.Nodes), set)
		if err != nil {
			return nil, err
		}
		found.directory = directory
	}
	src, err := document.File(beside(m, test.Sample))
	if err != nil {
		return nil, err
	}
	d := intake.Document{Source: src, Delivery: choose.Origin{Declared: m.Name, Local: true}}
	in := intake.Intake{Mappings: set}
	err = in.Look(ctx, d, func(_ *mapping.Mapping, rec *read.Record) error { return found.record(rec) }, func(*mapping.Mapping) {})
	return found, err
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
		if as[kind] == "" {
			return nil
		}
		return []string{as[kind]}
	}
	return node.Subject{NodeID: one("nodeId"), Hostname: one("hostname"), Serial: one("serial"), IP: one("ip"), MAC: one("mac")}.Normalise()
}
