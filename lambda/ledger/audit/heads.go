package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

func headKey(partition int) string { return fmt.Sprintf("%s%04d.json", headPrefix, partition) }

// packsOf is what the keys of a partition's packs begin with.
func packsOf(partition int) string { return fmt.Sprintf("%s%04d-", packPrefix, partition) }

// heads looks at every head, and at what it references.
func (c *check) heads(ctx context.Context) error {
	if c.ledger == nil {
		return nil
	}
	for p := range c.ledger.Partitions() {
		if err := c.head(ctx, p); err != nil {
			return err
		}
	}
	for key := range c.stored {
		number, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(key, headPrefix), ".json"))
		if strings.HasPrefix(key, headPrefix) && (err != nil || number >= c.ledger.Partitions() || key != headKey(number)) {
			c.found(Finding{Object: key, Kind: Foreign, Problem: "the state has no such partition", Do: "delete it, if it is not yours"})
		}
	}
	return nil
}

func (c *check) head(ctx context.Context, partition int) error {
	h, err := c.ledger.Load(ctx, partition)
	if err != nil {
		return c.badHead(partition, err)
	}
	later, err := c.later(ctx, h)
	if err != nil {
		return err
	}
	if later != "" && c.stored[headKey(partition)] {
		c.found(Finding{
			Object: headKey(partition), Kind: Older, Problem: "a later one was written: " + later + " is of it", Do: Restore, partition: partition,
		})
	} else if later != "" {
		c.found(Finding{
			Object: headKey(partition), Kind: Missing, Problem: "it was written: " + later + " is of it", Do: Restore, partition: partition,
		})
	}
	return c.blocks(ctx, h)
}

// badHead finds what is wrong with a head that cannot be loaded. Errors of the store are returned.
func (c *check) badHead(partition int, err error) error {
	c.unsure = true
	f := Finding{Object: headKey(partition), Kind: Damaged, Do: Restore, partition: partition}
	if refused, ok := errors.AsType[*ledger.StateError](err); ok {
		f.Kind, f.Problem = Missing, refused.Problem
		if strings.Contains(refused.Problem, "newer than this program") {
			f.Kind, f.Do = Newer, refused.WayOut
		}
		c.found(f)
		return nil
	}
	damage, ok := errors.AsType[*ledger.FormatError](err)
	if !ok {
		return err
	}
	f.Problem = damage.Problem
	if strings.Contains(damage.Problem, "another") {
		f.Kind = Foreign
	}
	c.found(f)
	return nil
}

// later returns a pack that proves that a later head was written; "": none does.
func (c *check) later(ctx context.Context, h *ledger.Head) (string, error) {
	for _, key := range slices.Sorted(maps.Keys(c.stored)) {
		number, of := strings.CutPrefix(key, packsOf(h.Partition))
		if n, err := strconv.Atoi(number); !of || err != nil || n <= h.Writes {
			continue
		}
		later, err := c.ledger.IsLater(ctx, h, key)
		if err != nil || later {
			return key, err
		}
	}
	return "", nil
}

// lastPack is the number of the last pack of a partition that is stored.
func lastPack(keys []string, partition int) (last int) {
	for _, key := range keys {
		if number, of := strings.CutPrefix(key, packsOf(partition)); of {
			n, _ := strconv.Atoi(number) // one of before has a name and no number
			last = max(last, n)
		}
	}
	return last
}

// blocks looks at what a head references.
func (c *check) blocks(ctx context.Context, h *ledger.Head) error {
	for _, p := range h.Packs {
		c.needed[packsOf(h.Partition)+p.Name] = true
	}
	damaged, err := c.ledger.DamagedBlocks(ctx, h)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(damaged)) {
		sources := slices.Sorted(slices.Values(damaged[key]))
		f := Finding{
			Object: key, Kind: Damaged, Sources: sources, Problem: "rows of it cannot be read: nothing is put to the nodes that need them",
			Do: Restore + "; or hand the last documents of these sources in again: " + strings.Join(sources, ", "),
		}
		if !c.stored[key] {
			f.Kind = Missing
		}
		c.found(f)
	}
	for _, key := range h.OwnBlocks() {
		c.needed[key] = true
	}
	return nil
}
