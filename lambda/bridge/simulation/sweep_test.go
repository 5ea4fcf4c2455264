package simulation

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// sweeps runs a sweep in a process of its own.
func (w *world) sweeps(rng *rand.Rand) bool {
	p := w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
	defer w.ends(p)
	return p.works("sweeps", w.swing(rng), p.sweep)
}

// sweep is the bridge's, where it has one.
func (p *process) sweep(ctx context.Context) error {
	if !has.sweep {
		return p.standIn(ctx)
	}
	out := reflect.ValueOf(p.bridge).MethodByName("Sweep").Call([]reflect.Value{reflect.ValueOf(ctx)})
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// standIn finishes open intents as any import would that speaks of their nodes: with statements that change nothing.
func (p *process) standIn(ctx context.Context) error {
	for n := range p.ledger.Partitions() {
		head, err := p.ledger.Load(ctx, n)
		if err != nil {
			return err
		}
		var list []*ledger.Statement
		for _, id := range slices.Sorted(maps.Keys(head.Nodes)) {
			if head.Nodes[id].Intent == nil {
				continue
			}
			s := &ledger.Statement{Node: id, Source: "stand-in", Merge: true}
			for _, typ := range types {
				s.Types = append(s.Types, ledger.TypeStatement{Type: typ})
			}
			list = append(list, s)
		}
		if len(list) == 0 {
			continue
		}
		_, err = p.deliverer().Deliver(ctx, func() (ledger.Header, iter.Seq2[*ledger.Statement, error], error) {
			return p.header(n), func(yield func(*ledger.Statement, error) bool) {
				for _, s := range list {
					if !yield(s, nil) {
						return
					}
				}
			}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// types are those that documents state.
var types = []string{assetType, blobType, findingType}

func (p *process) header(partition int) ledger.Header {
	h := ledger.Header{Import: fmt.Sprint("stand-in-", p.name), Partition: partition, Mapping: "stand-in", Written: p.now(), Received: p.now()}
	for _, typ := range types {
		t, _ := p.world.mappings.Type(typ)
		h.Types = append(h.Types, ledger.Shape(t.Inventory))
	}
	return h
}
