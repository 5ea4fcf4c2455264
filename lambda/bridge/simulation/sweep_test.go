package simulation

import (
	"context"
	"math/rand/v2"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
)

// sweeps runs a sweep in a process of its own.
func (w *world) sweeps(rng *rand.Rand) {
	p := w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
	defer w.ends(p)
	p.works("sweeps", w.swing(rng), func(ctx context.Context) error {
		result, err := p.bridge.Sweep(ctx)
		w.swept(result)
		return err
	})
}

// sweeps runs a sweep when nothing is wrong any more.
func (p *process) sweeps() bridge.SweepResult {
	var result bridge.SweepResult
	if !p.works("sweeps", axe{}, func(ctx context.Context) (err error) {
		result, err = p.bridge.Sweep(ctx)
		return err
	}) {
		p.world.failf("a sweep fails, though nothing is wrong any more")
	}
	p.world.swept(result)
	return result
}
