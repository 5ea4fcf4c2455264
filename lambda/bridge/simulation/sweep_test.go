package simulation

import (
	"context"
	"math/rand/v2"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
)

// sweeps runs a sweep in a process of its own.
func (w *world) sweeps(rng *rand.Rand) (result bridge.SweepResult, done bool) {
	p := w.starts(rand.New(rand.NewPCG(rng.Uint64(), 0)))
	defer w.ends(p)
	done = p.works("sweeps", w.swing(rng), func(ctx context.Context) (err error) {
		result, err = p.bridge.Sweep(ctx)
		return err
	})
	return result, done
}

// mustSweep runs a sweep when nothing is wrong any more.
func (w *world) mustSweep(rng *rand.Rand) bridge.SweepResult {
	result, done := w.sweeps(rng)
	if !done {
		w.failf("a sweep fails, though nothing is wrong any more")
	}
	return result
}
