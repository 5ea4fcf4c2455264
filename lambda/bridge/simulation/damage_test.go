package simulation

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// What happens to heads.
const (
	headDamaged = "is damaged"
	headMissing = "is missing"
	headOlder   = "is an older one"
)

// damages makes a head what it should not be, and restores it later, as an operator does. Nobody may have written over it meanwhile: whoever needed
// it had to stop.
func (w *world) damages(e *event, rng *rand.Rand) {
	key := fmt.Sprintf("heads/%04d.json", e.node)
	w.mu.Lock()
	taken := w.broken[key]
	w.broken[key] = true
	w.mu.Unlock()
	if taken {
		return
	}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.broken, key)
	}()
	was, is, ok := w.shelf.damage(key, func(was object, before []object) ([]byte, bool) { return w.damaging(e, rng, was, before) })
	if !ok {
		return
	}
	w.happens("a head "+e.what, 1)
	w.disturbed()
	w.tell("operator", key+" "+e.what)
	time.Sleep(time.Until(begin.Add(e.ends)))
	if !w.shelf.restore(key, was, is) {
		w.failf("%s %s, and was written over", key, e.what)
	}
	w.tell("operator", key+" is restored")
}

// damaging returns what a head becomes; nil: it goes. It is not done where nobody could know: of a head whose mark is not stored, or whose delivery
// has no receipt yet.
func (w *world) damaging(e *event, rng *rand.Rand, was object, before []object) (data []byte, ok bool) {
	switch e.what {
	case headDamaged:
		data = bytes.Clone(was.data)
		data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
		return data, true
	case headMissing:
		return nil, w.isKnown(e.node, nil)
	}
	if len(before) == 0 {
		return nil, false
	}
	data = one(rng, before...).data
	return data, w.isKnown(e.node, data)
}

// numberOf returns the number of a pack in its partition.
func numberOf(key string) int {
	_, number, _ := strings.Cut(key, "-")
	n, _ := strconv.Atoi(number) // as the ledger names them
	return n
}

// isKnown reports whether a new process refuses a head with which nothing is put, but that has a claim; nil: one that is missing.
func (w *world) isKnown(partition int, data []byte) bool {
	s := overlaid{w.shelf, fmt.Sprintf("heads/%04d.json", partition), data}
	l, err := ledger.Open(context.Background(), s, ledger.Options{Endpoint: "http://sandbox"})
	if err != nil {
		return false
	}
	h, err := l.Load(context.Background(), partition)
	if err != nil {
		return true
	}
	for _, key := range w.shelf.list(fmt.Sprintf("packs/%04d-", partition)) {
		if numberOf(key) <= h.Writes { // whoever writes a pack does not meet it
			continue
		}
		if later, err := l.IsLater(context.Background(), h, key); err == nil && later {
			return true
		}
	}
	return false
}
