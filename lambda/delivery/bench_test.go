package delivery

import (
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// BenchmarkDeliver delivers a partition of a large fleet to a state in a directory: 440 nodes with 60 findings of 17 attributes.
func BenchmarkDeliver(b *testing.B) {
	const nodes, findings, attributes = 440, 60, 17
	ty := &inventory.Type{Name: "Custom:Finding", SchemaVersion: "1.0", Key: []int{0}, Sort: []int{1, 0}}
	for a := range attributes {
		ty.Attributes = append(ty.Attributes, fmt.Sprintf("Attribute%02d", a))
	}
	open := func(day, changed int) Open {
		return func() (ledger.Header, iter.Seq2[*statement, error], error) {
			at := newWorld().now.Add(time.Duration(day-1000) * time.Hour)
			h := ledger.Header{Import: fmt.Sprint(day), Mapping: "m", Written: at, Types: []ledger.TypeShape{ledger.Shape(ty)}}
			return h, func(yield func(*statement, error) bool) {
				for n := range nodes {
					if !yield(benchStatement(ty, n, findings, day*changed, at), nil) {
						return
					}
				}
			}, nil
		}
	}
	for name, changed := range map[string]int{"changed": 1, "unchanged": 0} {
		b.Run(name, func(b *testing.B) {
			l, err := ledger.Open(b.Context(), ledger.Dir(filepath.Join(b.TempDir(), "state")), ledger.Options{Partitions: 1})
			if err != nil {
				b.Fatal(err)
			}
			w := newWorld()
			d := New(Config{Ledger: l, SSM: w, Types: catalogue{ty.Name: ty}.Type, Writer: "w", Clock: func() time.Time { return w.now }})
			day := 0
			deliver := func() {
				day++
				clear(w.items)
				w.puts = nil
				if part, _, err := d.Deliver(b.Context(), open(day, changed)); err != nil || part.Counts.Of("pending") > 0 {
					b.Fatal(err, outcomes(part))
				}
			}
			deliver()
			b.ReportAllocs()
			for b.Loop() {
				deliver()
			}
		})
	}
}

func benchStatement(ty *inventory.Type, n, findings, day int, at time.Time) *statement {
	s := &statement{Node: nodeID(n), Source: "m", Captured: at, Types: []ledger.TypeStatement{{Type: ty.Name}}}
	for f := range findings {
		e := make(inventory.Entry, len(ty.Attributes))
		for a := range e {
			e[a] = fmt.Sprintf("value %d of %d on %d", a, f, day)
		}
		s.Records = append(s.Records, ledger.RecordResult{Number: f + 1})
		s.Types[0].Rows = append(s.Types[0].Rows, ledger.Row{Values: e, Record: int32(f)})
	}
	return s
}
